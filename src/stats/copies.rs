//! What the copies of a site come to.

use crate::model::Span;

/// What one copy of a site came to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CopyStatistics {
    /// From the first arrival of its clients to the last completion; `None` if none completed.
    pub makespan: Option<Span>,
    /// The time in which 95% of those that completed did; `None` if none completed.
    pub completion_p95: Option<Span>,
    /// How many are stranded; `None` if none arrived.
    pub stranded: Option<u64>,
    /// The share of its points' capacity that was in use, from its first arrival to its last completion, or to
    /// the horizon if clients are unfinished; `None` if it has no points, or over no time.
    pub utilisation: Option<f64>,
}
