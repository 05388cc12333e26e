//! Scenarios as TOML text: a scenario that is stored as JSON becomes a scenario file again.

use serde_json::{Map, Value};

/// A scenario in JSON with the keys of a scenario file, such as that of results, as the text of a
/// scenario file.
pub fn to_toml(scenario: &Value) -> String {
    let mut text = String::new();
    if let Value::Object(table) = scenario {
        write_table(&mut text, &mut Vec::new(), table);
    }
    text
}

/// The depth down to which tables have their own header, as in `[clients.office]`. Deeper tables are
/// inline.
const HEADERS: usize = 2;

fn write_table(text: &mut String, path: &mut Vec<String>, table: &Map<String, Value>) {
    let below = |value: &Value| path.len() < HEADERS && value.is_object();
    let values = table.iter().filter(|(_, value)| !below(value) && !value.is_null());
    let values: Vec<_> = values.collect();
    let tables: Vec<_> = table.iter().filter(|(_, value)| below(value)).collect();
    // A table without plain values needs no header, unless it is empty.
    if !path.is_empty() && (!values.is_empty() || tables.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("[{}]\n", path.join(".")));
    }
    for (key, value) in values {
        text.push_str(&format!("{} = {}\n", to_toml_key(key), to_inline_toml(value)));
    }
    for (key, value) in tables {
        if let Value::Object(table) = value {
            path.push(to_toml_key(key));
            write_table(text, path, table);
            path.pop();
        }
    }
}

/// A value as it is written after a key, on one line. Nulls are left out of tables.
pub fn to_inline_toml(value: &Value) -> String {
    match value {
        Value::Object(table) => {
            let pairs = table.iter().filter(|(_, value)| !value.is_null());
            let pairs: Vec<String> = pairs
                .map(|(key, value)| format!("{} = {}", to_toml_key(key), to_inline_toml(value)))
                .collect();
            if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) }
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(to_inline_toml).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => string(text),
        // JSON and TOML write these values in the same way.
        other => other.to_string(),
    }
}

/// A name as it is written in a dotted key: in quotes where it needs them.
pub fn to_toml_key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !key.is_empty() && key.chars().all(bare) { key.to_owned() } else { string(key) }
}

/// A basic string: TOML has the same escapes as JSON, and requires one for DEL, too. All other control
/// characters are escaped as well, because the text may be shown on a terminal.
fn string(text: &str) -> String {
    let escaped = |c: char| match c.is_control() {
        true => format!("\\u{:04x}", u32::from(c)),
        false => c.to_string(),
    };
    Value::from(text).to_string().chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tables_have_headers_and_what_is_in_them_is_inline() {
        let scenario = json!({
            "name": "A \"storm\"\n",
            "seed": 7,
            "distribution_points": { "DP 01": { "connection_limit": 50 } },
            "clients": { "office": {
                "count": 10, "nothing": null, "points": ["DP 01"],
                "retry": { "policy": "fixed", "jitter": "20%" },
            } },
        });
        let text = to_toml(&scenario);
        assert_eq!(
            text,
            "name = \"A \\\"storm\\\"\\n\"\nseed = 7\n\n[distribution_points.\"DP 01\"]\n\
             connection_limit = 50\n\n[clients.office]\ncount = 10\npoints = [\"DP 01\"]\n\
             retry = { policy = \"fixed\", jitter = \"20%\" }\n"
        );
    }
}
