//! The plan of a study: everything that its results depend on, as a value that can be stored.
//!
//! A plan describes what is simulated and by which engine; the scenarios themselves are only needed to
//! simulate it. The results of each shard contain the plan, so they can be merged without a scenario
//! file.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::study_accumulator::StudyAccumulator;
use super::{Engine, PlannedVariant, SizingPlan, StudyError};
use crate::diagnostic::{quoted, quoted_list};
use crate::results::{Sweep, Tool};
use crate::scenario::{Loaded, Variant};

/// Studies with more variants than this, such as a sweep over a grid, suggest no changes: their variants
/// already show the effects of changes.
const MOST_VARIANTS: usize = 12;

/// What is simulated, and what it is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The program that simulates the study: another version may have other results.
    pub tool: Tool,
    /// The engine that simulates the study.
    pub engine: String,
    /// The seed of all random numbers.
    pub seed: u64,
    /// The scenario after defaults, with the keys of a scenario file.
    pub scenario: Value,
    /// The grid of a sweep.
    pub sweep: Option<Sweep>,
    /// The goal of a search over a grid.
    pub sizing: Option<SizingPlan>,
    /// Which variant the others are compared with.
    pub reference: usize,
    /// The thresholds that the variants have to meet, as they were written.
    pub thresholds: Vec<String>,
    /// Whether the changes that findings suggest are simulated.
    pub what_if: bool,
    /// The variants that are simulated.
    pub variants: Vec<PlannedVariant>,
}

impl Plan {
    /// The plan to simulate `loaded`, whose variants are compared with the one named `reference`, or with
    /// the first.
    ///
    /// # Errors
    ///
    /// [`StudyError::InvalidRequest`] if there is no such variant.
    pub fn new(
        loaded: &Loaded,
        engine: Engine,
        reference: Option<&str>,
    ) -> Result<Plan, StudyError> {
        let names = || loaded.variants.iter().map(|variant| variant.name.as_str());
        let reference = match reference {
            None => 0,
            Some(name) => names().position(|known| known == name).ok_or_else(|| {
                StudyError::InvalidRequest(format!(
                    "there is no variant {} to compare with; there are {}",
                    quoted(name),
                    quoted_list(names())
                ))
            })?,
        };
        let few = loaded.variants.len() <= MOST_VARIANTS;
        let planned = |variant: &Variant| {
            let scenario = few.then(|| variant.scenario.to_json());
            PlannedVariant { scenario, ..PlannedVariant::of(variant) }
        };
        Ok(Plan {
            tool: Tool::this(),
            engine: engine.name().to_owned(),
            seed: loaded.base.seed,
            scenario: loaded.base.to_json(),
            sweep: None,
            sizing: None,
            reference,
            thresholds: loaded.thresholds.iter().map(|threshold| threshold.text.clone()).collect(),
            what_if: false,
            variants: loaded.variants.iter().map(planned).collect(),
        })
    }

    /// An empty accumulator for the study.
    pub fn sums(&self) -> StudyAccumulator {
        let mut sums = StudyAccumulator::new(self.variants.len(), self.reference);
        if let Some(sizing) = &self.sizing {
            sizing.watch(&mut sums, &self.variants);
        }
        sums
    }
}
