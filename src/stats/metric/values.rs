//! The values of metrics, from the statistics of a run.

use super::definition::{Measure, Metric, Subject};
use super::table::of;
use crate::model::Span;
use crate::stats::run_statistics::{PointStatistics, RunStatistics};
use crate::stats::tally::Tally;

/// The metrics of a run or of one part of it, in the order of results. A value is `None` where there
/// is nothing to measure.
pub type Metrics = Vec<(Metric, Option<f64>)>;

/// The metrics of the whole run.
pub fn of_run(run: &RunStatistics) -> Metrics {
    let (mut clients, points) = (run.total(), run.points_together());
    // An average over a time in which there was no client would pass for a good one.
    let empty = clients.arrived == 0 && points.saw_nobody();
    let values = of(Subject::Run).map(|metric| {
        let value = match metric.measure {
            Measure::Clients(value) | Measure::Both(value, _) => value(&mut clients),
            Measure::Point(_) if empty => None,
            Measure::Point(value) => value(&points, run.measured),
            Measure::Run(value) => value(run),
        };
        (metric, value)
    });
    values.collect()
}

/// The metrics of one group of clients. Reorders its completion times.
pub fn of_clients(clients: &mut Tally) -> Metrics {
    let values = of(Subject::Group).map(|metric| {
        let value = match metric.measure {
            Measure::Clients(value) | Measure::Both(value, _) => value(clients),
            Measure::Point(_) | Measure::Run(_) => None,
        };
        (metric, value)
    });
    values.collect()
}

/// The metrics of one distribution point over the run's `measured` time.
pub fn of_point(point: &PointStatistics, measured: Span) -> Metrics {
    let values = of(Subject::Point).map(|metric| {
        let value = match metric.measure {
            Measure::Point(value) | Measure::Both(_, value) => value(point, measured),
            Measure::Clients(_) | Measure::Run(_) => None,
        };
        (metric, value)
    });
    values.collect()
}
