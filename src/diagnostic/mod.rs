//! Errors and warnings about scenario texts, collected and shown all at once.

mod render;
mod sources;
mod words;

pub use sources::{Location, SourceId, Sources};
pub use words::{did_you_mean, quoted, quoted_list};

use std::cell::RefCell;
use std::collections::HashSet;

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
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
