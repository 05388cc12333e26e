//! Why a text is not a value.

use std::fmt::{self, Display};
use std::ops::Range;

/// Why a text is not a value, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError {
    /// The error, without a full stop.
    pub message: String,
    /// The wrong part, as a byte range into the text. Always on character boundaries and within the
    /// text; empty if something is missing at that place.
    pub span: Range<usize>,
    /// Advice on how to correct it; empty if there is none.
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

/// On one line, for output that cannot show the place: the message, a colon and the help.
impl Display for ValueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.help.as_str() {
            "" => formatter.write_str(&self.message),
            help => write!(formatter, "{}: {help}", self.message),
        }
    }
}

impl std::error::Error for ValueError {}
