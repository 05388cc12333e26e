//! Where the TOML parser went wrong, and how to go on behind it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::explain::{Fault, Problem, explain_grammar, explain_scalar, is_grammar};
use crate::diagnostic::{Diagnostics, SourceId};

/// An error that keeps the parser from reading what follows.
#[derive(Debug)]
pub(super) struct Break {
    pub(super) problem: Problem,
    /// The text to take out so that the rest can be read.
    pub(super) extent: Range<usize>,
    /// Whether a whole table is lost with it.
    pub(super) hides_table: bool,
}

/// The errors after which the parser lost its way, in the order of the text.
///
/// Those behind a bracket or a string that is never closed are left out: they are most likely
/// its consequences, and the next round will tell.
pub(super) fn breaks(text: &str, errors: &[Error]) -> Vec<Break> {
    let mut breaks = Vec::new();
    let mut unclosed = false;
    for error in errors {
        let message = error.message();
        let span = within(text, error.span().unwrap_or(0..0));
        let line = line_at(text, span.start);
        if message.starts_with("key with no value") {
            let problem = Problem::new("expected `=` after the key", span)
                .label("expected `=`")
                .help("a line is `key = value` or `[table]`");
            breaks.push(Break { problem, extent: line, hides_table: false });
        } else if message.starts_with("unclosed table")
            || message.starts_with("unclosed array table")
        {
            let mut problem =
                Problem::new("the table header is not closed", span.clone()).label("expected `]`");
            if text[span.start..line.end].contains(']') {
                problem = problem.help(
                    "a name that has more than letters, digits, `_` and `-` needs quotes: \
                     `[clients.\"head office\"]`",
                );
            }
            // What follows would count as part of the table before.
            let end = next_line(text, line.end, is_header);
            breaks.push(Break { problem, extent: line.start..end, hides_table: true });
        } else if message.starts_with("recursion limit") {
            // The parser does not say where.
            let at = text
                .split_inclusive('\n')
                .scan(0, |at, line| {
                    *at += line.len();
                    Some((*at - line.len(), line))
                })
                .find(|(_, line)| line.matches('.').count() > 60);
            if let Some((at, _)) = at {
                let extent = line_at(text, at);
                breaks.push(Break {
                    problem: Problem::new("a key has too many parts", extent.clone()),
                    extent,
                    hides_table: false,
                });
            }
        } else if message.starts_with("unclosed")
            || (message.starts_with("invalid multi-line") && span.start == text.len())
        {
            unclosed = true;
        }
    }
    if unclosed && let Some(one) = unclosed_value(text) {
        breaks.retain(|other| other.extent.end <= one.extent.start);
        breaks.push(one);
    }
    // Each must take something out, else the next round would find it again.
    breaks.retain(|one| !text[one.extent.clone()].trim().is_empty());
    breaks
}

fn unclosed_value(text: &str) -> Option<Break> {
    let (at, what) = Scan::new(text).unclosed()?;
    let (message, length, closing) = match what {
        b'[' => ("this array is never closed", 1, "`]`"),
        b'{' => ("this inline table is never closed", 1, "`}`"),
        b'"' => ("this string is never closed", 3, "`\"\"\"`"),
        _ => ("this string is never closed", 3, "`'''`"),
    };
    let span = within(text, at..at + length);
    let line = line_at(text, at);
    let end = next_line(text, line.end, |line| is_header(line) || is_assignment(line));
    Some(Break {
        problem: Problem::new(message, span).label(format!("its {closing} is missing")),
        extent: line.start..end,
        hides_table: false,
    })
}

/// Overwrites a range with spaces; all other text keeps its place.
pub(super) fn blank(text: &mut String, range: Range<usize>) {
    let range = within(text, range);
    let spaces: String =
        text[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &spaces);
}

/// Where inline tables are nested so deeply, dotted keys counted, that only walking the parser's
/// tree could exhaust the stack.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    Scan::new(text).too_deep
}

/// The brackets and strings of a text, found without a grammar.
#[derive(Default)]
struct Scan {
    open: Vec<(usize, u8, usize)>,
    open_string: Option<(usize, u8)>,
    too_deep: Option<usize>,
}

