//! The JSON Schemas: that of scenarios describes all that the readers know, and both are true.

use std::collections::BTreeSet;

use distpoint::scenario::{BUILTIN, Origin, load};
use serde_json::{Value, json};

use super::written_out::schema_written_out;
use crate::harness::{
    ENDLESS, EVERY_DISTRIBUTION, EVERY_FLEET, EVERY_LIMIT, EVERY_LOAD, EVERY_OUTAGE, RESULTS,
    SMALL, compared, render_comparison, simulated, small_results,
};

const SCENARIO_SCHEMA: &str = include_str!("../../../schemas/scenario.schema.json");
const RESULTS_SCHEMA: &str = include_str!("../../../schemas/results.schema.json");
const COMPARISON_SCHEMA: &str = include_str!("../../../schemas/comparison.schema.json");

/// A key that no table has, and a word that is none.
const NONSENSE: &str = "zzqx";

/// A scenario to put something wrong into: at the top, in the point, in the group, as the distributions.
fn scenario(top: &str, point: &str, group: &str, distributions: [&str; 3]) -> String {
    let [arrival, transfer, retry] = distributions;
    format!(
        "name = \"x\"\n{top}\n[distribution_points.A]\nconnection_limit = 1\n{point}\n[clients.g]\n\
         count = 1\narrival = {{ {arrival} }}\ntransfer = {{ {transfer} }}\nretry = {{ {retry} }}\n{group}\n"
    )
}

const DISTRIBUTIONS: [&str; 3] =
    ["kind = \"burst\"", "kind = \"constant\", duration = \"1s\"", "interval = \"1m\""];

/// The words in backticks of the help that follows what the readers report about [`NONSENSE`].
#[track_caller]
fn valid_words(text: &str, problem: &str) -> BTreeSet<String> {
    let error = load(Origin::Text { name: "x.toml", text }, &[]).expect_err("it was read");
    let error = error.to_string();
    let start = error.find(problem).unwrap_or_else(|| panic!("{problem} is not in\n{error}"));
    let line = error[start..].lines().find(|line| line.contains("the valid "));
    let line = line.unwrap_or_else(|| panic!("no valid keys in\n{error}"));
    line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn keys(schema: &Value) -> BTreeSet<String> {
    let properties = schema["properties"].as_object();
    properties.unwrap_or_else(|| panic!("no properties in {schema:#}")).keys().cloned().collect()
}

/// Fails if the schema and the readers do not know the same keys or words.
#[track_caller]
fn same(place: &str, described: BTreeSet<String>, read: BTreeSet<String>) {
    let missing: Vec<_> = read.difference(&described).collect();
    let stale: Vec<_> = described.difference(&read).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "{place}: the readers of scenarios know {missing:?}, which the schema does not \
         describe; it describes {stale:?}, which they do not know: run \
         `distpoint schema > schemas/scenario.schema.json`"
    );
}

fn unknown_key() -> String {
    format!("unknown key `{NONSENSE}`")
}

fn point(schema: &Value) -> &Value {
    &schema["properties"]["distribution_points"]["additionalProperties"]
}

fn group(schema: &Value) -> &Value {
    &schema["properties"]["clients"]["additionalProperties"]
}

#[test]
fn the_schema_describes_every_key_of_the_tables() {
    let schema = schema_written_out();
    let wrong = format!("{NONSENSE} = 1");
    let read = valid_words(&scenario(&wrong, "", "", DISTRIBUTIONS), &unknown_key());
    let mut top = keys(&schema);
    // They are taken out before the scenario is read.
    assert!(top.remove("variants") && top.remove("thresholds"));
    same("the scenario", top, read);
    let read = valid_words(&scenario("", &wrong, "", DISTRIBUTIONS), &unknown_key());
    same("a distribution point", keys(point(&schema)), read);
    let read = valid_words(&scenario("", "", &wrong, DISTRIBUTIONS), &unknown_key());
    same("a client group", keys(group(&schema)), read);
}

