//! A queue that takes longer to drain than clients wait.

use super::observation::Observation;
use crate::model::{DistributionPoint, Span};
use crate::stats::metric;

/// The share of the time that clients wait which the suggested queue takes to drain.
const MARGIN: f64 = 0.8;

/// A queue that is full of requests for which nobody will wait.
pub struct Trap {
    /// How long the queue takes to drain when it is full.
    pub drains: Span,
    /// How long the most patient clients wait for an answer.
    pub waits: Span,
    /// A length at which it takes less than clients wait.
    pub shorter: u32,
}

impl Trap {
    pub fn of(observed: &Observation<'_>, point: &DistributionPoint) -> Option<Trap> {
        let waits = observed.groups().iter().map(|group| group.timeout);
        let waits = waits.max_by_key(|timeout| timeout.unwrap_or(Span::MAX))??;
        // Little's law: how long a connection lasts, from how many there are and how many end.
        let per_milli = observed.at(point, metric::THROUGHPUT) / 3_600_000.0;
        if per_milli <= 0.0 {
            return None;
        }
        let lasts = observed.at(point, metric::CONNECTIONS_MEAN) / per_milli;
        let each = lasts / f64::from(point.connection_limit);
        let drains = f64::from(point.queue.length) * each;
        let shorter = (MARGIN * waits.as_millis_f64() / each) as u32;
        (drains > waits.as_millis_f64() && shorter < point.queue.length).then(|| Trap {
            drains: Span::from_secs((drains / 1000.0).round() as u64),
            waits,
            shorter,
        })
    }
}
