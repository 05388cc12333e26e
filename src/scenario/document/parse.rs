//! Parses a text into its tree, despite syntax errors.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::breaks::breaks;
use super::explain::Fault;
use super::faults::Faults;
use super::tree::{Entry, Node, Table, Value};
use super::typography::straighten;
use super::{lines, scan};
use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceId, quoted};

/// How often a text is parsed again after a line that derailed the parser was removed.
const MAX_REPAIRS: usize = 32;

/// Tables and arrays nested deeper than this are an error. It bounds the recursion of everything
/// that walks a tree.
const MAX_DEPTH: usize = 100;

/// Parses a scenario text. All syntax errors are added to `diagnostics`. What could be read is
/// still returned, so that its own errors can be reported together with them.
///
/// Values that could not be read are [`Value::Invalid`]; a string without quotes is read as if
/// it had quotes; a table that lost keys is marked ([`Table::is_incomplete`]). A byte order
/// mark at the beginning is ignored.
pub fn parse(source: SourceId, text: &str, diagnostics: &Diagnostics) -> Table {
    let mut text = text.to_owned();
    straighten(source, &mut text, diagnostics);
    let mut faults = Faults::default();
    if let Some(at) = scan::too_deep(&text) {
        diagnostics.push(too_deep(Location::new(source, at..at + 1)));
        return Table { incomplete: true, ..Table::default() };
    }
    let mut repairs = 0;
    loop {
        let (tree, errors) = DeTable::parse_recoverable(&text);
        // The parser stops, or misunderstands all that follows, at a few kinds of errors. Those
        // lines are blanked and the rest is parsed again, until only local errors are left.
        let found = match repairs {
            MAX_REPAIRS => Vec::new(),
            _ => breaks(source, &text, &errors),
        };
        if found.is_empty() {
            faults.explain(source, &text, &tree, &errors, diagnostics);
            let reader = Reader { source, text: &text, faults: &faults, diagnostics };
            return reader.table(tree.get_ref(), None, 0);
        }
        repairs += 1;
        drop(tree);
        for one in found {
            diagnostics.push(one.error);
            faults.add_damage(one.extent.start, one.hides_table);
            lines::blank(&mut text, one.extent);
        }
    }
}

fn too_deep(location: Location) -> Diagnostic {
    Diagnostic::error("tables and arrays are nested too deeply")
        .at(location)
        .help(format!("at most {MAX_DEPTH} levels are possible"))
}

/// Converts the parser's tree, which borrows from the text, into a [`Table`].
pub(super) struct Reader<'a> {
    pub(super) source: SourceId,
    pub(super) text: &'a str,
    pub(super) faults: &'a Faults,
    pub(super) diagnostics: &'a Diagnostics,
}

impl Reader<'_> {
    fn location(&self, span: std::ops::Range<usize>) -> Location {
        Location::new(self.source, span)
    }

    /// Converts a table that begins at the byte `start`, or the root table.
    pub(super) fn table(&self, table: &DeTable<'_>, start: Option<usize>, depth: usize) -> Table {
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
