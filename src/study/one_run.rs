//! One run: one replication of one variant.

use std::sync::Mutex;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::curves::Curves;
use super::{Engine, Options, StudyError};
use crate::engine::{event_engine, tokio_engine};
use crate::model::{Components, Replication, Time};
use crate::scenario::Scenario;
use crate::stats::metric::{self, Metrics};
use crate::stats::{Gauge, Observed, Part, RunStatistics, Standard, Whole};

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
    /// How many events it had.
    pub events: u64,
    /// How many of them were skipped.
    pub skipped: u64,
}

/// The values of the metrics of a replication.
#[derive(Clone, Debug, PartialEq)]
pub struct RunMetrics {
    /// Those of the whole run.
    pub total: Metrics,
    pub groups: Vec<Metrics>,
    pub points: Vec<Metrics>,
    /// Those of the copies of sites, and then of points that have several.
    pub copies: Vec<Metrics>,
}

impl RunSummary {
    /// Sums up a run.
    pub fn of(mut run: RunStatistics) -> RunSummary {
        let (events, skipped) = (run.events(), run.skipped);
        let mut curves = Curves::new(std::mem::take(&mut run.series));
        for tally in &run.groups {
            curves.add_clients(&tally.completions, &tally.attempts_per_client);
        }
        let points = run.points.iter().map(|point| metric::of_point(point, run.measured));
        let pools =
            run.points.iter().map(|point| &point.copies).filter(|copies| !copies.is_empty());
        let copies = run.sites.iter().chain(pools).map(Vec::as_slice);
        let metrics = RunMetrics {
            total: metric::of_run(&run),
            points: points.collect(),
            groups: run.groups.iter_mut().map(metric::of_clients).collect(),
            copies: copies.map(metric::of_copies).collect(),
        };
        RunSummary { metrics, curves, events, skipped }
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
    let components = scenario.components();
    let outcome = if components.is_one_without_copies() {
        let replication = scenario.replication(replication);
        let observer: Standard = observe(&replication, options)?;
        observer.finish(replication.horizon)
    } else {
        simulate_apart(scenario, &components, replication, options)?
    };
    outcome.check().map_err(StudyError::Imbalance)?;
    let attempts = outcome.points.iter().map(|point| point.attempts()).sum::<u64>();
    tracing::debug!(
        replication,
        simulated = attempts - outcome.skipped,
        skipped = outcome.skipped,
        "attempts",
    );
    Ok(outcome)
}

/// Simulates the components one by one, on all threads that are free, and adds up what becomes of them.
fn simulate_apart(
    scenario: &Scenario,
    components: &Components<'_>,
    replication: u64,
    options: &Options,
) -> Result<RunStatistics, StudyError> {
    let start = Time::ZERO + scenario.warmup;
    let [groups, points] = [scenario.clients.len(), scenario.distribution_points.len()];
    let horizon = Time::ZERO + scenario.horizon;
    let whole = Mutex::new(Whole::new(groups, points, scenario.sites.len(), start, horizon));
    (0..components.len() as usize).into_par_iter().with_max_len(1).try_for_each(|number| {
        if options.stopped() {
            return Err(StudyError::Interrupted);
        }
        let component = components.get(number as u64);
        let replication = scenario.replication_of(&component, replication);
        let part: Part = observe(&replication, options)?;
        let finished = part.finish(&component, &replication);
        // A thread that panicked meanwhile ends the program.
        let mut whole = whole.lock().unwrap_or_else(|poison| poison.into_inner());
        whole.add(finished, &component);
        Ok(())
    })?;
    Ok(whole.into_inner().unwrap_or_else(|poison| poison.into_inner()).finish())
}

/// Simulates a replication before an observer.
fn observe<G: Gauge + 'static>(
    replication: &Replication<'_>,
    options: &Options,
) -> Result<Observed<G>, StudyError> {
    let observer = Observed::new(replication);
    let horizon = replication.horizon.since(Time::ZERO);
    let observer = match options.engine {
        Engine::Events => {
            event_engine::run_with_clock(replication, observer, &options.stop, &options.clock)
        }
        Engine::Tokio if horizon > tokio_engine::MAX_HORIZON => {
            return Err(StudyError::InvalidRequest(format!(
                "the tokio engine simulates at most {}, but the horizon is {horizon}",
                tokio_engine::MAX_HORIZON,
            )));
        }
        Engine::Tokio => tokio_engine::run(replication, observer, &options.stop)
            .map_err(|error| StudyError::System(format!("cannot start tokio: {error}")))?,
    };
    if options.stopped() {
        return Err(StudyError::Interrupted);
    }
    Ok(observer)
}
