//! Results: any JSON.

use std::sync::LazyLock;

use distpoint::results::{Results, read};
use serde_json::Value;

use super::edits::edited;
use super::messages::check_message;
use super::reports;

/// Results of a study.
static GOOD: LazyLock<Results> = LazyLock::new(|| {
    let text = include_str!("../../fixtures/results.json");
    read("results.json", text.as_bytes()).expect("right results")
});

/// Bytes that begin with `{` are read as they are; others describe edits of right results. They are
/// refused with a message, or reported in every format.
pub fn check(bytes: &[u8]) {
    if bytes.first() == Some(&b'{') {
        return check_json(bytes);
    }
    static DOCUMENT: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(&*GOOD).expect("results are JSON"));
    check_json(edited(&DOCUMENT, bytes).to_string().as_bytes());
}

fn check_json(json: &[u8]) {
    match read("any.json", json) {
        Err(error) => check_message(&error.to_string()),
        Ok(results) => {
            reports::check(&results);
            reports::check_comparison(&GOOD, &results);
            reports::check_comparison(&results, &GOOD);
        }
    }
}
