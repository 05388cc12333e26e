//! Idle sessions that hold a connection limit while clients are refused or wait in a queue.

use super::diagnosis::Diagnosis;
use super::observation::Observation;
use super::suggestion::Suggestion;
use crate::human::percent;
use crate::model::{DistributionPoint, Span};
use crate::stats::metric;

/// Idle sessions hold too much of a limit beyond this share of it.
const HELD: f64 = 0.25;

/// A few refusals come from chance; beyond this share of attempts they are a problem.
const REFUSED: f64 = 0.05;

/// The time after which sessions end in the change that is suggested, or half the time if that is shorter.
const SHORT: Span = Span::from_mins(1);

/// Sessions that stay for so long after a transfer that they keep other clients out.
pub fn idle_sessions(observed: &Observation<'_>) -> Option<Diagnosis> {
    if observed.refused_share() < REFUSED && observed.metric(metric::QUEUED_MEAN) < 1.0 {
        return None;
    }
    let points = observed.points().iter().filter(|point| point.linger > Span::ZERO);
    let held = points.map(|point| (point, held(observed, point)));
    let (point, held) = held.filter(|(_, held)| *held > HELD).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let shorter = SHORT.min(Span::from_millis(point.linger.as_millis() / 2));
    let edit = observed.edit(|scenario| {
        let points = scenario.distribution_points.iter_mut();
        let lingers = points.filter(|point| point.linger > shorter);
        lingers.for_each(|point| point.linger = shorter);
    });
    let opening = format!("With sessions that end after {shorter}");
    Some(Diagnosis {
        cause: format!(
            "idle sessions held {} of {}'s limit on average: they stay for {} after a transfer and count \
             against it; {} of it was in use.",
            percent(held),
            point.name,
            point.linger,
            percent(observed.used(point)),
        ),
        evidence: vec![
            (metric::LINGERING_MEAN, observed.at(point, metric::LINGERING_MEAN)),
            (metric::REFUSED_RATIO, observed.metric(metric::REFUSED_RATIO)),
        ],
        severity: held,
        suggestion: Suggestion::new(opening, edit, observed.progress()),
    })
}

/// The share of the limit of a point that idle sessions held on average.
fn held(observed: &Observation<'_>, point: &DistributionPoint) -> f64 {
    let limit = f64::from(point.connection_limit) * f64::from(point.copies);
    observed.at(point, metric::LINGERING_MEAN) / limit
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::{kinds_of, texts_of};

    const SHARE: &str = "
        name = 'A share'
        [distribution_points.A]
        connection_limit = 10
        linger = '15m'
        [clients.g]
        count = 40
        arrival = { kind = 'even', over = '1h' }
        transfer = { kind = 'constant', duration = '2m' }
        retry = { policy = 'fixed', interval = '2m' }
    ";

    fn is_found(changes: &[&str]) -> bool {
        kinds_of(SHARE, changes).iter().any(|kind| kind == "idle_sessions")
    }

    #[test]
    fn idle_sessions_are_found_where_they_keep_clients_out() {
        assert!(is_found(&[]));
        assert!(is_found(&["distribution_points.A.queue=100"]));
        // They hold the limit, and nobody else wants it; or they hold hardly any of it.
        assert!(!is_found(&["clients.g.count=10"]));
        assert!(!is_found(&["distribution_points.A.linger='10s'"]));
    }

    #[test]
    fn the_share_that_they_hold_and_what_a_shorter_time_gives_are_said() {
        let texts = texts_of(SHARE, &[]);
        let text = texts.iter().find(|text| text.contains("idle sessions held")).expect("found");
        assert!(text.contains("of A's limit") && text.contains("stay for 15m"), "{text}");
        assert!(text.contains("With sessions that end after 1m"), "{text}");
        assert!(text.contains("times sooner"), "{text}");
    }
}
