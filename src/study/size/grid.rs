//! Sizing over the whole grid: every value of the range is played equally often, without a search.
//!
//! It costs more than a search, but what is played is known beforehand, so that it can be dealt out to
//! many machines.

use serde::{Deserialize, Serialize};

use super::{Objective, Played, Search, Sized, Sizer};
use crate::results::Direction;
use crate::scenario::{MetricPath, RangeUnit, Target, Variant};
use crate::study::StudyError;
use crate::study::plan::PlannedVariant;
use crate::study::replicate::Sums;

/// What to find on a grid, as a value that can be stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SizingPlan {
    /// The key, as it was given.
    pub key: String,
    /// What its values count in.
    pub unit: RangeUnit,
    /// The least value.
    pub low: u64,
    /// The greatest value, if the steps reach it.
    pub high: u64,
    /// From one value to the next.
    pub step: u64,
    /// What has to be met, as it was written.
    pub targets: Vec<String>,
    /// The metric that is to be greatest or least, as it was written.
    pub objective: Option<(String, Direction)>,
    /// How sure the verdicts have to be, 0 to 1.
    pub confidence: f64,
}

impl SizingPlan {
    /// Every value as it is written in a scenario, the least first.
    pub fn values(&self) -> impl Iterator<Item = String> {
        (self.low..=self.high).step_by(self.step.max(1) as usize).map(|value| self.unit.text(value))
    }

    /// Lets `sums` keep of each variant what the search for the best value needs.
    pub fn watch(&self, sums: &mut Sums, variants: &[PlannedVariant]) {
        if let Some(objective) = self.objective() {
            for (sum, planned) in sums.variants.iter_mut().zip(variants) {
                sum.watch(&objective.metric, planned);
            }
        }
    }

    /// The answer, where `sums` are those of the variants of the grid.
    ///
    /// # Errors
    ///
    /// [`StudyError`] if nothing was played.
    pub fn size(&self, sums: Sums, variants: &[PlannedVariant]) -> Result<Sized, StudyError> {
        let targets = self.targets.iter();
        let targets: Vec<(String, Target)> =
            targets.filter_map(|text| Some((text.clone(), Target::parse(text).ok()?))).collect();
        let replications = sums.replications;
        let played = sums.variants.into_iter().zip(variants).map(|(sum, planned)| {
            let mut sums = Sums::new(0, 0);
            (sums.replications, sums.variants) = (replications, vec![sum]);
            Played { variant: None, planned: planned.clone(), sums }
        });
        let search = Search {
            key: self.key.clone(),
            unit: self.unit,
            low: self.low,
            high: self.high,
            step: self.step.max(1),
            targets: &targets,
            objective: self.objective(),
            confidence: self.confidence,
            // There are no more runs to be had.
            ceiling: replications,
        };
        let unplayable = |_: &str| -> Result<Variant, StudyError> {
            Err(StudyError::Unplayable("a grid has all its values".to_owned()))
        };
        Sizer::new(&search, None, &unplayable, (0..).zip(played).collect()).size()
    }

    fn objective(&self) -> Option<Objective> {
        // Both were checked when the plan was made.
        let (metric, direction) = self.objective.as_ref()?;
        Some(Objective { metric: MetricPath::parse(metric).ok()?, direction: *direction })
    }
}
