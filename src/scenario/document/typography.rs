//! Characters that word processors and web pages put in the place of plain ones: typographic quotes and
//! blanks that do not break.

use std::ops::Range;

use super::lines::line_at;
use super::scan::string_len;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceId, quoted};

/// Quotes that open or close a text, and the plain quotes that may be at its other end.
const QUOTES: [(&[char], char); 6] = [
    (&['\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '\u{ff02}'], '"'),
    (&['\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}', '\u{ff07}'], '\''),
    (&['\u{ab}', '\u{bb}'], '"'),
    (&['\u{2039}', '\u{203a}'], '\''),
    (&['\u{2033}', '\u{2032}'], '"'),
    (&['`', '\u{b4}'], '\''),
];

/// Blanks that are none in TOML, and characters that do not show.
const BLANKS: [char; 7] =
    ['\u{a0}', '\u{2003}', '\u{2007}', '\u{2009}', '\u{200b}', '\u{202f}', '\u{3000}'];

/// The most lines that a message names.
const MOST_LINES: usize = 10;

/// Puts plain quotes and blanks in the place of typographic ones outside of strings and comments, and reports
/// them. All other text keeps its place, so that the rest can be checked.
pub(super) fn straighten(source: SourceId, text: &mut String, diagnostics: &Diagnostics) {
    let (quotes, blanks) = find(text);
    let at = |range: &Range<usize>| Location::new(source, range.clone());
    if let Some(first) = quotes.first() {
        let error = Diagnostic::error("the quotes of this text are typographic ones").at(at(first));
        let inner = inner(text, first);
        let error = error.help(format!("write {}", quoted(&format!("\"{inner}\""))));
        diagnostics.push(also_in(text, error, &quotes));
    }
    if let Some(first) = blanks.first() {
        let error =
            Diagnostic::error("this character looks like a blank, but is none").at(at(first));
        let error = error.label("not a blank").help("write a blank in its place");
        diagnostics.push(also_in(text, error, &blanks));
    }
    for range in quotes {
        let plain = plain(text, &range);
        text.replace_range(range, &plain);
    }
    for range in blanks {
        let plain = " ".repeat(range.len());
        text.replace_range(range, &plain);
    }
}

/// Adds the lines of the others to an error about the first.
fn also_in(text: &str, error: Diagnostic, all: &[Range<usize>]) -> Diagnostic {
    let line = |range: &Range<usize>| text[..range.start].matches('\n').count() + 1;
    let mut lines: Vec<usize> = all.iter().map(line).collect();
    lines.dedup();
    let others: Vec<String> = lines.iter().skip(1).take(MOST_LINES).map(usize::to_string).collect();
    let more = match lines.len().saturating_sub(1 + MOST_LINES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match &others[..] {
        [] => error,
        [one] => error.note(format!("also in line {one}")),
        several => error.note(format!("also in the lines {}{more}", several.join(", "))),
    }
}

/// The texts in typographic quotes, with these, and the characters that look like blanks.
fn find(text: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (mut quotes, mut blanks) = (Vec::new(), Vec::new());
    let mut at = 0;
    // Whether a string may begin here.
    let mut begins = true;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        match c {
            '#' => at = line_at(text, start).end.max(at),
            '"' | '\'' if begins => {
                at = start + string_len(&text.as_bytes()[start..]).unwrap_or(text.len() - start);
                // An escape may reach over the end.
                at = at.min(text.len());
                begins = false;
            }
            c if BLANKS.contains(&c) => blanks.push(start..at),
            c if c.is_whitespace() => begins |= c == '\n',
            '=' | '[' | '{' | ',' | '.' => begins = true,
            c => {
                if begins && let Some(end) = closing(text, at, c) {
                    quotes.push(start..end);
                    at = end;
                }
                begins = false;
            }
        }
    }
    (quotes, blanks)
}

/// The end of the text that the typographic quote `open`, which ends at `from`, opens on its line.
fn closing(text: &str, from: usize, open: char) -> Option<usize> {
    let (alike, plain) = QUOTES.iter().find(|(alike, _)| alike.contains(&open))?;
    let line = &text[from..line_at(text, from).end];
    let (at, close) = line.char_indices().find(|(_, c)| alike.contains(c) || c == plain)?;
    Some(from + at + close.len_utf8())
}

/// What is within the quotes of a text.
fn inner<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    let mut characters = text[range.clone()].chars();
    characters.next();
    characters.next_back();
    characters.as_str()
}

/// The same text in plain quotes, as long as before.
fn plain(text: &str, range: &Range<usize>) -> String {
    let inner = inner(text, range);
    let quote = if inner.contains(['"', '\\']) { '\'' } else { '"' };
    let open = text[range.clone()].chars().next().map_or(1, char::len_utf8);
    let plain = format!("{}{quote}{inner}{quote}", " ".repeat(open - 1));
    format!(
        "{plain:<width$}",
        width = plain.chars().count() + range.len().saturating_sub(plain.len())
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    /// A text in plain quotes, and what was reported about it.
    fn straightened(text: &str) -> (String, Vec<Diagnostic>) {
        let (mut sources, diagnostics) = (Sources::new(), Diagnostics::new());
        let source = sources.add("s.toml", text);
        let mut straight = text.to_owned();
        straighten(source, &mut straight, &diagnostics);
        (straight, diagnostics.sorted())
    }

    #[test]
    fn all_text_keeps_its_place() {
        for (text, straight) in [
            ("name = “a b” # “x”", "name =   \"a b\"   # “x”"),
            ("[clients.‘head office’]", "[clients.  \"head office\"  ]"),
            ("a = { b = «c», d = \"“\" }", "a = { b =  \"c\" , d = \"“\" }"),
            ("a = “it’s\"", "a =   \"it’s\""),
            ("a = `b`", "a = \"b\""),
            ("a = ″b″, ‹c›", "a =   \"b\"  ,   \"c\"  "),
            ("a\u{a0}= 5", "a  = 5"),
            ("a = “c:\\d”", "a =   'c:\\d'  "),
        ] {
            let (found, problems) = straightened(text);
            assert_eq!((found.as_str(), found.len()), (straight, text.len()));
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        }
    }

    #[test]
    fn strings_comments_and_apostrophes_are_left_alone() {
        for text in [
            "a = \"“x”\"",
            "# “x”",
            "a = '''\n“x”\n'''",
            "a = Bob’s and Al’s",
            "a = “x",
            "a = 'it’s'",
            "",
            "a = \"\\",
            "a = \"\"\"\\",
        ] {
            assert_eq!(straightened(text), (text.to_owned(), Vec::new()), "{text}");
        }
    }

    #[test]
    fn one_error_names_all_lines() {
        let (_, problems) = straightened("a = “x”\nb = [“y”, “z”]\nc = “w”\n");
        let [problem] = &problems[..] else { panic!("{problems:?}") };
        assert_eq!(problem.helps, ["write `\"x\"`"]);
        assert_eq!(problem.notes, ["also in the lines 2, 3"]);
    }
}
