//! The results themselves, as JSON.

use serde::Serialize;

use super::renderer::Renderer;
use crate::compare::Compared;
use crate::results::Results;

/// Indented JSON with a final newline.
pub struct Json;

impl Renderer for Json {
    fn results(&self, results: &Results, _width: Option<u16>) -> String {
        pretty(results)
    }

    fn comparison(&self, compared: &Compared, _width: Option<u16>) -> String {
        pretty(compared)
    }
}

fn pretty(value: &impl Serialize) -> String {
    // They have string keys and finite numbers only, so writing them cannot fail.
    let mut json = serde_json::to_string_pretty(value).unwrap_or_default();
    json.push('\n');
    json
}
