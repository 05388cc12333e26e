//! Whether all counts of a run fit into its counters, and whether each random draw has its own number.
//!
//! The attempts of a client, and the random numbers they draw, are numbered with 32 bits: a delay of
//! a millisecond would exhaust them within 50 days. The same holds for failures and for clients that
//! vanish.

use super::super::definition::Scenario;
use super::super::document::{Entry, Table};
use crate::diagnostic::{Diagnostic, Diagnostics, Location, Sources};
use crate::model::{ClientGroup, DistributionPoint, Release, RetryAfter, Span, Window};

/// The largest number of 32 bits, less a few percent: the numbers of attempts below are means.
const MOST: f64 = 4.2e9;

/// Checks `scenario`, which was written as `table`; reports what may happen too often to be counted.
pub fn check(scenario: &Scenario, table: &Table, diagnostics: &Diagnostics) -> bool {
    let entries = |key| table.get(key).into_iter().flat_map(Entry::entries);
    let points: Vec<&Entry> = entries("distribution_points").collect();
    let groups: Vec<&Entry> = entries("clients").collect();
    let errors = problems(scenario, |owner, keys| match owner {
        Owner::Point(place) => points[place].at(keys),
        Owner::Group(place) => groups[place].at(keys),
    });
    let right = errors.is_empty();
    errors.into_iter().for_each(|error| diagnostics.push(error));
    right
}

/// Whether all counts of a run of `scenario` fit into its counters.
pub fn is_countable(scenario: &Scenario) -> bool {
    let nowhere = Location::new(Sources::new().add("", ""), 0..0);
    problems(scenario, |_, _| &nowhere).is_empty()
}

/// The point or group that a key belongs to, by its position in the scenario.
enum Owner {
    Point(usize),
    Group(usize),
}

/// What may happen too often to be counted; `at` is where a key of a point or a group was written.
fn problems<'t>(
    scenario: &Scenario,
    at: impl Fn(Owner, &[&str]) -> &'t Location,
) -> Vec<Diagnostic> {
    let horizon = scenario.horizon;
    let mut errors = Vec::new();
    for (place, point) in scenario.distribution_points.iter().enumerate() {
        if let Some(failures) = point.failures {
            // A failure and a repair are one draw each.
            let every = failures.mtbf + failures.mttr;
            let draws = 2.0 * horizon.as_millis_f64() / every.as_millis_f64();
            if draws > MOST {
                let what = format!("`failures` come every {every}");
                let at = at(Owner::Point(place), &["failures"]);
                errors.push(too_often(what, at, horizon, "failures"));
            }
        }
    }
    for (place, group) in scenario.clients.iter().enumerate() {
        let at = |keys: &[&str]| at(Owner::Group(place), keys);
        if let Some(vanish) = group.vanishes {
            let every = vanish.every + vanish.away;
            let draws = 2.0 * horizon.as_millis_f64() / every.as_millis_f64();
            if draws > MOST {
                let what = format!("a client of `{}` vanishes every {every}", group.name);
                errors.push(too_often(what, at(&["vanishes"]), horizon, "vanishes"));
            }
        }
        let (upgrade, own) = (group.upgrade.as_ref().map(|upgrade| &upgrade.to), &group.release);
        let mix = group.release_mix.iter().map(|share| &share.release);
        for release in mix.chain([own]) {
            errors.extend(check_release(scenario, group, release, |key| at(&[key])));
        }
        if let Some(release) = upgrade {
            let at = |key| at(&["upgrade", key]);
            errors.extend(check_release(scenario, group, release, at));
        }
    }
    errors
}

fn check_release<'t>(
    scenario: &Scenario,
    group: &ClientGroup,
    release: &Release,
    at: impl Fn(&'static str) -> &'t Location,
) -> Option<Diagnostic> {
    let points =
        || group.all_points().filter_map(|id| scenario.distribution_points.get(id.index()));
    let horizon = scenario.expires_after.map_or(scenario.horizon, |end| end.min(scenario.horizon));
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
        let what = match visits {
            1.0 => format!("`retry` waits about {wait}"),
            _ => {
                format!("`retry` waits about {wait}, and up to {visits} points are tried each time")
            }
        };
        return Some(too_often(what, at("retry"), horizon, "retry"));
    }
    let spin = release.spin?;
    let down = points().map(|point| down_time(point, horizon)).max().unwrap_or(Span::ZERO);
    let spins = down.as_millis_f64() / spin.as_millis_f64();
    let what = format!("`spin` is {spin}");
    (spins * visits > MOST).then(|| too_often(what, at("spin"), horizon, "spin"))
}

fn too_often(what: String, at: &Location, horizon: Span, key: &str) -> Diagnostic {
    let error = format!("{what}, which is too often to be counted up to the horizon, {horizon}");
    let help = format!("the largest count is 4,294,967,295: lengthen `{key}` or shorten `horizon`");
    Diagnostic::error(error).at(at).help(help)
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
    if point.failures.is_some() {
        return horizon;
    }
    let horizon = horizon.as_millis();
    let down = |outage: &Window| {
        let left = horizon.saturating_sub(outage.from.as_millis());
        let length = outage.length.map_or(left, Span::as_millis);
        let times = outage.every.map_or(1, |every| left.div_ceil(every.as_millis()));
        left.min(length.saturating_mul(times))
    };
    Span::from_millis(point.outages.iter().map(down).sum::<u64>().min(horizon))
}
