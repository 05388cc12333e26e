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

use std::fmt::Display;
use std::ops::RangeInclusive;

use super::diagnostic::{Diagnostic, Diagnostics, Location, did_you_mean, quoted, quoted_list};
use super::document::{Entry, Node, Table, Value};
use super::duration::parse_duration;
use super::quantity::{QuantityError, parse_rate, parse_size};
use crate::model::{Rate, Size, Span};

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

/// A value to be read, and the key under which it was found.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    key: &'a str,
    node: &'a Node,
    key_location: &'a Location,
    is_item: bool,
    diagnostics: &'a Diagnostics,
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
        }
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

    /// The value as it is.
    pub fn value(&self) -> &'a Value {
        &self.node.value
    }

    /// Reports `error`, at the value unless it has a location, and gives `None`.
    pub fn reject<T>(&self, error: Diagnostic) -> Option<T> {
        self.diagnostics.push(match error.location {
            None => error.at(self.location()),
            Some(_) => error,
        });
        None
    }

    /// What `read` reads, and where the value was written.
    pub fn located<T>(self, read: impl FnOnce(Self) -> Option<T>) -> Option<(T, Location)> {
        read(self).map(|value| (value, self.location().clone()))
    }

    /// A whole number in a range, of any integer type: `integer_in(1..=u64::MAX)`.
    ///
    /// TOML has numbers up to 2^63 - 1. A range that ends there or above counts as open.
    pub fn integer_in<T>(self, range: RangeInclusive<T>) -> Option<T>
    where
        T: Copy + Display + PartialOrd + TryFrom<i64>,
    {
        let Value::Integer(number) = self.node.value else {
            return self.expected("a whole number", number_help(&self.node.value));
        };
        match T::try_from(number) {
            Ok(number) if range.contains(&number) => Some(number),
            _ => {
                let (least, most) = (range.start(), range.end());
                let open = T::try_from(i64::MAX).is_ok_and(|max| *most >= max);
                let limits = if open {
                    format!("at least {least}")
                } else {
                    format!("from {least} to {most}")
                };
                self.out_of_range(&limits, &number.to_string())
            }
        }
    }

    /// A probability: a number from 0 to 1, both included.
    pub fn probability(self) -> Option<f64> {
        self.number("a number from 0 to 1", "from 0 to 1", |number| (0.0..=1.0).contains(&number))
    }

    /// A finite number above 0.
    pub fn positive(self) -> Option<f64> {
        self.number("a number above 0", "above 0", |number| number > 0.0)
    }

    /// A finite number of at least 0.
    pub fn non_negative(self) -> Option<f64> {
        self.number("a number of at least 0", "at least 0", |number| number >= 0.0)
    }

    fn number(self, wanted: &str, limits: &str, valid: impl Fn(f64) -> bool) -> Option<f64> {
        let number = match self.node.value {
            // Whole numbers above 2^53 are rounded, as they would be were they written with `.0`.
            Value::Integer(number) => number as f64,
            Value::Float(number) => number,
            _ => return self.expected(wanted, number_help(&self.node.value)),
        };
        if number.is_finite() && valid(number) {
            // Without the sign of `-0.0`.
            return Some(number + 0.0);
        }
        let shown = match self.node.value {
            Value::Integer(number) => number.to_string(),
            _ => number.to_string().to_lowercase(),
        };
        self.out_of_range(limits, &shown)
    }

    fn out_of_range<T>(&self, limits: &str, found: &str) -> Option<T> {
        let message = format!("{} must be {limits}, found {found}", quoted(self.key));
        self.reject(Diagnostic::error(message).label(format!("must be {limits}")))
    }

    /// A duration; zero is valid.
    pub fn duration(self) -> Option<Span> {
        let help = "write a number and a unit in quotes: `\"250ms\"`, `\"10s\"`, `\"2h 30m\"`";
        let text = match &self.node.value {
            Value::String(text) => text,
            Value::Integer(number @ 1..) => {
                let help = format!(
                    "write the unit, in quotes: `\"{number}s\"` is in seconds, `\"{number}m\"` in \
                     minutes"
                );
                return self.expected("a duration", Some(help));
            }
            _ => return self.expected("a duration", Some(help.to_owned())),
        };
        match parse_duration(text) {
            Ok(millis) => Some(Span::from_millis(millis)),
            Err(wrong) => {
                let message = format!("{}: {}", quoted(self.key), wrong.message);
                let mut error = Diagnostic::error(message);
                error.helps.extend(wrong.help);
                self.reject(error.at(self.inside(text, wrong.span)))
            }
        }
    }

    /// A duration that is not zero.
    pub fn positive_duration(self) -> Option<Span> {
        match self.duration()? {
            Span::ZERO => {
                let message = format!("{} must be longer than zero", quoted(self.key));
                self.reject(Diagnostic::error(message).label("must be longer than zero"))
            }
            span => Some(span),
        }
    }

    /// A size, such as `"40 MB"`.
    pub fn size(self) -> Option<Size> {
        self.quantity("a size", "\"40 MB\"", parse_size)
    }

    /// A rate of transfer, such as `"100 MB/s"`.
    pub fn rate(self) -> Option<Rate> {
        self.quantity("a rate", "\"100 MB/s\"", parse_rate)
    }

    fn quantity<T>(
        self,
        what: &str,
        example: &str,
        parse: impl FnOnce(&str) -> Result<T, QuantityError>,
    ) -> Option<T> {
        let Value::String(text) = &self.node.value else {
            let help = format!("write a number and a unit in quotes: `{example}`");
            return self.expected(what, Some(help));
        };
        parse(text).map_or_else(
            |wrong| {
                let message = format!("{}: {}", quoted(self.key), wrong.message);
                let at = self.inside(text, wrong.span);
                self.reject(Diagnostic::error(message).at(at).help(wrong.help))
            },
            Some,
        )
    }

    /// The place of a part of a string in the text it was written in; of the whole string if
    /// that cannot be told.
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

    /// A string, which may be empty.
    pub fn string(self) -> Option<&'a str> {
        match &self.node.value {
            Value::String(text) => Some(text),
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime => {
                self.expected("a string", Some("put the value into quotes".to_owned()))
            }
            _ => self.expected("a string", None),
        }
    }

    /// A string with more than white space.
    pub fn non_empty_string(self) -> Option<&'a str> {
        let text = self.string()?;
        if text.trim().is_empty() {
            let message = format!("{} must not be empty", quoted(self.key));
            return self.reject(Diagnostic::error(message).label("must not be empty"));
        }
        Some(text)
    }

    /// `true` or `false`.
    pub fn boolean(self) -> Option<bool> {
        match self.node.value {
            Value::Boolean(value) => Some(value),
            _ => self.expected("a boolean", Some("write `true` or `false`".to_owned())),
        }
    }

    /// One of a few words; gives what stands beside it.
    pub fn one_of<T: Clone>(self, words: &[(&str, T)]) -> Option<T> {
        let list = || quoted_list(words.iter().map(|(word, _)| *word));
        let Value::String(text) = &self.node.value else {
            return self.expected("a string", Some(format!("write one of {}", list())));
        };
        if let Some((_, value)) = words.iter().find(|(word, _)| word == text) {
            return Some(value.clone());
        }
        let message = format!("unknown {}: {}", quoted(self.key), quoted(text));
        let error = Diagnostic::error(message);
        self.reject(match did_you_mean(text, words.iter().map(|(word, _)| *word)) {
            Some(near) => error
                .help(format!("did you mean `{near}`?"))
                .note(format!("the valid words are {}", list())),
            None => error.help(format!("the valid words are {}", list())),
        })
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

    /// A table, to be read key by key. Missing keys are reported at this key, or for an
    /// item of an array at the item; `what` is what
    /// messages call the table.
    pub fn fields(self, what: impl Into<String>) -> Option<Fields<'a>> {
        let table = self.table()?;
        let owner = match self.is_item {
            true => self.location(),
            false => self.key_location,
        };
        Some(Fields::new(table, owner, what, self.diagnostics))
    }

    /// The values of a table whose keys are names, in order.
    pub fn entries(self) -> Option<impl Iterator<Item = Field<'a>>> {
        let table = self.table()?;
        Some(table.entries().iter().map(move |entry| Field::new(entry, self.diagnostics)))
    }

    /// Reports that the value has another type.
    fn expected<T>(&self, wanted: &str, help: Option<String>) -> Option<T> {
        if self.node.value == Value::Invalid {
            return None;
        }
        let found = self.node.value.describe();
        let message = format!("expected {wanted} for {}, found {found}", quoted(self.key));
        let mut error = Diagnostic::error(message).label(format!("expected {wanted}"));
        error.helps.extend(help);
        self.reject(error)
    }
}