impl Scan {
    const MAX_LEVELS: usize = 200;

    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut scan = Self::default();
        let mut at = 0;
        // Levels that the dots of the present key add, and the sum over the open brackets.
        let (mut dots, mut levels) = (0, 0);
        let mut line_begins = true;
        while let Some(&byte) = bytes.get(at) {
            let rest = &text.as_bytes()[at..];
            match byte {
                b'#' => at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
                b'[' if line_begins && scan.open.is_empty() => {
                    at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                }
                b'"' | b'\'' => match string_len(rest) {
                    Ok(len) => at += len,
                    Err(()) => {
                        scan.open_string = Some((at, byte));
                        break;
                    }
                },
                b'[' | b'{' => {
                    scan.open.push((at, byte, dots + 1));
                    levels += dots + 1;
                    dots = 0;
                    if levels > Self::MAX_LEVELS && scan.too_deep.is_none() {
                        scan.too_deep = Some(at);
                    }
                    at += 1;
                }
                b']' | b'}' => {
                    levels -= scan.open.pop().map_or(0, |(_, _, levels)| levels);
                    dots = 0;
                    at += 1;
                }
                _ => {
                    match byte {
                        b'.' => dots += 1,
                        b',' | b'\n' => dots = 0,
                        _ => {}
                    }
                    at += 1;
                }
            }
            line_begins = byte == b'\n' || (line_begins && byte.is_ascii_whitespace());
        }
        scan
    }

    /// The string or else the outermost bracket that the text ends in, and its first byte.
    fn unclosed(&self) -> Option<(usize, u8)> {
        let bracket = self.open.first().map(|(at, byte, _)| (*at, *byte));
        self.open_string.or(bracket)
    }
}

/// The length of the string that begins with the quote `bytes[0]`. One on a single line ends at
/// the end of the line at the latest; a multi-line one that never ends is an error.
fn string_len(bytes: &[u8]) -> Result<usize, ()> {
    let quote = bytes.first().copied().unwrap_or(b'"');
    let multi = bytes.starts_with(&[quote; 3]);
    let mut at = if multi { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 2,
            b'\n' if !multi => return Ok(at),
            _ if byte == quote && !multi => return Ok(at + 1),
            _ if multi && bytes[at..].starts_with(&[quote; 3]) => {
                // Up to two quotes may stand directly before the closing ones.
                let more = bytes[at + 3..].iter().take(2).take_while(|b| **b == quote);
                return Ok(at + 3 + more.count());
            }
            _ => at += 1,
        }
    }
    if multi { Err(()) } else { Ok(bytes.len()) }
}

/// The places of a text that could not be read.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// By the first byte of the scalar.
    scalars: HashMap<usize, Fault>,
    /// Where lines were lost.
    damage: Vec<usize>,
    /// Where the sections of the text begin: its table headers, ascending.
    headers: Vec<usize>,
    table_lost: bool,
}

impl Faults {
    /// Notes that lines from `at` on were lost, perhaps with a table header.
    pub(super) fn add_damage(&mut self, at: usize, hides_table: bool) {
        self.damage.push(at);
        self.table_lost |= hides_table;
    }

    /// What is wrong with the scalar at `span`.
    pub(super) fn of_scalar(&self, span: &Range<usize>) -> Option<Fault> {
        self.scalars.get(&span.start).copied()
    }

    /// Whether keys of the table that begins at `at` may be lost, for lines of its section are.
    /// The section of the root table, for which `at` is `None`, ends at the first header.
    pub(super) fn is_damaged(&self, at: Option<usize>) -> bool {
        let section = |at: usize| self.headers.partition_point(|header| *header <= at);
        let own = at.map_or(0, section);
        self.table_lost || self.damage.iter().any(|lost| section(*lost) == own)
    }

    /// Whether there was an error of grammar within an array or an inline table, after which its
    /// values are only guesses.
    pub(super) fn is_torn(&self, span: &Range<usize>) -> bool {
        self.damage.iter().any(|lost| span.contains(lost))
    }

