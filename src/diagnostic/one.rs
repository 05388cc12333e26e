//! One error or warning.

use super::sources::Location;

/// Whether a diagnostic prevents a run.
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
    /// Whether this prevents a run.
    pub severity: Severity,
    /// The error, on one line without a full stop.
    pub message: String,
    /// The place of the error; none if it does not concern a text.
    pub location: Option<Location>,
    /// A few words beside the caret.
    pub label: Option<String>,
    /// Further facts.
    pub notes: Vec<String>,
    /// Advice on how to correct it.
    pub helps: Vec<String>,
}

impl Diagnostic {
    /// An error with only a message.
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message.into())
    }

    /// A warning with only a message.
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

    /// Sets the place that it points at.
    #[must_use]
    pub fn at(mut self, location: impl Into<Location>) -> Self {
        self.location = Some(location.into());
        self
    }

    /// Sets the few words beside the caret.
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

    /// Adds advice on how to correct it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(help.into());
        self
    }
}
