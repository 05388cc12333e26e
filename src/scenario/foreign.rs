//! Files in another format than TOML that are given as a scenario.

use super::document::looks_like_assignment;
use crate::diagnostic::{Diagnostic, Location, SourceId};

/// The error about a text that is JSON, YAML, XML or HTML; `None` if it may be TOML with mistakes.
pub fn foreign(source: SourceId, text: &str) -> Option<Diagnostic> {
    let plain = text.trim_start_matches('\u{feff}').trim_start();
    let start = text.len() - plain.len();
    let (format, help) = format(plain)?;
    let length = plain.lines().next().unwrap_or_default().trim_end().len();
    let error = Diagnostic::error(format!("this is {format}, but a scenario is TOML"));
    Some(error.at(Location::new(source, start..start + length)).label("not TOML").help(help))
}

const EXAMPLE: &str = "write `key = value` below headers such as `[clients.office]`; `distpoint scenarios NAME` \
                       prints an example";

/// The format of a text without blanks at its beginning, and what its user should do.
fn format(text: &str) -> Option<(&'static str, &'static str)> {
    let is_json = || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if text.starts_with('{') || (text.starts_with('[') && is_json()) {
        // The schema is the first key of results.
        let head: String = text.chars().take(200).collect();
        return Some(match head.contains("\"distpoint.") {
            true => {
                ("JSON", "these are results: `distpoint report` and `distpoint compare` read them")
            }
            false => ("JSON", EXAMPLE),
        });
    }
    if text.starts_with('<') {
        return Some(("XML or HTML", EXAMPLE));
    }
    is_yaml(text).then_some(("YAML", EXAMPLE))
}

/// Whether a text begins as YAML does, and has more lines of YAML than of TOML.
fn is_yaml(text: &str) -> bool {
    let lines = || {
        let lines = text.lines().map(str::trim);
        lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
    };
    let is_pair = |line: &str| {
        let line = line.trim_start_matches("- ");
        let key =
            line.split_once(':').filter(|(_, value)| value.is_empty() || value.starts_with(' '));
        key.is_some_and(|(key, _)| !key.contains(['=', '[', '{', '(']) && !key.is_empty())
    };
    let is_toml = |line: &str| looks_like_assignment(line) || line.starts_with('[');
    let begins = lines().next().is_some_and(|line| line.starts_with("---") || is_pair(line));
    begins
        && lines().filter(|line| is_pair(line)).count()
            > lines().filter(|line| is_toml(line)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_formats_are_known_by_how_they_begin() {
        for (text, known) in [
            ("{ \"name\": \"x\" }", Some("JSON")),
            ("{\n", Some("JSON")),
            ("[{}]", Some("JSON")),
            ("name: x\nclients:\n  office:\n    count: 5\n", Some("YAML")),
            ("---\nname: x\n", Some("YAML")),
            ("# about\nclients:\n- name: a\n  count: 5\n", Some("YAML")),
            ("<?xml version=\"1.0\"?>", Some("XML or HTML")),
            ("name: \"x\"\n[clients.office]\ncount = 5\n", None),
            ("[clients.office]\n", None),
            ("name = \"a: b\"\n", None),
            ("def f():\n  pass\n", None),
            ("", None),
        ] {
            assert_eq!(format(text).map(|(format, _)| format), known, "{text}");
        }
    }
}
