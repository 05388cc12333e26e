//! Reads the keys of a table and reports everything that is wrong with them.
//!
//! ```text
//! let mut fields = Fields::new(table, &owner, "client group `office`", diagnostics);
//! let count = required("5000", integer(1..=u64::MAX)).read(&mut fields, "count");
//! let start = default(Span::ZERO, duration()).read(&mut fields, "start");
//! fields.finish();
//! Some(Group { count: count?, start: start? })
//! ```
//!
//! `None` always means that an error is among the diagnostics. All keys are read before the
//! first `?`, so that the errors of all of them are reported.

use std::cell::OnceCell;

use super::super::document::{Entry, Table};
use super::field::{Field, TopKeys};
use crate::diagnostic::{Diagnostic, Diagnostics, Location, did_you_mean, quoted, quoted_list};

/// The reader of one table.
///
/// Missing keys are reported by [`finish`](Self::finish), or at the latest when the reader is
/// dropped. Unknown keys are reported only by `finish`, because a caller that returns early has not
/// asked for all keys yet.
#[derive(Debug)]
#[must_use = "`finish` reports the unknown keys"]
pub struct Fields<'a> {
    table: &'a Table,
    owner: Location,
    what: String,
    diagnostics: &'a Diagnostics,
    top_keys: TopKeys,
    is_undecided: bool,
    asked: Vec<&'static str>,
    missing: Vec<(&'static str, &'static str)>,
}

impl<'a> Fields<'a> {
    /// A reader of `table`.
    ///
    /// `owner` is where a missing key is reported: the key or the header of the table. `what` is
    /// the name of the table in messages: ``client group `office` ``, `the scenario`.
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
            top_keys: Vec::new,
            is_undecided: false,
            asked: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// The same reader of a table in whose file `top_keys` are written above all tables.
    pub fn within(mut self, top_keys: TopKeys) -> Self {
        self.top_keys = top_keys;
        self
    }

    /// Records that a required key is missing; `example` is a value in TOML for the help line: with `5000`
    /// the help is to add `count = 5000`.
    pub fn report_missing<T>(&mut self, key: &'static str, example: &'static str) -> Option<T> {
        self.missing.push((key, example));
        None
    }

    /// The value of a key, if the key is there; the key then counts as known.
    pub fn field(&mut self, key: &'static str) -> Option<Field<'a>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        let entry = self.table.get(key)?;
        Some(Field::new(entry, self.diagnostics).within(self.top_keys))
    }

    /// Turns off the report of unknown keys: which keys are valid depends on a key that is wrong.
    pub fn leave_undecided(&mut self) {
        self.is_undecided = true;
    }

    /// The table that is read.
    pub fn table(&self) -> &'a Table {
        self.table
    }

    /// The table without the keys that were read.
    pub fn rest(&self) -> Table {
        let mut rest = self.table.without_entries();
        let entries = self.table.entries().iter();
        let is_left = |entry: &&Entry| !self.asked.contains(&entry.key.as_str());
        entries.filter(is_left).for_each(|entry| rest.insert(entry.clone()));
        rest
    }

    /// Reports all missing keys, and all keys that the reader has not asked for. Gives the keys that
    /// the user most likely meant by the latter.
    pub fn finish(mut self) -> Vec<String> {
        let mut meant = Vec::new();
        // Once for all keys: a table may have thousands of unknown ones.
        let present: Vec<&str> =
            self.asked.iter().copied().filter(|key| self.table.get(key).is_some()).collect();
        let top_keys = OnceCell::new();
        for entry in self.table.entries().iter().filter(|_| !self.is_undecided) {
            if self.asked.contains(&entry.key.as_str()) {
                continue;
            }
            let key = quoted(&entry.key);
            let error = Diagnostic::error(format!("unknown key {key} in {}", self.what))
                .at(&entry.key_location);
            // A key that the table already has is suggested only if no other key is near.
            let absent = |key: &&str| !present.contains(key);
            let asked = || self.asked.iter().copied();
            let near = did_you_mean(&entry.key, asked().filter(absent))
                .or_else(|| did_you_mean(&entry.key, asked()));
            self.diagnostics.push(match near {
                Some(near) => {
                    meant.push(near.to_owned());
                    error.help(format!("did you mean `{near}`?"))
                }
                None if self.asked.is_empty() => error.help("this table has no keys"),
                None => error.help(match did_you_mean(&entry.key, top_keys.get_or_init(self.top_keys).iter().copied()) {
                    Some(top) => format!(
                        "`{top}` is a key of the scenario itself: write it above the first `[table]`"
                    ),
                    None => format!("the valid keys are {}", quoted_list(asked())),
                }),
            });
        }
        // One misspelt key is one error, not an unknown key and a missing one.
        self.missing.retain(|(key, _)| !meant.iter().any(|meant| meant == key));
        meant
    }
}

impl<'a> Field<'a> {
    /// A table, to be read key by key; `what` is its name in messages.
    pub fn fields(self, what: impl Into<String>) -> Option<Fields<'a>> {
        let (diagnostics, top_keys) = self.surroundings();
        Some(Fields::new(self.table()?, self.owner(), what, diagnostics).within(top_keys))
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