#[test]
fn the_schema_describes_every_kind_of_a_distribution_and_its_keys() {
    let schema = schema_written_out();
    for (place, distribution, tag) in
        [(0, "arrival", "kind"), (1, "transfer", "kind"), (2, "retry", "policy")]
    {
        let mut distributions = DISTRIBUTIONS;
        let wrong = format!("{tag} = \"{NONSENSE}\"");
        distributions[place] = &wrong;
        let read = valid_words(&scenario("", "", "", distributions), &format!("`{NONSENSE}`"));
        let distribution_schema = &group(&schema)["properties"][distribution];
        // A retry is a table, a name or a list.
        let table = distribution_schema.get("anyOf").map_or(distribution_schema, |any| &any[0]);
        let kinds = table["oneOf"].as_array().expect("kinds");
        let word = |kind: &Value| kind["properties"][tag]["const"].as_str().expect("it").to_owned();
        same(distribution, kinds.iter().map(word).collect(), read);
        for kind in kinds {
            let word = word(kind);
            let wrong = format!("{tag} = \"{word}\", {NONSENSE} = 1");
            let mut distributions = DISTRIBUTIONS;
            distributions[place] = &wrong;
            let read = valid_words(&scenario("", "", "", distributions), &unknown_key());
            same(&format!("{distribution} {word}"), keys(kind), read);
        }
    }
}

#[test]
fn the_schema_lists_every_word() {
    let schema = schema_written_out();
    let group = &group(&schema)["properties"];
    let described = |words: &Value| {
        let words = words["enum"].as_array().unwrap_or_else(|| panic!("no words in {words}"));
        words.iter().map(|word| word.as_str().expect("a word").to_owned()).collect()
    };
    for key in ["release", "choose"] {
        let wrong = format!("{key} = \"{NONSENSE}\"");
        let read = valid_words(&scenario("", "", &wrong, DISTRIBUTIONS), &format!("`{NONSENSE}`"));
        same(key, described(&group[key]), read);
    }
    let mut distributions = DISTRIBUTIONS;
    let wrong = format!("policy = \"exponential\", base = \"1m\", jitter = \"{NONSENSE}\"");
    distributions[2] = &wrong;
    let read = valid_words(&scenario("", "", "", distributions), &format!("`{NONSENSE}`"));
    let kinds = group["retry"]["anyOf"][0]["oneOf"].as_array().expect("kinds");
    let exponential = kinds.iter().find(|kind| kind["properties"]["base"].is_object());
    let jitter = &exponential.expect("it")["properties"]["jitter"]["anyOf"][0];
    same("the jitter of an exponential retry", described(jitter), read);
}

#[test]
fn an_overlay_has_every_key_and_requires_none() {
    fn check(whole: &Value, overlay: &Value, place: &str) {
        assert!(overlay.get("required").is_none(), "{place} requires a key");
        let known = keys(overlay);
        let kinds = whole["oneOf"].as_array();
        let wholes = kinds.map_or(vec![whole], |kinds| kinds.iter().collect());
        for whole in wholes {
            for (key, below) in whole["properties"].as_object().expect("keys") {
                assert!(
                    known.contains(key) || key == "variants" || key == "thresholds",
                    "{place}.{key}"
                );
                let other = &overlay["properties"][key];
                if below.get("properties").is_some() || below.get("oneOf").is_some() {
                    check(below, other, key);
                } else if below["additionalProperties"]["properties"].is_object() {
                    check(&below["additionalProperties"], &other["additionalProperties"], key);
                }
            }
        }
    }
    let schema = schema_written_out();
    let overlay = &schema["properties"]["variants"]["additionalProperties"];
    // A variant cannot have variants.
    assert!(!keys(overlay).contains("variants"));
    let mut whole = schema.clone();
    whole["properties"].as_object_mut().expect("keys").remove("variants");
    check(&whole, overlay, "a variant");
}

