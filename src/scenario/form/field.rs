//! One value, and what it may be: a string, a boolean, an array, a table.

use super::super::document::{Entry, Node, Table, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, Location, quoted};

/// The keys that are written above all tables of a file. Below a header they would be that table's.
pub type TopKeys = fn() -> Vec<&'static str>;

/// A value to be read, and the key under which it was found.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    key: &'a str,
    node: &'a Node,
    key_location: &'a Location,
    is_item: bool,
    diagnostics: &'a Diagnostics,
    top_keys: TopKeys,
}

impl<'a> Field<'a> {
    /// The value of an entry, for tables whose keys are names.
    pub fn new(entry: &'a Entry, diagnostics: &'a Diagnostics) -> Self {
        Self {
            key: &entry.key,
            node: &entry.node,
            key_location: &entry.key_location,
            is_item: false,
            diagnostics,
            top_keys: Vec::new,
        }
    }

    /// The same value, in a file where `top_keys` are written above all tables.
    pub fn within(mut self, top_keys: TopKeys) -> Self {
        self.top_keys = top_keys;
        self
    }

    /// The key; for an item of an array, the key of the array.
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// Where the key was written.
    pub fn key_location(&self) -> &'a Location {
        self.key_location
    }

    /// Where the value was written.
    pub fn location(&self) -> &'a Location {
        &self.node.location
    }

    /// Where missing keys of this table are reported: at its key, or for an item of an array at the
    /// item.
    pub(super) fn owner(&self) -> &'a Location {
        match self.is_item {
            true => self.location(),
            false => self.key_location,
        }
    }

    /// Where errors are reported, and what the keys above all tables of the file are.
    pub(super) fn surroundings(&self) -> (&'a Diagnostics, TopKeys) {
        (self.diagnostics, self.top_keys)
    }

    /// Where its errors are reported.
    pub fn diagnostics(&self) -> &'a Diagnostics {
        self.diagnostics
    }

    /// The help about an unknown name of the user; see [`Diagnostics::suggestion`].
    pub fn suggestion<'n>(
        &self,
        word: &str,
        names: impl IntoIterator<Item = &'n str> + Clone,
        list: &str,
    ) -> String {
        self.diagnostics.suggestion(word, names, list)
    }

    /// The value as it is.
    pub fn value(&self) -> &'a Value {
        &self.node.value
    }

    /// The place of a part of a string in the text it was written in; the place of the whole string if
    /// that of the part cannot be determined.
    ///
    /// Where the raw text is two bytes longer than the string, these are its quotes: every
    /// escape and every line break would make it longer yet. Where it is as long as the string,
    /// it was written without quotes.
    pub fn inside(&self, text: &str, part: std::ops::Range<usize>) -> Location {
        let mut location = self.location().clone();
        let quote = match location.span.len().checked_sub(text.len()) {
            Some(0) => 0,
            Some(2) => 1,
            _ => return location,
        };
        let start = location.span.start + quote;
        location.span = start + part.start..start + part.end;
        location
    }

    /// Reports an error at the value, and gives `None`.
    pub fn refuse<T>(&self, message: impl Into<String>, help: impl Into<String>) -> Option<T> {
        self.reject(Diagnostic::error(message).help(help))
    }

    /// Reports `error`, at the value unless it has a location, and gives `None`.
    pub fn reject<T>(&self, error: Diagnostic) -> Option<T> {
        self.diagnostics.push(match error.location {
            None => error.at(self.location()),
            Some(_) => error,
        });
        None
    }

    /// A string, which may be empty.
    pub fn string(self) -> Option<&'a str> {
        match &self.node.value {
            Value::String(text) => Some(text),
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime => {
                self.expected("a string", Some("put the value in quotes".to_owned()))
            }
            _ => self.expected("a string", None),
        }
    }

    /// The items of an array, each read by `read`; `None` if any is wrong, though all are read.
    pub fn array<T>(self, mut read: impl FnMut(Field<'a>) -> Option<T>) -> Option<Vec<T>> {
        let Value::Array(items) = &self.node.value else {
            let help = match self.node.value {
                Value::Table(_) => None,
                _ => Some("write the values in brackets, with commas between them".to_owned()),
            };
            return self.expected("an array", help);
        };
        let values: Vec<Option<T>> =
            items.iter().map(|node| read(Field { node, is_item: true, ..self })).collect();
        values.into_iter().collect()
    }

    /// A table.
    pub fn table(self) -> Option<&'a Table> {
        match &self.node.value {
            Value::Table(table) => Some(table),
            _ => self.expected("a table", None),
        }
    }

    /// The values of a table whose keys are names, in order.
    pub fn entries(self) -> Option<impl Iterator<Item = Field<'a>>> {
        let table = self.table()?;
        Some(table.entries().iter().map(move |entry| self.beside(entry)))
    }

    /// The value of a key, if this is a table that has it.
    pub fn get(&self, key: &str) -> Option<Field<'a>> {
        match &self.node.value {
            Value::Table(table) => table.get(key).map(|entry| self.beside(entry)),
            _ => None,
        }
    }

    /// The items, if this is an array.
    pub fn items(self) -> impl Iterator<Item = Field<'a>> {
        let items = match &self.node.value {
            Value::Array(items) => &items[..],
            _ => &[],
        };
        items.iter().map(move |node| Field { node, is_item: true, ..self })
    }

    /// The string, if this is one.
    pub fn as_str(&self) -> Option<&'a str> {
        match &self.node.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn beside(&self, entry: &'a Entry) -> Field<'a> {
        Field::new(entry, self.diagnostics).within(self.top_keys)
    }

    /// Reports that the value has another type.
    pub(in crate::scenario) fn expected<T>(&self, wanted: &str, help: Option<String>) -> Option<T> {
        if self.node.value == Value::Invalid {
            return None;
        }
        let found = self.node.value.describe();
        let message = format!("expected {wanted} for {}, found {found}", quoted(self.key));
        let mut error = Diagnostic::error(message).label(format!("expected {wanted}"));
        error.helps.extend(help);
        // `[[clients.office]]` is an array of tables.
        let is_table = |item: &Node| matches!(item.value, Value::Table(_));
        if let Value::Array(items) = &self.node.value
            && items.iter().all(is_table)
            && wanted == "a table"
        {
            error = error.help(
                "a header has single brackets, and each table its own name, as in `[clients.office]`",
            );
        }
        self.reject(error)
    }
}
