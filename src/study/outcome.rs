//! The outcome of a study: its results, and what is missing from them.

use super::options::Options;
use crate::results::Results;

/// The results of a study, and whether anything is missing from them.
#[derive(Clone, Debug)]
pub struct StudyOutcome {
    /// The results. They state the number of their replications.
    pub results: Results,
    /// Why they are less than what was requested; `None` if nothing is missing.
    pub shortfall: Option<Shortfall>,
}

/// Why the results are less than what was requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// The user stopped the study.
    Interrupted,
    /// All replications are complete, but the user stopped the study while the changes that findings
    /// suggest were simulated.
    FindingsCutShort,
    /// The precision was not reached.
    Imprecise(String),
}

impl StudyOutcome {
    /// The outcome of a study whose replications are all complete.
    pub(super) fn complete(results: Results, options: &Options) -> StudyOutcome {
        let shortfall = options.stopped().then_some(Shortfall::FindingsCutShort);
        StudyOutcome { results, shortfall }
    }
}
