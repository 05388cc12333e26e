//! Whether all that a run counts fits into its counters, and each random draw has a number of its own.
//!
//! The attempts of a client are counted, and their random numbers are named, with 32 bits: a delay of
//! a millisecond would use them up within 50 days. The same holds for failures and for clients that
//! vanish.

use super::Scenario;
use super::document::{Entry, Table};
use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::model::{
    ClientGroup, Delay, DistributionPoint, Jitter, Release, RetryAfter, Span, Window,
};

/// What 32 bits count, less some percent: the numbers of attempts below are means.
const MOST: f64 = 4.2e9;

/// Checks `scenario`, which was written as `table`; reports what may be too often.
pub fn check(scenario: &Scenario, table: &Table, diagnostics: &Diagnostics) -> bool {
    let horizon = scenario.horizon;
    let mut errors = Vec::new();
    let entries = |key| table.get(key).into_iter().flat_map(Entry::entries);
    for (point, entry) in scenario.distribution_points.iter().zip(entries("distribution_points")) {
        if let Some(failures) = point.failures {
            // A failure and a repair are a draw each.
            let every = failures.mtbf + failures.mttr;
            let draws = 2.0 * horizon.as_millis_f64() / every.as_millis_f64();
            if draws > MOST {
                let what = format!("`failures` come every {every}");
                errors.push(too_often(what, entry.at(&["failures"]), horizon, "failures"));
            }
        }
    }
    for (group, entry) in scenario.clients.iter().zip(entries("clients")) {
        if let Some(vanish) = group.vanishes {
            let every = vanish.every + vanish.away;
            let draws = 2.0 * horizon.as_millis_f64() / every.as_millis_f64();
            if draws > MOST {
                let what = format!("a client of `{}` vanishes every {every}", group.name);
                errors.push(too_often(what, entry.at(&["vanishes"]), horizon, "vanishes"));
            }
        }
        let (upgrade, own) = (group.upgrade.as_ref().map(|upgrade| &upgrade.to), &group.release);
        let mix = group.release_mix.iter().map(|share| &share.release);
        for release in mix.chain([own]) {
            errors.extend(check_release(scenario, group, release, |key| entry.at(&[key])));
        }
        if let Some(release) = upgrade {
            let at = |key| entry.at(&["upgrade", key]);
            errors.extend(check_release(scenario, group, release, at));
        }
    }
    let right = errors.is_empty();
    errors.into_iter().for_each(|error| diagnostics.push(error));
    right
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
    let mut retries = rounds(&release.retry.delay, hint.min(), refused.as_millis_f64());
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

/// How many retries a client makes on average within `time`, or somewhat more; `hint` is the shortest
/// time that a server may ask for.
fn rounds(delay: &Delay, hint: Option<Span>, time: f64) -> f64 {
    // No delay is shorter than a millisecond.
    let each = |millis: f64| time / millis.max(1.0);
    match *delay {
        Delay::Fixed { interval, .. } => each(interval.as_millis_f64()),
        Delay::Memoryless { mean } => each(mean.as_millis_f64()),
        Delay::Server { interval, .. } => {
            each(interval.min(hint.unwrap_or(interval)).as_millis_f64())
        }
        Delay::Linear { step, cap } => {
            // The first n delays take n²/2 steps.
            let growing = libm::sqrt(2.0 * each(step.as_millis_f64()));
            growing + cap.map_or(0.0, |cap| each(cap.as_millis_f64()))
        }
        Delay::Exponential { base, factor, cap, jitter } => {
            let (base, cap) = (base.as_millis_f64(), cap.map(Span::as_millis_f64));
            let share = match jitter {
                Jitter::None => 1.0,
                Jitter::Full => 0.5,
                Jitter::Equal => 0.75,
                Jitter::Decorrelated => {
                    // On average at least the middle of the range after the shortest delay.
                    let mean = base * (1.0 + factor) / 2.0;
                    return each(cap.map_or(mean, |cap| mean.min(cap)));
                }
            };
            let longest = cap.unwrap_or(time);
            // Where the factor is 1 this is infinite, or no number, which `max` takes for 0.
            let growing = libm::log((longest / base).max(1.0)) / libm::log(factor);
            each(base * share).min(growing.max(0.0) + each(longest * share))
        }
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
