//! One run: one replication of one variant.

use serde::{Deserialize, Serialize};

use super::curves::Curves;
use super::{Engine, Options, StudyError};
use crate::engine::{event_engine, tokio_engine};
use crate::model::Time;
use crate::scenario::Scenario;
use crate::stats::metric::{self, Metrics};
use crate::stats::{RunStatistics, Standard};

/// Which replication of which variant a run is; both are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunId {
    pub replication: u64,
    pub variant: usize,
}

/// The results of a run, without the data that grows with the number of clients.
#[derive(Clone, Debug)]
pub struct RunSummary {
    pub metrics: RunMetrics,
    /// Curves and distributions, which are summed up over the replications.
    pub curves: Curves,
    /// How many events were simulated.
    pub events: u64,
}

/// The values of the metrics of a replication.
#[derive(Clone, Debug, PartialEq)]
pub struct RunMetrics {
    /// Those of the whole run.
    pub total: Metrics,
    pub groups: Vec<Metrics>,
    pub points: Vec<Metrics>,
}

impl RunSummary {
    /// Sums up a run.
    pub fn of(mut run: RunStatistics) -> RunSummary {
        let events = run.events();
        let mut curves = Curves::new(std::mem::take(&mut run.series));
        for tally in &run.groups {
            curves.add_clients(&tally.completions, &tally.attempts_per_client);
        }
        let points = run.points.iter().map(|point| metric::of_point(point, run.measured));
        let metrics = RunMetrics {
            total: metric::of_run(&run),
            points: points.collect(),
            groups: run.groups.iter_mut().map(metric::of_clients).collect(),
        };
        RunSummary { metrics, curves, events }
    }
}

/// Simulates one replication of `scenario` and checks that every client is accounted for.
///
/// # Errors
///
/// [`StudyError`] if the user stopped it, the engine cannot simulate it, or a client is not accounted
/// for.
pub fn simulate(
    scenario: &Scenario,
    replication: u64,
    options: &Options,
) -> Result<RunStatistics, StudyError> {
    let replication = scenario.replication(replication);
    let observer = Standard::new(&replication);
    let observer = match options.engine {
        Engine::Events => {
            event_engine::run_with_clock(&replication, observer, &options.stop, &options.clock)
        }
        Engine::Tokio if scenario.horizon > tokio_engine::MAX_HORIZON => {
            return Err(StudyError::InvalidRequest(format!(
                "the tokio engine simulates at most {}, but the horizon is {}",
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
    let attempts = outcome.points.iter().map(|point| point.attempts()).sum::<u64>();
    tracing::debug!(
        replication = replication.number,
        simulated = attempts - outcome.skipped,
        skipped = outcome.skipped,
        "attempts",
    );
    Ok(outcome)
}
