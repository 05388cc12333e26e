//! Behaviour of clients that makes outages worse: spinning, and restarting a transfer that was cut off.

use super::diagnosis::Diagnosis;
use super::edit::{releases, releases_mut};
use super::observation::Observation;
use super::suggestion::{Goal, Suggestion};
use crate::human::{count, counted, percent, was_or_were};
use crate::model::{ClientGroup, DistributionPoint, OnCut, Span, Time};
use crate::stats::metric;

/// Spinning is reported if more than this share of all attempts found no distribution point.
const SPUN: f64 = 0.5;

/// Clients that retry without waiting while no distribution point can be reached.
pub fn spins(observed: &Observation<'_>) -> Option<Diagnosis> {
    let spins = |group: &ClientGroup| releases(group).all(|release| release.spin.is_some());
    let unreachable = observed.sum_over(spins, metric::UNREACHABLE);
    let attempts = observed.metric(metric::ATTEMPTS);
    if unreachable <= SPUN * attempts {
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
            "clients spin while no {} can be reached (Q302535): {} of {} attempts ({}) \
             found none.",
            observed.server(),
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
    let cut = observed.sum_over(restart, metric::CUT);
    if cut == 0.0 || transfers_too_long(observed).is_some() {
        return None;
    }
    let were = was_or_were(cut);
    Some(Diagnosis {
        cause: format!(
            "{} {were} cut off and started again from the first byte.",
            counted(cut, "transfer")
        ),
        evidence: vec![(metric::CUT, cut)],
        severity: cut,
        suggestion: resume(observed),
    })
}

/// Transfers that do not fit into any time during which their distribution point is up and their client
/// online, so that none ends.
pub fn transfers_too_long(observed: &Observation<'_>) -> Option<Diagnosis> {
    let never = |group: &ClientGroup| {
        let shortest = shortest_transfer(observed, group)?;
        let (longest, what) = longest_time(observed, group)?;
        (restart(group) && shortest > longest).then_some((shortest, longest, what))
    };
    let mut groups = observed.groups().iter();
    let (group, (shortest, longest, what)) =
        groups.find_map(|group| Some((group, never(group)?)))?;
    Some(Diagnosis {
        cause: format!(
            "no transfer of {} can end: even the shortest takes {shortest}, but {what} for more than \
             {longest} at a time, and a transfer that is cut off starts again from the first byte.",
            group.name,
        ),
        evidence: vec![(metric::CUT, observed.metric(metric::CUT))],
        severity: f64::from(group.count.unwrap_or(u32::MAX)),
        suggestion: resume(observed),
    })
}

/// The longest time for which a transfer of a group can go on, and in words what does not last longer.
fn longest_time(observed: &Observation<'_>, group: &ClientGroup) -> Option<(Span, String)> {
    let up = longest_up(observed, group);
    let up = up.map(|up| (up, format!("no {} is up", observed.server())));
    let online = group.hours.as_ref().and_then(|hours| hours.online.longest());
    let online = online.map(|online| (online, "its clients are never online".to_owned()));
    up.into_iter().chain(online).min_by_key(|(longest, _)| *longest)
}

/// Whether all clients of a group start a transfer again that was cut off.
fn restart(group: &ClientGroup) -> bool {
    releases(group).all(|release| release.on_cut == OnCut::Restart)
}

/// The suggestion to resume transfers instead.
fn resume(observed: &Observation<'_>) -> Option<Suggestion> {
    let resume = observed.edit_groups(|group| {
        if restart(group) {
            releases_mut(group).for_each(|release| release.on_cut = OnCut::Resume);
        }
    });
    Suggestion::new("If they resumed where they were cut off", resume, observed.progress())
}

/// The time that every transfer of a group takes at least; `None` if there is no such time.
fn shortest_transfer(observed: &Observation<'_>, group: &ClientGroup) -> Option<Span> {
    let fastest = points_of(observed, group).map(|point| {
        let shared = point.bandwidth.as_ref().map(|bandwidth| bandwidth.rate);
        shared.into_iter().chain(group.link).min()
    });
    // Of a point without any limit there is no greatest rate.
    let fastest = fastest.collect::<Option<Vec<_>>>().and_then(|rates| rates.into_iter().max());
    group.transfer.shortest(fastest)
}

/// The longest time at a stretch during which a point of the group is up; `None` if that is not known.
fn longest_up(observed: &Observation<'_>, group: &ClientGroup) -> Option<Span> {
    let scenario = observed.scenario?;
    let end = Time::ZERO + scenario.horizon;
    let longest = points_of(observed, group).map(|point| {
        // Failures differ in each run.
        (!point.is_random()).then(|| point.timeline(scenario.seed, 0).longest_up(end))
    });
    longest.collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// The points that clients of `group` may use.
fn points_of<'a>(
    observed: &Observation<'a>,
    group: &ClientGroup,
) -> impl Iterator<Item = &'a DistributionPoint> {
    group.all_points().filter_map(|id| observed.points().get(id.index()))
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::{kinds_of, texts_of};

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

    #[test]
    fn transfers_that_fit_into_no_time_between_outages_are_the_finding_instead_of_restarts() {
        let every = "distribution_points.DP01.outages=[{ from = '1m', for = '1m', every = '2m' }]";
        let short = "horizon='1d'";
        assert_eq!(kinds_of(OUTAGE, &[every, short])[0], "transfers_too_long");
        for other in ["restarts", "idle_while_waiting"] {
            assert!(!kinds_of(OUTAGE, &[every, short]).contains(&other.to_owned()), "{other}");
        }
        let is_found = |changes: &[&str]| {
            let changes = [&[every, short], changes].concat();
            kinds_of(OUTAGE, &changes).contains(&"transfers_too_long".to_owned())
        };
        let transfer = |text: &str| format!("clients.office.transfer={{ {text} }}");
        assert!(!is_found(&[&transfer("kind = 'constant', duration = '1m'")]), "it just fits");
        assert!(!is_found(&[&transfer("kind = 'exponential', mean = '2h'")]), "some are short");
        assert!(is_found(&[&transfer("kind = 'uniform', min = '61s', max = '2m'")]));
        let size = transfer("kind = 'size', bytes = '10 MB'");
        assert!(is_found(&[&size, "clients.office.link='1 Mbit/s'"]), "80 s on its link");
        assert!(!is_found(&[&size, "clients.office.link='10 Mbit/s'"]), "8 s on its link");
        assert!(!is_found(&["clients.office.on_cut='resume'"]));
        let late = "distribution_points.DP01.outages=[{ from = '10m', for = '1m', every = '2m' }]";
        assert!(!is_found(&[late]), "there are 10 minutes at first");
    }

    #[test]
    fn transfers_that_fit_into_no_hours_are_a_finding() {
        let hours = |hours: &str| format!("clients.office.online='{hours}'");
        let calm = ["distribution_points.DP01.outages=[]", "horizon='20d'"];
        let found = |transfer: &str, hours: &str| {
            let transfer =
                format!("clients.office.transfer={{ kind = 'constant', duration = '{transfer}' }}");
            texts_of(OUTAGE, &[calm[0], calm[1], &transfer, hours])
                .into_iter()
                .find(|text| text.contains("no transfer of office can end"))
        };
        let text = found("11h", &hours("Mon-Fri 08:00-18:00")).expect("it takes too long");
        let cause = "even the shortest takes 11h, but its clients are never online for more than 10h at a time";
        assert!(text.contains(cause), "{text}");
        assert_eq!(found("10h", &hours("Mon-Fri 08:00-18:00")), None, "it just fits");
        assert_eq!(found("11h", &hours("Sun 18:00-24:00, Mon 00:00-06:00")), None, "over midnight");
        assert!(found("13h", &hours("Sun 18:00-24:00, Mon 00:00-06:00")).is_some());
        assert_eq!(found("13h", &hours("Mon-Sun 00:00-24:00")), None, "always");
    }
}
