//! Results: the one artifact of a study. Every report is made from it, also later and elsewhere.
//!
//! Times are in milliseconds, ratios between 0 and 1. Within a schema version fields are added,
//! never changed. Nothing in it depends on the machine, the clock or the number of threads.

mod check;
mod conclusions;
mod read;
mod sizing;
mod variant;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use conclusions::{
    Comparison, Difference, Finding, ThresholdResult, ThresholdVerdict, Verdict, WhatIf,
};
pub use read::{LARGEST, ReadError, read, read_file};
pub use sizing::{
    Direction, SizedDifference, SizedObjective, SizedTarget, SizedValue, Sizing, Standing,
};
pub use variant::{
    Blocks, Distribution, Histograms, MetricTable, SeriesResults, Summary, VariantResults, mean,
};

/// The schema of [`Results`] that this version writes.
pub const SCHEMA: &str = "distpoint.results/1";

/// What a study came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Results {
    /// The schema: [`SCHEMA`].
    pub schema: String,
    /// What wrote it.
    pub tool: Tool,
    /// The seed of all random numbers.
    pub seed: u64,
    /// How many replications of each variant it is of.
    pub replications: u64,
    /// The engine that played it: `events` or `tokio`.
    pub engine: String,
    /// The scenario after defaults and overlays, with the keys of a scenario file.
    pub scenario: Value,
    /// Of a sweep: which keys were varied, and their values in each variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<Sweep>,
    /// Of a search for a value: the answer and its evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sizing: Option<Sizing>,
    /// What was compared, in the order of the scenario.
    pub variants: Vec<VariantResults>,
    /// Differences between each variant and the reference, replication by replication.
    pub comparisons: Vec<Comparison>,
    /// Verdicts on the thresholds, one for each variant that a threshold is about.
    pub thresholds: Vec<ThresholdResult>,
    /// What the numbers mean.
    pub findings: Vec<Finding>,
}

/// The grid of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sweep {
    /// The keys that were varied.
    pub keys: Vec<String>,
    /// For each variant the values of the keys.
    pub values: Vec<Vec<String>>,
}

/// A program and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This program.
    pub fn this() -> Tool {
        Tool { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() }
    }
}
