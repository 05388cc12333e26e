//! `--set clients.office.count=20000`.

use std::ops::Range;

use toml::de::DeTable;

use super::faults::Faults;
use super::parse::Reader;
use super::scan;
use super::tree::{Entry, Node, Table, Value};
use super::typography::straighten;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceId, quoted};
use crate::scenario::name::{quoted_len, unquote};
use crate::scenario::toml_text::to_toml_key;

const EXAMPLE: &str = "write for example `--set clients.office.count=20000`";

/// A path with more parts than this is an error; scenarios have less than a tenth of that depth.
const MAX_PARTS: usize = 50;

/// Parses the argument of `--set`: a dotted path, `=`, and a value.
///
/// Each part of the path is a bare name, a name in quotes, or `*` for every name. The value is a
/// TOML value; one that is not, and does not begin like a string, an array or a table, is taken
/// as a string: `horizon=7d`. The result is the same as with TOML's dotted keys. If the argument
/// is wrong, the errors are added to `diagnostics` and there is no result.
pub fn parse_assignment(source: SourceId, text: &str, diagnostics: &Diagnostics) -> Option<Table> {
    let parser = Parser { source, text, diagnostics };
    if let Some((at, c)) = text.char_indices().find(|(_, c)| c.is_ascii_control() && *c != '\t') {
        return parser.fail("unexpected control character", at..at + c.len_utf8(), EXAMPLE);
    }
    let mut straight = text.to_owned();
    straighten(source, &mut straight, diagnostics);
    let parser = Parser { text: &straight, ..parser };
    let (path, equals) = parser.path()?;
    let mut node = parser.value(equals)?;
    for (key, span) in path.into_iter().rev() {
        let key_location = Location::new(source, span);
        let mut table = Table::new();
        let location = key_location.clone();
        table.insert(Entry { key, key_location, node });
        node = Node { value: Value::Table(table), location };
    }
    match node.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

/// The decoded parts of a path, and the place of the `=` after it.
type Path = (Vec<(String, Range<usize>)>, usize);

struct Parser<'a> {
    source: SourceId,
    text: &'a str,
    diagnostics: &'a Diagnostics,
}

impl Parser<'_> {
    fn fail<T>(&self, message: impl Into<String>, span: Range<usize>, help: &str) -> Option<T> {
        let error = Diagnostic::error(message).at(Location::new(self.source, span));
        self.diagnostics.push(error.help(help));
        None
    }

    fn skip_spaces(&self, at: usize) -> usize {
        self.text.len() - self.text[at..].trim_start_matches([' ', '\t']).len()
    }

    fn path(&self) -> Option<Path> {
        let mut parts = Vec::new();
        let mut at = 0;
        loop {
            at = self.skip_spaces(at);
            let start = at;
            let name = match self.text[at..].chars().next() {
                Some('"' | '\'') => {
                    at = self.quoted_end(at)?;
                    self.decode(start..at)?
                }
                _ => {
                    let rest = &self.text[at..];
                    let end = rest.find(['.', '=', '"', '\'']).unwrap_or(rest.len());
                    let name = rest[..end].trim_end_matches([' ', '\t']);
                    at += name.len();
                    self.bare(name, start)?
                }
            };
            parts.push((name, start..at));
            at = self.skip_spaces(at);
            match self.text[at..].chars().next() {
                Some('.') if parts.len() < MAX_PARTS => at += 1,
                Some('.') => return self.fail("the path has too many parts", at..at + 1, EXAMPLE),
                Some('=') => return Some((parts, at)),
                Some(c) => {
                    let span = at..at + c.len_utf8();
                    return self.fail("expected `.` or `=` after a name", span, EXAMPLE);
                }
                None => {
                    return self.fail("expected `=` and a value after the path", at..at, EXAMPLE);
                }
            }
        }
    }

    fn bare(&self, name: &str, start: usize) -> Option<String> {
        let span = start..start + name.len();
        if name.is_empty() {
            let what = match self.text[start..].starts_with('=') && start == 0 {
                true => "the path before `=` is missing",
                false => "a name is missing in the path",
            };
            return self.fail(what, span, EXAMPLE);
        }
        let wrong = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if name != "*" && name.contains(wrong) {
            let help = format!("put the name in quotes: {}", quoted(&to_toml_key(name)));
            let message = "a name without quotes has only letters from a to z, digits, `_` and `-`";
            return self.fail(message, span, &help);
        }
        Some(name.to_owned())
    }

    fn quoted_end(&self, start: usize) -> Option<usize> {
        if let Some(length) = quoted_len(&self.text[start..]) {
            return Some(start + length);
        }
        let help = "a name in quotes ends with the same quote: `clients.\"head office\".count=5`";
        self.fail("the quote is not closed", start..self.text.len(), help)
    }

    /// The name that a quoted part of the path stands for.
    fn decode(&self, span: Range<usize>) -> Option<String> {
        let raw = &self.text[span.clone()];
        match unquote(raw) {
            Some(name) if !name.is_empty() => Some(name),
            Some(_) => self.fail("a name is missing in the path", span, EXAMPLE),
            None => self.fail(
                "the name in quotes is not valid",
                span,
                "write `\\\\` for a backslash, or use single quotes",
            ),
        }
    }

    fn value(&self, equals: usize) -> Option<Node> {
        let start = self.skip_spaces(equals + 1);
        let raw = self.text[start..].trim_end_matches([' ', '\t']);
        let span = start..start + raw.len();
        if raw.is_empty() {
            let help = "write the value after `=`; an empty string is `\"\"`";
            return self.fail("the value after `=` is missing", span, help);
        }
        // A document with one key whose value has the same offset as in the argument, so that all
        // locations are right.
        let document =
            format!("v{}={}", " ".repeat(equals.saturating_sub(1)), &self.text[equals + 1..]);
        let must_be_toml = raw.starts_with(['"', '\'', '[', '{']);
        if scan::too_deep(&document).is_some() {
            return self.fail("tables and arrays are nested too deeply", span, EXAMPLE);
        }
        let (tree, errors) = DeTable::parse_recoverable(&document);
        let whole = tree.get_ref().values().next().is_some_and(|value| value.span() == span);
        if !must_be_toml && (!errors.is_empty() || !whole) {
            return Some(Node {
                value: Value::String(raw.to_owned()),
                location: Location::new(self.source, span),
            });
        }
        let mut faults = Faults::default();
        faults.explain(self.source, &document, &tree, &errors, self.diagnostics);
        if !errors.is_empty() {
            return None;
        }
        if !whole {
            return self.fail("unexpected text after the value", span, EXAMPLE);
        }
        let reader = Reader {
            source: self.source,
            text: &document,
            faults: &faults,
            diagnostics: self.diagnostics,
        };
        let table = reader.table(tree.get_ref(), None, 0);
        let node = table.entries.into_iter().next().map(|entry| entry.node);
        node.filter(|node| node.value != Value::Invalid)
    }
}
