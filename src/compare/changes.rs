//! How two studies differ, other than in their results.

use serde_json::Value;

use crate::diagnostic::printable;
use crate::human::shortened;
use crate::results::{Results, VariantResults};

/// The most changed keys that are named.
const MOST: usize = 20;

/// The longest value that is shown, in characters.
const LONGEST: usize = 60;

/// What differs between the studies as wholes, one sentence each.
pub fn changes(base: &Results, new: &Results) -> Vec<String> {
    let mut changes = Vec::new();
    let mut differ = |what: &str, old: String, now: String| {
        if old != now {
            changes.push(format!("{what}: {old} in the base, {now} in the new results"));
        }
    };
    let tool = |results: &Results| {
        format!("{} {}", shown_text(&results.tool.name), shown_text(&results.tool.version))
    };
    differ("program", tool(base), tool(new));
    differ("engine", shown_text(&base.engine), shown_text(&new.engine));
    differ("seed", base.seed.to_string(), new.seed.to_string());
    differ("replications", base.replications.to_string(), new.replications.to_string());
    let complete = |results: &Results| if results.interrupted { "no" } else { "yes" }.to_owned();
    differ("complete", complete(base), complete(new));
    let mut keys = Vec::new();
    walk("", &base.scenario, &new.scenario, &mut keys);
    changes.extend(keys.into_iter().filter(|key| !key.starts_with("seed:")));
    cut(&mut changes);
    changes
}

/// Adds what differs between the overlays of a variant.
pub fn overlay_changes(base: &VariantResults, new: &VariantResults, changes: &mut Vec<String>) {
    let mut keys = Vec::new();
    walk("", &base.overlay, &new.overlay, &mut keys);
    let name = shown_text(&new.name);
    changes.extend(keys.into_iter().map(|key| format!("variant {name}, {key}")));
    cut(changes);
}

fn cut(changes: &mut Vec<String>) {
    if changes.len() > MOST {
        changes.truncate(MOST);
        changes.push("and more".to_owned());
    }
}

/// Adds each key whose values differ: `clients.office.count: 5000 in the base, 6000 in ...`.
fn walk(path: &str, base: &Value, new: &Value, changes: &mut Vec<String>) {
    if changes.len() > MOST || base == new {
        return;
    }
    let (Value::Object(old), Value::Object(now)) = (base, new) else {
        let path = if path.is_empty() { "scenario" } else { path };
        let (old, now) = (shown(base), shown(new));
        changes.push(format!("{path}: {old} in the base, {now} in the new results"));
        return;
    };
    let added = now.keys().filter(|key| !old.contains_key(*key));
    for key in old.keys().chain(added) {
        let below = match path {
            "" => shown_text(key),
            path => format!("{path}.{}", shown_text(key)),
        };
        match (old.get(key), now.get(key)) {
            (Some(old), Some(now)) => walk(&below, old, now, changes),
            (Some(old), None) => changes.push(format!("{below}: only in the base, {}", shown(old))),
            (None, Some(now)) => {
                changes.push(format!("{below}: only in the new results, {}", shown(now)));
            }
            (None, None) => {}
        }
        if changes.len() > MOST {
            return;
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => shown_text(text),
        value => shown_text(&value.to_string()),
    }
}

/// A text from the results: printable, and not as long as a file can make it.
fn shown_text(text: &str) -> String {
    printable(&shortened(text, LONGEST))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changed_keys_are_named_with_both_values() {
        let base = json!({ "horizon": "7d", "clients": { "office": { "count": 5000 } } });
        let new = json!({ "clients": { "office": { "count": 6000 } }, "warmup": "1d" });
        let mut changes = Vec::new();
        walk("", &base, &new, &mut changes);
        assert_eq!(
            changes,
            [
                "horizon: only in the base, 7d",
                "clients.office.count: 5000 in the base, 6000 in the new results",
                "warmup: only in the new results, 1d"
            ]
        );
    }

    #[test]
    fn many_changes_are_cut() {
        let table = |n: u64| (0..1000).map(|i| (i.to_string(), json!(n))).collect::<Value>();
        let mut changes = Vec::new();
        walk("", &table(1), &table(2), &mut changes);
        cut(&mut changes);
        assert_eq!((changes.len(), changes[MOST].as_str()), (MOST + 1, "and more"));
    }
}
