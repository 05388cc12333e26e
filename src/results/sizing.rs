//! A search for a value: its answer, and the values that it rests on.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ThresholdVerdict;

/// A search for the smallest or the largest value of a key that meets every target, or for the best.
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
    /// The smallest (or largest) value that meets every target, or the best; `None` if there is none, or none is
    /// proven.
    pub chosen: Option<u64>,
    /// The value that the verdict is about: the chosen one, the last one simulated, or the one nearest
    /// to the targets.
    pub looked_at: u64,
    /// `pass`: found and proven; `fail`: no value meets the targets; `inconclusive`: more runs are
    /// needed.
    pub verdict: ThresholdVerdict,
    /// The targets.
    pub targets: Vec<SearchTarget>,
    /// Every value that was simulated, ascending; they are the variants of these results.
    pub evaluated: Vec<SearchedValue>,
    /// The unit of the values: `1`, `ms`, `bit/s`, `B`, `1/s`, or the meaning of a value of 1, such as `0.01`
    /// or `1%`.
    #[serde(default = "one")]
    pub unit: String,
    /// The units that the ends of a range of rates or sizes were written in: `["MB/s", "MB/s"]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_in: Option<[String; 2]>,
    /// From one value of the range to the next.
    #[serde(default = "first_step")]
    pub step: u64,
    /// What was to be greatest or least, if the search was for the best value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<SearchObjective>,
    /// Whether the user stopped the search before its end.
    #[serde(default)]
    pub interrupted: bool,
    /// Whether the answer rules out the values that were not simulated. It does if every smaller value
    /// was simulated, or if the metrics of the targets only rise or only fall along the simulated
    /// values; otherwise another value might meet the targets, too.
    #[serde(default = "yes")]
    pub exhaustive: bool,
    /// Whether the largest value was searched for, not the smallest.
    #[serde(default)]
    pub largest: bool,
    /// The first and the last of the simulated values around the chosen one that meet the targets without a
    /// gap, as far as their runs show; `None` if none was chosen, of a search for the best value, and of one for
    /// the largest that did not simulate all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<[u64; 2]>,
}

impl Sizing {
    /// The place of a value among those that were simulated, which is also that of its variant.
    pub fn place_of(&self, value: u64) -> Option<usize> {
        self.evaluated.iter().position(|evaluated| evaluated.value == value)
    }
}

fn one() -> String {
    "1".to_owned()
}

fn first_step() -> u64 {
    1
}

/// A target of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchTarget {
    /// The target as it was written.
    pub expression: String,
    /// Whether a smaller value, or a better one, misses this target.
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
pub struct SearchObjective {
    /// The metric.
    pub metric: String,
    /// Which way.
    pub direction: Direction,
    /// The value of the key with the best mean; differences are to it. `None` if the metric has no
    /// value anywhere.
    pub leader: Option<u64>,
    /// Differences up to this size count as none: 1% of the best mean.
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

/// A value that a search has simulated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchedValue {
    /// The value.
    pub value: u64,
    /// How often it was simulated.
    pub replications: u64,
    /// Whether it meets every target.
    pub verdict: ThresholdVerdict,
    /// The value as a scenario writes it: `50`, `2h 30m`, `0.05`.
    #[serde(default)]
    pub text: String,
    /// Whether nothing in it is random, so that every run is the same.
    #[serde(default)]
    pub deterministic: bool,
    /// By metric, the interval that the verdict rests on. It is wider than the confidence of the search
    /// requires, because the answer rests on several intervals; only that of the objective has exactly
    /// this confidence. Empty where the runs prove nothing yet.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub intervals: IndexMap<String, [f64; 2]>,
    /// How it compares with the leader of a search for the best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<SearchDifference>,
}

impl SearchedValue {
    /// Whether it is not decided yet if the value meets every target.
    pub fn is_open(&self) -> bool {
        self.verdict == ThresholdVerdict::Inconclusive
    }
}

/// The metric of a value minus that of the leader, run by run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchDifference {
    /// The mean of the differences.
    pub mean: f64,
    /// Its interval, with the confidence of the search for all values together; `None` where one
    /// replication shows nothing.
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
    /// More runs are needed.
    Undecided,
}
