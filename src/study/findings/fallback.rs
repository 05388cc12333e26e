//! Points that clients do not fall back to while those that are nearer refuse them.

use serde_json::{Value, json};

use super::kinds::set;
use super::{About, Change, Draft, FULL, REFUSED};
use crate::human::percent;

/// A point could do more below this share of its limit.
const SPARE: f64 = 0.5;

/// Clients that wait for a near point although one of their next tier has connections to spare.
pub fn neighbours_idle(about: &About<'_>) -> Option<Draft> {
    if about.refused() < REFUSED {
        return None;
    }
    let late = about.groups().filter_map(|(group, keys)| {
        let mut tiers = keys["tiers"].as_array()?.iter();
        let near = points(tiers.next()?).max_by(|a, b| about.used(a).total_cmp(&about.used(b)))?;
        let far = tiers.flat_map(points).min_by(|a, b| about.used(a).total_cmp(&about.used(b)))?;
        let waits = keys["fallback_after"] != "0s";
        (waits && about.used(near) > FULL && about.used(far) < SPARE).then_some((group, near, far))
    });
    let late: Vec<_> = late.collect();
    let &(_, near, far) = late.first()?;
    let text = format!(
        "{near} was {} in use and refused clients, while {far}, where they could fall back to, was {} in \
         use.",
        percent(about.used(near)),
        percent(about.used(far)),
    );
    let at_once = |(group, ..): &(&String, _, _)| set(group, "fallback_after", &json!("0s"));
    let assignments = late.iter().map(at_once).collect();
    let change = Change::new("If they fell back at once", assignments, about.through());
    let evidence = [("utilisation", about.metric("utilisation"))];
    let idle = about.used(near) - about.used(far);
    Some(about.draft("neighbours_idle", text, &evidence).severity(idle).suggest(change))
}

/// The points of a tier, which is an array of them or a table with such an array.
fn points(tier: &Value) -> impl Iterator<Item = &str> {
    let names = tier.as_array().or_else(|| tier["points"].as_array());
    names.into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::super::tests::kinds_of;

    #[test]
    fn an_idle_neighbour_is_told_while_clients_wait_for_the_near_point() {
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
        let told = |after: &str| {
            let change = format!("clients.office.fallback_after='{after}'");
            kinds_of(text, &[&change]).contains(&"neighbours_idle".to_owned())
        };
        assert!(told("never"));
        assert!(!told("0s"));
    }
}
