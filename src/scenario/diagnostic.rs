//! Errors and warnings about scenario texts, collected and shown all at once.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// Which text of a [`Sources`] is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// The texts that diagnostics point into: the scenario file, each `--set` argument, trace files.
#[derive(Debug, Default)]
pub struct Sources {
    texts: Vec<SourceText>,
}

#[derive(Debug)]
struct SourceText {
    name: String,
    text: Arc<str>,
    /// The offset of each line's first byte; found when a diagnostic first needs it, for most
    /// texts have no errors and a trace may be long.
    lines: OnceLock<Vec<usize>>,
}

impl SourceText {
    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let ends = self.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).collect()
        })
    }

    /// The line of an offset: its number from 0, and its range without the line ending.
    fn line_at(&self, offset: usize) -> (usize, Range<usize>) {
        let lines = self.lines();
        let index = lines.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = lines.get(index).copied().unwrap_or(0);
        let end = lines.get(index + 1).copied().unwrap_or(self.text.len());
        let line = &self.text[start..end];
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        (index, start..start + line.len())
    }

    /// The nearest character boundary at or before `offset`, within the text.
    fn boundary(&self, offset: usize) -> usize {
        let mut at = offset.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

impl Sources {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text. `name` is what a diagnostic shows before the line number: the path of a file
    /// as the user wrote it, or `--set`.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        // More than 2^32 texts do not fit into memory; saturating keeps this free of panics.
        let id = SourceId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(SourceText {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
        });
        id
    }

    /// The whole text of a source; empty for an id of other `Sources`.
    pub fn text(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |source| &source.text)
    }

    /// The name of a source; empty for an id of other `Sources`.
    pub fn name(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |source| &source.name)
    }

    /// The line and the column of a place, both from 1; the column counts characters.
    pub fn line_column(&self, location: &Location) -> (usize, usize) {
        let Some(source) = self.get(location.source) else {
            return (1, 1);
        };
        let at = source.boundary(location.span.start);
        let (index, line) = source.line_at(at);
        let before = &source.text[line.start..at.min(line.end)];
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        (index + 1, before.chars().count() + 1)
    }

    fn get(&self, id: SourceId) -> Option<&SourceText> {
        usize::try_from(id.0).ok().and_then(|id| self.texts.get(id))
    }
}

/// A place in a text, as a range of bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The text.
    pub source: SourceId,
    /// The bytes in the text; empty for a place where something is missing.
    pub span: Range<usize>,
}

impl Location {
    /// The place `span` in the text `source`.
    pub fn new(source: SourceId, span: Range<usize>) -> Self {
        Self { source, span }
    }
}

impl From<&Location> for Location {
    fn from(location: &Location) -> Self {
        location.clone()
    }
}

/// Whether a diagnostic forbids a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// The scenario can be run, though it may not mean what its author thinks.
    Warning,
}

/// One error or warning.
///
/// ```text
/// diagnostics.push(Diagnostic::error("no client group `ofice`").at(location).help("..."));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Whether this forbids a run.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// Where it is wrong; none for what concerns no text.
    pub location: Option<Location>,
    /// A few words beside the caret.
    pub label: Option<String>,
    /// Further facts.
    pub notes: Vec<String>,
    /// What would be right.
    pub helps: Vec<String>,
}

