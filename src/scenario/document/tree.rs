//! The tree of a scenario text: values, tables and their entries, each with the place where it was written.

use serde_json::Value as Json;

use crate::diagnostic::Location;

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// The value's text: quotes and brackets included. For a table with a header this is the
    /// header with its brackets, for a table that only dotted keys name the first such key.
    pub location: Location,
}

/// A TOML value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string, decoded.
    String(String),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent, or `inf` or `nan`.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, a time or both. No scenario key has one, so its fields are not kept.
    Datetime,
    /// `[1, 2]`, or all the `[[name]]` tables of a name.
    Array(Vec<Node>),
    /// A table, however it was written.
    Table(Table),
    /// A value that could not be read. The error is already among the diagnostics, so a reader
    /// should treat the value as wrong and report nothing more.
    Invalid,
}

impl Value {
    /// The name of this type in messages: `a string`, `a whole number`.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a decimal number",
            Self::Boolean(_) => "a boolean",
            Self::Datetime => "a date or time",
            Self::Array(_) => "an array",
            Self::Table(_) => "a table",
            Self::Invalid => "an unreadable value",
        }
    }
}

/// A key of a table and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, decoded.
    pub key: String,
    /// Where the key was written, its quotes included.
    pub key_location: Location,
    /// The value.
    pub node: Node,
}

impl Entry {
    /// The entries of its value, if that is a table.
    pub fn entries(&self) -> &[Entry] {
        match &self.node.value {
            Value::Table(table) => table.entries(),
            _ => &[],
        }
    }

    /// The entry of a key in its value, if that is a table.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The place of the value that the keys of `path` lead to; if the path breaks off, the place of the last
    /// value on it, or of the key of this entry.
    pub fn at(&self, path: &[&str]) -> &Location {
        let mut at = &self.key_location;
        let mut entry = self;
        for key in path {
            let Some(next) = entry.get(key) else { break };
            (entry, at) = (next, &next.node.location);
        }
        at
    }
}

/// A table: entries with distinct keys in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub(super) entries: Vec<Entry>,
    pub(super) incomplete: bool,
}

impl Table {
    /// A table without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// A table with none of the entries, but as incomplete as this one.
    pub fn without_entries(&self) -> Self {
        Self { incomplete: self.incomplete, ..Self::default() }
    }

    /// The entries in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.key.as_str())
    }

    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether lines that may belong to this table could not be read. A key that is absent may
    /// then only be unreadable; the syntax error is already among the diagnostics.
    pub fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Adds an entry; it replaces one with the same key at the same position.
    pub fn insert(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|old| old.key == entry.key) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }

    /// The table as JSON.
    pub fn to_json(&self) -> Json {
        let entries = self.entries.iter();
        Json::Object(entries.map(|entry| (entry.key.clone(), entry.node.to_json())).collect())
    }
}

impl Node {
    fn to_json(&self) -> Json {
        match &self.value {
            Value::String(text) => Json::from(text.as_str()),
            Value::Integer(number) => Json::from(*number),
            Value::Float(number) => Json::from(*number),
            Value::Boolean(truth) => Json::from(*truth),
            Value::Array(items) => items.iter().map(Node::to_json).collect(),
            Value::Table(table) => table.to_json(),
            // No key has such a value, so a scenario with one is not accepted.
            Value::Datetime | Value::Invalid => Json::Null,
        }
    }
}
