//! What a search is to find.

use crate::results::{Direction, Sizing};
use crate::scenario::{MetricPath, RangeUnit, Target};
use crate::study::planned_variant::PlannedVariant;
use crate::study::study_accumulator::StudyAccumulator;

/// What to find.
pub struct Search<'a> {
    /// The key, as it was given.
    pub key: String,
    /// What its values count in.
    pub unit: RangeUnit,
    /// The least value to consider.
    pub low: u64,
    /// The greatest value to consider, if the steps reach it.
    pub high: u64,
    /// From one value to the next.
    pub step: u64,
    /// What has to be met.
    pub targets: &'a [(String, Target)],
    /// What is to be greatest or least; `None`: the smallest value is looked for.
    pub objective: Option<Objective>,
    /// How sure the verdicts have to be, 0 to 1.
    pub confidence: f64,
    /// Runs of a value after which it remains undecided.
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

/// What the best value has the most or the least of.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// The metric.
    pub metric: MetricPath,
    /// Which way it is to go.
    pub direction: Direction,
}

/// What was found.
pub struct CompletedSearch {
    /// The answer and its evidence.
    pub sizing: Sizing,
    /// Every value that was simulated, ascending, with its sums.
    pub played: Vec<(PlannedVariant, StudyAccumulator)>,
}
