//! Every key of a scenario, one by one: reader, JSON Schema, messages and reference agree on it.

use std::collections::BTreeSet;
use std::path::Path;

use distpoint::scenario::{BUILTIN, Origin, key_paths, load, reference, schema, to_toml};
use serde_json::{Value, json};

use super::written_out::schema_written_out;

/// A key that no table has.
const NONSENSE: &str = "zzqx";

/// Scenarios that have every key at least once, as TOML.
fn scenarios() -> Vec<Value> {
    let fixtures = [
        include_str!("../../fixtures/every-distribution.toml"),
        include_str!("../../fixtures/every-outage.toml"),
        include_str!("../../fixtures/every-fleet.toml"),
        include_str!("../../fixtures/every-key.toml"),
        include_str!("../../fixtures/every-limit.toml"),
        include_str!("../../fixtures/every-load.toml"),
        include_str!("../../fixtures/sites.toml"),
    ];
    let built_in = BUILTIN.iter().map(|builtin| builtin.text);
    let all = fixtures.into_iter().chain(built_in);
    all.map(|text| toml::from_str(text).expect("TOML")).collect()
}

fn is_read(scenario: &Value) -> Result<(), String> {
    is_file_read(&without_variants(scenario))
}

fn is_file_read(file: &Value) -> Result<(), String> {
    let text = to_toml(file);
    let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"));
    let origin = Origin::TextIn { name: "s.toml", text: &text, directory };
    load(origin, &[]).map(|_| ()).map_err(|error| error.to_string())
}

/// The scenario itself: a changed value may be wrong for a variant or a threshold.
fn without_variants(scenario: &Value) -> Value {
    let mut scenario = scenario.clone();
    if let Some(keys) = scenario.as_object_mut() {
        keys.retain(|key, _| key != "variants" && key != "thresholds");
    }
    scenario
}

/// The pointers of all values in a scenario, with the path of its key; `NAME` stands for a name.
fn values(value: &Value, pointer: &str, path: &str, found: &mut Vec<(String, String)>) {
    let Some(table) = value.as_object() else { return };
    for (key, below) in table {
        let escaped = key.replace('~', "~0").replace('/', "~1");
        let pointer = format!("{pointer}/{escaped}");
        let is_name = ["distribution_points", "clients", "sites"]
            .into_iter()
            .any(|names| path == names || path == format!("sites.NAME.{names}"));
        let key = if is_name { "NAME" } else { key };
        let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        found.push((pointer.clone(), path.clone()));
        // The keys of a mix are releases.
        if key != "release_mix" {
            values(below, &pointer, &path, found);
        }
    }
}

fn all_values(scenario: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    values(&without_variants(scenario), "", "", &mut found);
    found
}

fn set(scenario: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = without_variants(scenario);
    *changed.pointer_mut(pointer).expect("it is there") = value;
    changed
}

#[test]
fn the_fixtures_have_every_key() {
    let present: BTreeSet<String> =
        scenarios().iter().flat_map(all_values).map(|(_, path)| path).collect();
    // The parts of a release are the same keys in a group and in its upgrade, points and groups have the same in a
    // site, and the delays after a rate limit the same as others.
    let is_present = |path: &String| {
        let outside = path.strip_prefix("sites.NAME.").unwrap_or(path);
        let of_group = outside.replace(".upgrade", "");
        let shared = [path, outside, &of_group, &of_group.replace(".rate_limited", "")];
        shared.into_iter().any(|path| present.contains(path))
    };
    let absent: Vec<_> = key_paths().into_iter().filter(|path| !is_present(path)).collect();
    assert!(absent.is_empty(), "add these keys to a scenario in tests/fixtures: {absent:#?}");
}

#[test]
fn a_value_of_another_type_is_refused_by_reader_and_schema() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    for scenario in scenarios() {
        for (pointer, path) in all_values(&scenario) {
            let right = scenario.pointer(&pointer).expect("it is there");
            let wrong = if right.is_boolean() { json!(NONSENSE) } else { json!(true) };
            let wrong = set(&scenario, &pointer, wrong);
            assert!(!validator.is_valid(&wrong), "the schema accepts another type for {path}");
            assert!(is_read(&wrong).is_err(), "the reader accepts another type for {path}");
        }
    }
}

#[test]
fn variants_and_thresholds_are_keys_of_the_schema_the_reader_and_the_reference() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let small = without_variants(&scenarios()[0]);
    for (key, right, wrong) in [
        ("variants", json!({ "long": { "horizon": "60d" } }), json!({ "long": true })),
        ("variants", json!({ "a": {}, "b": {} }), json!({})),
        ("thresholds", json!(["stranded == 0"]), json!([true])),
        ("thresholds", json!([]), json!("stranded == 0")),
    ] {
        let with = |value: &Value| {
            let mut file = small.clone();
            file[key] = value.clone();
            file
        };
        assert_eq!(is_file_read(&with(&right)), Ok(()), "{key} = {right}");
        assert!(validator.is_valid(&with(&right)), "the schema refuses {key} = {right}");
        assert!(is_file_read(&with(&wrong)).is_err(), "the reader accepts {key} = {wrong}");
        assert!(!validator.is_valid(&with(&wrong)), "the schema accepts {key} = {wrong}");
        assert!(reference().contains(&format!("| `{key}` |")), "the reference has no {key}");
    }
}

#[test]
fn a_misspelt_key_of_a_file_is_recognised() {
    for (key, meant) in [("tresholds", "thresholds"), ("warmpu", "warmup")] {
        let mut file = without_variants(&scenarios()[0]);
        file[key] = json!("1h");
        let error = is_file_read(&file).expect_err("refused");
        assert!(error.contains(&format!("unknown key `{key}`")), "{error}");
        assert!(error.contains(&format!("`{meant}`")), "{error}");
    }
}

