//! The result of looking for one kind of finding in a variant.

use super::suggestion::Suggestion;
use crate::stats::metric::Metric;

/// A problem of a variant: its cause, its evidence, and a change that may help.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What the figures mean, in a sentence. A cause that only a change could prove does not belong here, but
    /// into the [suggestion](Suggestion::confirms) of that change.
    pub cause: String,
    /// The metrics that show it, with their values.
    pub evidence: Vec<(Metric, f64)>,
    /// How bad it is, to choose among the variants that show it.
    pub severity: f64,
    /// The change that may help. It is simulated, and its effect is reported.
    pub suggestion: Option<Suggestion>,
}
