//! The errors and warnings found so far.

use std::cell::RefCell;
use std::collections::HashSet;

use super::one::{Diagnostic, Severity};
use super::sources::Location;
use super::words::{did_you_mean, quoted, quoted_list};

/// The errors and warnings found so far, without exact duplicates.
///
/// Adding needs only a shared reference, so that the readers of nested tables can share one list.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: RefCell<Found>,
}

#[derive(Debug, Default)]
struct Found {
    list: Vec<Diagnostic>,
    errors: usize,
    seen: HashSet<Diagnostic>,
}

impl Diagnostics {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a diagnostic unless an equal one is there: a base table is checked once for each
    /// variant, and its errors need reporting only once.
    pub fn push(&self, diagnostic: Diagnostic) {
        let mut found = self.found.borrow_mut();
        if found.seen.insert(diagnostic.clone()) {
            found.errors += usize::from(diagnostic.severity == Severity::Error);
            found.list.push(diagnostic);
        }
    }

    /// Whether there is an error; warnings do not count.
    pub fn has_errors(&self) -> bool {
        self.found.borrow().errors > 0
    }

    /// What `word` most likely means among names of the user, as [`did_you_mean`]; `None` after many errors.
    /// There may be thousands of names, and thousands of errors about them would take minutes to compare.
    pub fn suggest<'a>(
        &self,
        word: &str,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        const MOST_ERRORS: usize = 100;
        let few = self.found.borrow().errors < MOST_ERRORS;
        few.then(|| did_you_mean(word, names)).flatten()
    }

    /// The help about an unknown name of the user: what it most likely means, or all names after `list`, such as
    /// `this scenario has:`.
    pub fn suggestion<'a>(
        &self,
        word: &str,
        names: impl IntoIterator<Item = &'a str> + Clone,
        list: &str,
    ) -> String {
        match self.suggest(word, names.clone()) {
            Some(near) => format!("did you mean {}?", quoted(near)),
            None => format!("{list} {}", quoted_list(names)),
        }
    }

    /// Whether there is neither an error nor a warning.
    pub fn is_empty(&self) -> bool {
        self.found.borrow().list.is_empty()
    }

    /// The number of diagnostics of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        let found = self.found.borrow();
        found.list.iter().filter(|one| one.severity == severity).count()
    }

    /// All diagnostics, by source and position; those without a location come last, and those at
    /// the same place stay in the order in which they were found.
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
    use super::super::sources::Sources;
    use super::*;

    #[test]
    fn duplicates_are_reported_once_and_all_are_in_order() {
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
