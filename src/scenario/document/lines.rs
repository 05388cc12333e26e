//! Lines and ranges of a scenario text.

use std::ops::Range;

/// The range, moved to character boundaries of the text.
pub(super) fn within(text: &str, range: Range<usize>) -> Range<usize> {
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

/// The start of the first line after `end` for which `wanted` holds, or the end of the text.
pub(super) fn next_line(text: &str, end: usize, wanted: impl Fn(&str) -> bool) -> usize {
    let mut at = end;
    while let Some(newline) = text[at..].find('\n') {
        at += newline + 1;
        if wanted(text[line_at(text, at)].trim()) {
            return at;
        }
    }
    text.len()
}

/// Whether a line looks like `[clients.office]`, rather than like part of an array.
pub(super) fn is_header(line: &str) -> bool {
    let line = line.split_once('#').map_or(line, |(line, _)| line).trim();
    let name = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
    name.is_some_and(|name| {
        is_key(name.trim_start_matches('[').trim_end_matches(']'))
            && name.contains(char::is_alphabetic)
    })
}

/// Whether a line looks like `count = 5`, rather than like part of an inline table.
pub fn is_assignment(line: &str) -> bool {
    !line.ends_with(',') && line.split_once('=').is_some_and(|(key, _)| is_key(key))
}

fn is_key(text: &str) -> bool {
    let text = text.trim();
    let allowed =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | ' ' | '"' | '\'');
    !text.is_empty() && text.chars().all(allowed)
}

/// Overwrites a range with spaces; all other text keeps its place.
pub(super) fn blank(text: &mut String, range: Range<usize>) {
    let range = within(text, range);
    let spaces: String =
        text[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &spaces);
}
