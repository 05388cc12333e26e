//! Results: the one artifact of a study. Every report is made from it, also later and elsewhere.
//!
//! Times are in milliseconds, ratios between 0 and 1. Within a schema version fields are added,
//! never changed. Nothing in it depends on the machine, the clock or the number of threads.

mod check;
mod read;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use read::{LARGEST, ReadError, read, read_file};

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

/// A search for the smallest value of a key that meets every target, or for the best.
///
/// Values are whole numbers of a [`unit`](Sizing::unit).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sizing {
    /// The key.
    pub key: String,
    /// The least and the greatest value that were considered.
    pub range: [u64; 2],
    /// How sure the verdicts are, 0 to 1.
    pub confidence: f64,
    /// The smallest value that meets every target, or the best; `None` if there is none, or none is
    /// proven.
    pub chosen: Option<u64>,
    /// The value that the verdict is about: the chosen one, or the last that was looked at, or the
    /// one that came nearest to the targets.
    pub looked_at: u64,
    /// `pass`: found and proven; `fail`: no value meets the targets; `inconclusive`: more runs are
    /// needed to tell.
    pub verdict: ThresholdVerdict,
    /// The targets.
    pub targets: Vec<SizedTarget>,
    /// Every value that was played, ascending; they are the variants of these results.
    pub evaluated: Vec<SizedValue>,
    /// What values count in: `1`, `ms`, or what a value of 1 means, such as `0.01` or `1%`.
    #[serde(default = "one")]
    pub unit: String,
    /// From one value of the range to the next.
    #[serde(default = "first_step")]
    pub step: u64,
    /// What was to be greatest or least, where it is the best value that was looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<SizedObjective>,
    /// Whether the user stopped the search before its end.
    #[serde(default)]
    pub interrupted: bool,
    /// Whether the answer rules out the values that were not played. So it does if every smaller
    /// value was played, or if the metrics of the targets only rise or only fall along those that
    /// were; else another one might meet the targets, too.
    #[serde(default = "yes")]
    pub exhaustive: bool,
}

fn one() -> String {
    "1".to_owned()
}

fn first_step() -> u64 {
    1
}

/// A target of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SizedTarget {
    /// The target as it was written.
    pub expression: String,
    /// Whether it is this one that a smaller value, or a better one, misses.
    pub binds: bool,
    /// The metric.
    #[serde(default)]
    pub metric: String,
    /// Whether the metric had a value anywhere.
    #[serde(default = "yes")]
    pub measured: bool,
}

fn yes() -> bool {
    true
}

/// A metric that a search made as great or as small as possible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SizedObjective {
    /// The metric.
    pub metric: String,
    /// Which way.
    pub direction: Direction,
    /// The value of the key with the best mean; differences are to it. `None` if the metric has no
    /// value anywhere.
    pub leader: Option<u64>,
    /// Differences up to this much count as none: 1% of the best mean.
    pub tolerance: f64,
    /// The values that are not shown to be worse than the leader, ascending. Of these the smallest
    /// is chosen.
    pub plateau: Vec<u64>,
}

/// Which way a metric is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// As great as possible.
    Maximise,
    /// As small as possible.
    Minimise,
}

/// A value that a search has played.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SizedValue {
    /// The value.
    pub value: u64,
    /// How often it was played.
    pub replications: u64,
    /// Whether it meets every target.
    pub verdict: ThresholdVerdict,
    /// The value as a scenario writes it: `50`, `2h 30m`, `0.05`.
    #[serde(default)]
    pub text: String,
    /// Whether nothing in it is random, so that every run is the same.
    #[serde(default)]
    pub deterministic: bool,
    /// By metric the interval that the verdict rests on; it is wider than the confidence of the
    /// search asks for, as the answer rests on several. That of the objective has just this
    /// confidence. None where the runs prove nothing yet.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub intervals: IndexMap<String, [f64; 2]>,
    /// How it compares with the leader of a search for the best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<SizedDifference>,
}

/// The metric of a value minus that of the leader, run by run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SizedDifference {
    /// The mean of the differences.
    pub mean: f64,
    /// Its interval, with the confidence of the search for all values together; `None` where one
    /// replication cannot tell.
    pub interval: Option<[f64; 2]>,
    /// What it means.
    pub standing: Standing,
}

/// How a value compares with the leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is the leader.
    Leader,
    /// Shown to be no worse than the tolerance.
    Level,
    /// Shown to be worse.
    Worse,
    /// More runs are needed to tell.
    Undecided,
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

/// Metrics by name; `None` where there is nothing to measure.
pub type MetricTable = IndexMap<String, Option<Summary>>;

/// What one variant came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VariantResults {
    /// Its name.
    pub name: String,
    /// What it changes in the scenario, as it was written.
    pub overlay: Value,
    /// The metrics over all clients and points.
    pub metrics: MetricTable,
    /// The metrics of each client group.
    pub groups: IndexMap<String, MetricTable>,
    /// The metrics of each distribution point.
    pub distribution_points: IndexMap<String, MetricTable>,
    /// Curves over time.
    pub series: SeriesResults,
    /// How values are distributed.
    pub histograms: Histograms,
    /// Means of blocks of replications, for paired comparisons with other results.
    #[serde(default)]
    pub blocks: Blocks,
}

