//! Distribution points that clients do not fall back to while those that are nearer refuse them.

use super::diagnosis::Diagnosis;
use super::edit::releases_mut;
use super::observation::{FULL, Observation, REFUSED};
use super::suggestion::Suggestion;
use crate::human::percent;
use crate::model::{ClientGroup, PointId, Span};
use crate::stats::metric;

/// A point has connections to spare if less than this share of its limit is in use.
const SPARE: f64 = 0.5;

/// Clients that wait for a near point although one of their next tier has connections to spare.
pub fn neighbours_idle(observed: &Observation<'_>) -> Option<Diagnosis> {
    if observed.refused_share() < REFUSED {
        return None;
    }
    // Once for all groups: each may have thousands of points.
    let used: Vec<f64> = observed.points().iter().map(|point| observed.used(point)).collect();
    let late = |group: &ClientGroup| nearest_and_idlest(&used, group);
    let (near, far) = observed.groups().iter().find_map(late)?;
    let point = |id: PointId| observed.points().get(id.index());
    let (near, far) = (point(near)?, point(far)?);
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
/// wait for the former although the latter has connections to spare. `used` is the share of its limit
/// that each point used.
fn nearest_and_idlest(used: &[f64], group: &ClientGroup) -> Option<(PointId, PointId)> {
    let by_use = |a: &(PointId, f64), b: &(PointId, f64)| a.1.total_cmp(&b.1);
    let with_use = |id: &PointId| Some((*id, *used.get(id.index())?));
    let further = group.further_tiers.iter().flat_map(|tier| tier.points.iter());
    let far = further.filter_map(with_use).min_by(by_use)?;
    let near = group.distribution_points.iter().filter_map(with_use).max_by(by_use)?;
    let waits = group.release.fallback_after != Some(Span::ZERO);
    (waits && near.1 > FULL && far.1 < SPARE).then_some((near.0, far.0))
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
