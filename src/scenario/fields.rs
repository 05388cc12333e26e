//! Reads the keys of a table and reports everything that is wrong with them.
//!
//! ```text
//! let mut fields = Fields::new(table, &owner, "client group `office`", diagnostics);
//! let count = fields.required("count", "5000", |count| count.integer_in(1..=u64::MAX));
//! let start = fields.or("start", 0, |start| start.duration());
//! let label = fields.optional("label", |label| label.non_empty_string());
//! fields.finish();
//! Some(Group { count: count?, start: start?, label: label? })
//! ```
//!
//! `None` always means that an error is among the diagnostics. All keys are read before the
//! first `?`, so that the errors of all of them are told.

mod field;
mod numbers;
mod quantities;
#[cfg(test)]
mod tests;

pub use field::Field;

use super::document::Table;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, did_you_mean, quoted, quoted_list};

/// Keys that only the scenario itself has. Below a table header they would count as that table's.
const TOP_KEYS: &[&str] = &["name", "description", "seed", "horizon", "expires_after"];

/// The reader of one table.
///
/// Missing keys are reported by [`finish`](Self::finish), or at the latest when the reader is
/// dropped; unknown keys only by `finish`, for a caller that gives up early has not asked for
/// all keys yet.
#[derive(Debug)]
#[must_use = "`finish` reports the unknown keys"]
pub struct Fields<'a> {
    table: &'a Table,
    owner: Location,
    what: String,
    diagnostics: &'a Diagnostics,
    asked: Vec<&'static str>,
    missing: Vec<(&'static str, String)>,
}

impl<'a> Fields<'a> {
    /// A reader of `table`.
    ///
    /// `owner` is where a missing key is reported: the key or the header of the table. `what` is
    /// what a message calls the table: ``client group `office` ``, `the scenario`.
    pub fn new(
        table: &'a Table,
        owner: impl Into<Location>,
        what: impl Into<String>,
        diagnostics: &'a Diagnostics,
    ) -> Self {
        Self {
            table,
            owner: owner.into(),
            what: what.into(),
            diagnostics,
            asked: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Reads a key that must be there.
    ///
    /// `example` is a value in TOML for the help line of a missing key: with `5000` that says to
    /// add `count = 5000`.
    /// `None` if the key is missing or its value is wrong.
    pub fn required<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(Field<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.field(key) {
            Some(field) => read(field),
            None => {
                self.missing.push((key, example.to_owned()));
                None
            }
        }
    }

    /// Reads a key that may be absent: `Some(None)` if it is, `None` if its value is wrong.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Field<'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.field(key) {
            Some(field) => read(field).map(Some),
            None => Some(None),
        }
    }

    /// Reads a key that has a default: that is given if the key is absent, and `None` if its
    /// value is wrong.
    pub fn or<T>(
        &mut self,
        key: &'static str,
        default: T,
        read: impl FnOnce(Field<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.field(key) {
            Some(field) => read(field),
            None => Some(default),
        }
    }

    /// The value of a key, if the key is there; the key then counts as known.
    pub fn field(&mut self, key: &'static str) -> Option<Field<'a>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        let entry = self.table.get(key)?;
        Some(Field::new(entry, self.diagnostics))
    }

    /// The table that is read.
    pub fn table(&self) -> &'a Table {
        self.table
    }

    /// Where missing keys are reported.
    pub fn owner(&self) -> &Location {
        &self.owner
    }

    /// Reports all keys that are missing, and all that nothing has asked for. Gives the keys that
    /// those were most likely meant to be.
    pub fn finish(mut self) -> Vec<String> {
        let mut meant = Vec::new();
        for entry in self.table.entries() {
            if self.asked.contains(&entry.key.as_str()) {
                continue;
            }
            let key = quoted(&entry.key);
            let error = Diagnostic::error(format!("unknown key {key} in {}", self.what))
                .at(&entry.key_location);
            // A key that is there already was hardly meant, unless nothing else is near.
            let absent = |key: &&str| self.table.get(key).is_none();
            let asked = || self.asked.iter().copied();
            let near = did_you_mean(&entry.key, asked().filter(absent))
                .or_else(|| did_you_mean(&entry.key, asked()));
            self.diagnostics.push(match near {
                Some(near) => {
                    meant.push(near.to_owned());
                    error.help(format!("did you mean `{near}`?"))
                }
                None if self.asked.is_empty() => error.help("it has no keys"),
                None if TOP_KEYS.contains(&entry.key.as_str()) => error.help(format!(
                    "{key} is a key of the scenario itself: write it above the first `[table]`"
                )),
                None => error.help(format!("the valid keys are {}", quoted_list(asked()))),
            });
        }
        // One misspelt key is one error, not an unknown key and a missing one.
        self.missing.retain(|(key, _)| !meant.iter().any(|meant| meant == key));
        meant
    }
}

impl Drop for Fields<'_> {
    fn drop(&mut self) {
        if self.table.is_incomplete() {
            // The keys may be among the lines with syntax errors.
            return;
        }
        for (key, example) in &self.missing {
            let error = Diagnostic::error(format!("missing key `{key}` in {}", self.what));
            let error = error.at(&self.owner);
            self.diagnostics.push(error.help(format!("add `{key} = {example}`")));
        }
    }
}
