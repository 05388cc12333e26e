//! Diagnostics in the style of rustc: each with its line of the text and a caret below it.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::printable::{is_unprintable, printable};
use super::sources::SourceText;
use super::{Diagnostic, Diagnostics, Severity, Sources};

impl Diagnostics {
    /// All diagnostics in the style of rustc, and a last line that counts them; empty if
    /// there are none. `styled` adds colours as ANSI escapes. Ends with a newline.
    pub fn render(&self, sources: &Sources, styled: bool) -> String {
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let list = self.sorted();
        let mut text = String::new();
        let longest = if list.len() > MANY { MAX_LINE_OF_MANY } else { MAX_LINE };
        for diagnostic in &list {
            text.push_str(&diagnostic.render(sources, &renderer, longest));
            text.push_str("\n\n");
        }
        if !list.is_empty() {
            text.push_str(&self.summary(sources, &list));
            text.push('\n');
        }
        text
    }

    /// `3 errors and 1 warning in storm.toml`.
    fn summary(&self, sources: &Sources, list: &[Diagnostic]) -> String {
        let counts = [(Severity::Error, "error"), (Severity::Warning, "warning")]
            .map(|(severity, word)| (self.count(severity), word))
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
            .collect::<Vec<_>>();
        let mut names: Vec<String> = Vec::new();
        for location in list.iter().filter_map(|one| one.location.as_ref()) {
            let name = printable(sources.name(location.source));
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        let places = match names.as_slice() {
            [] => String::new(),
            [one] => format!(" in {one}"),
            [one, two] => format!(" in {one} and {two}"),
            many => format!(" in {} sources", many.len()),
        };
        format!("{}{places}", counts.join(" and "))
    }
}

impl Diagnostic {
    fn render(&self, sources: &Sources, renderer: &Renderer, longest: usize) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(printable(&self.message)));
        if let Some(location) = &self.location
            && let Some(source) = sources.get(location.source)
        {
            group = match Excerpt::new(source, &location.span, longest) {
                Some(window) => group.element(
                    Snippet::source(window.line)
                        .path(printable(&source.name))
                        .line_start(window.number)
                        .annotation(
                            AnnotationKind::Primary
                                .span(window.span)
                                .label(self.label.as_deref().map(printable)),
                        ),
                ),
                None => {
                    let (line, column) = sources.line_column(location);
                    let origin = Origin::path(printable(&source.name));
                    group.element(origin.line(line).char_column(column))
                }
            };
        }
        let notes = self.notes.iter().map(|note| Level::NOTE.message(printable(note)));
        let helps = self.helps.iter().map(|help| Level::HELP.message(printable(help)));
        renderer.render(&[group.elements(notes).elements(helps)])
    }
}

/// Lines longer than this (bytes) are not shown: nobody wrote them by hand.
const MAX_LINE: usize = 1 << 16;

/// The same if there are many diagnostics: thousands in one long line would take minutes to show.
const MAX_LINE_OF_MANY: usize = 1 << 12;

/// More diagnostics than this are many.
const MANY: usize = 100;

/// The one line of a text that is shown, ready to print, and the span in it.
///
/// Only the first line of a longer span is shown: the place where a value begins is enough,
/// and it keeps all diagnostics about equally short.
struct Excerpt {
    number: usize,
    line: String,
    span: Range<usize>,
}

