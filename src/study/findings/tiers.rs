//! Distribution points that clients do not fall back to while those that are nearer refuse them.

use super::diagnosis::Diagnosis;
use super::edit::releases_mut;
use super::observation::{FULL, Observation, REFUSED};
use super::suggestion::Suggestion;
use crate::human::percent;
use crate::model::{ClientGroup, DistributionPoint, PointId, Span};
use crate::stats::metric;

/// A point has connections to spare if less than this share of its limit is in use.
const SPARE: f64 = 0.5;

/// Clients that wait for a near point although one of their next tier has connections to spare.
pub fn neighbours_idle(observed: &Observation<'_>) -> Option<Diagnosis> {
    if observed.refused_share() < REFUSED {
        return None;
    }
    let late = |group: &ClientGroup| nearest_and_idlest(observed, group);
    let (near, far) = observed.groups().iter().find_map(late)?;
    let at_once = observed.edit_groups(|group| {
        if late(group).is_some() {
            releases_mut(group).for_each(|release| release.fallback_after = Some(Span::ZERO));
        }
    });
    let opening = "If clients fell back at once";
    Some(Diagnosis {
        cause: format!(
            "{} was {} in use and refused clients, while their fallback {} was {} in use.",
            near.name,
            percent(observed.used(near)),
            far.name,
            percent(observed.used(far)),
        ),
        evidence: vec![(metric::UTILISATION, observed.metric(metric::UTILISATION))],
        severity: observed.used(near) - observed.used(far),
        suggestion: Suggestion::new(opening, at_once, observed.progress()),
    })
}

/// The busiest point of the first tier of a group and the idlest of the others, if the group's clients
/// wait for the former although the latter has connections to spare.
fn nearest_and_idlest<'a>(
    observed: &Observation<'a>,
    group: &ClientGroup,
) -> Option<(&'a DistributionPoint, &'a DistributionPoint)> {
    let points = observed.points();
    let point = |id: &PointId| points.get(id.index());
    let by_use = |a: &&DistributionPoint, b: &&DistributionPoint| {
        observed.used(a).total_cmp(&observed.used(b))
    };
    let near = group.distribution_points.iter().filter_map(point).max_by(by_use)?;
    let further = group.further_tiers.iter().flat_map(|tier| &tier.points);
    let far = further.filter_map(point).min_by(by_use)?;
    let waits = group.release.fallback_after != Some(Span::ZERO);
    (waits && observed.used(near) > FULL && observed.used(far) < SPARE).then_some((near, far))
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::kinds_of;

    #[test]
    fn an_idle_neighbour_is_a_finding_while_clients_wait_for_the_near_point() {
        let text = "
            name = 'A near and a far point'
            distribution_points.NEAR.connection_limit = 5
            distribution_points.FAR.connection_limit = 50
            [clients.office]
            count = 500
            tiers = [['NEAR'], { points = ['FAR'], choose = 'random' }]
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '2m' }
            retry = { policy = 'fixed', interval = '1m', jitter = '50%' }
        ";
        let is_found = |after: &str| {
            let change = format!("clients.office.fallback_after='{after}'");
            kinds_of(text, &[&change]).contains(&"neighbours_idle".to_owned())
        };
        assert!(is_found("never"));
        assert!(!is_found("0s"));
    }
}
