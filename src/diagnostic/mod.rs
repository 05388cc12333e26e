//! Errors and warnings about scenario texts, collected and shown all at once.

mod list;
mod one;
mod printable;
mod render;
mod sources;
mod words;

pub use list::Diagnostics;
pub use one::{Diagnostic, Severity};
pub use printable::printable;
pub use sources::{Location, SourceId, Sources};
pub use words::{did_you_mean, quoted, quoted_list, quoted_path, suggestion};
