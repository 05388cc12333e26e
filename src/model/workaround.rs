//! The workaround of Q268500: a new program and a new advertisement for the clients that failed.

use crate::value::Span;

/// When the new advertisement comes. From then on it is there for every client that is or will be
/// stranded; a client learns of it by its next poll, and may be stranded a second time by its error
/// handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workaround {
    /// This time after the start of the simulation.
    After(Span),
    /// When this number of clients is stranded.
    WhenStranded(u64),
}
