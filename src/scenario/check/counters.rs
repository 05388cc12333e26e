//! Whether all that a run counts fits into its counters, and each random draw has a number of its own.
//!
//! The attempts of a client are counted, and their random numbers are named, with 32 bits: a delay of
//! a millisecond would use them up within 50 days. The same holds for failures and for clients that
//! vanish.

use super::super::definition::Scenario;
use super::super::document::{Entry, Table};
use crate::diagnostic::{Diagnostic, Diagnostics, Location, Sources};
use crate::model::{ClientGroup, DistributionPoint, Release, RetryAfter, Span, Window};

/// What 32 bits count, less some percent: the numbers of attempts below are means.
const MOST: f64 = 4.2e9;

/// Checks `scenario`, which was written as `table`; reports what may be too often.
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

/// Whether all that a run of `scenario` counts fits into its counters.
pub fn is_countable(scenario: &Scenario) -> bool {
    let nowhere = Location::new(Sources::new().add("", ""), 0..0);
    problems(scenario, |_, _| &nowhere).is_empty()
}

/// What a key belongs to, by its place in the scenario.
enum Owner {
    Point(usize),
    Group(usize),
}

/// What may be too often; `at` is where a key of a point or a group was written.
fn problems<'t>(
    scenario: &Scenario,
    at: impl Fn(Owner, &[&str]) -> &'t Location,
) -> Vec<Diagnostic> {
    let horizon = scenario.horizon;
    let mut errors = Vec::new();
    for (place, point) in scenario.distribution_points.iter().enumerate() {
        if let Some(failures) = point.failures {
            // A failure and a repair are a draw each.
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
    let hint = points().filter_map(|point| point.retry_after).map(|hint| match hint {
        RetryAfter::Fixed(span) => span,
        // It is in whole seconds, and at least one.
        RetryAfter::Estimated => Span::from_secs(1),
    });
    let mut retries = release.retry.expected_retries(refused, hint.min());
    if let Some(most) = release.retry.max_retries {
        retries = retries.min((f64::from(most) + 1.0) * lives(scenario));
    }
    if retries * visits > MOST {
        let wait = Span::from_millis_f64(refused.as_millis_f64() / retries);
        let what = match visits {
            1.0 => format!("`retry` waits some {wait}"),
            _ => {
                format!("`retry` waits some {wait}, and up to {visits} points are tried each time")
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
    let error = format!("{what}: until the horizon, {horizon}, that is too often to be counted");
    let help = format!("4,294,967,295 is the most: lengthen `{key}` or shorten `horizon`");
    Diagnostic::error(error).at(at).help(help)
}

/// How many attempts a client makes at most between two waits.
fn visits(group: &ClientGroup, release: &Release) -> f64 {
    match release.tries_per_point {
        Some(_) => group.all_points().count() as f64,
        None => 1.0 + group.further_tiers.len() as f64,
    }
}

/// How often a client can begin: a workaround lets it begin once more.
fn lives(scenario: &Scenario) -> f64 {
    if scenario.workaround.is_some() { 2.0 } else { 1.0 }
}

/// How long a client retries at most.
fn longest_retrying(scenario: &Scenario, release: &Release, horizon: Span) -> Span {
    match release.retry.give_up_after {
        Some(end) if scenario.workaround.is_some() => horizon.min(end + end),
        Some(end) => horizon.min(end),
        None => horizon,
    }
}

/// How long a point is down until `horizon`, at most.
fn down_time(point: &DistributionPoint, horizon: Span) -> Span {
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