impl Diagnostic {
    /// An error with a message and nothing else yet.
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message.into())
    }

    /// A warning with a message and nothing else yet.
    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message.into())
    }

    fn new(severity: Severity, message: String) -> Self {
        Self {
            severity,
            message,
            location: None,
            label: None,
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    /// Points at a place.
    #[must_use]
    pub fn at(mut self, location: impl Into<Location>) -> Self {
        self.location = Some(location.into());
        self
    }

    /// Writes a few words beside the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what would be right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(help.into());
        self
    }

    fn render(&self, sources: &Sources, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(printable(&self.message)));
        if let Some(location) = &self.location
            && let Some(source) = sources.get(location.source)
        {
            group = match Window::new(source, &location.span) {
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

/// Lines longer than this (bytes) are not shown: they are no scenario a person reads.
const MAX_LINE: usize = 1 << 16;

/// The one line of a text that is shown, ready to print, and the span in it.
///
/// Only the first line of a longer span is shown: the place where a value begins says enough,
/// and it keeps every diagnostic about as short as the next.
struct Window {
    number: usize,
    line: String,
    span: Range<usize>,
}

impl Window {
    fn new(source: &SourceText, span: &Range<usize>) -> Option<Self> {
        let start = source.boundary(span.start);
        let (index, range) = source.line_at(start);
        if range.len() > MAX_LINE {
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
                // These begin terminal commands as `ESC [` does, and the renderer lets them pass.
                '\u{80}'..='\u{9f}' => line.push('\u{fffd}'),
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

/// The text with control characters escaped, so that a message stays one line and cannot drive
/// a terminal.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The errors and warnings found so far, without exact duplicates.
///
/// Adding needs only a shared reference, so that readers of nested tables can all hold one.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: RefCell<Found>,
}

#[derive(Debug, Default)]
struct Found {
    list: Vec<Diagnostic>,
    seen: HashSet<Diagnostic>,
}

impl Diagnostics {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a diagnostic unless an equal one is there: a base table is checked once for each
    /// variant, and its errors need telling only once.
    pub fn push(&self, diagnostic: Diagnostic) {
        let mut found = self.found.borrow_mut();
        if found.seen.insert(diagnostic.clone()) {
            found.list.push(diagnostic);
        }
    }

    /// Whether there is an error; warnings do not count.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Whether there is neither an error nor a warning.
    pub fn is_empty(&self) -> bool {
        self.found.borrow().list.is_empty()
    }

    /// How many diagnostics of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        let found = self.found.borrow();
        found.list.iter().filter(|one| one.severity == severity).count()
    }

    /// All diagnostics, by source and position; those without a location come last, and equals
    /// stay in the order in which they were found.
    pub fn sorted(&self) -> Vec<Diagnostic> {
        let mut list = self.found.borrow().list.clone();
        list.sort_by_key(|diagnostic| match &diagnostic.location {
            Some(Location { source, span }) => (false, Some(*source), span.start, span.end),
            None => (true, None, 0, 0),
        });
        list
    }

    /// All diagnostics as rustc would show them, and a last line that counts them; empty if
    /// there are none. `styled` adds colours as ANSI escapes. Ends with a newline.
    pub fn render(&self, sources: &Sources, styled: bool) -> String {
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let list = self.sorted();
        let mut text = String::new();
        for diagnostic in &list {
            text.push_str(&diagnostic.render(sources, &renderer));
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

/// A piece of the user's text in backquotes for a message, cut if it is long.
pub fn quoted(text: &str) -> String {
    const MAX: usize = 60;
    if text.chars().count() <= MAX {
        return format!("`{text}`");
    }
    let cut: String = text.chars().take(MAX - 3).collect();
    format!("`{cut}...`")
}

/// Words in backquotes with commas between, for a help line; long lists are cut.
pub fn quoted_list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    const MAX: usize = 40;
    let words: Vec<&str> = words.into_iter().collect();
    let shown: Vec<String> = words.iter().take(MAX).map(|word| quoted(word)).collect();
    let list = shown.join(", ");
    match words.len().checked_sub(MAX) {
        Some(more) if more > 0 => format!("{list} and {more} more"),
        _ => list,
    }
}

/// The candidate that `word` is most likely a misspelling of, if one is near enough; the first
/// of equally near ones. Case does not matter, nor whether a word has `_` or `-`.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // The distance takes time in proportion to the product of the lengths.
    const MAX: usize = 64;
    let normal = |text: &str| text.to_lowercase().replace('-', "_");
    let word = normal(word);
    let length = word.chars().count();
    if length == 0 || length > MAX {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    let mut begins = None;
    for candidate in candidates {
        let other = normal(candidate);
        let other_length = other.chars().count();
        if other_length > MAX {
            continue;
        }
        // A transposition counts as one, as do an insertion, a removal and a substitution.
        let distance = strsim::osa_distance(&word, &other);
        let near = distance <= length.max(other_length) / 3 && distance < length.min(other_length);
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
        if length >= 3 && begins.is_none() && other.starts_with(&word) {
            begins = Some(candidate);
        }
    }
    best.map(|(_, candidate)| candidate).or(begins)
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn duplicates_are_told_once_and_all_are_in_order() {
        let mut sources = Sources::new();
        let file = sources.add("a.toml", "x = 1\ny = 2\n");
        let set = sources.add("--set", "z=3");
        let diagnostics = Diagnostics::new();
        assert_eq!(diagnostics.render(&sources, true), "");
        diagnostics.push(Diagnostic::error("nowhere"));
        diagnostics.push(Diagnostic::error("third").at(Location::new(set, 2..3)));
        assert_eq!(diagnostics.count(Severity::Warning), 0);
        diagnostics.push(Diagnostic::warning("second").at(Location::new(file, 6..7)));
        diagnostics.push(Diagnostic::error("first").at(Location::new(file, 0..1)));
        diagnostics.push(Diagnostic::error("first").at(Location::new(file, 0..1)));
        let messages: Vec<String> = diagnostics.sorted().into_iter().map(|d| d.message).collect();
        assert_eq!(messages, ["first", "second", "third", "nowhere"]);
        let shown = diagnostics.render(&sources, false);
        assert!(shown.ends_with("\n3 errors and 1 warning in a.toml and --set\n"), "{shown}");
    }

    #[test]
    fn suggests_only_near_words() {
        let keys = ["count", "max_connections", "retry", "dp1", "sp3"];
        for (word, wanted) in [
            ("cuont", Some("count")),
            ("Count", Some("count")),
            ("max-connections", Some("max_connections")),
            ("max_conections", Some("max_connections")),
            ("max", Some("max_connections")),
            ("DP1", Some("dp1")),
            ("dp2", Some("dp1")),
            ("horizon", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(did_you_mean(word, keys), wanted, "{word}");
        }
    }
}
