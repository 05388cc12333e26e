//! What ends a retry storm: the remedies of the literature, to be tried beside each other.

use super::observation::Observation;
use super::suggestion::{Goal, Suggestion};
use super::trap::Trap;
use crate::human::percent;
use crate::model::{Abandoned, Budget, Delay, Jitter, QueueOrder, Restraints, Span};
use crate::stats::metric;

/// The share of the requests that may be retries in the budget that is suggested, as Finagle's.
const SHARE: f64 = 0.2;

/// The back-off that is suggested: the base of the AWS SDKs for throttled calls, and a cap of a minute.
const BASE: Span = Span::from_secs(1);
const CAP: Span = Span::from_mins(1);

/// All remedies that change something, as one suggestion with the others beside it: a queue that drains before its
/// clients go, the newest request first, a server that drops what nobody waits for, a budget of retries, and
/// back-off with jitter.
pub fn remedies(observed: &Observation<'_>) -> Option<Suggestion> {
    Suggestion::any_of(vec![
        shorter_queues(observed),
        newest_first(observed),
        notices(observed),
        budget(observed),
        backs_off(observed),
    ])
}

fn remedy(opening: String, edit: Option<super::edit::Edit>) -> Option<Suggestion> {
    Suggestion::new(opening, edit, Goal::More(metric::COMPLETED))
}

/// Each queue that is a trap takes less time to drain than its clients wait.
pub fn shorter_queues(observed: &Observation<'_>) -> Option<Suggestion> {
    let points = observed.points().iter();
    let traps = points.filter_map(|it| Some((it.name.clone(), Trap::of(observed, it)?.shorter)));
    let traps: Vec<(String, u32)> = traps.collect();
    let edit = observed.edit(|scenario| {
        for point in &mut scenario.distribution_points {
            let trap = traps.iter().find(|(name, _)| *name == point.name);
            trap.into_iter().for_each(|(_, shorter)| point.queue.length = *shorter);
        }
    });
    let opening = match traps.as_slice() {
        [(_, shorter)] => format!("With a queue of {shorter}"),
        _ => "With queues that drain before clients go".to_owned(),
    };
    remedy(opening, edit)
}

fn newest_first(observed: &Observation<'_>) -> Option<Suggestion> {
    let edit = observed.edit(|scenario| {
        let queues = scenario.distribution_points.iter_mut().map(|point| &mut point.queue);
        queues.filter(|it| it.length > 0).for_each(|it| it.order = QueueOrder::Lifo);
    });
    remedy("With the newest request first (`order = \"lifo\"`)".to_owned(), edit)
}

/// A server that drops requests whose clients have gone from its queue, or, without one, cancels their transfers.
pub fn notices(observed: &Observation<'_>) -> Option<Suggestion> {
    let has_queue = observed.points().iter().any(|point| point.queue.length > 0);
    let (abandoned, word) = match has_queue {
        true => (Abandoned::Dropped, "dropped"),
        false => (Abandoned::Cancelled, "cancelled"),
    };
    let edit = observed.edit(|scenario| {
        let points = scenario.distribution_points.iter_mut();
        points
            .filter(|point| point.abandoned == Abandoned::Served)
            .for_each(|it| it.abandoned = abandoned);
    });
    remedy(format!("With abandoned requests {word}"), edit)
}

fn budget(observed: &Observation<'_>) -> Option<Suggestion> {
    let edit = observed.edit_groups(|group| {
        if group.restraints.budget.is_none() {
            let (share, reserve, window) = (SHARE, None, Span::from_secs(10));
            let budget = Some(Budget::Share { share, reserve, window });
            group.processes = group.processes.or(Some(1));
            group.restraints = Restraints { budget, ..group.restraints.clone() };
        }
    });
    remedy(format!("With a budget of {} of the requests for retries", percent(SHARE)), edit)
}

fn backs_off(observed: &Observation<'_>) -> Option<Suggestion> {
    let edit = observed.edit_releases(|release| {
        if release.retry.delay.first() < BASE {
            let (factor, cap, jitter) = (2.0, Some(CAP), Jitter::Full);
            release.retry.delay = Delay::Exponential { base: BASE, factor, cap, jitter };
        }
    });
    remedy(format!("With back-off from {BASE} to {CAP} and full jitter"), edit)
}
