//! Suggestions: a change to the scenario that may help, and the metric that shows whether it does.

use super::edit::Edit;
use crate::stats::metric::Metric;

/// A time that changes by less than this share counts as unchanged.
pub const ALIKE: f64 = 0.05;

/// A change that a finding suggests.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// How a sentence on it begins: `With a jitter of 50%`.
    pub opening: String,
    pub edit: Edit,
    /// What shows whether it helps.
    pub goal: Goal,
}

impl Suggestion {
    /// The suggestion to make `edit`; `None` if there is no edit.
    pub fn new(opening: impl Into<String>, edit: Option<Edit>, goal: Goal) -> Option<Suggestion> {
        Some(Suggestion { opening: opening.into(), edit: edit?, goal })
    }
}

/// The metric that shows whether a change helps.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// A time that is to become shorter.
    Sooner(Metric),
    /// A count that is to become 0 or as small as possible.
    Left(Metric),
    /// A count that is to grow.
    More(Metric),
    /// A count that is to shrink.
    Fewer(Metric),
}

impl Goal {
    pub fn metric(self) -> Metric {
        match self {
            Goal::Sooner(metric)
            | Goal::Left(metric)
            | Goal::More(metric)
            | Goal::Fewer(metric) => metric,
        }
    }
}
