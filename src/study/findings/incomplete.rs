//! Clients that do not complete, because the simulation, their policy or the advertisement ends first.

use super::diagnosis::Diagnosis;
use super::edit::releases_mut;
use super::observation::Observation;
use super::suggestion::{Goal, Suggestion};
use crate::human::{count, percent};
use crate::model::Span;
use crate::stats::metric;

/// Clients that have not finished when the simulation ends.
pub fn horizon(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (unfinished, arrived) =
        (observed.metric(metric::UNFINISHED), observed.metric(metric::ARRIVED));
    // Where clients keep coming, some are always under way.
    if unfinished == 0.0 || !observed.is_finite() {
        return None;
    }
    let twice = observed.edit(|scenario| scenario.horizon = twice(scenario.horizon));
    let suggestion =
        Suggestion::new("With twice the horizon", twice, Goal::Left(metric::UNFINISHED));
    Some(Diagnosis {
        cause: format!(
            "{} of {} clients ({}) had not finished at the horizon: the times of the others leave out the \
             slowest clients.",
            count(unfinished),
            count(arrived),
            percent(unfinished / arrived)
        ),
        evidence: vec![(metric::UNFINISHED, unfinished)],
        severity: unfinished,
        suggestions: suggestion.into_iter().collect(),
    })
}

/// Clients whose policy ended before a connection was free.
pub fn gave_up(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (gave_up, arrived) = (observed.metric(metric::GAVE_UP), observed.metric(metric::ARRIVED));
    if gave_up == 0.0 {
        return None;
    }
    let endless = observed.edit_groups(|group| {
        for release in releases_mut(group) {
            (release.retry.max_retries, release.retry.give_up_after) = (None, None);
        }
    });
    let suggestion = Suggestion::new("If none gave up", endless, Goal::More(metric::COMPLETED));
    Some(Diagnosis {
        cause: format!(
            "{} of {} clients ({}) gave up: they used up their retries or their time before a connection \
             was free.",
            count(gave_up),
            count(arrived),
            percent(gave_up / arrived)
        ),
        evidence: vec![(metric::GAVE_UP, gave_up)],
        severity: gave_up,
        suggestions: suggestion.into_iter().collect(),
    })
}

/// Clients whose advertisement expired before they had a connection.
pub fn expired(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (expired, arrived) = (observed.metric(metric::EXPIRED), observed.metric(metric::ARRIVED));
    if expired == 0.0 {
        return None;
    }
    let twice =
        observed.edit(|scenario| scenario.expires_after = scenario.expires_after.map(twice));
    let opening = "If the advertisement lasted twice as long";
    let suggestion = Suggestion::new(opening, twice, Goal::More(metric::COMPLETED));
    Some(Diagnosis {
        cause: format!(
            "the advertisement expired before {} of {} clients ({}) had a connection.",
            count(expired),
            count(arrived),
            percent(expired / arrived)
        ),
        evidence: vec![(metric::EXPIRED, expired)],
        severity: expired,
        suggestions: suggestion.into_iter().collect(),
    })
}

/// Twice `span` if a scenario may have that; else `span` itself, which is no change.
fn twice(span: Span) -> Span {
    let twice = span + span;
    if twice <= Span::MAX { twice } else { span }
}
