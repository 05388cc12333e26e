//! Capacity that is free while clients wait for their next retry.

use super::diagnosis::Diagnosis;
use super::edit::{releases, releases_mut};
use super::observation::Observation;
use super::suggestion::Suggestion;
use crate::human::percent;
use crate::model::{ClientGroup, Delay, Span, Spread};
use crate::stats::metric;

/// A distribution point is idle too long beyond this share of its capacity.
const IDLE: f64 = 0.25;
/// The jitter that is suggested.
const JITTER: Spread = Spread::Share(0.5);

/// Retries that come too late, either in lockstep or independently.
pub fn idle_while_waiting(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (point, idle) =
        observed.highest(metric::IDLE_WHILE_WAITING).filter(|(_, idle)| *idle > IDLE)?;
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
    Some(Diagnosis {
        cause: format!(
            "{point} was idle {} of the time while clients waited: {why}.",
            percent(idle)
        ),
        evidence: vec![(metric::IDLE_WHILE_WAITING, idle)],
        severity: idle,
        suggestion: Suggestion::new(opening, edit, observed.progress()),
    })
}

/// The interval after which clients retry if it is the same for all of them: clients that were refused
/// at the same time then retry at the same time.
fn lockstep_interval(groups: &[ClientGroup]) -> Option<Span> {
    let mut intervals =
        groups.iter().flat_map(releases).map(|release| release.retry.fixed_interval());
    let first = intervals.next()??;
    intervals.all(|other| other == Some(first)).then_some(first)
}
