//! Messages on standard error, and whether they are in colour.

use std::io::{IsTerminal, Write};

use crate::diagnostic::printable;
use crate::scenario::Loaded;

/// Prints `text` to standard error. It may have words of the user in it, so nothing in it can drive the
/// terminal or turn its lines around.
pub fn note(text: &str) {
    let lines: Vec<String> = text.split('\n').map(printable).collect();
    print_rendered(&lines.join("\n"));
}

/// Prints to standard error what [`Diagnostics`](crate::diagnostic::Diagnostics) rendered, perhaps in
/// colour.
pub fn print_rendered(text: &str) {
    // If standard error is closed, nobody is left to read it.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Prints the warnings about settings of a scenario that have no effect, unless `quiet`.
pub fn warn(loaded: &Loaded, quiet: bool) {
    if !quiet && !loaded.warnings.is_empty() {
        print_rendered(loaded.warnings.render(is_styled()).trim_end());
    }
}

/// Prints what a user may want to know, unless `--quiet` is given.
pub fn information(text: &str) {
    if tracing::enabled!(tracing::Level::WARN) {
        note(text);
    }
}

/// Prints a warning, unless `--quiet` keeps warnings off.
pub fn warning(text: &str) {
    information(&format!("warning: {text}"));
}

/// Whether standard error takes colours: it is a terminal, and the user does not object (`NO_COLOR`).
pub fn is_styled() -> bool {
    std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
