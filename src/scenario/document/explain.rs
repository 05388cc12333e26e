//! Messages for the errors of the TOML parser.

use std::ops::Range;

use super::lines::line_at;
use super::message::{Message, Mistake};
use crate::diagnostic::{Diagnostic, Location, SourceId, quoted};

/// What is wrong with a scalar value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It cannot be read.
    Unreadable,
    /// It is a string without quotes.
    WithoutQuotes,
}

/// What is wrong with the scalar value at `scalar`, for which the parser reports `message` at `span`.
pub(super) fn explain_scalar(
    source: SourceId,
    text: &str,
    scalar: &Range<usize>,
    span: Range<usize>,
    message: &Message<'_>,
) -> (Fault, Diagnostic) {
    let error = |message: &str, span| error(source, message, span);
    let raw = &text[scalar.clone()];
    let whole = scalar.clone();
    let lower = raw.to_ascii_lowercase();
    let Message { kind, what, expected } = *message;
    let unreadable = |error: Diagnostic| (Fault::Unreadable, error);
    if raw.is_empty() {
        return unreadable(
            error("a value is missing", whole)
                .label("expected a value")
                .help("write `key = 10`, `key = \"text\"` or `key = true`"),
        );
    }
    if raw.starts_with(['"', '\'']) {
        if span.start == scalar.end && matches!(expected, Some("`\"`" | "`'`")) {
            let quote = &raw[..1];
            let unclosed = error("this string is not closed", whole)
                .label(format!("expected `{quote}` at the end"));
            let is_typographic =
                raw.ends_with(['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{bb}']);
            return unreadable(match is_typographic {
                true => {
                    unclosed.help(format!("a typographic quote closes no string: write `{quote}`"))
                }
                false => unclosed,
            });
        }
        if kind == Mistake::Escape {
            return unreadable(
                error("unknown escape in a string", span)
                    .help("write `\\\\` for a backslash, or put the string in single quotes"),
            );
        }
        return unreadable(described(error(what, span), expected));
    }
    let pieces = || raw.split([' ', '\'']).filter(|piece| !piece.is_empty());
    if raw.contains([' ', '\'']) && pieces().all(|piece| piece.parse::<f64>().is_ok()) {
        let joined = pieces().collect::<Vec<_>>().join("_");
        return unreadable(
            error("a number cannot contain spaces or quotes", whole)
                .help(format!("write `{joined}`, or a `,` between two values")),
        );
    }
    if matches!(lower.trim_start_matches(['+', '-']), "inf" | "infinity" | "nan") {
        return unreadable(
            error(&format!("{} is not a number", quoted(raw)), whole)
                .help("write a finite number, such as `0.5`"),
        );
    }
    if matches!(lower.as_str(), "true" | "false") {
        return unreadable(
            error(&format!("{} is not in lower case", quoted(raw)), whole)
                .help(format!("write `{lower}`")),
        );
    }
    if kind == Mistake::WithoutQuotes || raw.starts_with(char::is_alphabetic) {
        let message = format!("{} is neither a number nor a string in quotes", quoted(raw));
        let help = match raw.contains('"') || raw.chars().count() > 50 {
            false => format!("if it is meant as a string, write `\"{raw}\"`"),
            true => "if it is meant as a string, put it in quotes".to_owned(),
        };
        return (Fault::WithoutQuotes, error(&message, whole).help(help));
    }
    if kind == Mistake::LeadingZero {
        let digits = raw.trim_start_matches(['+', '-', '0', '_']);
        let digits = if digits.starts_with(|c: char| c.is_ascii_digit()) { digits } else { "0" };
        return unreadable(
            error("a whole number cannot begin with `0`", whole)
                .help(format!("write {}", quoted(digits))),
        );
    }
    let label = expected.map_or(what.to_owned(), |expected| format!("expected {expected}"));
    let wanted = if kind == Mistake::DateOrTime { "date or time" } else { "number" };
    let message = format!("{} is not a valid {wanted}", quoted(raw));
    unreadable(error(&message, span).label(label))
}

/// What is wrong outside of scalar values.
pub(super) fn explain_grammar(
    source: SourceId,
    text: &str,
    span: Range<usize>,
    message: &Message<'_>,
) -> Diagnostic {
    let error = |message: &str, span| error(source, message, span);
    let Message { kind, what, expected } = *message;
    let piece = quoted(&text[span.clone()]);
    let line = line_at(text, span.start);
    match kind {
        Mistake::DuplicateKey => error(&format!("the key {piece} is defined twice"), span)
            .label("defined again here")
            .help("remove one of the two, or give it another name"),
        Mistake::UnexpectedText => {
            let rest = text[span.start..line.end].trim();
            let start = line.end - text[span.start..line.end].trim_start().len();
            let span = start..start + rest.len();
            let after = match text[line].trim_start().starts_with('[') {
                true => "the table header",
                false => "the value",
            };
            let help = match rest.starts_with(',') {
                true => "nothing may follow a value on its line; write thousands as in `20_000`",
                false => "each `key = value` and each `[table]` needs its own line",
            };
            error(&format!("unexpected text after {after}"), span).help(help)
        }
        Mistake::EmptyKey => error("a key is missing", span).label("expected a name"),
        Mistake::InvalidKey => {
            error("a name without quotes has only letters from a to z, digits, `_` and `-`", span)
                .help("put the name in quotes")
        }
        Mistake::InvalidLine => {
            error("a line is `key = value` or `[table]`", span.start..line.end.max(span.start))
        }
        Mistake::TooDeep => error("tables and arrays are nested too deeply", span),
        Mistake::MissingCommaInTable => error("a `,` is missing in an inline table", span)
            .label("expected `,` before this pair"),
        Mistake::MissingCommaInArray => {
            error("a `,` is missing in an array", span).label("expected `,` before this")
        }
        Mistake::UnclosedArray => error("the array is not closed", span).label("expected `]`"),
        Mistake::UnclosedInlineTable => {
            error("the inline table is not closed", span).label("expected `}`")
        }
        Mistake::NotATable => {
            let of_type = what.trim_start_matches("cannot extend value of type ");
            let of_type = of_type.trim_end_matches(" with a dotted key");
            error(
                &format!(
                    "{piece} already has a value, of type {of_type}, to which no keys can be added"
                ),
                span,
            )
        }
        _ => described(error(what, span), expected),
    }
}

fn described(error: Diagnostic, expected: Option<&str>) -> Diagnostic {
    match expected {
        Some(expected) => error.label(format!("expected {expected}")),
        None => error,
    }
}

fn error(source: SourceId, message: &str, span: Range<usize>) -> Diagnostic {
    Diagnostic::error(message).at(Location::new(source, span))
}
