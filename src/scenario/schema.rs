//! The JSON Schema of scenario files, with which editors complete keys and explain them.
//!
//! Written by hand beside the readers, because it says more than they know: what each key means. A
//! test asks the readers for their keys and words and fails if one is missing here.
//!
//! To add a key, write its line into the list of its table: `may("key", kind("What it means."))`,
//! or `must` if there is no scenario without it; a new kind of a law is an entry of [`Law::kinds`].

mod clients;
mod laws;
mod points;

use serde_json::{Map, Value, json};

use super::read::MAX_SEED;
use clients::group;
use points::point;

/// The schema of a scenario file (JSON Schema, draft 7, which TOML editors understand).
pub fn schema() -> Value {
    let mut keys = scenario_keys(Form::Whole);
    keys.push(may(
        "variants",
        names(
            "What is compared: changes to the scenario, by name.",
            object(
                "One variant: the keys that differ.",
                scenario_keys(Form::Overlay),
                Form::Overlay,
            ),
        ),
    ));
    keys.push(may(
        "thresholds",
        json!({
            "description": "What the variants have to meet, such as `completion.p95 < 24h`; behind \
                            it `@ 'NAME'` for one variant. Write it above the first table.",
            "type": "array",
            "items": { "type": "string" },
            "examples": [["stranded == 0", "completion.p95 < 24h"]]
        }),
    ));
    let mut schema = object("A scenario of distpoint.", keys, Form::Whole);
    if let Value::Object(schema) = &mut schema {
        schema.insert("$schema".into(), "http://json-schema.org/draft-07/schema#".into());
        schema.insert("title".into(), "distpoint scenario".into());
    }
    schema
}

/// Whether a table is a scenario or what changes one, in which nothing is required.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole,
    Overlay,
}

/// A key of a table.
struct Key {
    name: &'static str,
    required: bool,
    schema: Value,
}

fn must(name: &'static str, schema: Value) -> Key {
    Key { name, required: true, schema }
}

fn may(name: &'static str, schema: Value) -> Key {
    Key { name, required: false, schema }
}

fn scenario_keys(form: Form) -> Vec<Key> {
    vec![
        must("name", text("What the scenario is called in reports.")),
        may("description", text("A sentence or two on what it shows.")),
        may(
            "seed",
            integer(
                0,
                MAX_SEED,
                "Where the random numbers start; the same seed gives the same results on any machine. [1]",
            ),
        ),
        may("horizon", duration("When the simulation ends at the latest. [30d]")),
        may(
            "warmup",
            duration(
                "Clients that arrive before its end do not count, and averages start there. [0s]",
            ),
        ),
        may(
            "starts",
            text(
                "The day and time of the week at which it starts, for clients with hours. [Mon 00:00]",
            ),
        ),
        may(
            "workaround",
            object(
                "A new advertisement for those that are stranded: after a time, or when there are so many.",
                vec![
                    may("after", duration("When it comes, from the start of the simulation.")),
                    may(
                        "when_stranded",
                        integer(1, u64::MAX, "How many have to be stranded first."),
                    ),
                ],
                form,
            ),
        ),
        may("expires_after", duration("When the advertisement ends. [never]")),
        must(
            "distribution_points",
            names("The servers that clients contend for, by name.", point(form)),
        ),
        must("clients", names("The groups of clients, by name.", group(form))),
    ]
}

/// The keys of what is read from a CSV file, and `others`.
fn trace(others: Vec<Key>) -> Vec<Key> {
    let mut keys = vec![
        must("file", text("A CSV file with a header, beside the scenario.")),
        may("column", text("Its column. [the only one]")),
    ];
    keys.extend(others);
    keys
}

fn object(description: &str, keys: Vec<Key>, form: Form) -> Value {
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let properties: Map<String, Value> =
        keys.iter().map(|key| (key.name.to_owned(), key.schema.clone())).collect();
    let mut object = json!({
        "description": description, "type": "object", "properties": properties,
        "additionalProperties": false
    });
    if form == Form::Whole && !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

/// A table whose keys are names.
fn names(description: &str, each: Value) -> Value {
    json!({
        "description": description, "type": "object", "additionalProperties": each,
        "minProperties": 1
    })
}

fn text(description: &str) -> Value {
    json!({ "description": description, "type": "string" })
}

fn boolean(description: &str) -> Value {
    json!({ "description": description, "type": "boolean" })
}

fn words(description: &str, words: &[&str]) -> Value {
    json!({ "description": description, "enum": words })
}

fn integer(least: u64, most: u64, description: &str) -> Value {
    json!({ "description": description, "type": "integer", "minimum": least, "maximum": most })
}

fn number(least: Option<f64>, most: Option<f64>, description: &str) -> Value {
    let mut number = json!({ "description": description, "type": "number" });
    least.iter().for_each(|least| number["minimum"] = json!(least));
    most.iter().for_each(|most| number["maximum"] = json!(most));
    number
}

fn duration(description: &str) -> Value {
    json!({
        "description": description, "type": "string", "pattern": "^\\s*[0-9.]",
        "examples": ["10m", "2h 30m", "7d", "1.5s", "250ms"]
    })
}

/// A size, such as `40 MB`.
fn size(description: &str) -> Value {
    json!({
        "description": description, "type": "string", "pattern": "^\\s*[0-9.]+\\s*([kMGT]i?)?B\\s*$",
        "examples": ["40 MB", "512 KiB", "1.5 GB"]
    })
}

/// A rate, such as `100 MB/s`.
fn rate(description: &str) -> Value {
    json!({
        "description": description, "type": "string",
        "pattern": "^\\s*[0-9.]+\\s*([kMGT]i?)?(B|bit)/s\\s*$",
        "examples": ["100 MB/s", "1 Gbit/s", "56 kbit/s"]
    })
}

/// A value, or `"none"`.
fn or_none(schema: Value) -> Value {
    let description = schema["description"].clone();
    json!({ "description": description, "anyOf": [schema, { "const": "none" }] })
}
