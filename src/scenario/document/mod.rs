//! Scenario texts as trees that know where every key and value was written.
//!
//! The tree owns its strings, keeps the order of the file, and has a location for each key and
//! value, so that a reader can point at them long after the file was parsed, and a value that comes
//! from an overlay still points into the overlay.

mod assignment;
mod breaks;
mod explain;
mod faults;
mod lines;
mod message;
mod overlay;
mod parse;
mod scan;
mod tree;
mod typography;

pub use assignment::parse_assignment;
pub use lines::is_assignment as looks_like_assignment;
pub use overlay::{OverlayRules, WILDCARD, overlay};
pub use parse::parse;
pub use tree::{Entry, Node, Table, Value};

#[cfg(test)]
mod tests;
