//! Whether all counts of a run fit into its counters, and whether each random draw has its own number.
//!
//! The attempts of a client, and the random numbers they draw, are numbered with 32 bits: a delay of
//! a millisecond would exhaust them within 50 days. The same holds for failures and for clients that
//! vanish.

use super::super::definition::Scenario;
use super::super::document::Table;
use super::super::parts::parts;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ClientGroup, DistributionPoint, Release, RetryAfter, Span, Window};

/// The largest number of 32 bits, less a few percent: the numbers of attempts below are means.
const MOST: f64 = 4.2e9;

/// Checks `scenario`, which was written as `table`; reports what may happen too often to be counted.
pub fn check(scenario: &Scenario, table: &Table, diagnostics: &Diagnostics) -> bool {
    let all = too_often(scenario);
    for TooOften { owner: (table_key, place), keys, what, horizon } in &all {
        let owner = parts(table, table_key).nth(*place).map(|(_, owner)| owner);
        let key = keys.last().copied().unwrap_or_default();
        let error = Diagnostic::error(format!(
            "{what}, which is too often to be counted up to the horizon, {horizon}"
        ));
        let error = owner.map_or(error.clone(), |owner| error.at(owner.at(keys)));
        diagnostics.push(error.help(format!(
            "the largest count is 4,294,967,295: lengthen `{key}` or shorten `horizon`"
        )));
    }
    all.is_empty()
}

/// Whether all counts of a run of `scenario` fit into its counters.
pub fn is_countable(scenario: &Scenario) -> bool {
    too_often(scenario).is_empty()
}

/// What may happen too often to be counted.
struct TooOften {
    /// The table of names, and the place of the point or the group.
    owner: (&'static str, usize),
    /// The keys that lead to the setting from there.
    keys: Vec<&'static str>,
    what: String,
    /// The time up to which it happens.
    horizon: Span,
}

fn too_often(scenario: &Scenario) -> Vec<TooOften> {
    let horizon = scenario.horizon;
    let mut all = Vec::new();
    // A failure and a repair are one draw each, and so are an absence and a return.
    let exhausts = |every: Span| 2.0 * horizon.as_millis_f64() / every.as_millis_f64() > MOST;
    for (place, point) in scenario.distribution_points.iter().enumerate() {
        let every = point.failures.map(|failures| failures.mtbf + failures.mttr);
        if let Some(every) = every.filter(|every| exhausts(*every)) {
            let what = format!("`failures` come every {every}");
            let owner = ("distribution_points", place);
            all.push(TooOften { owner, keys: vec!["failures"], what, horizon });
        }
    }
    let retrying_ends = scenario.expires_after.map_or(horizon, |end| end.min(horizon));
    for (place, group) in scenario.clients.iter().enumerate() {
        let owner = ("clients", place);
        let every = group.vanishes.map(|vanish| vanish.every + vanish.away);
        if let Some(every) = every.filter(|every| exhausts(*every)) {
            let what = format!("a client of `{}` vanishes every {every}", group.name);
            all.push(TooOften { owner, keys: vec!["vanishes"], what, horizon });
        }
        let mix = group.release_mix.iter().map(|share| &share.release);
        let own = mix.chain([&group.release]).map(|release| (release, vec![]));
        let upgrade = group.upgrade.iter().map(|upgrade| (&upgrade.to, vec!["upgrade"]));
        for (release, mut keys) in own.chain(upgrade) {
            if let Some((key, what)) = check_release(scenario, group, release, retrying_ends) {
                keys.push(key);
                all.push(TooOften { owner, keys, what, horizon: retrying_ends });
            }
        }
    }
    all
}

/// The key of `release` that lets clients of `group` try too often, and what it does.
fn check_release(
    scenario: &Scenario,
    group: &ClientGroup,
    release: &Release,
    horizon: Span,
) -> Option<(&'static str, String)> {
    let points =
        || group.all_points().filter_map(|id| scenario.distribution_points.get(id.index()));
    let visits = visits(group, release);
    let refused = longest_retrying(scenario, release, horizon);
    // Thousands of groups may have thousands of points: only those that a policy asks are looked at.
    let asked = release.retry.follows_retry_after().then(points).into_iter().flatten();
    let hint = asked.filter_map(|point| point.retry_after).map(|hint| match hint {
        RetryAfter::Fixed(span) => span,
        // The estimate is in whole seconds, and at least one.
        RetryAfter::Estimated => Span::from_secs(1),
    });
    let mut retries = release.retry.expected_retries(refused, hint.min());
    if let Some(most) = release.retry.max_retries {
        retries = retries.min((f64::from(most) + 1.0) * lives(scenario));
    }
    if retries * visits > MOST {
        let wait = Span::from_millis_f64(refused.as_millis_f64() / retries);
        let tried = match visits {
            1.0 => String::new(),
            _ => format!(", and up to {visits} points are tried each time"),
        };
        return Some(("retry", format!("`retry` waits about {wait}{tried}")));
    }
    let spin = release.spin?;
    let down = points().map(|point| down_time(point, horizon)).max().unwrap_or(Span::ZERO);
    let spins = down.as_millis_f64() / spin.as_millis_f64();
    (spins * visits > MOST).then(|| ("spin", format!("`spin` is {spin}")))
}

/// The largest number of attempts that a client makes between two waits.
fn visits(group: &ClientGroup, release: &Release) -> f64 {
    match release.tries_per_point {
        Some(_) => group.all_points().count() as f64,
        None => 1.0 + group.further_tiers.len() as f64,
    }
}

/// How often a client can begin: with a workaround it can begin a second time.
fn lives(scenario: &Scenario) -> f64 {
    if scenario.workaround.is_some() { 2.0 } else { 1.0 }
}

/// The longest time for which a client retries.
fn longest_retrying(scenario: &Scenario, release: &Release, horizon: Span) -> Span {
    match release.retry.give_up_after {
        Some(end) if scenario.workaround.is_some() => horizon.min(end + end),
        Some(end) => horizon.min(end),
        None => horizon,
    }
}

/// The longest time for which a point is down until `horizon`.
pub fn down_time(point: &DistributionPoint, horizon: Span) -> Span {
    match point.failures {
        Some(_) => horizon,
        None => outage_time(point, horizon),
    }
}

/// The longest time for which the outages of a point last until `horizon`.
pub fn outage_time(point: &DistributionPoint, horizon: Span) -> Span {
    let horizon = horizon.as_millis();
    let down = |outage: &Window| {
        let left = horizon.saturating_sub(outage.from.as_millis());
        let length = outage.length.map_or(left, Span::as_millis);
        let times = outage.every.map_or(1, |every| left.div_ceil(every.as_millis()));
        left.min(length.saturating_mul(times))
    };
    Span::from_millis(point.outages.iter().map(down).sum::<u64>().min(horizon))
}
