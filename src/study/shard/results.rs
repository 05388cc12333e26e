//! The results of one shard of a study, to be merged with those of the other shards.
//!
//! Sums of floating-point numbers depend on their order. So a shard stores the metrics of each of its
//! runs, and merging sums them up in the order of the study. The results are then the same bytes as
//! those of a study on one machine.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::results::SHARD_SCHEMA;
use crate::scenario::Loaded;
use crate::stats::metric::{self, Metrics, Subject};
use crate::study::curves::{Curves, StoredCurves};
use crate::study::one_run::{RunId, RunMetrics};
use crate::study::simulator::Simulator;
use crate::study::{Options, Plan, Replications, Shard, StudyError};

/// The results of one shard of a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShardResults {
    /// The schema: [`SHARD_SCHEMA`].
    pub schema: String,
    /// Which shard it is.
    pub shard: Shard,
    /// The number of replications of each variant in the study.
    pub replications: u64,
    /// The whole study.
    pub plan: Plan,
    /// The results of each run of the shard, in the order of [`Shard::runs`].
    #[serde(rename = "units")]
    pub runs: Vec<StoredRun>,
    /// The curves of the runs of this shard, for each variant of the study; `None` if it has no runs of
    /// the variant.
    pub curves: Vec<Option<StoredCurves>>,
}

impl ShardResults {
    /// The trace files that the scenarios of the study name, as they name them.
    pub fn trace_files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let kept = self.plan.variants.iter().filter_map(|variant| variant.scenario.as_ref());
        kept.chain([&self.plan.scenario]).for_each(|scenario| collect_files(scenario, &mut files));
        files
    }
}

/// Adds the values of all keys `file` in a resolved scenario.
fn collect_files(scenario: &Value, files: &mut Vec<PathBuf>) {
    match scenario {
        Value::Object(table) => table.iter().for_each(|(key, value)| match value {
            Value::String(name) if key == "file" => files.push(PathBuf::from(name)),
            below => collect_files(below, files),
        }),
        Value::Array(items) => items.iter().for_each(|item| collect_files(item, files)),
        _ => (),
    }
}

/// The results of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredRun {
    /// Which run it is.
    #[serde(flatten)]
    pub run: RunId,
    /// Its metrics.
    #[serde(flatten)]
    pub metrics: StoredMetrics,
}

/// The metrics of a run, without their names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredMetrics {
    /// The metrics of the whole run, in the order of results.
    pub total: Vec<Option<f64>>,
    /// The metrics of each client group, in the order of results.
    pub groups: Vec<Vec<Option<f64>>>,
    /// The metrics of each distribution point, in the order of results.
    pub points: Vec<Vec<Option<f64>>>,
    /// The metrics of the copies of each site and point that has copies, in the order of results.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<Vec<Option<f64>>>,
    /// The metrics of each window of time, in the order of the variant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<StoredMetrics>,
}

impl StoredRun {
    fn of(run: RunId, metrics: &RunMetrics) -> StoredRun {
        StoredRun { run, metrics: StoredMetrics::of(metrics) }
    }
}

impl StoredMetrics {
    fn of(metrics: &RunMetrics) -> StoredMetrics {
        let values = |metrics: &Metrics| metrics.iter().map(|(_, value)| *value).collect();
        StoredMetrics {
            total: values(&metrics.total),
            groups: metrics.groups.iter().map(values).collect(),
            points: metrics.points.iter().map(values).collect(),
            copies: metrics.copies.iter().map(values).collect(),
            windows: metrics.windows.iter().map(StoredMetrics::of).collect(),
        }
    }

    /// The metrics with their names; `None` if this version has other metrics.
    pub fn named(&self) -> Option<RunMetrics> {
        let all = |stored: &[Vec<_>], subject| -> Option<Vec<Metrics>> {
            stored.iter().map(|values| named(values, subject)).collect()
        };
        Some(RunMetrics {
            total: named(&self.total, Subject::Run)?,
            groups: all(&self.groups, Subject::Group)?,
            points: all(&self.points, Subject::Point)?,
            copies: all(&self.copies, Subject::Copies)?,
            windows: self.windows.iter().map(StoredMetrics::named).collect::<Option<_>>()?,
        })
    }
}

fn named(values: &[Option<f64>], subject: Subject) -> Option<Metrics> {
    let metrics: Metrics = metric::of(subject).zip(values.iter().copied()).collect();
    (values.len() == metric::of(subject).count()).then_some(metrics)
}

/// Simulates the runs of `shard` of the study `plan` of `loaded`.
///
/// # Errors
///
/// [`StudyError::InvalidRequest`] if the number of replications depends on their results, which one shard
/// does not know. [`StudyError::Interrupted`] if it was stopped: an incomplete shard cannot be merged.
pub fn run_shard(
    plan: Plan,
    shard: Shard,
    loaded: &Loaded,
    options: &Options,
) -> Result<ShardResults, StudyError> {
    let Replications::Fixed(replications) = options.replications else {
        return Err(StudyError::InvalidRequest(
            "the number of replications that a precision needs is only known when all shards are \
             merged: set it with --replications"
                .to_owned(),
        ));
    };
    let variants = &loaded.variants;
    let runs: Vec<RunId> = shard.runs(replications, variants.len()).collect();
    let bytes = variants.iter().map(|variant| variant.scenario.expected_bytes());
    let simulator = Simulator::new(options, bytes.fold(0.0, f64::max))?;
    let mut curves = vec![Curves::default(); variants.len()];
    let mut stored = Vec::with_capacity(runs.len());
    simulator.simulate_each(variants, &runs, |run, outcome| {
        stored.push(StoredRun::of(run, &outcome.metrics));
        curves[run.variant].add(outcome.curves);
    })?;
    Ok(ShardResults {
        schema: SHARD_SCHEMA.to_owned(),
        shard,
        replications,
        plan,
        runs: stored,
        curves: curves.iter().map(StoredCurves::of).collect(),
    })
}
