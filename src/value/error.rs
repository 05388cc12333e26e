//! Why a text is not a value.

use std::fmt::{self, Display};
use std::ops::Range;

/// Why a text is not a value, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// The wrong part, as a byte range into the text. Always on character boundaries and within the
    /// text; empty if something is missing at that place.
    pub span: Range<usize>,
    /// What would be right; empty if nothing can be recommended.
    pub help: String,
}

impl ValueError {
    /// An error at a part of the text.
    pub fn new(
        message: impl Into<String>,
        span: Range<usize>,
        help: impl Into<String>,
    ) -> ValueError {
        ValueError { message: message.into(), span, help: help.into() }
    }

    /// An error of the text as a whole.
    pub fn of(text: &str, message: impl Into<String>, help: impl Into<String>) -> ValueError {
        ValueError::new(message, 0..text.len(), help)
    }
}

/// In one line, for where the place cannot be shown: the message, and the help behind a colon.
impl Display for ValueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.help.as_str() {
            "" => formatter.write_str(&self.message),
            help => write!(formatter, "{}: {help}", self.message),
        }
    }
}

impl std::error::Error for ValueError {}
