//! The results or the comparison itself, as JSON.

use serde::Serialize;

use crate::compare::Compared;
use crate::log::Answer;
use crate::results::Results;

/// Results as JSON.
pub fn results(results: &Results, _: Option<u16>) -> String {
    pretty(results)
}

/// A comparison as JSON.
pub fn comparison(compared: &Compared, _: Option<u16>) -> String {
    pretty(compared)
}

/// What logs show as JSON.
pub fn log(answer: &Answer, _: Option<u16>) -> String {
    pretty(answer)
}

/// Indented JSON with a final newline.
fn pretty(value: &impl Serialize) -> String {
    // They have string keys and finite numbers only, so writing them cannot fail.
    let mut json = serde_json::to_string_pretty(value).unwrap_or_default();
    json.push('\n');
    json
}
