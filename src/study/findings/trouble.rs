//! What clients make worse while a distribution point is down, or when they are cut.

use serde_json::{Value, json};

use super::kinds::{first_delay, set};
use super::{About, Change, Draft, Measure};
use crate::human::{count, percent};

/// The attempts are mostly such of clients that spin beyond this share.
const SPUN: f64 = 0.5;

/// Clients that try again at once while nothing can be reached.
pub fn spins(about: &About<'_>) -> Option<Draft> {
    let (unreachable, attempts) = (about.metric("unreachable"), about.metric("attempts"));
    let spinning = about.groups().filter(|(_, group)| !group["spin"].is_null());
    let groups: Vec<_> = spinning.collect();
    if groups.is_empty() || unreachable <= SPUN * attempts {
        return None;
    }
    let text = format!(
        "clients spin while no distribution point can be reached (Q302535): {} of {} attempts ({}).",
        count(unreachable),
        count(attempts),
        percent(unreachable / attempts),
    );
    // A key cannot be taken away; but who waits as after any other refusal does not spin.
    let waits =
        |(name, group): (&String, &Value)| Some(set(name, "spin", &json!(first_delay(group)?)));
    let assignments = groups.into_iter().filter_map(waits).collect();
    let change = Change::new(
        "If they waited as after any other refusal",
        assignments,
        Measure::Fewer("attempts"),
    );
    let evidence = [("unreachable", unreachable), ("attempts", attempts)];
    Some(about.draft("spins", text, &evidence).severity(unreachable).suggest(change))
}

/// Transfers that are cut and begin again from zero.
pub fn restarts(about: &About<'_>) -> Option<Draft> {
    let cut = about.metric("cut");
    let restarting = about.groups().filter(|(_, group)| group["on_cut"] == "restart");
    let names: Vec<&String> = restarting.map(|(name, _)| name).collect();
    if names.is_empty() || cut == 0.0 {
        return None;
    }
    let times = if cut == 1.0 { "transfer was" } else { "transfers were" };
    let text = format!("{} {times} cut, and began again from zero.", count(cut));
    let assignments = names.into_iter().map(|name| set(name, "on_cut", &json!("resume"))).collect();
    let change = Change::new("If they went on where they were", assignments, about.through());
    Some(about.draft("restarts", text, &[("cut", cut)]).severity(cut).suggest(change))
}

#[cfg(test)]
mod tests {
    use super::super::tests::kinds_of;

    const OUTAGE: &str = "
        name = 'An outage'
        [distribution_points.DP01]
        connection_limit = 50
        outages = [{ from = '1m', for = '1h' }]
        [clients.office]
        count = 50
        arrival = { kind = 'burst' }
        transfer = { kind = 'constant', duration = '2m' }
    ";

    #[test]
    fn who_is_cut_is_told_only_if_it_begins_again() {
        assert_eq!(kinds_of(OUTAGE, &[]), ["restarts"]);
        assert!(kinds_of(OUTAGE, &["clients.office.on_cut='resume'"]).is_empty());
        assert!(kinds_of(OUTAGE, &["distribution_points.DP01.outages=[]"]).is_empty());
    }

    #[test]
    fn who_spins_is_told_if_that_is_most_of_the_attempts() {
        assert_eq!(kinds_of(OUTAGE, &["clients.office.spin='1s'"]), ["spins", "restarts"]);
        let none = ["clients.office.spin='1s'", "distribution_points.DP01.outages=[]"];
        assert!(kinds_of(OUTAGE, &none).is_empty());
    }
}
