//! Parts: what one shard of a study came to, to be joined with the others.
//!
//! Means and intervals do not add up to the last bit, so a part keeps the metrics of each of its
//! runs and leaves the summing up to whoever has all of them. Only that makes a study on many
//! machines give the same bytes as on one.

use serde::{Deserialize, Serialize};

use super::share::Shard;
use crate::results::SHARD_SCHEMA;
use crate::scenario::Loaded;
use crate::stats::metric::{self, Metrics, Subject};
use crate::study::curves::{Curves, StoredCurves};
use crate::study::error::StudyError;
use crate::study::one_run::{RunId, RunMetrics};
use crate::study::options::{Options, Replications};
use crate::study::plan::Plan;
use crate::study::simulator::Simulator;

/// What one shard of a study came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShardResults {
    /// The schema: [`SHARD_SCHEMA`].
    pub schema: String,
    /// Which shard it is.
    pub shard: Shard,
    /// How often the study simulates each variant.
    pub replications: u64,
    /// The whole study.
    pub plan: Plan,
    /// What each run of the shard came to, in the order of [`Shard::runs`].
    #[serde(rename = "units")]
    pub runs: Vec<StoredRun>,
    /// For each variant of the study the curves of the runs of this shard; `None` of no runs.
    pub curves: Vec<Option<StoredCurves>>,
}

/// The metrics of a run, without their names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredRun {
    /// The number of the replication, from 0.
    pub replication: u64,
    /// The number of the variant, from 0.
    pub variant: usize,
    /// Those of the whole run, in the order of results.
    pub total: Vec<Option<f64>>,
    /// Those of each client group, in the order of results.
    pub groups: Vec<Vec<Option<f64>>>,
    /// Those of each distribution point, in the order of results.
    pub points: Vec<Vec<Option<f64>>>,
}

impl StoredRun {
    fn of(run: RunId, metrics: &RunMetrics) -> StoredRun {
        let values = |metrics: &Metrics| metrics.iter().map(|(_, value)| *value).collect();
        StoredRun {
            replication: run.replication,
            variant: run.variant,
            total: values(&metrics.total),
            groups: metrics.groups.iter().map(values).collect(),
            points: metrics.points.iter().map(values).collect(),
        }
    }

    /// Which run it is.
    pub fn run(&self) -> RunId {
        RunId { replication: self.replication, variant: self.variant }
    }

    /// The metrics with their names; `None` if they are not those of this version.
    pub fn metrics(&self) -> Option<RunMetrics> {
        let all = |parts: &[Vec<_>], subject| -> Option<Vec<Metrics>> {
            parts.iter().map(|part| named(part, subject)).collect()
        };
        Some(RunMetrics {
            total: named(&self.total, Subject::Run)?,
            groups: all(&self.groups, Subject::Group)?,
            points: all(&self.points, Subject::Point)?,
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
/// [`StudyError`], also if it was stopped: half a shard is of no use, it is run again. And
/// [`StudyError::Unplayable`] if the number of replications depends on what they come to, which no
/// shard knows by itself.
pub fn run_shard(
    plan: Plan,
    shard: Shard,
    loaded: &Loaded,
    options: &Options,
) -> Result<ShardResults, StudyError> {
    let Replications::Fixed(replications) = options.replications else {
        return Err(StudyError::Unplayable(
            "how many replications a precision takes is only known when all shards are joined: give \
             their number with --replications"
                .to_owned(),
        ));
    };
    let variants = &loaded.variants;
    let runs: Vec<RunId> = shard.runs(replications, variants.len()).collect();
    let bytes = variants.iter().map(|variant| variant.scenario.expected_bytes());
    let simulator = Simulator::new(options, bytes.fold(0.0, f64::max))?;
    let mut curves = vec![Curves::default(); variants.len()];
    let mut played = Vec::with_capacity(runs.len());
    simulator.simulate_each(variants, &runs, |run, outcome| {
        played.push(StoredRun::of(run, &outcome.metrics));
        curves[run.variant].add(outcome.curves);
    })?;
    Ok(ShardResults {
        schema: SHARD_SCHEMA.to_owned(),
        shard,
        replications,
        plan,
        runs: played,
        curves: curves.iter().map(StoredCurves::of).collect(),
    })
}
