//! Why a cell cannot be read.

/// Why a cell cannot be read, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    /// The error, without a full stop.
    pub message: String,
    /// Advice on how to correct it; `None`: the forms that a cell of this kind can have.
    pub help: Option<String>,
}

impl CellError {
    /// An error about which the general advice helps.
    pub fn new(message: impl Into<String>) -> CellError {
        CellError { message: message.into(), help: None }
    }

    /// An error with its own advice.
    pub fn with_help(message: impl Into<String>, help: impl Into<String>) -> CellError {
        CellError { message: message.into(), help: Some(help.into()) }
    }
}
