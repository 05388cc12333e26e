//! All errors and warnings about a scenario: errors that prevent a run, and warnings that do not.

use std::fmt;

use crate::diagnostic::{Diagnostic, Diagnostics, Sources};

/// Why a scenario cannot be used: all its errors.
#[derive(Debug)]
pub struct LoadError {
    diagnostics: Diagnostics,
    sources: Sources,
}

impl LoadError {
    pub(super) fn new(diagnostics: Diagnostics, sources: Sources) -> LoadError {
        LoadError { diagnostics, sources }
    }

    /// The errors for a user, each with its line and a caret; in colour if `styled`.
    pub fn render(&self, styled: bool) -> String {
        self.diagnostics.render(&self.sources, styled)
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for LoadError {}

/// Warnings about a scenario that can be used: the settings in it that have no effect.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Warnings {
    list: Vec<Diagnostic>,
    sources: Sources,
}

impl Warnings {
    pub(super) fn new(list: Vec<Diagnostic>, sources: Sources) -> Warnings {
        Warnings { list, sources }
    }

    /// Whether there is nothing to report.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The warnings for a user, each with its line and a caret; in colour if `styled`.
    pub fn render(&self, styled: bool) -> String {
        let diagnostics = Diagnostics::new();
        self.list.iter().for_each(|warning| diagnostics.push(warning.clone()));
        diagnostics.render(&self.sources, styled)
    }
}

/// The cause of an I/O error, in words that do not depend on the platform's error numbers.
pub(crate) fn plain(problem: &std::io::Error) -> String {
    match problem.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => problem.to_string(),
    }
}
