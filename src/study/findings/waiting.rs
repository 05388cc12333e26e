//! Capacity that is free while clients wait for their next retry.

use super::diagnosis::Diagnosis;
use super::edit::{releases, releases_mut};
use super::errors::are_most_refusals;
use super::observation::Observation;
use super::outages::transfers_too_long;
use super::rate_limit::rate_limit_binds;
use super::suggestion::Suggestion;
use super::unusable::unusable_share;
use crate::human::percent;
use crate::model::{ClientGroup, Delay, Jitter, Span};
use crate::results::mean;
use crate::stats::metric;

/// A distribution point is idle too long beyond this share of its capacity.
const IDLE: f64 = 0.25;
/// The jitter that is suggested.
const JITTER: Jitter = Jitter::AroundShare(0.5);

/// Retries that come too late, either in lockstep or independently.
pub fn idle_while_waiting(observed: &Observation<'_>) -> Option<Diagnosis> {
    let has_other_reason = transfers_too_long(observed).is_some()
        || rate_limit_binds(observed).is_some()
        || are_most_refusals(observed);
    if has_other_reason {
        return None;
    }
    let (point, idle) = longest_idle(observed)?;
    let lockstep = lockstep_interval(observed.groups());
    let why = match lockstep {
        Some(interval) => format!("they retry in lockstep, every {interval}"),
        None => "their retries come later than the connections become free".to_owned(),
    };
    // Growing delays keep clients away. So the change makes every delay as long as the first.
    let edit = observed.edit_groups(|group| {
        let interval = group.release.retry.first_delay();
        for release in releases_mut(group) {
            release.retry.delay = Delay::Fixed { interval, jitter: JITTER };
        }
    });
    let opening = match lockstep {
        Some(_) => "With a jitter of 50%".to_owned(),
        None => {
            let mut delays =
                observed.groups().iter().map(|group| group.release.retry.first_delay());
            let first = delays.next().unwrap_or(Span::ZERO);
            match delays.all(|other| other == first) {
                true => format!("With a retry every {first} and a jitter of 50%"),
                false => "With every delay as long as the first and a jitter of 50%".to_owned(),
            }
        }
    };
    let fact = format!("{point} was idle {} of the time while clients waited", percent(idle));
    // The connections may be free for another reason, such as transfers that do not fit between outages.
    let suggestion = Suggestion::new(opening, edit, observed.progress());
    let suggestion = suggestion.map(|suggestion| suggestion.confirms(format!("{fact}: {why}.")));
    Some(Diagnosis {
        cause: format!("{fact}."),
        evidence: vec![(metric::IDLE_WHILE_WAITING, idle)],
        severity: idle,
        suggestion,
    })
}

/// The point that was idle longest while clients waited, and the share of its capacity, if that is too
/// much even without the connections that its clients cannot use.
fn longest_idle<'a>(observed: &Observation<'a>) -> Option<(&'a str, f64)> {
    let points = observed.results.distribution_points.iter().map(|(name, metrics)| {
        let idle = mean(metrics, metric::IDLE_WHILE_WAITING);
        let unusable = observed.point(name).map_or(0.0, |point| unusable_share(observed, point));
        (name.as_str(), idle, idle - unusable)
    });
    let (name, idle, _) =
        points.filter(|(.., usable)| *usable > IDLE).max_by(|a, b| a.2.total_cmp(&b.2))?;
    Some((name, idle))
}

/// The interval after which clients retry if it is the same for all of them: clients that were refused
/// at the same time then retry at the same time.
fn lockstep_interval(groups: &[ClientGroup]) -> Option<Span> {
    let mut intervals =
        groups.iter().flat_map(releases).map(|release| release.retry.fixed_interval());
    let first = intervals.next()??;
    intervals.all(|other| other == Some(first)).then_some(first)
}