/// What to write where a number is wanted, if the value is a number in quotes or nearly one.
fn number_help(value: &Value) -> Option<String> {
    let Value::String(text) = value else {
        return None;
    };
    if let Some(percent) = text.trim().strip_suffix('%')
        && let Ok(percent) = percent.trim().parse::<f64>()
        && percent.is_finite()
    {
        return Some(format!("write `{}`", percent / 100.0));
    }
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | ' ' | ',' | '\'');
    let digits: String = text.split([' ', ',', '\'']).collect();
    let number = digits.replace('_', "").parse::<f64>();
    (text.chars().all(is_digit) && number.is_ok()).then(|| format!("write `{digits}`"))
}

#[cfg(test)]
mod tests {
    use super::super::diagnostic::Sources;
    use super::super::document::parse;
    use super::*;

    /// Parses a text, reads its root, and gives what was read and what is shown.
    fn read<T>(text: &str, read: impl FnOnce(&mut Fields<'_>) -> T) -> (T, String) {
        let mut sources = Sources::new();
        let id = sources.add("storm.toml", text);
        let diagnostics = Diagnostics::new();
        let table = parse(id, text, &diagnostics);
        let owner = Location::new(id, 0..0);
        let mut fields = Fields::new(&table, owner, "the scenario", &diagnostics);
        let value = read(&mut fields);
        fields.finish();
        (value, diagnostics.render(&sources, false))
    }

    /// Reads the key `a` and gives the message, what is underlined, and the help.
    fn wrong<T>(text: &str, decode: impl FnOnce(Field<'_>) -> Option<T>) -> [String; 3] {
        let mut sources = Sources::new();
        let id = sources.add("storm.toml", text);
        let diagnostics = Diagnostics::new();
        let table = parse(id, text, &diagnostics);
        let field = Field::new(table.get("a").expect("a key"), &diagnostics);
        assert!(decode(field).is_none(), "{text}");
        let [error] = diagnostics.sorted().try_into().expect("one error");
        let span = error.location.expect("a location").span;
        [error.message, text[span].to_owned(), error.helps.join("; ")]
    }

    #[test]
    fn valid_values_are_read() {
        let text = "n = 5\nz = -3\np = 1\nq = 0.25\nt = \"2h 30m\"\ns = \"x\"\nb = true\n\
                    l = [\"a\", \"b\"]\nw = \"two\"\nc.d = 1\n";
        let ((), shown) = read(text, |fields| {
            assert_eq!(fields.required("n", "1", |n| n.integer_in(1..=u64::MAX)), Some(5));
            assert_eq!(fields.required("z", "1", |z| z.integer_in(-3..=3_i8)), Some(-3));
            assert_eq!(fields.required("p", "1", Field::probability), Some(1.0));
            assert_eq!(fields.required("q", "1", Field::positive), Some(0.25));
            assert_eq!(
                fields.required("t", "1", Field::positive_duration),
                Some(Span::from_millis(9_000_000))
            );
            assert_eq!(fields.optional("s", Field::non_empty_string), Some(Some("x")));
            assert_eq!(fields.or("b", false, Field::boolean), Some(true));
            let list = fields.or("l", Vec::new(), |l| l.array(Field::string));
            assert_eq!(list, Some(vec!["a", "b"]));
            let words = [("one", 1), ("two", 2)];
            assert_eq!(fields.required("w", "1", |w| w.one_of(&words)), Some(2));
            let mut inner = fields.field("c").and_then(|c| c.fields("`c`")).expect("a table");
            assert_eq!(inner.required("d", "1", |d| d.integer_in(0..=1_u32)), Some(1));
            inner.finish();
            assert_eq!(fields.optional("absent", Field::string), Some(None));
            assert_eq!(
                fields.or("absent", Span::MILLISECOND, Field::duration),
                Some(Span::MILLISECOND)
            );
        });
        assert_eq!(shown, "");
    }

    #[test]
    fn a_wrong_type_says_what_was_found_and_what_is_right() {
        let integer = |a: Field<'_>| a.integer_in(1..=u64::MAX);
        for (text, found, help) in [
            ("a = \"many\"", "a string", ""),
            ("a = \"5000\"", "a string", "write `5000`"),
            ("a = \"20,000\"", "a string", "write `20000`"),
            ("a = 1.5", "a decimal number", ""),
            ("a = true", "a boolean", ""),
            ("a = 2020-01-01", "a date or time", ""),
            ("a = [1]", "an array", ""),
            ("a = {}", "a table", ""),
        ] {
            let [message, part, helps] = wrong(text, integer);
            assert_eq!(message, format!("expected a whole number for `a`, found {found}"));
            assert_eq!((part.as_str(), helps.as_str()), (&text[4..], help));
        }
        assert_eq!(
            wrong("a = 1", |a| a.string().map(str::to_owned))[2],
            "put the value into quotes"
        );
        assert_eq!(wrong("a = [1, 2]", |a| a.boolean())[2], "write `true` or `false`");
        assert_eq!(wrong("a = [\"x\", 2]", |a| a.array(|a| a.string().map(str::len)))[1], "2");
    }

    #[test]
    fn a_number_out_of_range_says_the_range() {
        type Decode = fn(Field<'_>) -> Option<f64>;
        let cases: [(&str, Decode, &str); 6] = [
            ("a = -1", |a| a.probability(), "`a` must be from 0 to 1, found -1"),
            ("a = 1.01", |a| a.probability(), "`a` must be from 0 to 1, found 1.01"),
            ("a = nan", |a| a.probability(), "`a` must be from 0 to 1, found nan"),
            ("a = inf", |a| a.positive(), "`a` must be above 0, found inf"),
            ("a = 0.0", |a| a.positive(), "`a` must be above 0, found 0"),
            ("a = -0.5", |a| a.non_negative(), "`a` must be at least 0, found -0.5"),
        ];
        for (text, decode, message) in cases {
            assert_eq!(wrong(text, decode)[0], message);
        }
        for (text, message) in [("a = 0", "found 0"), ("a = -5", "found -5")] {
            let expected = format!("`a` must be at least 1, {message}");
            assert_eq!(wrong(text, |a| a.integer_in(1..=u64::MAX))[0], expected);
        }
        let expected = "`a` must be from 1 to 65535, found 70000";
        assert_eq!(wrong("a = 70000", |a| a.integer_in(1..=u16::MAX))[0], expected);
    }

    #[test]
    fn a_duration_error_points_into_the_string_where_it_can() {
        for (text, part) in [
            ("a = \"2h 30x\"", "x"),
            ("a = '2h 30x'", "x"),
            ("a = \"2h\\u002030x\"", "\"2h\\u002030x\""),
            ("a = \"\"\"2h 30x\"\"\"", "\"\"\"2h 30x\"\"\""),
            ("a = \"\"", ""),
            ("a = \"10\"", "10"),
            ("a = 10", "10"),
            ("a = true", "true"),
        ] {
            let [_, found, help] = wrong(text, |a| a.duration());
            assert_eq!(found, part, "{text}");
            assert!(!help.is_empty(), "{text}");
        }
        let [message, ..] = wrong("a = \"0s\"", |a| a.positive_duration());
        assert_eq!(message, "`a` must be longer than zero");
    }

    #[test]
    fn all_errors_of_a_table_are_told_at_once() {
        let text = "cuont = 5\nserver = \"dp1\"\nextra = 1\nrate = \"fast\"\nkind = \"posson\"\n";
        let ((), shown) = read(text, |fields| {
            assert_eq!(fields.required("count", "5000", |n| n.integer_in(1..=9_u8)), None);
            assert_eq!(fields.required("horizon", "\"7d\"", Field::duration), None);
            assert_eq!(fields.required("rate", "1.5", Field::positive), None);
            let kinds = [("poisson", 1), ("constant", 2)];
            assert_eq!(fields.required("kind", "\"poisson\"", |k| k.one_of(&kinds)), None);
            assert!(fields.optional("servers", |s| s.array(Field::string)).is_some());
        });
        for part in [
            "unknown key `cuont` in the scenario",
            "did you mean `count`?",
            "unknown key `server` in the scenario",
            "did you mean `servers`?",
            "the valid keys are `count`, `horizon`, `rate`, `kind`, `servers`",
            "missing key `horizon` in the scenario",
            "add `horizon = \"7d\"`",
            "expected a number above 0 for `rate`, found a string",
            "unknown `kind`: `posson`",
            "did you mean `poisson`?",
            "6 errors in storm.toml",
        ] {
            assert!(shown.contains(part), "{part} is not in\n{shown}");
        }
        assert!(!shown.contains("missing key `count`"), "{shown}");
    }

    #[test]
    fn nothing_is_missing_from_a_table_that_could_not_be_read() {
        let (value, shown) =
            read("count 5\n", |fields| fields.required("count", "5", |n| n.integer_in(1..=9_u8)));
        assert_eq!(value, None);
        assert!(shown.contains("expected `=`") && shown.contains("1 error in"), "{shown}");
    }

    #[test]
    fn a_reader_that_is_given_up_still_tells_what_is_missing() {
        let diagnostics = Diagnostics::new();
        let table = Table::new();
        let owner = Location::new(Sources::new().add("x", ""), 0..0);
        let mut fields = Fields::new(&table, owner, "the retry", &diagnostics);
        assert!(fields.required("kind", "\"fixed\"", Field::string).is_none());
        drop(fields);
        assert!(diagnostics.has_errors());
    }
}
