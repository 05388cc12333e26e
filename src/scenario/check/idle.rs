//! Settings of a scenario that have no effect: the scenario runs, though it may not mean what its
//! author thinks.
//!
//! A setting may have an effect in one variant and none in another; that is what variants are for.
//! So a warning is given only if a setting has no effect in any variant that has it.

use indexmap::IndexMap;

use super::super::definition::Scenario;
use super::super::document::{Table, Value};
use super::super::parts::parts;
use crate::diagnostic::{Diagnostic, Location, quoted};
use crate::human::{counted, is_or_are};
use crate::model::{
    Allowance, Arrival, ClientGroup, DistributionPoint, Excess, Per, PointId, RateLimit, Rates,
    Release, Span, Window, Workaround,
};

/// The settings of all variants that may have no effect.
#[derive(Debug, Default)]
pub struct Idle {
    /// Where a setting is written, and the warning about it; none if it has an effect in some variant.
    settings: IndexMap<Location, Option<Diagnostic>>,
}

impl Idle {
    /// Looks at one more variant, `scenario`, which was written as `table`.
    pub fn look_at(&mut self, scenario: &Scenario, table: &Table) {
        let groups = parts(table, "clients").map(|(_, group)| group);
        let points = parts(table, "distribution_points").map(|(_, point)| point);
        match (scenario.workaround, table.get("workaround")) {
            (Some(Workaround::After(after)), Some(entry)) => {
                let late = after >= scenario.horizon;
                self.add(entry.at(&["after"]), late.then(|| beyond("workaround")));
            }
            (Some(Workaround::WhenStranded(count)), Some(entry)) => {
                self.add(entry.at(&["when_stranded"]), too_few_clients(scenario, count));
            }
            _ => (),
        }
        if let (Some(_), Some(entry)) = (&scenario.trigger, table.get("trigger")) {
            let goes_on = scenario.clients.iter().any(keeps_coming);
            self.add(&entry.key_location, (!goes_on).then(load_ends));
        }
        for (place, (point, entry)) in scenario.distribution_points.iter().zip(points).enumerate() {
            let windows = |key| match entry.get(key).map(|entry| &entry.node.value) {
                Some(Value::Array(items)) => &items[..],
                _ => &[],
            };
            for (outage, node) in point.outages.iter().zip(windows("outages")) {
                self.add(&node.location, too_late(outage, scenario.horizon, "outage"));
            }
            for (change, node) in point.limit_changes.iter().zip(windows("limit_changes")) {
                self.add(
                    &node.location,
                    too_late(&change.window, scenario.horizon, "limit change"),
                );
            }
            if point.retry_after.is_some() {
                let wrong = ignored_retry_after(scenario, PointId(place as u16), &point.name);
                self.add(entry.at(&["retry_after"]), wrong);
            }
            if let Some(RateLimit { allowance: Allowance::Bucket { burst, excess, .. }, .. }) =
                point.rate_limit
                && excess == Excess::Delay
            {
                let wrong = (burst == 0).then(|| delays_nothing(&point.name));
                self.add(entry.at(&["rate_limit", "excess"]), wrong);
            }
        }
        for (group, entry) in scenario.clients.iter().zip(groups) {
            if let Some(upgrade) = &group.upgrade {
                let late = upgrade.from > scenario.horizon;
                self.add(entry.at(&["upgrade", "from"]), late.then(|| beyond("upgrade")));
            }
            if !group.restraints.is_none() {
                let keys = ["budget", "breaker", "throttle"];
                let key = keys.into_iter().find(|key| entry.get(key).is_some()).unwrap_or("retry");
                let alone = group.processes.is_none() && group.repeat.is_none();
                let wrong = alone.then(|| is_of_each_client(key, &group.name));
                self.add(entry.at(&[key]), wrong);
            }
            for (key, is_set, effect) in [
                ("patience", group.patience.is_some(), &Effect::LETS_WAIT),
                ("priority", group.priority.is_some(), &Effect::HAS_QUEUE),
                ("addresses", group.addresses.is_some(), &Effect::COUNTS_ADDRESSES),
            ] {
                if is_set {
                    self.add(entry.at(&[key]), without_effect(scenario, group, key, effect));
                }
            }
        }
    }

    fn add(&mut self, at: &Location, wrong: Option<Diagnostic>) {
        match self.settings.get_mut(at) {
            Some(warning) if wrong.is_none() => *warning = None,
            Some(_) => (),
            None => {
                self.settings.insert(at.clone(), wrong);
            }
        }
    }

    /// The warnings about settings without an effect.
    pub fn into_warnings(self) -> Vec<Diagnostic> {
        let warning = |(at, wrong): (Location, Option<Diagnostic>)| Some(wrong?.at(at));
        self.settings.into_iter().filter_map(warning).collect()
    }
}

/// What the points of a client group need for one of its keys to have an effect.
struct Effect {
    /// Whether a point has it.
    has: fn(&DistributionPoint) -> bool,
    /// What it is, in a sentence.
    what: &'static str,
    /// How to give it to a point.
    help: &'static str,
}

