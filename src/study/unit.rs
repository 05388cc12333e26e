//! The unit of work: one replication of one variant.

use super::curves::Curves;
use super::{Engine, Options, StudyError};
use crate::engine::{event_engine, tokio_engine};
use crate::model::Time;
use crate::scenario::Scenario;
use crate::stats::metric::{self, Metrics};
use crate::stats::{RunOutcome, Standard};

/// One replication of one variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The number of the replication, from 0.
    pub replication: u64,
    /// The number of the variant, from 0.
    pub variant: usize,
}

/// What a replication came to, without what only grows with the number of clients.
#[derive(Clone, Debug)]
pub struct UnitOutcome {
    /// The values of its metrics.
    pub metrics: UnitMetrics,
    /// What adds up over the replications.
    pub curves: Curves,
    /// How many events were played.
    pub events: u64,
}

/// The values of the metrics of a replication.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitMetrics {
    /// Those of the whole run.
    pub total: Metrics,
    /// Those of each client group.
    pub groups: Vec<Metrics>,
    /// Those of each distribution point.
    pub points: Vec<Metrics>,
}

impl UnitOutcome {
    fn of(mut run: RunOutcome) -> UnitOutcome {
        let events = run.events();
        let mut curves = Curves::new(std::mem::take(&mut run.series));
        for tally in &run.groups {
            curves.add_clients(&tally.completions, &tally.attempts_per_client);
        }
        let points = run.points.iter().map(|point| metric::of_point(point, run.window));
        let metrics = UnitMetrics {
            total: metric::of_run(&run),
            points: points.collect(),
            groups: run.groups.iter_mut().map(metric::of_clients).collect(),
        };
        UnitOutcome { metrics, curves, events }
    }
}

/// Plays one replication of `scenario` and sums it up.
pub fn play_unit(
    scenario: &Scenario,
    replication: u64,
    options: &Options,
) -> Result<UnitOutcome, StudyError> {
    play(scenario, replication, options).map(UnitOutcome::of)
}

/// Plays one replication of `scenario` and checks that nothing was lost.
///
/// # Errors
///
/// [`StudyError`] if it was stopped, cannot be played, or lost count.
pub fn play(
    scenario: &Scenario,
    replication: u64,
    options: &Options,
) -> Result<RunOutcome, StudyError> {
    let replication = scenario.replication(replication);
    let observer = Standard::new(&replication);
    let observer = match options.engine {
        Engine::Events => event_engine::run(&replication, observer, &options.stop),
        Engine::Tokio if scenario.horizon > tokio_engine::MAX_HORIZON => {
            return Err(StudyError::Unplayable(format!(
                "the tokio engine plays at most {}, but the horizon is {}",
                tokio_engine::MAX_HORIZON,
                scenario.horizon
            )));
        }
        Engine::Tokio => tokio_engine::run(&replication, observer, &options.stop)
            .map_err(|error| StudyError::System(format!("cannot start tokio: {error}")))?,
    };
    if options.stopped() {
        return Err(StudyError::Interrupted);
    }
    let outcome = observer.finish(Time::ZERO + scenario.horizon);
    outcome.check().map_err(StudyError::Imbalance)?;
    Ok(outcome)
}