/// Means over blocks of consecutive replications: a bounded record, from which results of the same
/// seed can be compared replication by replication (`distpoint compare`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Blocks {
    /// How many replications each block is of: a power of two. Block k is of the replications from
    /// k times this on. 0: there are none.
    pub length: u64,
    /// For each metric the means of the complete blocks, at most 64; `null` where some replication
    /// of the block has no value.
    pub metrics: IndexMap<String, Vec<Option<f64>>>,
}

/// A metric over the replications.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The mean of the replications in which it has a value.
    pub mean: f64,
    /// The 95% confidence interval of the mean; `None` where one replication cannot tell.
    pub ci95: Option<[f64; 2]>,
    /// The least of the replications.
    pub min: f64,
    /// The greatest of the replications.
    pub max: f64,
}

/// How a variant differs from the reference variant.
///
/// Both saw the same random numbers, so the difference is taken replication by replication: what
/// they have in common cancels out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The variant that the other is compared with.
    pub reference: String,
    /// The variant that is compared.
    pub variant: String,
    /// The differences, variant minus reference, by metric; `None` where either has no value.
    pub metrics: IndexMap<String, Option<Difference>>,
}

/// A difference in one metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The mean of the differences.
    pub mean: f64,
    /// The 95% confidence interval of the mean; `None` where one replication cannot tell.
    pub ci95: Option<[f64; 2]>,
    /// The mean as a share of the reference's mean; `None` if that is zero.
    pub relative: Option<f64>,
    /// What it means.
    pub verdict: Verdict,
}

/// What a difference means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The variant is better: the interval excludes zero.
    Better,
    /// The variant is worse: the interval excludes zero.
    Worse,
    /// The variant has more of what is neither good nor bad.
    Higher,
    /// The variant has less of what is neither good nor bad.
    Lower,
    /// The interval contains zero.
    NoDifferenceShown,
    /// One replication shows a difference, but not whether it is luck.
    Unknown,
}

/// Something that the numbers of a variant mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What kind of finding it is: `strands`, `thrashes`, `idle_while_waiting`, `spins`, `restarts`,
    /// `neighbours_idle`, `limit_binds`, `bandwidth_binds`, `horizon`, `gave_up`, `expired`,
    /// `limit_unused`, `drift` or `too_short`.
    pub kind: String,
    /// The variant that shows it most.
    pub variant: String,
    /// What it means, and what to do about it.
    pub text: String,
    /// The metrics that it rests on.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub evidence: IndexMap<String, f64>,
    /// What came of the change that it suggests, if that was played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_if: Option<WhatIf>,
}

/// A change that was played to see whether it helps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WhatIf {
    /// The change, as for `--set`.
    pub set: Vec<String>,
    /// The metric that shows whether it helps.
    pub metric: String,
    /// The metric of the variant as it is.
    pub before: Option<Summary>,
    /// The metric with the change.
    pub after: Option<Summary>,
    /// How often the change was played.
    pub runs: u64,
}

/// Whether a variant meets a threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThresholdResult {
    /// The threshold as it was written.
    pub expression: String,
    /// The variant.
    pub variant: String,
    /// The metric: `completion.p95`, `dp.DP01.utilisation`, `group.office.stranded`.
    pub metric: String,
    /// The comparison: `<`, `<=`, `>`, `>=`, `==` or `!=`.
    pub operator: String,
    /// The limit, in the metric's own unit.
    pub value: f64,
    /// What was observed; `None` where there is nothing to measure.
    pub observed: Option<Summary>,
    /// The verdict.
    pub verdict: ThresholdVerdict,
}

/// A verdict on a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdVerdict {
    /// Every value of the 95% interval meets it.
    Pass,
    /// No value of the 95% interval meets it.
    Fail,
    /// Some do and some do not, or there is nothing to measure.
    Inconclusive,
}

/// Curves over time, from the start of the simulation; the mean over the replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeriesResults {
    /// The width of a bucket.
    pub bucket_ms: u64,
    /// Open connections, averaged over each bucket.
    pub open_connections: Vec<f64>,
    /// Clients in Retry mode, averaged over each bucket.
    pub waiting: Vec<f64>,
    /// Refused attempts in each bucket.
    pub refused: Vec<f64>,
    /// Completions in each bucket.
    pub completed: Vec<f64>,
}

/// How values are distributed, over all replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Histograms {
    /// Times from arrival to completion, within 1%.
    pub completion: Distribution,
    /// Attempts per client, exact below 2,048 and within 0.1% above.
    pub attempts: Distribution,
}

/// A distribution: which values occurred, ascending, and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Distribution {
    /// The values; each stands for those up to it that are greater than the one before.
    pub values: Vec<u64>,
    /// How many clients had each.
    pub counts: Vec<u64>,
}