#[test]
fn every_key_is_explained() {
    fn walk(schema: &Value, path: &str) {
        if let Some(properties) = schema["properties"].as_object() {
            for (key, below) in properties {
                let text = below["description"].as_str().unwrap_or_default();
                let merged = below["anyOf"].is_array();
                assert!(text.len() > 3 || merged, "{path}.{key} has no description");
                walk(below, &format!("{path}.{key}"));
            }
        }
        for (i, kind) in schema["oneOf"].as_array().into_iter().flatten().enumerate() {
            walk(kind, &format!("{path}[{i}]"));
        }
        if schema["additionalProperties"].is_object() {
            walk(&schema["additionalProperties"], &format!("{path}.*"));
        }
    }
    walk(&schema_written_out(), "");
}

#[track_caller]
fn valid(schema: &str, instance: &Value, what: &str) {
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors = validator.iter_errors(instance);
    let errors: Vec<String> =
        errors.take(5).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

fn invalid(schema: &str, instance: &Value) -> bool {
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    !jsonschema::validator_for(&schema).expect("a schema").is_valid(instance)
}

#[test]
fn scenarios_that_are_right_are_valid() {
    let fixtures = [
        ("small", SMALL),
        ("every-distribution", EVERY_DISTRIBUTION),
        ("every-outage", EVERY_OUTAGE),
        ("every-fleet", EVERY_FLEET),
        ("every-limit", EVERY_LIMIT),
        ("every-load", EVERY_LOAD),
        ("endless", ENDLESS),
    ];
    let built_in = BUILTIN.iter().map(|builtin| (builtin.name, builtin.text));
    for (name, text) in built_in.chain(fixtures) {
        let scenario: Value = toml::from_str(text).expect("TOML");
        valid(SCENARIO_SCHEMA, &scenario, name);
    }
    // The scenario in results is one, too.
    for builtin in BUILTIN {
        let loaded = load(Origin::Text { name: builtin.name, text: builtin.text }, &[]);
        valid(SCENARIO_SCHEMA, &loaded.expect("it is right").base.to_json(), builtin.name);
    }
}

#[test]
fn scenarios_that_are_wrong_are_not_valid() {
    let right: Value = toml::from_str(SMALL).expect("TOML");
    for (pointer, value) in [
        ("/horizon", json!(5)),
        ("/horizon", json!("soon")),
        ("/sede", json!(1)),
        ("/distribution_points/DP01/connection_limit", json!(0)),
        ("/clients/office/release", json!("sms-3")),
        ("/clients/office/arrival/kind", json!("posson")),
        ("/clients/office/arrival/over", json!(null)),
        ("/clients/office/misreport_probability", json!(1.5)),
    ] {
        let mut wrong = right.clone();
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        wrong.pointer_mut(parent).expect("a table")[key] = value;
        assert!(invalid(SCENARIO_SCHEMA, &wrong), "{pointer}");
    }
}

#[test]
fn results_are_valid() {
    valid(RESULTS_SCHEMA, &serde_json::from_str(RESULTS).expect("JSON"), "the fixture");
    let written = |results| serde_json::to_value(results).expect("JSON");
    valid(RESULTS_SCHEMA, &written(simulated(3, &[])), "three replications");
    valid(RESULTS_SCHEMA, &written(simulated(1, &["horizon=30s"])), "no completion");
    let mut wrong: Value = serde_json::from_str(RESULTS).expect("JSON");
    wrong["variants"][0]["metrics"]["stranded"]["mean"] = "12".into();
    assert!(invalid(RESULTS_SCHEMA, &wrong));
}

#[test]
fn comparisons_are_valid() {
    let json = render_comparison(&compared(&small_results(), &small_results()), "json");
    valid(COMPARISON_SCHEMA, &serde_json::from_str(&json).expect("JSON"), "a comparison");
}
