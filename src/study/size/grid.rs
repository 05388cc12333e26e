//! Sizing over the whole grid: every value of the range is simulated equally often, without a search.
//!
//! A grid costs more than a search, but its runs are known beforehand, so they can be distributed over
//! many machines.

use serde::{Deserialize, Serialize};

use super::sizer::{SimulatedValue, Sizer};
use crate::results::Direction;
use crate::scenario::{MetricPath, Target};
use crate::study::study_accumulator::StudyAccumulator;
use crate::study::{CompletedSearch, Objective, PlannedVariant, Search, SearchRange, StudyError};

/// The goal of a search over a grid, as a value that can be stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SizingPlan {
    /// The key and its values.
    #[serde(flatten)]
    pub range: SearchRange,
    /// The targets that have to be met, as they were written.
    pub targets: Vec<String>,
    /// The metric that is to be greatest or least, as it was written.
    pub objective: Option<(String, Direction)>,
    /// Whether the largest value that meets the targets is the answer, not the smallest.
    #[serde(default)]
    pub largest: bool,
    /// The confidence of the answer, 0 to 1.
    pub confidence: f64,
}

impl SizingPlan {
    /// Every value as written in a scenario, the least first.
    pub fn values(&self) -> impl Iterator<Item = String> {
        (0..=self.range.last()).map(|at| self.range.text(at))
    }

    /// Lets `sums` keep the values of the objective of each variant, which the search for the best value
    /// compares run by run.
    pub fn watch(&self, sums: &mut StudyAccumulator, variants: &[PlannedVariant]) {
        if let Some(objective) = self.objective() {
            for (sum, planned) in sums.variants.iter_mut().zip(variants) {
                sum.watch(&objective.metric, planned);
            }
        }
    }

    /// The answer; `sums` are those of the variants of the grid.
    ///
    /// # Errors
    ///
    /// [`StudyError`] if nothing was simulated.
    pub fn size(
        &self,
        sums: StudyAccumulator,
        variants: &[PlannedVariant],
    ) -> Result<CompletedSearch, StudyError> {
        let targets = self.targets.iter();
        let targets: Vec<(String, Target)> =
            targets.filter_map(|text| Some((text.clone(), Target::parse(text).ok()?))).collect();
        let runs = sums.replications;
        let simulated = sums.variants.into_iter().zip(variants).map(|(sum, planned)| {
            SimulatedValue { variant: None, planned: planned.clone(), runs, sum }
        });
        let search = Search {
            range: self.range.clone(),
            targets: &targets,
            objective: self.objective(),
            largest: self.largest,
            confidence: self.confidence,
            // All runs of the grid are in `sums`.
            ceiling: runs,
        };
        let no_variant =
            |_: &str| Err(StudyError::InvalidRequest("a grid has all its values".to_owned()));
        Sizer::new(&search, None, &no_variant, (0..).zip(simulated).collect()).answer()
    }

    fn objective(&self) -> Option<Objective> {
        // The plan was only made if the metric is valid.
        let (metric, direction) = self.objective.as_ref()?;
        Some(Objective { metric: MetricPath::parse(metric).ok()?, direction: *direction })
    }
}