impl Effect {
    const HAS_QUEUE: Effect = Effect {
        has: |point| point.queue.length > 0,
        what: "has a queue",
        help: "add `queue = 100` to a point",
    };

    /// Requests that a rate limit delays wait as in a queue.
    const LETS_WAIT: Effect = Effect {
        has: |point| {
            let delays = |limit: RateLimit| {
                matches!(limit.allowance, Allowance::Bucket { excess: Excess::Delay, .. })
            };
            point.queue.length > 0 || point.rate_limit.is_some_and(delays)
        },
        ..Effect::HAS_QUEUE
    };

    const COUNTS_ADDRESSES: Effect = Effect {
        has: |point| point.rate_limit.is_some_and(|limit| limit.per == Per::Address),
        what: "has a rate limit per address",
        help: "add `per = \"address\"` to the `rate_limit` of a point",
    };
}

/// The warning about a `key` of a group if none of the points that its clients may use gives it an effect.
fn without_effect(
    scenario: &Scenario,
    group: &ClientGroup,
    key: &str,
    effect: &Effect,
) -> Option<Diagnostic> {
    let mut points =
        group.all_points().filter_map(|id| scenario.distribution_points.get(id.index()));
    (!points.any(effect.has)).then(|| {
        let (name, what) = (quoted(&group.name), effect.what);
        Diagnostic::warning(format!(
            "`{key}` of {name} has no effect: no point that its clients may use {what}"
        ))
        .help(format!("{}, or leave `{key}` out", effect.help))
    })
}

/// Whether clients of a group arrive until the horizon.
fn keeps_coming(group: &ClientGroup) -> bool {
    let steps_end = |rates: &Rates| match rates {
        Rates::Steps(steps) => steps.last().is_some_and(|last| last.rate.is_none()),
        Rates::Counts { .. } => false,
    };
    group.repeat.is_some()
        || group.count.is_none()
            && match &group.arrival {
                Arrival::Poisson { .. } => true,
                Arrival::Rate(profile) => !steps_end(&profile.rates),
                _ => false,
            }
}

fn load_ends() -> Diagnostic {
    Diagnostic::warning("no clients arrive until the horizon: goodput ends with them, and no run recovers")
        .help("let clients arrive with `rate` or `poisson` and without a `count`, or come again with `repeat`")
}

fn is_of_each_client(key: &str, group: &str) -> Diagnostic {
    let warning = format!(
        "what `{key}` of {} keeps of earlier attempts is of each client alone, which makes few",
        quoted(group)
    );
    Diagnostic::warning(warning).help("add `processes = 1`: the clients of a process share it")
}

fn delays_nothing(point: &str) -> Diagnostic {
    let warning = format!(
        "`excess` of the rate limit of {} has no effect: without `burst` no request is within it",
        quoted(point)
    );
    Diagnostic::warning(warning).help("add for example `burst = 20`, or leave `excess` out")
}

fn too_late(window: &Window, horizon: Span, what: &str) -> Option<Diagnostic> {
    (window.from > horizon).then(|| beyond(what))
}

fn beyond(what: &str) -> Diagnostic {
    let warning = format!("this {what} has no effect: it comes after the horizon");
    Diagnostic::warning(warning).help("move it earlier, lengthen `horizon`, or leave it out")
}

/// The warning if there are fewer clients than `wanted`; none if a group has no `count`, because it
/// then has as many clients as arrive.
fn too_few_clients(scenario: &Scenario, wanted: u64) -> Option<Diagnostic> {
    let count = |group: &ClientGroup| {
        Some(u64::from(group.count?) * u64::from(scenario.copies_of(group.site)))
    };
    let counts = scenario.clients.iter().map(count);
    let clients: u64 = counts.sum::<Option<u64>>()?;
    (clients < wanted).then(|| {
        let (are, clients) = (is_or_are(clients as f64), counted(clients as f64, "client"));
        let warning = format!("the workaround never comes: there {are} only {clients}");
        Diagnostic::warning(warning).help("lower `when_stranded`, or write `{ after = \"24h\" }`")
    })
}

fn ignored_retry_after(scenario: &Scenario, point: PointId, name: &str) -> Option<Diagnostic> {
    let follows = |release: &Release| release.retry.follows_retry_after();
    let has_followers = |group: &ClientGroup| {
        let mix = group.release_mix.iter().map(|share| &share.release);
        let upgrade = group.upgrade.iter().map(|upgrade| &upgrade.to);
        let mut releases = mix.chain(upgrade).chain([&group.release]);
        releases.any(follows) && group.all_points().any(|id| id == point)
    };
    (!scenario.clients.iter().any(has_followers)).then(|| {
        let name = quoted(name);
        Diagnostic::warning(format!(
            "`retry_after` of {name} has no effect: no client that may use the point follows it"
        ))
        .help(
            "clients with `retry = { policy = \"server\" }` follow it, or with \
             `retry_after = { honour = true }` in another policy",
        )
    })
}
