//! What a kind of finding reports of one variant.

use super::suggestion::Suggestion;
use crate::stats::metric::Metric;

/// What was found in a variant: the cause, what it rests on, and what may help.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What the numbers mean, in a sentence.
    pub cause: String,
    /// The metrics that it rests on.
    pub evidence: Vec<(Metric, f64)>,
    /// How bad it is, to choose among the variants that show it.
    pub severity: f64,
    /// The changes that may help, the most promising first. They are simulated, and the one that helps
    /// most is reported.
    pub suggestions: Vec<Suggestion>,
}
