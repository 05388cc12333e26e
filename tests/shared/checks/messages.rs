//! Messages to the user: a terminal shows them as they are.

use distpoint::scenario::{LoadError, Warnings};

use crate::markup::check_text;

/// Asserts that a message has no control characters and nothing that turns its lines around or breaks them, so
/// that no input reaches the terminal raw.
pub fn check_message(message: &str) {
    assert!(!message.is_empty());
    check_text(message);
    assert!(!message.contains(['\u{202e}', '\u{2028}']), "{message:?}");
}

/// Asserts the same of the errors of a scenario, and that they can be rendered in colour.
pub fn check_errors(error: &LoadError) {
    check_message(&error.render(false));
    assert!(!error.render(true).is_empty());
}

/// Asserts the same of warnings, of which there may be none.
pub fn check_warnings(warnings: &Warnings) {
    check_text(&warnings.render(false));
}
