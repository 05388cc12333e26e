//! What looking for findings gives: in one variant, and of one kind in the whole study.

use super::suggestion::Suggestion;
use crate::results::Finding;
use crate::stats::metric::Metric;

/// A problem of a variant: its cause, its evidence, and a change that may help.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What the figures mean, in a sentence.
    pub cause: String,
    /// The metrics that show it, with their values.
    pub evidence: Vec<(Metric, f64)>,
    /// How bad it is, to choose among the variants that show it.
    pub severity: f64,
    /// The change that may help. It is simulated, and its effect is reported.
    pub suggestion: Option<Suggestion>,
}

/// A finding on the variant that shows it most, before the change that it suggests is simulated.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The finding, without the outcome of a change.
    pub finding: Finding,
    /// The number of the variant in the study, from 0.
    pub variant: usize,
    /// The change that it suggests.
    pub suggestion: Option<Suggestion>,
}
