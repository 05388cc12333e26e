//! One run: one replication of one variant.

use std::sync::Mutex;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::curves::Curves;
use super::{Engine, Options, StudyError};
use crate::engine::{event_engine, tokio_engine};
use crate::model::{Component, Components, Observer, Replication, Time};
use crate::scenario::{Scenario, Variant};
use crate::stats::metric::{self, Metrics};
use crate::stats::{
    Goodput, MeasuredTime, Part, RunStatistics, Standard, Whole, WindowedParts, WindowedWholes,
};

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
    /// Those of windows of time, in the order of the variant; they have no copies and no windows.
    pub windows: Vec<RunMetrics>,
}

impl RunSummary {
    /// Simulates a replication of `variant` and sums it up.
    ///
    /// # Errors
    ///
    /// [`StudyError`] as from [`simulate`].
    pub fn simulate(
        variant: &Variant,
        replication: u64,
        options: &Options,
    ) -> Result<RunSummary, StudyError> {
        let Variant { scenario, windows, .. } = variant;
        if windows.is_empty() && scenario.trigger.is_none() {
            return Ok(RunSummary::of(simulate(scenario, replication, options)?));
        }
        let windows: Vec<MeasuredTime> =
            windows.iter().map(|during| scenario.window(during)).collect();
        let (run, windows) = simulate_windows(scenario, &windows, replication, options)?;
        let mut summary = RunSummary::of(run);
        summary.metrics.windows = windows.into_iter().map(RunMetrics::of).collect();
        Ok(summary)
    }

    fn of(mut run: RunStatistics) -> RunSummary {
        let (events, skipped) = (run.events(), run.skipped);
        let mut curves = Curves::new(std::mem::take(&mut run.series));
        for tally in &run.groups {
            curves.add_clients(&tally.completions, &tally.attempts_per_client);
        }
        RunSummary { metrics: RunMetrics::of(run), curves, events, skipped }
    }
}

impl RunMetrics {
    fn of(mut run: RunStatistics) -> RunMetrics {
        let points = run.points.iter().map(|point| metric::of_point(point, run.measured));
        let pools =
            run.points.iter().map(|point| &point.copies).filter(|copies| !copies.is_empty());
        let copies = run.sites.iter().chain(pools).map(Vec::as_slice);
        RunMetrics {
            total: metric::of_run(&run),
            points: points.collect(),
            copies: copies.map(metric::of_copies).collect(),
            groups: run.groups.iter_mut().map(metric::of_clients).collect(),
            windows: Vec::new(),
        }
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
        let observer = observe(&replication, Standard::new(&replication), options)?;
        observer.finish(replication.horizon)
    } else {
        simulate_apart(scenario, &components, replication, options)?
    };
    check(replication, &outcome)?;
    Ok(outcome)
}

/// The same, and what is measured in windows of time.
fn simulate_windows(
    scenario: &Scenario,
    windows: &[MeasuredTime],
    replication: u64,
    options: &Options,
) -> Result<(RunStatistics, Vec<RunStatistics>), StudyError> {
    let components = scenario.components();
    let empty = nothing_of(scenario);
    let within = WindowedWholes::new(&empty, windows);
    let goodput = scenario.aftermath().map(Goodput::new);
    let wholes = Mutex::new((empty, within, goodput.clone()));
    each_component(scenario, &components, replication, options, |component, replication| {
        let within = WindowedParts::new(replication, windows);
        let observers = (Part::new(replication), (within, goodput.clone()));
        let (part, (within, goodput)) = observe(replication, observers, options)?;
        let part = part.finish(component, replication);
        let within = within.finish(component, replication);
        let mut wholes = wholes.lock().unwrap_or_else(|poison| poison.into_inner());
        wholes.0.add(part, component);
        wholes.1.add(within, component);
        if let (Some(sum), Some(goodput)) = (&mut wholes.2, &goodput) {
            sum.add(goodput);
        }
        Ok(())
    })?;
    let wholes = wholes.into_inner().unwrap_or_else(|poison| poison.into_inner());
    let (mut whole, within) = (wholes.0.finish(), wholes.1.finish());
    whole.recovered = wholes.2.and_then(|goodput| goodput.recovered());
    check(replication, &whole)?;
    within.iter().try_for_each(RunStatistics::check).map_err(StudyError::Imbalance)?;
    Ok((whole, within))
}

/// Checks that every client is accounted for.
fn check(replication: u64, outcome: &RunStatistics) -> Result<(), StudyError> {
    outcome.check().map_err(StudyError::Imbalance)?;
    let attempts = outcome.points.iter().map(|point| point.attempts()).sum::<u64>();
    tracing::debug!(
        replication,
        simulated = attempts - outcome.skipped,
        skipped = outcome.skipped,
        "attempts",
    );
    Ok(())
}

/// Simulates the components one by one, on all threads that are free, and adds up what becomes of them.
fn simulate_apart(
    scenario: &Scenario,
    components: &Components<'_>,
    replication: u64,
    options: &Options,
) -> Result<RunStatistics, StudyError> {
    let whole = Mutex::new(nothing_of(scenario));
    each_component(scenario, components, replication, options, |component, replication| {
        let part = observe(replication, Part::new(replication), options)?;
        let finished = part.finish(component, replication);
        // A thread that panicked meanwhile ends the program.
        let mut whole = whole.lock().unwrap_or_else(|poison| poison.into_inner());
        whole.add(finished, component);
        Ok(())
    })?;
    Ok(whole.into_inner().unwrap_or_else(|poison| poison.into_inner()).finish())
}

/// The statistics of a run of which no component is simulated yet.
fn nothing_of(scenario: &Scenario) -> Whole {
    let start = Time::ZERO + scenario.warmup;
    let [groups, points] = [scenario.clients.len(), scenario.distribution_points.len()];
    let horizon = Time::ZERO + scenario.horizon;
    Whole::new(groups, points, scenario.sites.len(), start, horizon)
}

/// Calls `simulate` with each component and its replication, on all threads that are free.
fn each_component(
    scenario: &Scenario,
    components: &Components<'_>,
    replication: u64,
    options: &Options,
    simulate: impl Fn(&Component, &Replication<'_>) -> Result<(), StudyError> + Sync,
) -> Result<(), StudyError> {
    (0..components.len() as usize).into_par_iter().with_max_len(1).try_for_each(|number| {
        if options.stopped() {
            return Err(StudyError::Interrupted);
        }
        let component = components.get(number as u64);
        simulate(&component, &scenario.replication_of(&component, replication))
    })
}

/// Simulates a replication before an observer.
fn observe<O: Observer + Send + 'static>(
    replication: &Replication<'_>,
    observer: O,
    options: &Options,
) -> Result<O, StudyError> {
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
