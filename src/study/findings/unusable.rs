//! Connections that are never used because every client needs more of them at once than are left.

use super::diagnosis::Diagnosis;
use super::observation::Observation;
use super::suggestion::Suggestion;
use crate::human::{count, percent};
use crate::model::{DistributionPoint, Time};
use crate::results::mean;
use crate::stats::metric;
use crate::value::greatest_common_divisor;

/// Reported if more than this share of the connections cannot be used.
const UNUSABLE: f64 = 0.05;

/// A limit that is no multiple of the connections that each client needs.
pub fn unusable_connections(observed: &Observation<'_>) -> Option<Diagnosis> {
    let share = |point: &DistributionPoint| unusable_share(observed, point);
    let points = observed.points().iter().filter(|point| refuses(observed, point));
    let (point, unusable) =
        points.map(|point| (point, share(point))).max_by(|a, b| a.1.total_cmp(&b.1))?;
    if unusable < UNUSABLE {
        return None;
    }
    let width = width(observed, point);
    let (limit, name) = (point.connection_limit, &point.name);
    let fits = limit.div_ceil(width).checked_mul(width)?;
    let raised = observed.edit(|scenario| {
        let points = scenario.distribution_points.iter_mut();
        points.filter(|point| point.name == *name).for_each(|point| point.connection_limit = fits);
    });
    let opening = format!("With a limit of {}", count(f64::from(fits)));
    let needs = match least_width(observed, point) == width {
        true => format!("each client needs {width} at once"),
        false => format!("its clients need multiples of {width} at once"),
    };
    let cause = match (limit % width, limit < width) {
        // The limit itself fits: it is changed at times.
        (0, _) => format!(
            "{} of {name}'s connections can never be used: {needs}, and at times the limit is no multiple of \
             that.",
            percent(unusable)
        ),
        (_, true) => {
            format!("{name} admits no client with its limit of {limit}: {needs}.")
        }
        (rest, false) => {
            format!("{rest} of {name}'s {limit} connections can never be used: {needs}.")
        }
    };
    Some(Diagnosis {
        cause,
        evidence: vec![(metric::UTILISATION, observed.used(point))],
        severity: unusable,
        suggestion: Suggestion::new(opening, raised, observed.progress()),
    })
}

/// The share of the connections of `point`, over the time until the last completion, that cannot be used
/// because every client needs several at once.
pub fn unusable_share(observed: &Observation<'_>, point: &DistributionPoint) -> f64 {
    let (width, Some(scenario)) = (width(observed, point), observed.scenario) else { return 0.0 };
    if width < 2 {
        return 0.0;
    }
    let makespan = Time::from_millis(observed.metric(metric::MAKESPAN) as u64);
    let end = match makespan {
        Time::ZERO => Time::ZERO + scenario.horizon,
        makespan => makespan,
    };
    let mut timeline = point.timeline(scenario.seed, 0);
    let (mut all, mut unusable, mut since) = (0.0, 0.0, Time::ZERO);
    loop {
        let limit = timeline.state();
        let until = timeline.advance(end).unwrap_or(end);
        let lasted = until.since(since).as_millis_f64();
        all += lasted * f64::from(limit);
        unusable += lasted * f64::from(limit % width);
        since = until;
        if until >= end {
            return if all > 0.0 { unusable / all } else { 0.0 };
        }
    }
}

/// The greatest number of which all clients of `point` need a multiple of connections at once.
fn width(observed: &Observation<'_>, point: &DistributionPoint) -> u32 {
    let widths = widths(observed, point).map(u64::from);
    widths.fold(0, greatest_common_divisor) as u32
}

fn least_width(observed: &Observation<'_>, point: &DistributionPoint) -> u32 {
    widths(observed, point).min().unwrap_or(0)
}

/// How many connections at once the clients of each group need that may use `point`.
fn widths(observed: &Observation<'_>, point: &DistributionPoint) -> impl Iterator<Item = u32> {
    let place = observed.points().iter().position(|known| known.name == point.name);
    observed
        .groups()
        .iter()
        .filter(move |group| group.all_points().any(|id| Some(id.index()) == place))
        .map(|group| group.connections)
}

/// Whether `point` refused any attempt.
fn refuses(observed: &Observation<'_>, point: &DistributionPoint) -> bool {
    let metrics = observed.results.distribution_points.get(&point.name);
    metrics.is_some_and(|metrics| mean(metrics, metric::REFUSED) > 0.0)
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::{kinds_of, texts_of};

    const WIDE: &str = "
        name = 'Wide clients'
        distribution_points.A.connection_limit = 5
        [clients.wide]
        count = 10
        connections = 3
        arrival = { kind = 'burst' }
        transfer = { kind = 'constant', duration = '10m' }
        retry = { policy = 'fixed', interval = '10m' }
    ";

    #[test]
    fn connections_that_fit_no_client_are_the_finding_instead_of_lockstep() {
        assert_eq!(kinds_of(WIDE, &[]), ["unusable_connections"]);
        let text = &texts_of(WIDE, &[])[0];
        let cause = "2 of A's 5 connections can never be used: each client needs 3 at once.";
        assert!(text.starts_with(cause), "{text}");
        assert!(
            text.contains("With a limit of 6, the last client finishes 2.0 times sooner"),
            "{text}"
        );
        let is_found =
            |change: &str| kinds_of(WIDE, &[change]).contains(&"unusable_connections".to_owned());
        assert!(!is_found("distribution_points.A.connection_limit=6"));
        assert!(!is_found("clients.wide.connections=1"));
        assert!(!is_found("distribution_points.A.connection_limit=1001"), "one of a thousand");
        // A narrow client uses what the wide ones leave.
        let narrow = format!(
            "{WIDE}
            [clients.narrow]
            count = 1
            arrival = {{ kind = 'burst' }}
            transfer = {{ kind = 'constant', duration = '10m' }}"
        );
        assert!(!kinds_of(&narrow, &[]).contains(&"unusable_connections".to_owned()));
    }

    #[test]
    fn a_limit_that_admits_nobody_but_at_times_is_found() {
        let text = &texts_of(
            WIDE,
            &[
                "distribution_points.A.connection_limit=2",
                "distribution_points.A.limit_changes=[{ from = '1h', for = '1h', connection_limit = 30 }]",
            ],
        )[0];
        let cause = "A admits no client with its limit of 2: each client needs 3 at once.";
        assert!(text.starts_with(cause), "{text}");
    }
}
