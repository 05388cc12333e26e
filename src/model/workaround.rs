//! The workaround of Q268500: a new program and a new advertisement for the clients that failed.

use serde::Serialize;

use crate::value::Span;

/// When the new advertisement comes. From then on it is there for every client that is stranded, be
/// it before or after; a client learns of it by its next poll, and it is stranded a second time if
/// its error handler has it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Workaround {
    /// So long after the start of the simulation.
    After(Span),
    /// When so many clients are stranded.
    WhenStranded(u64),
}
