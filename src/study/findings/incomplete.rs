//! Clients that do not complete, because the simulation, their policy or the advertisement ends first.

use super::diagnosis::Diagnosis;
use super::observation::Observation;
use super::suggestion::{Goal, Suggestion};
use crate::model::Span;
use crate::stats::metric;

/// Clients that have not finished when the simulation ends.
pub fn horizon(observed: &Observation<'_>) -> Option<Diagnosis> {
    // Where clients keep coming, some are always under way.
    let (unfinished, share) = observed
        .share_of_arrived(metric::UNFINISHED, "clients")
        .filter(|_| observed.is_finite())?;
    let twice = observed.edit(|scenario| scenario.horizon = twice(scenario.horizon));
    let goal = Goal::Left(metric::UNFINISHED);
    Some(Diagnosis {
        cause: format!(
            "{share} had not finished at the horizon: the times of the others leave out the slowest \
             clients."
        ),
        evidence: vec![(metric::UNFINISHED, unfinished)],
        severity: unfinished,
        suggestion: Suggestion::new("With twice the horizon", twice, goal),
    })
}

/// Clients whose policy ended before a connection was free.
pub fn gave_up(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (gave_up, share) = observed.share_of_arrived(metric::GAVE_UP, "clients")?;
    let endless = observed.edit_releases(|release| {
        (release.retry.max_retries, release.retry.give_up_after) = (None, None);
    });
    Some(Diagnosis {
        cause: format!(
            "{share} gave up: they used up their retries or their time before a connection was free."
        ),
        evidence: vec![(metric::GAVE_UP, gave_up)],
        severity: gave_up,
        suggestion: Suggestion::new("If none gave up", endless, Goal::More(metric::COMPLETED)),
    })
}

/// Clients whose advertisement expired before they had a connection.
pub fn expired(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (expired, share) = observed.share_of_arrived(metric::EXPIRED, "clients")?;
    let twice =
        observed.edit(|scenario| scenario.expires_after = scenario.expires_after.map(twice));
    let opening = "If the advertisement lasted twice as long";
    Some(Diagnosis {
        cause: format!("the advertisement expired before {share} had a connection."),
        evidence: vec![(metric::EXPIRED, expired)],
        severity: expired,
        suggestion: Suggestion::new(opening, twice, Goal::More(metric::COMPLETED)),
    })
}

/// Twice `span` if a scenario may have that; else `span` itself, which is no change.
fn twice(span: Span) -> Span {
    let twice = span + span;
    if twice <= Span::MAX { twice } else { span }
}
