//! Clients that do not complete, because the simulation, their policy or the advertisement ends first.

use super::diagnosis::Diagnosis;
use super::observation::Observation;
use super::suggestion::{Goal, Suggestion};
use crate::model::{ClientGroup, Span};
use crate::stats::metric;

/// Clients that have not finished when the simulation ends.
pub fn horizon(observed: &Observation<'_>) -> Option<Diagnosis> {
    // Where clients keep coming, some are always under way.
    let (unfinished, share) =
        observed.share_of_arrived(metric::UNFINISHED, "client").filter(|_| observed.is_finite())?;
    let twice = observed.edit(|scenario| scenario.horizon = twice(scenario.horizon));
    let goal = Goal::Left(metric::UNFINISHED);
    let missing = match observed.metric(metric::COMPLETED) {
        0.0 => "",
        _ => ": the times of the others leave out the slowest clients",
    };
    Some(Diagnosis {
        cause: format!("{share} had not finished at the horizon{missing}."),
        evidence: vec![(metric::UNFINISHED, unfinished)],
        severity: unfinished,
        suggestion: Suggestion::new("With twice the horizon", twice, goal),
    })
}

/// Clients whose policy ended before a connection was free.
pub fn gave_up(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (gave_up, share) = observed.share_of_arrived(metric::GAVE_UP, "client")?;
    let endless = observed.edit_releases(|release| {
        (release.retry.max_retries, release.retry.give_up_after) = (None, None);
    });
    let why = match impatient(observed, gave_up) {
        Some((patience, delay)) => format!(
            "their patience of {patience} ends before their first retry, which is due after {delay}"
        ),
        None => "they used up their retries or their patience before they were served".to_owned(),
    };
    // Clients that retry within a second would do so millions of times: a storm that answers nothing.
    let mut policies = observed.groups().iter().flat_map(ClientGroup::releases);
    let is_storm = policies.any(|release| release.retry.first_delay() < SHORTEST_ENDLESS);
    let endless = endless.filter(|_| !is_storm);
    Some(Diagnosis {
        cause: format!("{share} gave up: {why}."),
        evidence: vec![(metric::GAVE_UP, gave_up)],
        severity: gave_up,
        suggestion: Suggestion::new("If none gave up", endless, Goal::More(metric::COMPLETED)),
    })
}

/// The shortest delay of a policy that may go on without end where that is simulated.
const SHORTEST_ENDLESS: Span = Span::from_secs(1);

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
    let (expired, share) = observed.share_of_arrived(metric::EXPIRED, "client")?;
    let twice =
        observed.edit(|scenario| scenario.expires_after = scenario.expires_after.map(twice));
    let offer = if observed.can_strand() { "advertisement" } else { "offer" };
    let opening = format!("If the {offer} lasted twice as long");
    Some(Diagnosis {
        cause: format!("the {offer} expired before {share} had a connection."),
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

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::texts_of;

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
