//! Clients that do not complete, because the simulation, their policy or the advertisement ends first.

use super::diagnosis::Diagnosis;
use super::edit::releases_mut;
use super::observation::Observation;
use super::suggestion::{Goal, Suggestion};
use crate::human::{count, percent};
use crate::model::{ClientGroup, Span};
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
    let share = percent(gave_up / arrived);
    let (gave_up_text, arrived) = (count(gave_up), count(arrived));
    let why = match impatient(observed, gave_up) {
        Some((patience, delay)) => format!(
            "their patience of {patience} ends before their first retry, which is due after {delay}"
        ),
        None => "they used up their retries or their patience before they were served".to_owned(),
    };
    Some(Diagnosis {
        cause: format!("{gave_up_text} of {arrived} clients ({share}) gave up: {why}."),
        evidence: vec![(metric::GAVE_UP, gave_up)],
        severity: gave_up,
        suggestions: suggestion.into_iter().collect(),
    })
}

/// The patience and the first delay of the clients that gave up, if all `gave_up` of them are of groups
/// whose clients never retry because the former is shorter, and these are alike in both.
fn impatient(observed: &Observation<'_>, gave_up: f64) -> Option<(Span, Span)> {
    let never_retries = |group: &ClientGroup| {
        let retry = &group.release.retry;
        let delay = retry.first_delay();
        let patience = retry.give_up_after.filter(|patience| *patience < delay)?;
        let known = group.release_mix.is_empty() && group.upgrade.is_none() && !retry.is_random();
        (known && !retry.follows_retry_after()).then_some((patience, delay))
    };
    let those = observed.sum_over(|group| never_retries(group).is_some(), metric::GAVE_UP);
    let mut kinds = observed.groups().iter().filter_map(never_retries);
    let first = kinds.next()?;
    (those == gave_up && kinds.all(|kind| kind == first)).then_some(first)
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

#[cfg(test)]
mod tests {
    use super::super::tests::texts_of;

    #[test]
    fn patience_that_is_shorter_than_the_first_delay_is_the_cause_of_giving_up() {
        let text = "
            name = 'Impatient'
            distribution_points.A.connection_limit = 5
            [clients.g]
            count = 20
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '3s' }
            retry = { policy = 'fixed', interval = '10m', give_up_after = '5m' }
        ";
        let cause = "their patience of 5m ends before their first retry, which is due after 10m";
        let is_said = |changes: &[&str]| {
            let texts = texts_of(text, changes);
            let gave_up =
                texts.iter().find(|text| text.contains("gave up:")).expect("some give up");
            gave_up.contains(cause)
        };
        assert!(is_said(&[]));
        assert!(!is_said(&[
            "clients.g.retry.give_up_after='10m'",
            "clients.g.transfer.duration='1h'"
        ]));
        assert!(!is_said(&[
            "clients.g.retry={ policy = 'memoryless', mean = '10m', give_up_after = '5m' }"
        ]));
    }
}
