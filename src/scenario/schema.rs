//! The JSON Schema of scenario files, with which editors complete keys and explain them.
//!
//! Written by hand beside the readers, because it says more than they know: what each key means. A
//! test asks the readers for their keys and words and fails if one is missing here.
//!
//! To add a key, write its line into the list of its table: `may("key", kind("What it means."))`,
//! or `must` if there is no scenario without it; a new kind of a law is an entry of [`Law::kinds`].

mod laws;
mod points;

use serde_json::{Map, Value, json};

use super::read::MAX_SEED;
use crate::model::Release;
use laws::Law;
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

fn group(form: Form) -> Value {
    let releases: Vec<&str> = Release::all().map(|(name, _)| name).collect();
    let keys = vec![
        may(
            "count",
            integer(
                1,
                u64::from(u32::MAX) - 16,
                "How many clients there are. Not needed where the arrivals say it: a trace, or poisson until the horizon.",
            ),
        ),
        may(
            "release",
            words(
                "How a refusal is handled; the parts can be set one by one. [sms-2.0-sp4]",
                &releases,
            ),
        ),
        may(
            "misreport_strands",
            boolean(
                "Whether a misreported refusal strands the advertisement (Q268500). [by release]",
            ),
        ),
        may(
            "poll_unschedules",
            boolean("Whether the next poll unschedules a pending retry (Q302674). [by release]"),
        ),
        may(
            "tries_per_point",
            integer(
                1,
                255,
                "How many attempts go to a point before the next one is tried. [by release]",
            ),
        ),
        may(
            "misreport_probability",
            number(
                Some(0.0),
                Some(1.0),
                "How likely a refusal comes back as another error (0x80070047), each time. [0]",
            ),
        ),
        may(
            "distribution_points",
            json!({
                "description": "Where the clients may go. [all points]",
                "type": "array", "items": { "type": "string" }, "minItems": 1, "uniqueItems": true
            }),
        ),
        may(
            "choose",
            words(
                "Which point a client tries: one for good, a new one each time, or one after the other. [random-once]",
                &["random-once", "random", "ordered", "least-loaded", "sticky"],
            ),
        ),
        may(
            "tiers",
            json!({
                "description": "The points in order of preference, instead of `distribution_points`: the first tier, then what to fall back to.",
                "type": "array", "minItems": 1,
                "items": { "anyOf": [
                    { "type": "array", "items": { "type": "string" }, "minItems": 1 },
                    object("A tier with a choice of its own.", vec![
                        must("points", json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 })),
                        may("choose", words("How its points are chosen.", &["random-once", "random", "ordered", "least-loaded", "sticky"])),
                    ], Form::Whole),
                ] },
                "examples": [[["BRANCH"], ["HQ1", "HQ2"]]]
            }),
        ),
        may(
            "release_mix",
            json!({
                "description": "Shares of releases within the group, instead of `release`.",
                "type": "object", "propertyNames": { "enum": releases },
                "additionalProperties": { "type": ["string", "number"] },
                "examples": [{ "sms-2.0-sp2": "30%", "sms-2.0-sp3": "70%" }]
            }),
        ),
        may(
            "upgrade",
            object(
                "An upgrade that rolls out over time: each client has its own moment.",
                vec![
                    must("to", words("The new release.", &releases)),
                    may("from", duration("When it begins. [0s]")),
                    may("over", duration("How long it takes. [at once]")),
                ],
                form,
            ),
        ),
        may(
            "moves_on",
            boolean(
                "Whether a client goes on to the next point of its tier after each wait. [by release]",
            ),
        ),
        may(
            "fallback_after",
            text(
                "How long after its first refusal a client may go to the next tier; `0s`: at once, `never`. [by release]",
            ),
        ),
        may(
            "online",
            text("The hours in which clients are there, such as `Mon-Fri 08:00-18:00`. [always]"),
        ),
        may(
            "zones",
            json!({
                "description": "The time zones of the clients, one drawn for each. [UTC]",
                "type": "array", "minItems": 1, "items": { "type": "string" },
                "examples": [["UTC", "UTC+1"]]
            }),
        ),
        may(
            "stagger",
            duration("By how much a client's hours are later at most, drawn for each. [0s]"),
        ),
        may(
            "vanishes",
            object(
                "Clients that leave at random, also in the middle of a transfer.",
                vec![
                    must("every", duration("The mean time until a client leaves.")),
                    must("for", duration("The mean time until it is back.")),
                ],
                form,
            ),
        ),
        must("arrival", Law::ARRIVAL.schema(form)),
        must("transfer", Law::TRANSFER.schema(form)),
        may("retry", Law::RETRY.schema(form)),
        may(
            "on_cut",
            words(
                "What becomes of a transfer that an outage cuts: it begins again, or goes on. [by release]",
                &["restart", "resume"],
            ),
        ),
        may(
            "spin",
            duration(
                "How long a client that cannot reach its point tries on, without a pause (Q302535). [by release]",
            ),
        ),
        may("link", rate("The speed of each client's own connection. [as fast as the point]")),
        may("poll_interval", duration("How often a client polls, for `poll_unschedules`. [1h]")),
    ];
    object("A group of clients that behave alike.", keys, form)
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
