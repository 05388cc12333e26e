//! The goal of a search, and its answer.

use serde::{Deserialize, Serialize};

use crate::results::{Direction, Sizing};
use crate::scenario::{MetricPath, RangeUnit, Target, ValueRange, split_assignment};
use crate::study::PlannedVariant;
use crate::study::variant_accumulator::VariantAccumulator;

/// The goal of a search.
pub struct Search<'a> {
    /// The key and the values to consider.
    pub range: SearchRange,
    /// The targets that have to be met, each with its text.
    pub targets: &'a [(String, Target)],
    /// What is to be greatest or least; `None` to search for the smallest value, or the largest.
    pub objective: Option<Objective>,
    /// Whether the largest value that meets the targets is searched for, not the smallest.
    pub largest: bool,
    /// The confidence of the answer, 0 to 1.
    pub confidence: f64,
    /// The greatest number of runs of a value. A value that needs more remains undecided.
    pub ceiling: u64,
}

impl Search<'_> {
    /// The metrics whose values are kept run by run.
    pub(super) fn watched(&self) -> impl Iterator<Item = &MetricPath> {
        let objective = self.objective.iter().map(|objective| &objective.metric);
        objective.chain(self.targets.iter().map(|(_, target)| &target.metric))
    }
}

/// A key and a range of its values: whole numbers of a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchRange {
    /// The key, as it was given.
    pub key: String,
    /// The unit of the values.
    pub unit: RangeUnit,
    /// The least value.
    pub low: u64,
    /// The greatest value, if the steps reach it.
    pub high: u64,
    /// The difference between one value and the next.
    pub step: u64,
}

impl SearchRange {
    /// Reads `KEY=LO..HI`, perhaps with a step after a colon.
    ///
    /// # Errors
    ///
    /// A sentence on what to write instead.
    pub fn parse(text: &str) -> Result<SearchRange, String> {
        let form = || {
            "write `KEY=LO..HI`, for example `distribution_points.*.connection_limit=1..500` or \
             `clients.*.retry.interval=5m..1h`"
                .to_owned()
        };
        let (key, spec) = split_assignment(text).ok_or_else(form)?;
        if key.trim().is_empty() || !spec.contains("..") {
            return Err(form());
        }
        let range = ValueRange::parse(spec.trim()).map_err(|error| error.to_string())?;
        let step = range.step_or_default().map_err(|error| error.to_string())?;
        let ValueRange { unit, low, high, .. } = range;
        Ok(SearchRange { key: key.trim().to_owned(), unit, low, high, step })
    }

    /// The number of the greatest value, from 0.
    pub fn last(&self) -> u64 {
        (self.high - self.low) / self.step.max(1)
    }

    /// Value number `at`, from 0.
    pub fn value(&self, at: u64) -> u64 {
        self.low + at * self.step
    }

    /// Value number `at` as written in a scenario.
    pub fn text(&self, at: u64) -> String {
        self.unit.text(self.value(at))
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
    pub simulated: Vec<(PlannedVariant, VariantAccumulator)>,
}
