//! The values of metrics, from the statistics of a run.

use super::table::of;
use super::{Measure, Metric, Subject};
use crate::model::Span;
use crate::stats::{PointStatistics, RunStatistics, Tally};

/// The metrics of a run or of one part of it, in the order of results. A value is `None` where there
/// is nothing to measure.
pub type Metrics = Vec<(Metric, Option<f64>)>;

/// The metrics of the whole run.
pub fn of_run(run: &RunStatistics) -> Metrics {
    let (mut clients, points) = (run.total(), run.points_together());
    // An average over a time in which there was no client would pass for a good one.
    let empty = clients.arrived == 0 && points.saw_nobody();
    values(Subject::Run, |measure| match measure {
        Measure::Clients(value) | Measure::Both(value, _) => value(&mut clients),
        Measure::Point(_) if empty => None,
        Measure::Point(value) => value(&points, run.measured),
        Measure::Run(value) => value(run),
    })
}

/// The metrics of one group of clients. Reorders its completion times.
pub fn of_clients(clients: &mut Tally) -> Metrics {
    values(Subject::Group, |measure| match measure {
        Measure::Clients(value) | Measure::Both(value, _) => value(clients),
        Measure::Point(_) | Measure::Run(_) => None,
    })
}

/// The metrics of one distribution point over the run's `measured` time.
pub fn of_point(point: &PointStatistics, measured: Span) -> Metrics {
    values(Subject::Point, |measure| match measure {
        Measure::Point(value) | Measure::Both(_, value) => value(point, measured),
        Measure::Clients(_) | Measure::Run(_) => None,
    })
}

fn values(subject: Subject, mut value: impl FnMut(&Measure) -> Option<f64>) -> Metrics {
    of(subject).map(|metric| (metric, value(&metric.measure))).collect()
}
