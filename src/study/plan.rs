//! The plan of a study: all that its results need to know, as a value that can be stored.
//!
//! A plan says what is simulated, how often and by what; the scenarios themselves are only needed to
//! simulate it. So the parts of a study that ran on several machines carry their plan along, and are
//! summed up by it without a scenario file.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::StudyError;
use super::options::Engine;
use super::planned_variant::PlannedVariant;
use super::size::SizingPlan;
use super::study_accumulator::StudyAccumulator;
use crate::diagnostic::quoted_list;
use crate::results::{Sweep, Tool};
use crate::scenario::{Loaded, Variant};

/// Of studies with more variants than this, such as the grid of a sweep, nothing is suggested: they
/// are themselves the answer to what would be if.
const MOST_VARIANTS: usize = 12;

/// What is simulated, and what it is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The program that simulates it: another version may simulate it otherwise.
    pub tool: Tool,
    /// The engine that simulates it.
    pub engine: String,
    /// The seed of all random numbers.
    pub seed: u64,
    /// The scenario after defaults, with the keys of a scenario file.
    pub scenario: Value,
    /// Of a sweep: its grid.
    pub sweep: Option<Sweep>,
    /// Of a search over a grid: what to find.
    pub sizing: Option<SizingPlan>,
    /// Which variant the others are compared with.
    pub reference: usize,
    /// What the variants have to meet, as it was written.
    pub thresholds: Vec<String>,
    /// Whether the changes that findings suggest are simulated.
    pub what_if: bool,
    /// What is simulated.
    pub variants: Vec<PlannedVariant>,
}

impl Plan {
    /// The plan to simulate `loaded`, whose variants are compared with the one named `reference`, or with
    /// the first.
    ///
    /// # Errors
    ///
    /// [`StudyError::Unplayable`] if there is no such variant.
    pub fn new(
        loaded: &Loaded,
        engine: Engine,
        reference: Option<&str>,
    ) -> Result<Plan, StudyError> {
        let names = || loaded.variants.iter().map(|variant| variant.name.as_str());
        let reference = match reference {
            None => 0,
            Some(name) => names().position(|known| known == name).ok_or_else(|| {
                StudyError::Unplayable(format!(
                    "there is no variant `{name}` to compare with; there are {}",
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

    /// StudyAccumulator of nothing yet.
    pub fn sums(&self) -> StudyAccumulator {
        let mut sums = StudyAccumulator::new(self.variants.len(), self.reference);
        if let Some(sizing) = &self.sizing {
            sizing.watch(&mut sums, &self.variants);
        }
        sums
    }
}
