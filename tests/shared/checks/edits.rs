//! JSON that is almost right: a document with a few edits.

use serde_json::{Value, json};

use super::bytes::Bytes;

/// The most edits of a document.
const MOST: usize = 6;

/// `document` with the edits that `bytes` describe.
pub fn edited(document: &Value, bytes: &[u8]) -> Value {
    let mut bytes = Bytes::new(bytes);
    let mut document = document.clone();
    for _ in 0..MOST {
        if bytes.rest().is_empty() {
            break;
        }
        edit(&mut document, &mut bytes);
    }
    document
}

fn edit(document: &mut Value, bytes: &mut Bytes<'_>) {
    let count = nodes(document);
    let (at, other) = (bytes.below(count), bytes.below(count));
    let copy = node(document, &mut { other }).cloned().unwrap_or_default();
    let action = bytes.next().unwrap_or(0) % 8;
    let value = match bytes.below(VALUES.len() + 1) {
        0 => copy.clone(),
        number => value(VALUES[number - 1]),
    };
    let Some(node) = node(document, &mut { at }) else { return };
    match (node, action) {
        (Value::Object(table), 0 | 1) if !table.is_empty() => {
            let key = table.keys().nth(bytes.below(table.len())).cloned().unwrap_or_default();
            let removed = table.shift_remove(&key);
            if action == 1 {
                table.insert(
                    NAMES[bytes.below(NAMES.len())].to_owned(),
                    removed.unwrap_or_default(),
                );
            }
        }
        (Value::Object(table), 2) => {
            table.insert(NAMES[bytes.below(NAMES.len())].to_owned(), copy);
        }
        (Value::Array(list), 0) if !list.is_empty() => drop(list.remove(bytes.below(list.len()))),
        (Value::Array(list), 1) if !list.is_empty() => {
            list.push(list[bytes.below(list.len())].clone())
        }
        (Value::Array(list), 2) => list.push(copy),
        (Value::String(text), 0..=3) => text.push_str(NAMES[bytes.below(NAMES.len())]),
        (Value::Number(number), 0..=3) => {
            let new = number.as_f64().unwrap_or(0.0) * [2.0, 0.5, -1.0, 1e300][usize::from(action)];
            *number = serde_json::Number::from_f64(new).unwrap_or_else(|| 0.into());
        }
        (node, _) => *node = value,
    }
}

/// The number of values in a document.
fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Object(table) => table.values().map(nodes).sum::<usize>(),
        Value::Array(list) => list.iter().map(nodes).sum(),
        _ => 0,
    }
}

/// The value with number `left` in a document, counted from the outside in.
fn node<'v>(value: &'v mut Value, left: &mut usize) -> Option<&'v mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Object(table) => table.values_mut().find_map(|below| node(below, left)),
        Value::Array(list) => list.iter_mut().find_map(|below| node(below, left)),
        _ => None,
    }
}

/// Values that are often not expected, as JSON.
const VALUES: &[&str] = &[
    "null",
    "true",
    "0",
    "1",
    "2",
    "3",
    "-1",
    "-0.0",
    "0.5",
    "1e308",
    "-1e308",
    "5e-324",
    "1e19",
    "18446744073709551615",
    "9007199254740993",
    "4294967295",
    "86400000",
    "\"\"",
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "\"fail\"",
    "\"pass\"",
    "\"inconclusive\"",
    "\"1/1\"",
    "\"0/0\"",
    "[0, 1]",
    "[1, 0]",
    "[\"a\", \"b\"]",
];

/// Names that end, begin or escape something in some format.
const NAMES: &[&str] = &[
    "",
    "x",
    "<q>",
    "\"",
    "'",
    "&",
    "|",
    "`",
    "\\",
    "\n",
    "\r",
    "\0",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{2028}",
    "=1",
    "-1",
    "]]>",
    "<!--",
    "[x](y)",
    "https://x.example",
    "@a",
    "\u{fffe}",
    "日本",
    "group.",
    "dp.A.stranded",
    "stranded",
    " ",
    "\u{feff}",
    "completion.p95 < 1h",
    "\u{85}",
];

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}
