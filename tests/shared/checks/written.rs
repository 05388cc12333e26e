//! Scenarios as results have them: what is written is the scenario that was read, and the JSON Schema
//! accepts it.

use std::path::Path;
use std::sync::LazyLock;

use distpoint::scenario::{Scenario, load_resolved, schema, to_toml};
use jsonschema::Validator;
use serde_json::Value;

use super::scenario;

static SCHEMA: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::validator_for(&schema()).expect("a schema"));

/// Reads `text`, writes what was read, and reads that.
pub fn is_read_back(text: &str) {
    let read = scenario(text);
    agrees_with_schema(text);
    is_written_as_read(&read, Path::new(""));
    let written = read.to_json();
    assert_eq!(scenario(&to_toml(&written)), read, "{text} is written as\n{}", to_toml(&written));
}

/// Asserts that the schema accepts the text of a scenario file that was loaded.
pub fn agrees_with_schema(text: &str) {
    let file: Value = toml::from_str(text).expect("TOML");
    is_valid(&file, text);
}

/// Asserts that a scenario is written so that the schema accepts it, and is read back as it was; its
/// traces are in `directory`.
pub fn is_written_as_read(read: &Scenario, directory: &Path) {
    let written = read.to_json();
    is_valid(&written, "what is written");
    let again = load_resolved(&written, Some(directory));
    let again = again.unwrap_or_else(|error| panic!("{error}\n{}", to_toml(&written)));
    assert_eq!(&again, read, "it is written as\n{}", to_toml(&written));
    assert_eq!(again.to_json(), written);
}

fn is_valid(scenario: &Value, what: &str) {
    let errors: Vec<String> = SCHEMA.iter_errors(scenario).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{what}: {errors:?}");
}
