//! Behaviour of clients that makes outages worse: spinning, and restarting a transfer that was cut off.

use super::diagnosis::Diagnosis;
use super::edit::{releases, releases_mut};
use super::observation::Observation;
use super::suggestion::{Goal, Suggestion};
use crate::human::{count, percent};
use crate::model::{ClientGroup, OnCut};
use crate::stats::metric;

/// Spinning is reported if more than this share of all attempts found no distribution point.
const SPUN: f64 = 0.5;

/// Clients that retry without waiting while no distribution point can be reached.
pub fn spins(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (unreachable, attempts) =
        (observed.metric(metric::UNREACHABLE), observed.metric(metric::ATTEMPTS));
    let spins = |group: &ClientGroup| releases(group).all(|release| release.spin.is_some());
    if !observed.groups().iter().any(spins) || unreachable <= SPUN * attempts {
        return None;
    }
    // `--set` cannot remove `spin`. But a client that waits as long as after any other refusal does not
    // spin.
    let waits = observed.edit_groups(|group| {
        if spins(group) {
            let delay = group.release.retry.first_delay();
            releases_mut(group).for_each(|release| release.spin = Some(delay));
        }
    });
    let opening = "If they waited as long as after any other refusal";
    Some(Diagnosis {
        cause: format!(
            "clients spin while no distribution point can be reached (Q302535): {} of {} attempts ({}) \
             found none.",
            count(unreachable),
            count(attempts),
            percent(unreachable / attempts),
        ),
        evidence: vec![(metric::UNREACHABLE, unreachable), (metric::ATTEMPTS, attempts)],
        severity: unreachable,
        suggestion: Suggestion::new(opening, waits, Goal::Fewer(metric::ATTEMPTS)),
    })
}

/// Transfers that are cut off and start again from the first byte.
pub fn restarts(observed: &Observation<'_>) -> Option<Diagnosis> {
    let cut = observed.metric(metric::CUT);
    let restarts =
        |group: &ClientGroup| releases(group).all(|release| release.on_cut == OnCut::Restart);
    if !observed.groups().iter().any(restarts) || cut == 0.0 {
        return None;
    }
    let resume = observed.edit_groups(|group| {
        if restarts(group) {
            releases_mut(group).for_each(|release| release.on_cut = OnCut::Resume);
        }
    });
    let opening = "If they resumed where they were cut off";
    let transfers = if cut == 1.0 { "transfer was" } else { "transfers were" };
    Some(Diagnosis {
        cause: format!("{} {transfers} cut off and started again from the first byte.", count(cut)),
        evidence: vec![(metric::CUT, cut)],
        severity: cut,
        suggestion: Suggestion::new(opening, resume, observed.progress()),
    })
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::kinds_of;

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
    fn a_cut_transfer_is_a_finding_only_if_it_starts_again() {
        assert_eq!(kinds_of(OUTAGE, &[]), ["restarts"]);
        assert!(kinds_of(OUTAGE, &["clients.office.on_cut='resume'"]).is_empty());
        assert!(kinds_of(OUTAGE, &["distribution_points.DP01.outages=[]"]).is_empty());
    }

    #[test]
    fn spinning_is_a_finding_if_it_causes_most_of_the_attempts() {
        assert_eq!(kinds_of(OUTAGE, &["clients.office.spin='1s'"]), ["spins", "restarts"]);
        let none = ["clients.office.spin='1s'", "distribution_points.DP01.outages=[]"];
        assert!(kinds_of(OUTAGE, &none).is_empty());
    }
}