impl Excerpt {
    /// `None` if the line is longer than `longest` bytes.
    fn new(source: &SourceText, span: &Range<usize>, longest: usize) -> Option<Self> {
        let start = source.boundary(span.start);
        let (index, range) = source.line_at(start);
        if range.len() > longest {
            return None;
        }
        let start = start.min(range.end);
        let end = source.boundary(span.end).clamp(start, range.end);
        let mut line = String::with_capacity(range.len());
        let mut shown = 0..0;
        for (offset, c) in source.text[range.clone()].char_indices() {
            let at = range.start + offset;
            if at == start {
                shown.start = line.len();
            }
            if at == end {
                shown.end = line.len();
            }
            match c {
                // A byte order mark is invisible, yet would count as a column.
                '\u{feff}' if at == 0 => {}
                // The renderer does not escape all of these, and a tab is for it to widen.
                c if c != '\t' && is_unprintable(c) => line.push('\u{fffd}'),
                c => line.push(c),
            }
        }
        if start == range.end {
            shown.start = line.len();
        }
        if end == range.end {
            shown.end = line.len();
        }
        Some(Self { number: index + 1, line, span: shown })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Location;
    use super::*;

    fn rendered(text: &str, span: Range<usize>) -> String {
        let mut sources = Sources::new();
        let id = sources.add("storm.toml", text);
        let diagnostics = Diagnostics::new();
        let location = Location::new(id, span);
        diagnostics.push(Diagnostic::error("wrong").at(location).label("here"));
        diagnostics.render(&sources, false)
    }

    /// The column (from 0) of the first caret, relative to the text of the shown line.
    fn caret(text: &str, span: Range<usize>) -> (String, usize) {
        let shown = rendered(text, span);
        let at = shown.find("  |\n").expect("a bar") + 4;
        let mut lines = shown[at..].lines();
        let line = lines.next().expect("a source line");
        let bar = line.find('|').expect("a bar") + 2;
        let carets = lines.next().expect("a caret line");
        let place = carets.find('^').expect("a caret");
        (line.get(bar..).unwrap_or_default().to_owned(), place - bar)
    }

    #[test]
    fn looks_like_rustc() {
        let text = "[clients.office]\ncount = \"many\"\n";
        assert_eq!(
            rendered(text, 25..31),
            "error: wrong\n --> storm.toml:2:9\n  |\n2 | count = \"many\"\n  |         ^^^^^^ here\n\n\
             1 error in storm.toml\n"
        );
    }

    #[test]
    fn the_caret_stays_under_its_text() {
        for (text, span, column) in [
            ("a = 1", 4..5, 4),
            ("a = 1", 5..5, 5),
            ("a = 1\n", 6..6, 0),
            ("a = 1\r\nb = 2\r\n", 11..12, 4),
            ("a = 1\r\n", 5..7, 5),
            ("\u{feff}a = 1", 7..8, 4),
            ("\u{feff}a = 1", 0..4, 0),
            ("\ta = 1", 5..6, 8),
            ("\"grün\" = 1", 10..11, 9),
            ("", 0..0, 0),
            ("a = 1", 70..90, 5),
            ("ü = 1", 1..2, 0),
        ] {
            assert_eq!(caret(text, span.clone()).1, column, "{text:?} {span:?}");
        }
    }

    #[test]
    fn the_column_counts_characters() {
        assert!(rendered("\u{feff}\"grün\" = 1", 13..14).contains("storm.toml:1:10"));
        assert!(rendered("\u{feff}a = 1", 0..1).contains("storm.toml:1:1\n"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let text = format!("a = [{}7d]", "1000, ".repeat(500));
        let (line, column) = caret(&text, text.len() - 3..text.len() - 1);
        assert!(line.len() < 200, "{line}");
        assert_eq!(&line[column..column + 2], "7d");
        let huge = format!("a = \"{}\"", "ü".repeat(MAX_LINE));
        assert!(rendered(&huge, 4..9).contains("storm.toml:1:5"));
    }

    #[test]
    fn control_characters_reach_no_terminal() {
        let text = "a = \"\u{1b}[2J\u{9b}2J\u{202e}\"";
        let mut sources = Sources::new();
        let id = sources.add("x\u{1b}.toml", text);
        let diagnostics = Diagnostics::new();
        let wrong = Diagnostic::error("a\nb\u{1b}").at(Location::new(id, 4..12));
        diagnostics.push(wrong.help("\u{9b}").label("\r"));
        let shown = diagnostics.render(&sources, false);
        assert!(!shown.contains(['\u{1b}', '\u{9b}', '\r', '\u{202e}']), "{shown:?}");
    }
}
