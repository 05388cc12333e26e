//! The results themselves, as JSON.

use crate::results::Results;

/// The results, indented, with a final newline.
pub fn render(results: &Results) -> String {
    // Results have string keys and finite numbers only, so writing them cannot fail.
    let mut json = serde_json::to_string_pretty(results).unwrap_or_default();
    json.push('\n');
    json
}
