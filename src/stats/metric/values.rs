//! The values of metrics, from the statistics of a run.

use super::table::of;
use super::{Measure, Metric, Subject, Which};
use crate::model::Span;
use crate::stats::{CopyStatistics, PointStatistics, RunStatistics, Tally};

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
        Measure::Copies(..) => None,
    })
}

/// The metrics of one group of clients. Reorders its completion times.
pub fn of_clients(clients: &mut Tally) -> Metrics {
    values(Subject::Group, |measure| match measure {
        Measure::Clients(value) | Measure::Both(value, _) => value(clients),
        Measure::Point(_) | Measure::Run(_) | Measure::Copies(..) => None,
    })
}

/// The metrics of one distribution point over the run's `measured` time.
pub fn of_point(point: &PointStatistics, measured: Span) -> Metrics {
    values(Subject::Point, |measure| match measure {
        Measure::Point(value) | Measure::Both(_, value) => value(point, measured),
        Measure::Clients(_) | Measure::Run(_) | Measure::Copies(..) => None,
    })
}

/// The metrics of the copies of a site or of a distribution point. Copies without a value do not count.
pub fn of_copies(copies: &[CopyStatistics]) -> Metrics {
    values(Subject::Copies, |measure| match measure {
        Measure::Copies(which, value) => {
            let mut values: Vec<f64> = copies.iter().filter_map(value).collect();
            values.sort_by(f64::total_cmp);
            match which {
                Which::Least => values.first(),
                Which::Median => values.get(values.len().saturating_sub(1) / 2),
                Which::Most => values.last(),
            }
            .copied()
        }
        Measure::Clients(_) | Measure::Point(_) | Measure::Both(..) | Measure::Run(_) => None,
    })
}

fn values(subject: Subject, mut value: impl FnMut(&Measure) -> Option<f64>) -> Metrics {
    of(subject).map(|metric| (metric, value(&metric.measure))).collect()
}