#[test]
fn an_unknown_key_is_refused_by_reader_and_schema() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    for scenario in scenarios() {
        for (pointer, path) in all_values(&scenario) {
            let Some(Value::Object(table)) = scenario.pointer(&pointer) else { continue };
            let mut table = table.clone();
            table.insert(NONSENSE.to_owned(), json!(1));
            let wrong = set(&scenario, &pointer, table.into());
            assert!(!validator.is_valid(&wrong), "the schema accepts an unknown key in {path}");
            assert!(is_read(&wrong).is_err(), "the reader accepts an unknown key in {path}");
        }
    }
}

#[test]
fn a_key_that_the_schema_requires_is_missed_by_the_reader() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    for scenario in scenarios() {
        for (pointer, path) in all_values(&scenario) {
            let (table, key) = pointer.rsplit_once('/').expect("a pointer");
            let mut changed = without_variants(&scenario);
            let table = changed.pointer_mut(table).and_then(Value::as_object_mut).expect("a table");
            table.remove(&key.replace("~1", "/").replace("~0", "~"));
            if !validator.is_valid(&changed) {
                assert!(is_read(&changed).is_err(), "the reader does not miss {path}");
            }
        }
    }
}

/// The examples in the schema of the key at `path` in `whole`.
fn examples(whole: &Value, path: &str) -> Vec<Value> {
    fn below<'s>(schema: &'s Value, key: &str, found: &mut Vec<&'s Value>) {
        found.extend(schema["properties"].get(key));
        if key == "NAME" {
            found.extend(schema.get("additionalProperties"));
        }
        for word in ["oneOf", "anyOf"] {
            let several = schema[word].as_array().into_iter().flatten();
            several.for_each(|schema| below(schema, key, found));
        }
    }
    let mut schemas = vec![whole];
    for key in path.split('.') {
        let mut found = Vec::new();
        schemas.iter().for_each(|schema| below(schema, key, &mut found));
        schemas = found;
    }
    let several = schemas.iter().flat_map(|schema| {
        let parts = schema["anyOf"].as_array().into_iter().flatten();
        std::iter::once(*schema).chain(parts)
    });
    several
        .flat_map(|schema| schema["examples"].as_array().into_iter().flatten().cloned())
        .collect()
}

#[test]
fn every_example_of_the_schema_is_accepted_by_reader_and_schema() {
    let whole = schema_written_out();
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let mut tried = 0;
    let mut refused = Vec::new();
    let present: BTreeSet<String> =
        scenarios().iter().flat_map(all_values).map(|(_, path)| path).collect();
    for path in key_paths().iter().filter(|path| present.contains(*path)) {
        for example in examples(&whole, path) {
            let mut reason = None;
            let is_accepted = scenarios().iter().any(|scenario| {
                all_values(scenario).iter().filter(|(_, other)| other == path).any(
                    |(pointer, _)| {
                        let mut changed = set(scenario, pointer, example.clone());
                        // Long enough for every example, and with points for every name in them.
                        if path != "horizon" {
                            changed["horizon"] = json!("8d");
                        }
                        for (key, other, value) in [
                            ("min", "max", &example),
                            ("cap", "base", &example),
                            ("base", "cap", &example),
                            ("cap", "step", &example),
                            ("step", "cap", &example),
                            ("jitter", "interval", &json!("30d")),
                        ] {
                            let beside =
                                pointer.strip_suffix(key).map(|table| format!("{table}{other}"));
                            let beside = beside.and_then(|beside| changed.pointer_mut(&beside));
                            beside.into_iter().for_each(|beside| *beside = value.clone());
                        }
                        for name in ["BRANCH", "HQ1", "HQ2"] {
                            let point = json!({ "connection_limit": 5, "bandwidth": "1 MB/s" });
                            changed["distribution_points"][name] = point;
                        }
                        let read = is_read(&changed);
                        let is_accepted = read.is_ok() && validator.is_valid(&changed);
                        reason = reason.take().or(read.err());
                        is_accepted
                    },
                )
            });
            tried += 1;
            if !is_accepted {
                refused.push(format!("{path} = {example}: {}", reason.unwrap_or_default()));
            }
        }
    }
    assert!(refused.is_empty(), "accepted nowhere: {}", refused.join("\n"));
    assert!(tried > 100, "only {tried} examples were found");
}

#[test]
fn a_key_of_the_scenario_below_a_table_is_to_be_written_above() {
    let schema = schema();
    let keys = schema["properties"].as_object().expect("keys").keys();
    for key in keys
        .filter(|key| !["distribution_points", "clients", "sites", "variants"].contains(&&***key))
    {
        let text = format!(
            "name = \"x\"\n[distribution_points.A]\nconnection_limit = 1\n[clients.g]\ncount = 1\n\
             arrival = {{ kind = \"burst\" }}\n\
             transfer = {{ kind = \"constant\", duration = \"1s\" }}\n{key} = 1\n"
        );
        let error = load(Origin::Text { name: "x.toml", text: &text }, &[]).expect_err("refused");
        let help =
            format!("`{key}` is a key of the scenario itself: write it above the first `[table]`");
        assert!(error.to_string().contains(&help), "{error}");
    }
}

#[test]
fn the_committed_reference_is_that_of_the_keys() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference.md");
    if std::env::var_os("DISTPOINT_WRITE_DOCS").is_some() {
        std::fs::write(path, reference()).expect("it can be written");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == reference(),
        "docs/reference.md is not derived from the present keys: run `DISTPOINT_WRITE_DOCS=1 cargo \
         test --test cli reference`"
    );
}
