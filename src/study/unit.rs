//! The unit of work: one replication of one variant.

use hdrhistogram::Histogram;

use super::{Engine, Options, StudyError};
use crate::engine::{event_engine, tokio_engine};
use crate::model::Time;
use crate::scenario::Scenario;
use crate::stats::{RunOutcome, Series, Standard, metrics, new_histogram, record};

/// The digits of the histogram of completion times: within 1% is enough for a chart.
const COMPLETION_DIGITS: u8 = 2;

/// What a replication came to, without what only grows with the number of clients.
#[derive(Clone, Debug)]
pub struct UnitOutcome {
    /// The values of the run's metrics.
    pub total: metrics::Metrics,
    /// Those of each client group.
    pub groups: Vec<metrics::Metrics>,
    /// Those of each distribution point.
    pub points: Vec<metrics::Metrics>,
    /// Curves over time.
    pub series: Series,
    /// Times from arrival to completion, in ms.
    pub completion: Histogram<u64>,
    /// Attempts per client.
    pub attempts: Histogram<u64>,
    /// How many events were played.
    pub events: u64,
}

impl UnitOutcome {
    fn of(mut run: RunOutcome) -> UnitOutcome {
        let mut completion = new_histogram(COMPLETION_DIGITS);
        let mut attempts = new_histogram(crate::stats::HISTOGRAM_DIGITS);
        for tally in &run.groups {
            tally.completions.iter().for_each(|&millis| record(&mut completion, millis));
            // Both resize themselves, so they always add up.
            let _ = attempts.add(&tally.attempts_per_client);
        }
        UnitOutcome {
            total: metrics::of_run(&run),
            groups: run.groups.iter_mut().map(metrics::of_clients).collect(),
            points: run.points.iter().map(|point| metrics::of_point(point, run.window)).collect(),
            events: run.events(),
            series: run.series,
            completion,
            attempts,
        }
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
