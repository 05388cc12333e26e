//! Conclusions from the numbers of the variants: differences, verdicts and findings.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Summary;

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
    /// The 95% confidence interval of the mean; `None` of one replication.
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
    /// One replication shows a difference, but not whether it is chance.
    Unknown,
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

impl ThresholdVerdict {
    /// The verdict on a threshold that is met or not; `None`: that is not known.
    pub fn of(met: Option<bool>) -> ThresholdVerdict {
        match met {
            Some(true) => ThresholdVerdict::Pass,
            Some(false) => ThresholdVerdict::Fail,
            None => ThresholdVerdict::Inconclusive,
        }
    }
}

/// A conclusion from the numbers of a variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What kind of finding it is, such as `strands`, `wasted` or `limit_binds`. There may be more kinds in later
    /// versions.
    pub kind: String,
    /// The variant that shows it most.
    pub variant: String,
    /// What it means, and what to do about it.
    pub text: String,
    /// The metrics that it rests on.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub evidence: IndexMap<String, f64>,
    /// The effect of the change that it suggests, if that was simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_if: Option<WhatIf>,
    /// The effects of the other changes that it suggests, the better first: each is less good than `what_if`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_what_ifs: Vec<WhatIf>,
}

/// A change that was simulated to see whether it helps.
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
    /// How often the change was simulated.
    pub runs: u64,
}
