//! Parts: what one shard of a study came to, to be joined with the others.
//!
//! Means and intervals do not add up to the last bit, so a part keeps the metrics of each of its
//! units and leaves the summing up to whoever has all of them. Only that makes a study on many
//! machines give the same bytes as on one.

use serde::{Deserialize, Serialize};

use super::curves::{Curves, StoredCurves};
use super::plan::Plan;
use super::replicate::{Player, Replications};
use super::shard::Shard;
use super::unit::{Unit, UnitMetrics};
use super::{Options, StudyError};
use crate::scenario::Loaded;
use crate::stats::metric::{self, Metrics, Subject};

/// The schema of [`Part`] that this version writes.
pub const PART_SCHEMA: &str = "distpoint.part/1";

/// What one shard of a study came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The schema: [`PART_SCHEMA`].
    pub schema: String,
    /// Which shard it is.
    pub shard: Shard,
    /// How often the study plays each variant.
    pub replications: u64,
    /// The whole study.
    pub plan: Plan,
    /// What each unit of the shard came to, in the order of [`Shard::units`].
    pub units: Vec<PlayedUnit>,
    /// For each variant of the study the curves of the units of this shard; `None` of no units.
    pub curves: Vec<Option<StoredCurves>>,
}

/// The metrics of a unit, without their names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayedUnit {
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

impl PlayedUnit {
    fn of(unit: Unit, metrics: &UnitMetrics) -> PlayedUnit {
        let values = |metrics: &Metrics| metrics.iter().map(|(_, value)| *value).collect();
        PlayedUnit {
            replication: unit.replication,
            variant: unit.variant,
            total: values(&metrics.total),
            groups: metrics.groups.iter().map(values).collect(),
            points: metrics.points.iter().map(values).collect(),
        }
    }

    /// Which unit it is.
    pub fn unit(&self) -> Unit {
        Unit { replication: self.replication, variant: self.variant }
    }

    /// The metrics with their names; `None` if they are not those of this version.
    pub fn metrics(&self) -> Option<UnitMetrics> {
        let all = |parts: &[Vec<_>], subject| -> Option<Vec<Metrics>> {
            parts.iter().map(|part| named(part, subject)).collect()
        };
        Some(UnitMetrics {
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

/// Plays the units of `shard` of the study `plan` of `loaded`.
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
) -> Result<Part, StudyError> {
    let Replications::Fixed(replications) = options.replications else {
        return Err(StudyError::Unplayable(
            "how many replications a precision takes is only known when all shards are joined: give \
             their number with --replications"
                .to_owned(),
        ));
    };
    let variants = &loaded.variants;
    let units: Vec<Unit> = shard.units(replications, variants.len()).collect();
    let bytes = variants.iter().map(|variant| variant.scenario.expected_bytes());
    let player = Player::new(options, bytes.fold(0.0, f64::max))?;
    let mut curves = vec![Curves::default(); variants.len()];
    let mut played = Vec::with_capacity(units.len());
    player.play_each(variants, &units, |unit, outcome| {
        played.push(PlayedUnit::of(unit, &outcome.metrics));
        curves[unit.variant].add(outcome.curves);
    })?;
    Ok(Part {
        schema: PART_SCHEMA.to_owned(),
        shard,
        replications,
        plan,
        units: played,
        curves: curves.iter().map(StoredCurves::of).collect(),
    })
}
