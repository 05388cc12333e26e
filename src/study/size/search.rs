//! The goal of a search, and its answer.

use crate::results::{Direction, Sizing};
use crate::scenario::{MetricPath, RangeUnit, Target};
use crate::study::planned_variant::PlannedVariant;
use crate::study::study_accumulator::StudyAccumulator;

/// The goal of a search.
pub struct Search<'a> {
    /// The key, as it was given.
    pub key: String,
    /// The unit of its values.
    pub unit: RangeUnit,
    /// The least value to consider.
    pub low: u64,
    /// The greatest value to consider, if the steps reach it.
    pub high: u64,
    /// The difference between one value and the next.
    pub step: u64,
    /// The targets that have to be met, each with its text.
    pub targets: &'a [(String, Target)],
    /// What is to be greatest or least; `None` to search for the smallest value.
    pub objective: Option<Objective>,
    /// The confidence of the answer, 0 to 1.
    pub confidence: f64,
    /// The greatest number of runs of a value. A value that needs more remains undecided.
    pub ceiling: u64,
}

impl Search<'_> {
    /// The number of the greatest value, from 0.
    pub(super) fn last(&self) -> u64 {
        (self.high - self.low) / self.step.max(1)
    }

    /// The metrics whose values are kept run by run.
    pub(super) fn watched(&self) -> impl Iterator<Item = &MetricPath> {
        let objective = self.objective.iter().map(|objective| &objective.metric);
        objective.chain(self.targets.iter().map(|(_, target)| &target.metric))
    }
}

/// The metric that is greatest or least at the best value.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// The metric.
    pub metric: MetricPath,
    /// Whether it is to be greatest or least.
    pub direction: Direction,
}

/// The answer to a search.
pub struct CompletedSearch {
    /// The answer and its evidence.
    pub sizing: Sizing,
    /// Every value that was simulated, ascending, with its sums.
    pub simulated: Vec<(PlannedVariant, StudyAccumulator)>,
}
