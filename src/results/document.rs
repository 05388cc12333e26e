//! The document itself: where it comes from, what was studied, and the results of each variant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Comparison, Finding, Ranking, Sizing, ThresholdResult, VariantResults};

/// The schema of [`Results`] that this version writes.
pub const SCHEMA: &str = "distpoint.results/1";

/// The schema of the part of a study that one shard writes, to be merged into results.
pub const SHARD_SCHEMA: &str = "distpoint.part/1";

/// The results of a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Results {
    /// The schema: [`SCHEMA`].
    pub schema: String,
    /// The program that wrote it.
    pub tool: Tool,
    /// The seed of all random numbers.
    pub seed: u64,
    /// The number of replications of each variant.
    pub replications: u64,
    /// Whether the study was stopped before all its replications were complete; absent if it was not.
    /// A search states that in `sizing`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// The engine that simulated it: `events` or `tokio`.
    pub engine: String,
    /// The scenario after defaults and overlays, with the keys of a scenario file.
    pub scenario: Value,
    /// For a sweep: which keys were varied, and their values in each variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<Sweep>,
    /// For a search for a value: the answer and its evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sizing: Option<Sizing>,
    /// What was compared, in the order of the scenario.
    pub variants: Vec<VariantResults>,
    /// The variants from the best to the worst; `None` of a single variant, a sweep or a search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranking: Option<Ranking>,
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
