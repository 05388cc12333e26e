//! Scenario texts as trees that know where every key and value was written.
//!
//! The tree owns its strings, keeps the order of the file, and has a location for each key and
//! value, so that a reader can point at them long after the file was parsed, and a value that an
//! overlay brought in still points into the overlay.

mod assignment;
mod explain;
mod overlay;
mod syntax;

pub use assignment::parse_assignment;
pub use overlay::overlay;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceId, quoted};
use explain::Fault;
use syntax::Faults;

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
    /// A date, a time or both. No scenario key has one, so its parts are not kept.
    Datetime,
    /// `[1, 2]`, or all the `[[name]]` tables of a name.
    Array(Vec<Node>),
    /// A table, however it was written.
    Table(Table),
    /// A value that could not be read. The error is already among the diagnostics, so a reader
    /// should treat the value as wrong and say no more.
    Invalid,
}

impl Value {
    /// What a message calls a value of this type: `a string`, `a whole number`.
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

    /// Where the value lies that these keys lead to; if they lead nowhere, where the last is that does,
    /// or the key of this entry.
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
    entries: Vec<Entry>,
    incomplete: bool,
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

    /// Adds an entry; one with the same key is replaced in its place.
    pub fn insert(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|old| old.key == entry.key) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }
}

/// How often a text is parsed anew after a line that derailed the parser was taken out.
const MAX_REPAIRS: usize = 32;

/// Tables and arrays nested deeper than this are an error. It bounds the recursion of everything
/// that walks a tree.
const MAX_DEPTH: usize = 100;

/// Parses a scenario text. All syntax errors go to `diagnostics`, and what could be read is
/// returned nevertheless, so that its own errors can be told together with them.
///
/// Values that could not be read are [`Value::Invalid`]; a string without quotes is taken as the
/// string that was meant; a table that lost keys says so ([`Table::is_incomplete`]). A byte order
/// mark at the beginning is ignored.
pub fn parse(source: SourceId, text: &str, diagnostics: &Diagnostics) -> Table {
    let mut text = text.to_owned();
    let mut faults = Faults::default();
    if let Some(at) = syntax::too_deep(&text) {
        diagnostics.push(too_deep(Location::new(source, at..at + 1)));
        return Table { incomplete: true, ..Table::default() };
    }
    let mut repairs = 0;
    loop {
        let (tree, errors) = DeTable::parse_recoverable(&text);
        // The parser stops, or misunderstands all that follows, at a few kinds of errors. Those
        // lines are blanked and the rest is parsed again, until only local errors are left.
        let breaks = match repairs {
            MAX_REPAIRS => Vec::new(),
            _ => syntax::breaks(&text, &errors),
        };
        if breaks.is_empty() {
            faults.explain(source, &text, &tree, &errors, diagnostics);
            let reader = Reader { source, text: &text, faults: &faults, diagnostics };
            return reader.table(tree.get_ref(), None, 0);
        }
        repairs += 1;
        drop(tree);
        for one in breaks {
            diagnostics.push(one.problem.at(source));
            faults.add_damage(one.extent.start, one.hides_table);
            syntax::blank(&mut text, one.extent);
        }
    }
}

fn too_deep(location: Location) -> Diagnostic {
    Diagnostic::error("tables and arrays are nested too deeply")
        .at(location)
        .help(format!("at most {MAX_DEPTH} levels are possible"))
}

/// Turns the parser's tree, which borrows from the text, into ours.
struct Reader<'a> {
    source: SourceId,
    text: &'a str,
    faults: &'a Faults,
    diagnostics: &'a Diagnostics,
}

impl Reader<'_> {
    fn location(&self, span: std::ops::Range<usize>) -> Location {
        Location::new(self.source, span)
    }

    /// Converts a table that begins at the byte `start`, or the root table.
    fn table(&self, table: &DeTable<'_>, start: Option<usize>, depth: usize) -> Table {
        let mut result = Table { incomplete: self.faults.is_damaged(start), ..Table::default() };
        let mut entries: Vec<(&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)> =
            table.iter().collect();
        // Whether the parser keeps the order depends on its features, and another crate of the
        // build may turn those on or off.
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let name = key.get_ref();
            if name.is_empty() && key.span().is_empty() {
                result.incomplete = true;
                continue;
            }
            let key_location = self.location(key.span());
            result.entries.push(Entry {
                key: name.to_string(),
                node: self.node(value, &key_location, depth + 1),
                key_location,
            });
        }
        result
    }

    fn node(&self, spanned: &Spanned<DeValue<'_>>, key: &Location, depth: usize) -> Node {
        let span = spanned.span();
        // The parser puts a zero at the very beginning of the text where there is no value.
        let location = match spanned.get_ref() {
            DeValue::Integer(_) if span == (0..0) => {
                return Node { value: Value::Invalid, location: key.clone() };
            }
            _ => self.location(span.clone()),
        };
        if depth > MAX_DEPTH {
            self.diagnostics.push(too_deep(location.clone()));
            return Node { value: Value::Invalid, location };
        }
        let value = match (self.faults.of_scalar(&span), spanned.get_ref()) {
            (Some(Fault::Unreadable), _) => Value::Invalid,
            (Some(Fault::WithoutQuotes), _) => {
                Value::String(self.text.get(span).unwrap_or_default().to_owned())
            }
            (None, DeValue::Array(_) | DeValue::Table(_)) if self.faults.is_torn(&span) => {
                Value::Invalid
            }
            (None, DeValue::String(text)) => Value::String(text.to_string()),
            (None, DeValue::Integer(digits)) => {
                match i64::from_str_radix(digits.as_str(), digits.radix()) {
                    Ok(number) => Value::Integer(number),
                    Err(_) => self.out_of_range(
                        location.clone(),
                        format!("a whole number is from {} to {}", i64::MIN, i64::MAX),
                    ),
                }
            }
            (None, DeValue::Float(digits)) => match digits.as_str().parse::<f64>() {
                Ok(number) if !number.is_infinite() || digits.as_str().contains("inf") => {
                    Value::Float(number)
                }
                _ => self.out_of_range(
                    location.clone(),
                    format!("a decimal number is at most {:e}", f64::MAX),
                ),
            },
            (None, DeValue::Boolean(value)) => Value::Boolean(*value),
            (None, DeValue::Datetime(_)) => Value::Datetime,
            (None, DeValue::Array(items)) => {
                let items = items.iter();
                Value::Array(items.map(|item| self.node(item, key, depth + 1)).collect())
            }
            (None, DeValue::Table(table)) => {
                Value::Table(self.table(table, Some(span.start), depth))
            }
        };
        Node { value, location }
    }

    fn out_of_range(&self, location: Location, help: String) -> Value {
        let text = self.text.get(location.span.clone()).unwrap_or_default();
        let message = format!("the number {} is out of range", quoted(text));
        self.diagnostics.push(Diagnostic::error(message).at(location).help(help));
        Value::Invalid
    }
}

#[cfg(test)]
mod tests;
