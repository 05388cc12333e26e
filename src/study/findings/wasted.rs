//! Work for clients that have gone: a queue that takes longer to drain than they wait is a trap.

use super::diagnosis::Diagnosis;
use super::observation::Observation;
use super::remedies::{notices, remedies, shorter_queues};
use super::sustained::sustained;
use super::trap::Trap;
use crate::human::percent;
use crate::stats::metric;

/// More than this share of the connection time is too much for clients that have gone.
const WASTED: f64 = 0.2;

/// A server that works for clients that have gone, whose retries keep it busy.
pub fn wasted(observed: &Observation<'_>) -> Option<Diagnosis> {
    let points = observed.points().iter().map(|it| (it, observed.at(it, metric::WASTED)));
    let (point, wasted) =
        points.filter(|(_, wasted)| *wasted > WASTED).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let fact = format!(
        "{} spent {} of its connection time on clients that had gone",
        point.name,
        percent(wasted)
    );
    let cause = match Trap::of(observed, point) {
        Some(Trap { drains, waits, .. }) => format!(
            "{fact}: its queue of {} takes {drains} to drain, and clients wait for {waits}. Then their \
             retries take the places of those that left.",
            point.queue.length
        ),
        None => format!("{fact}."),
    };
    // Where the storm outlives its trigger, that finding tries all remedies.
    let suggestion = match sustained(observed) {
        Some(_) => shorter_queues(observed).or_else(|| notices(observed)),
        None => remedies(observed),
    };
    Some(Diagnosis {
        cause,
        evidence: vec![
            (metric::WASTED, wasted),
            (metric::TIMED_OUT, observed.at(point, metric::TIMED_OUT)),
        ],
        severity: wasted,
        suggestion,
    })
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::{kinds_of, texts_of};

    const SERVER: &str = "
        name = 'A server'
        horizon = '10m'
        [distribution_points.A]
        connection_limit = 1
        queue = 120
        [clients.steady]
        arrival = { kind = 'poisson', mean_interval = '125ms' }
        transfer = { kind = 'exponential', mean = '100ms' }
        timeout = '9s'
        retry = { policy = 'fixed', interval = '1ms', max_retries = 3 }
        [clients.burst]
        count = 7200
        arrival = { kind = 'uniform', over = '100s' }
        transfer = { kind = 'exponential', mean = '100ms' }
        timeout = '9s'
        retry = { policy = 'fixed', interval = '1ms', max_retries = 3 }
    ";

    fn is_found(changes: &[&str]) -> bool {
        kinds_of(SERVER, changes).iter().any(|kind| kind == "wasted")
    }

    #[test]
    fn a_queue_that_drains_slower_than_clients_wait_is_a_trap_and_a_shorter_one_is_none() {
        let texts = texts_of(SERVER, &[]);
        let text = texts.iter().find(|text| text.contains("clients that had gone")).expect("found");
        assert!(text.contains("takes 12s to drain, and clients wait for 9s"), "{text}");
        assert!(text.contains("With a queue of 7"), "{text}");
        assert!(!is_found(&["distribution_points.A.queue=70"]));
        assert!(!is_found(&["distribution_points.A.abandoned='cancelled'"]));
    }

    #[test]
    fn more_connections_are_not_suggested_where_work_is_wasted() {
        assert!(is_found(&[]));
        assert!(!kinds_of(SERVER, &[]).iter().any(|kind| kind == "limit_binds"));
    }
}
