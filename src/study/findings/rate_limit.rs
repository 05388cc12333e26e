//! A rate limit that holds clients up, where more connections would not help.

use super::diagnosis::Diagnosis;
use super::observation::{FULL, Observation};
use super::suggestion::Suggestion;
use crate::human::percent;
use crate::model::{Allowance, DistributionPoint, Frequency};
use crate::stats::metric;

/// The rate limit is what holds clients up if it refuses more than this share of the attempts, unless the connection
/// limit refuses more than this share of those that pass it.
const RATE_LIMITED: f64 = 0.2;

/// It is also if so many clients wait for it on average.
const WAITING: f64 = 1.0;

/// A rate limit that refuses or delays requests at a point whose connections are free.
pub fn rate_limit_binds(observed: &Observation<'_>) -> Option<Diagnosis> {
    let points = observed.points().iter().filter(|point| point.rate_limit.is_some());
    let bound = points.filter_map(|point| Some((point, binds(observed, point)?)));
    let (point, (severity, what)) = bound.max_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
    let used = observed.used(point);
    let edit = observed.edit(|scenario| {
        let points = scenario.distribution_points.iter_mut();
        points.filter_map(|point| point.rate_limit.as_mut()).for_each(|limit| {
            limit.allowance = twice(limit.allowance);
        });
    });
    Some(Diagnosis {
        cause: format!(
            "the rate limit is the bottleneck, not the connection limit: {}{what}, and {} of the connections \
             were in use.",
            point.name,
            percent(used),
        ),
        evidence: vec![
            (metric::RATE_LIMITED, observed.at(point, metric::RATE_LIMITED)),
            (metric::UTILISATION, used),
        ],
        severity,
        suggestion: Suggestion::new("With twice the rate", edit, observed.progress()),
    })
}

/// How bad it is, and what the rate limit of a point does, if that and not its connections holds clients up.
fn binds(observed: &Observation<'_>, point: &DistributionPoint) -> Option<(f64, String)> {
    if observed.used(point) > FULL {
        return None;
    }
    let attempts = observed.at(point, metric::ATTEMPTS).max(1.0);
    let limited = observed.at(point, metric::RATE_LIMITED) / attempts;
    // Clients that pass the rate limit and find no connection free come again, and may be refused by it then.
    if observed.refused_share_at(point) > RATE_LIMITED {
        return None;
    }
    if limited > RATE_LIMITED {
        return Some((limited, format!("'s refused {} of all attempts", percent(limited))));
    }
    // A queue for a connection is empty unless the connections are in full use.
    let waiting = observed.at(point, metric::QUEUED_MEAN);
    let is_idle = observed.used(point) < FULL / 2.0;
    let delays = format!(" let {waiting:.1} requests wait on average");
    // To wait is less bad than to be refused.
    let severity = RATE_LIMITED * waiting / (1.0 + waiting);
    (waiting > WAITING && is_idle).then_some((severity, delays))
}

/// A rate limit that lets twice as many requests pass; the same if it cannot.
fn twice(allowance: Allowance) -> Allowance {
    match allowance {
        Allowance::Bucket { rate, burst, excess } => {
            let number = rate.number().saturating_mul(2).min(Frequency::MOST);
            Allowance::Bucket { rate: Frequency::new(number, rate.per()), burst, excess }
        }
        Allowance::Window { most, window } => {
            Allowance::Window { most: most.saturating_mul(2), window }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::{kinds_of, texts_of};

    const API: &str = "
        name = 'An API'
        [distribution_points.A]
        connection_limit = 50
        rate_limit = { rate = '2/s', burst = 5 }
        [clients.g]
        count = 400
        arrival = { kind = 'even', over = '1m' }
        transfer = { kind = 'constant', duration = '500ms' }
        retry = { policy = 'fixed', interval = '10s', jitter = '50%' }
    ";

    fn is_found(changes: &[&str]) -> bool {
        kinds_of(API, changes).iter().any(|kind| kind == "rate_limit_binds")
    }

    #[test]
    fn a_rate_limit_is_found_where_connections_are_free() {
        assert!(is_found(&[]));
        let waits = "distribution_points.A.rate_limit={rate='2/s', burst=1000, excess='delay'}";
        assert!(is_found(&[waits]));
        // The connections are in full use, or the limit is higher than what comes.
        let long = "clients.g.transfer={kind='constant', duration='10s'}";
        assert!(!is_found(&["distribution_points.A.connection_limit=2", long]));
        assert!(!is_found(&["distribution_points.A.rate_limit={rate='100/s', burst=5}"]));
        let queue = "distribution_points.A.queue=1000";
        let wide = "distribution_points.A.rate_limit={rate='100/s', burst=500}";
        assert!(!is_found(&[queue, wide, "distribution_points.A.connection_limit=2"]));
    }

    #[test]
    fn a_rate_limit_is_not_blamed_where_more_are_refused_for_want_of_a_connection() {
        let text = "
            name = 'A rate limit before a connection limit that is the bottleneck'
            distribution_points.S = { connection_limit = 2, rate_limit = { rate = '5/s', burst = 5 } }
            [clients.a]
            count = 500
            arrival = { kind = 'uniform', over = '1m' }
            transfer = { kind = 'constant', duration = '1s' }
            retry = { policy = 'fixed', interval = '10s' }
        ";
        let kinds = kinds_of(text, &[]);
        assert!(!kinds.iter().any(|kind| kind == "rate_limit_binds"), "{kinds:?}");
        assert!(kinds.iter().any(|kind| kind == "limit_binds"), "{kinds:?}");
        let kinds = kinds_of(text, &["distribution_points.S.connection_limit=20"]);
        assert!(kinds.iter().any(|kind| kind == "rate_limit_binds"), "{kinds:?}");
    }

    #[test]
    fn idle_connections_are_no_finding_of_their_own_where_a_rate_limit_binds() {
        assert!(!kinds_of(API, &[]).iter().any(|kind| kind == "idle_while_waiting"));
    }

    #[test]
    fn what_twice_the_rate_gives_is_said() {
        let texts = texts_of(API, &[]);
        let text = texts.iter().find(|text| text.contains("the rate limit is")).expect("found");
        assert!(text.contains("A's refused") && text.contains("With twice the rate"), "{text}");
        assert!(text.contains("times sooner"), "{text}");
    }

    #[test]
    fn more_connections_are_not_suggested_where_another_point_refuses_by_its_rate_limit() {
        let text = "
            name = 'A full point that refuses few, and a rate limit that refuses most'
            distribution_points.FULL = { connection_limit = 1, queue = 100 }
            distribution_points.API = { connection_limit = 50, rate_limit = { rate = '1/s' } }
            [clients.patient]
            count = 60
            distribution_points = ['FULL']
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '5s' }
            [clients.many]
            count = 200
            distribution_points = ['API']
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '100ms' }
            retry = { policy = 'fixed', interval = '5s', jitter = '50%' }
        ";
        let kinds = kinds_of(text, &[]);
        assert!(kinds.iter().any(|kind| kind == "rate_limit_binds"), "{kinds:?}");
        assert!(!kinds.iter().any(|kind| kind == "limit_binds"), "{kinds:?}");
    }
}
