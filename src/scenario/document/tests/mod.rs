//! Texts, assignments and overlays, each with its errors.

mod assignments;
mod noise;
mod overlays;
mod parsing;

use super::{OverlayRules, Table, Value, parse, parse_assignment};
use crate::diagnostic::{Diagnostics, Sources};

struct Fixture {
    sources: Sources,
    diagnostics: Diagnostics,
}

/// The rules of a scenario with the keys of these tests.
fn rules() -> OverlayRules {
    OverlayRules {
        named: vec!["clients", "distribution_points"],
        tags: vec!["kind", "policy"],
        whole: vec!["release_mix"],
        instead: vec![("after", "when_stranded"), ("when_stranded", "after")],
        short: vec![("queue", "length")],
    }
}

impl Fixture {
    fn new() -> Self {
        Self { sources: Sources::new(), diagnostics: Diagnostics::new() }
    }

    fn parse(&mut self, text: &str) -> Table {
        let id = self.sources.add("storm.toml", text);
        parse(id, text, &self.diagnostics)
    }

    fn set(&mut self, text: &str) -> Option<Table> {
        let id = self.sources.add("--set", text);
        parse_assignment(id, text, &self.diagnostics)
    }

    /// Each message with what it underlines.
    fn errors(&self) -> Vec<(String, String)> {
        let list = self.diagnostics.sorted().into_iter();
        list.map(|error| {
            let part = error
                .location
                .map_or("", |location| &self.sources.text(location.source)[location.span]);
            (error.message, part.to_owned())
        })
        .collect()
    }

    fn shown(&self) -> String {
        self.diagnostics.render(&self.sources, false)
    }
}

/// A table in a compact notation, keys in order.
fn compact(table: &Table) -> String {
    fn value(found: &Value) -> String {
        match found {
            Value::String(text) => format!("{text:?}"),
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}"),
            Value::Boolean(flag) => flag.to_string(),
            Value::Datetime => "date".to_owned(),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| value(&item.value)).collect();
                format!("[{}]", items.join(" "))
            }
            Value::Table(table) => compact(table),
            Value::Invalid => "?".to_owned(),
        }
    }
    let entries: Vec<String> = table
        .entries()
        .iter()
        .map(|entry| format!("{}={}", entry.key, value(&entry.node.value)))
        .collect();
    format!("{{{}}}", entries.join(" "))
}

const SCENARIO: &str = "\
horizon = '7d'
[distribution_points.dp1]
slots = 10
[clients.office]
count = 5000
retry = { kind = 'fixed', delay = '5s' }
[clients.home]
count = 100
retry.kind = 'backoff'
retry.base = '1s'
";
