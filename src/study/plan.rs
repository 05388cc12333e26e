//! The plan of a study: all that its results need to know, as a value that can be stored.
//!
//! A plan says what is played, how often and by what; the scenarios themselves are only needed to
//! play it. So the parts of a study that ran on several machines carry their plan along, and are
//! summed up by it without a scenario file.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::replicate::Sums;
use super::size::SizingPlan;
use super::{Engine, Options, StudyError, findings, steady, threshold, what_if};
use crate::diagnostic::quoted_list;
use crate::model::{Size, Span, Trace, absorb};
use crate::results::{Results, SCHEMA, Sweep, Tool};
use crate::scenario::{Loaded, Scenario, Threshold, Variant};

/// Of studies with more variants than this, such as the grid of a sweep, nothing is suggested: they
/// are themselves the answer to what would be if.
const MOST_VARIANTS: usize = 12;

/// What is played, and what it is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The program that plays it: another version may play it otherwise.
    pub tool: Tool,
    /// The engine that plays it.
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
    /// Whether the changes that findings suggest are played.
    pub what_if: bool,
    /// What is played.
    pub variants: Vec<PlannedVariant>,
}

/// A variant of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedVariant {
    /// Its name.
    pub name: String,
    /// What it changes in the scenario, as it was written.
    pub overlay: Value,
    /// The names of its client groups.
    pub groups: Vec<String>,
    /// The names of its distribution points.
    pub points: Vec<String>,
    /// How long after the start clients count, in ms.
    pub warmup: u64,
    /// When the simulation ends at the latest, in ms.
    pub horizon: u64,
    /// The scenario of this variant, where a finding may want to change it.
    pub scenario: Option<Value>,
    /// Stands for the rows of its traces: the files may differ between machines. 0 of no traces.
    pub traces: u64,
    /// Whether every replication is the same ([`Scenario::is_deterministic`]).
    #[serde(default)]
    pub deterministic: bool,
}

impl Plan {
    /// The plan to play `loaded`, whose variants are compared with the one named `reference`, or with
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

    /// What the study came to whose replications are summed up in `sums`, with what it means. The
    /// changes that findings suggest are played as `options` say; the scenarios' files are in
    /// `directory`.
    ///
    /// # Errors
    ///
    /// [`StudyError`] if a search has nothing to go by.
    pub fn results(
        &self,
        sums: Sums,
        directory: &Path,
        options: &Options,
    ) -> Result<Results, StudyError> {
        if let Some(sizing) = &self.sizing {
            return Ok(sizing.size(sums, &self.variants)?.into_results(self));
        }
        let mut results = self.summary(&sums);
        // A grid is itself the answer to what would be if.
        if self.sweep.is_none() {
            let scenarios: Vec<_> =
                self.variants.iter().map(|variant| variant.scenario.as_ref()).collect();
            let drafts = findings::find(&results.variants, &scenarios);
            results.findings = if self.what_if {
                let engine = Engine::named(&self.engine).unwrap_or_default();
                let options = Options { engine, ..options.clone() };
                let traces: Vec<_> = self.variants.iter().map(|variant| variant.traces).collect();
                what_if::WhatIfs { variants: &results.variants, scenarios, traces, directory }
                    .back_up(drafts, results.replications, &options)
            } else {
                drafts.into_iter().map(|draft| draft.finding).collect()
            };
        }
        let variants = self.variants.iter().zip(&results.variants);
        let warm = variants.filter(|(variant, _)| variant.warmup > 0);
        let steady = warm.flat_map(|(variant, results)| {
            let millis = Span::from_millis;
            steady::findings(results, millis(variant.warmup), millis(variant.horizon))
        });
        results.findings.extend(steady);
        Ok(results)
    }

    /// Sums of nothing yet.
    pub fn sums(&self) -> Sums {
        let mut sums = Sums::new(self.variants.len(), self.reference);
        if let Some(sizing) = &self.sizing {
            sizing.watch(&mut sums, &self.variants);
        }
        sums
    }

    fn summary(&self, sums: &Sums) -> Results {
        let variants = self.variants.iter().zip(&sums.variants);
        let variants: Vec<_> = variants.map(|(variant, sum)| sum.finish(variant)).collect();
        let names: Vec<&str> = self.variants.iter().map(|variant| variant.name.as_str()).collect();
        Results {
            schema: SCHEMA.to_owned(),
            tool: self.tool.clone(),
            seed: self.seed,
            replications: sums.replications,
            engine: self.engine.clone(),
            scenario: self.scenario.clone(),
            sweep: self.sweep.clone(),
            sizing: None,
            thresholds: threshold::judge(&self.thresholds(), &variants),
            variants,
            comparisons: sums.comparisons.finish(&names),
            findings: Vec::new(),
        }
    }

    /// The thresholds. They were checked when the plan was made.
    fn thresholds(&self) -> Vec<Threshold> {
        self.thresholds.iter().filter_map(|text| Threshold::parse(text).ok()).collect()
    }
}

impl PlannedVariant {
    /// What has to be known of `variant` to sum it up.
    pub fn of(variant: &Variant) -> PlannedVariant {
        let scenario = &variant.scenario;
        PlannedVariant {
            name: variant.name.clone(),
            overlay: variant.overlay.clone(),
            groups: scenario.clients.iter().map(|group| group.name.clone()).collect(),
            points: scenario.distribution_points.iter().map(|point| point.name.clone()).collect(),
            warmup: scenario.warmup.as_millis(),
            horizon: scenario.horizon.as_millis(),
            scenario: None,
            traces: fingerprint_of_traces(scenario),
            deterministic: scenario.is_deterministic(),
        }
    }
}

/// Stands for the rows of all traces of a scenario.
pub fn fingerprint_of_traces(scenario: &Scenario) -> u64 {
    let times = scenario.traces().fold(0, |sum, trace| fingerprint(sum, trace, Span::as_millis));
    scenario.size_traces().fold(times, |sum, trace| fingerprint(sum, trace, Size::as_bytes))
}

/// Adds a trace to what stands for those before it.
fn fingerprint<R: Copy>(before: u64, trace: &Trace<R>, number: fn(R) -> u64) -> u64 {
    let length = absorb(before, trace.rows.len() as u64);
    trace.rows.iter().fold(length, |sum, row| absorb(sum, number(*row)))
}
