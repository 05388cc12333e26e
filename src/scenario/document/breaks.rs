//! The syntax errors after which the TOML parser misreads the rest of a text.

use std::ops::Range;

use toml::de::Error;

use super::lines::{is_assignment, is_header, line_at, next_line, within};
use super::message::{Message, Mistake};
use super::scan::Scan;
use crate::diagnostic::{Diagnostic, Location, SourceId};

/// An error that keeps the parser from reading what follows.
#[derive(Debug)]
pub(super) struct Break {
    pub(super) error: Diagnostic,
    /// The text to remove so that the rest can be read.
    pub(super) extent: Range<usize>,
    /// Whether a whole table is lost with that text.
    pub(super) hides_table: bool,
}

/// The errors after which the parser misread the rest, in the order of the text.
///
/// Errors after a bracket or a string that is never closed are left out: they are most likely
/// its consequences, and the next round reports them if they are not.
pub(super) fn breaks(source: SourceId, text: &str, errors: &[Error]) -> Vec<Break> {
    let at = |span| Location::new(source, span);
    let mut breaks = Vec::new();
    let mut unclosed = false;
    for error in errors {
        let kind = Message::of(error).kind;
        let span = within(text, error.span().unwrap_or(0..0));
        let line = line_at(text, span.start);
        match kind {
            Mistake::KeyWithoutValue => {
                let error = Diagnostic::error("expected `=` after the key")
                    .at(at(span))
                    .label("expected `=`")
                    .help("a line is `key = value` or `[table]`");
                breaks.push(Break { error, extent: line, hides_table: false });
            }
            Mistake::UnclosedHeader => {
                let mut error = Diagnostic::error("the table header is not closed")
                    .at(at(span.clone()))
                    .label("expected `]`");
                if text[span.start..line.end].contains(']') {
                    error = error.help(
                        "a name with characters other than letters, digits, `_` and `-` needs quotes: \
                         `[clients.\"head office\"]`",
                    );
                }
                // The following lines would count as part of the table before.
                let end = next_line(text, line.end, is_header);
                breaks.push(Break { error, extent: line.start..end, hides_table: true });
            }
            Mistake::TooManyParts => breaks.extend(too_many_parts(source, text)),
            Mistake::UnclosedArray | Mistake::UnclosedInlineTable => unclosed = true,
            Mistake::MultiLineString => unclosed |= span.start == text.len(),
            _ => {}
        }
    }
    if unclosed && let Some(one) = unclosed_value(source, text) {
        breaks.retain(|other| other.extent.end <= one.extent.start);
        breaks.push(one);
    }
    // Each must remove some text, otherwise the next round would find the same error again.
    breaks.retain(|one| !text[one.extent.clone()].trim().is_empty());
    breaks
}

/// The first line whose key has too many parts. The parser does not give its place.
fn too_many_parts(source: SourceId, text: &str) -> Option<Break> {
    const MOST: usize = 60;
    let mut lines = text.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at - line.len(), line))
    });
    let (at, _) = lines.find(|(_, line)| line.matches('.').count() > MOST)?;
    let extent = line_at(text, at);
    let at = Location::new(source, extent.clone());
    let error = Diagnostic::error("a key has too many parts").at(at);
    Some(Break { error, extent, hides_table: false })
}

fn unclosed_value(source: SourceId, text: &str) -> Option<Break> {
    let (at, what) = Scan::new(text).unclosed()?;
    let (message, length, closing) = match what {
        b'[' => ("this array is never closed", 1, "`]`"),
        b'{' => ("this inline table is never closed", 1, "`}`"),
        b'"' => ("this string is never closed", 3, "`\"\"\"`"),
        _ => ("this string is never closed", 3, "`'''`"),
    };
    let line = line_at(text, at);
    let at = Location::new(source, within(text, at..at + length));
    let end = next_line(text, line.end, |line| is_header(line) || is_assignment(line));
    Some(Break {
        error: Diagnostic::error(message).at(at).label(format!("its {closing} is missing")),
        extent: line.start..end,
        hides_table: false,
    })
}