    /// Tells all `errors` of a text and keeps in mind where they are.
    pub(super) fn explain(
        &mut self,
        source: SourceId,
        text: &str,
        tree: &Spanned<DeTable<'_>>,
        errors: &[Error],
        diagnostics: &Diagnostics,
    ) {
        let mut scalars = Vec::new();
        for value in tree.get_ref().values() {
            self.survey(text, value, &mut scalars);
        }
        self.headers.sort_unstable();
        scalars.sort_unstable_by_key(|span| span.start);
        // One error of grammar leads to others in its line. The parser tells the first one first.
        let mut derailed = HashSet::new();
        for error in errors {
            let message = error.message();
            let span = within(text, error.span().unwrap_or(0..0));
            let line = line_at(text, span.start).start;
            let scalar = scalars[..scalars.partition_point(|scalar| scalar.start <= span.start)]
                .last()
                .filter(|scalar| span.end <= scalar.end && !is_grammar(message));
            if derailed.contains(&line) {
                if let Some(scalar) = scalar {
                    self.scalars.insert(scalar.start, Fault::Unreadable);
                }
            } else if let Some(scalar) = scalar {
                let (fault, problem) = explain_scalar(text, scalar, span, message);
                if self.scalars.insert(scalar.start, fault).is_none() {
                    diagnostics.push(problem.at(source));
                }
            } else {
                if !message.starts_with("duplicate key") {
                    derailed.insert(line);
                    self.damage.push(span.start);
                }
                diagnostics.push(explain_grammar(text, span, message).at(source));
            }
        }
    }

    /// Finds the scalars and the headers below a value.
    fn survey(
        &mut self,
        text: &str,
        value: &Spanned<DeValue<'_>>,
        scalars: &mut Vec<Range<usize>>,
    ) {
        let span = value.span();
        match value.get_ref() {
            DeValue::Table(table) => {
                if text.as_bytes().get(span.start) == Some(&b'[') {
                    self.headers.push(span.start);
                }
                for value in table.values() {
                    self.survey(text, value, scalars);
                }
            }
            DeValue::Array(items) => {
                for value in items.iter() {
                    self.survey(text, value, scalars);
                }
            }
            // The parser's stand-in for a value that is missing altogether.
            DeValue::Integer(_) if span == (0..0) => {}
            _ => scalars.push(span),
        }
    }
}

/// The range, moved to character boundaries of the text.
fn within(text: &str, range: Range<usize>) -> Range<usize> {
    let boundary = |at: usize| {
        let at = at.min(text.len());
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    let start = boundary(range.start);
    start..boundary(range.end).max(start)
}

/// The line around an offset, without the line ending.
pub(super) fn line_at(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |len| at + len);
    let line = &text[start..end];
    start..start + line.strip_suffix('\r').unwrap_or(line).len().max(at - start)
}

/// Where the first line behind `end` begins for which `wanted` holds; else the end of the text.
fn next_line(text: &str, end: usize, wanted: impl Fn(&str) -> bool) -> usize {
    let mut at = end;
    while let Some(newline) = text[at..].find('\n') {
        at += newline + 1;
        if wanted(text[line_at(text, at)].trim()) {
            return at;
        }
    }
    text.len()
}

/// Whether a line looks like `[clients.office]`, rather than like a piece of an array.
fn is_header(line: &str) -> bool {
    let line = line.split_once('#').map_or(line, |(line, _)| line).trim();
    let name = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
    name.is_some_and(|name| {
        is_key(name.trim_start_matches('[').trim_end_matches(']'))
            && name.contains(char::is_alphabetic)
    })
}

/// Whether a line looks like `count = 5`, rather than like a piece of an inline table.
fn is_assignment(line: &str) -> bool {
    !line.ends_with(',') && line.split_once('=').is_some_and(|(key, _)| is_key(key))
}

fn is_key(text: &str) -> bool {
    let text = text.trim();
    let allowed =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | ' ' | '"' | '\'');
    !text.is_empty() && text.chars().all(allowed)
}
