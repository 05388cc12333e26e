//! What a scenario says and nothing in it heeds: it runs, though it may not mean what its author
//! thinks.
//!
//! A part may well have an effect in one variant and none in another; that is what variants are for.
//! So a part is only told of if it has none in any of those that it occurs in.

use indexmap::IndexMap;

use super::Scenario;
use super::document::{Entry, Table, Value};
use crate::diagnostic::{Diagnostic, Location, quoted};
use crate::model::{ClientGroup, Delay, PointId, Release, Span, Window, Workaround};

/// The parts of all variants that may be idle.
#[derive(Debug, Default)]
pub struct Idle {
    /// Where a part is written, and what is to be told of it: nothing, if it has an effect somewhere.
    parts: IndexMap<Location, Option<Diagnostic>>,
}

impl Idle {
    /// Looks at one more variant, `scenario`, which was written as `table`.
    pub fn look_at(&mut self, scenario: &Scenario, table: &Table) {
        let groups = table.get("clients").into_iter().flat_map(Entry::entries);
        let points = table.get("distribution_points").into_iter().flat_map(Entry::entries);
        match (scenario.workaround, table.get("workaround")) {
            (Some(Workaround::After(after)), Some(entry)) => {
                let late = after >= scenario.horizon;
                self.add(entry.at(&["after"]), late.then(|| beyond("workaround")));
            }
            (Some(Workaround::WhenStranded(count)), Some(entry)) => {
                self.add(entry.at(&["when_stranded"]), never_so_many(scenario, count));
            }
            _ => (),
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
                let wrong = unheard(scenario, PointId(place as u16), &point.name);
                self.add(entry.at(&["retry_after"]), wrong);
            }
        }
        for (group, entry) in scenario.clients.iter().zip(groups) {
            if let Some(upgrade) = &group.upgrade {
                let late = upgrade.from > scenario.horizon;
                self.add(entry.at(&["upgrade", "from"]), late.then(|| beyond("upgrade")));
            }
        }
    }

    fn add(&mut self, at: &Location, wrong: Option<Diagnostic>) {
        match self.parts.get_mut(at) {
            Some(told) if wrong.is_none() => *told = None,
            Some(_) => (),
            None => {
                self.parts.insert(at.clone(), wrong);
            }
        }
    }

    /// What is to be told.
    pub fn into_warnings(self) -> Vec<Diagnostic> {
        let told = |(at, wrong): (Location, Option<Diagnostic>)| Some(wrong?.at(at));
        self.parts.into_iter().filter_map(told).collect()
    }
}

fn too_late(window: &Window, horizon: Span, what: &str) -> Option<Diagnostic> {
    (window.from > horizon).then(|| beyond(what))
}

fn beyond(what: &str) -> Diagnostic {
    let warning = format!("this {what} has no effect: it comes after the horizon");
    Diagnostic::warning(warning).help("let it come earlier, lengthen `horizon`, or leave it out")
}

/// Groups without `count` have as many as arrive.
fn never_so_many(scenario: &Scenario, wanted: u64) -> Option<Diagnostic> {
    let counts = scenario.clients.iter().map(|group| group.count.map(u64::from));
    let clients: u64 = counts.sum::<Option<u64>>()?;
    (clients < wanted).then(|| {
        let warning = format!("the workaround never comes: there are only {clients} clients");
        Diagnostic::warning(warning).help("lower `when_stranded`, or write `{ after = \"24h\" }`")
    })
}

fn unheard(scenario: &Scenario, point: PointId, name: &str) -> Option<Diagnostic> {
    let listens = |release: &Release| matches!(release.retry.delay, Delay::Server { .. });
    let heeds = |group: &ClientGroup| {
        let mix = group.release_mix.iter().map(|share| &share.release);
        let upgrade = group.upgrade.iter().map(|upgrade| &upgrade.to);
        let mut releases = mix.chain(upgrade).chain([&group.release]);
        releases.any(listens) && group.all_points().any(|id| id == point)
    };
    (!scenario.clients.iter().any(heeds)).then(|| {
        let name = quoted(name);
        Diagnostic::warning(format!("no client that may go to {name} heeds its `retry_after`"))
            .help("clients with `retry = { policy = \"server\" }` do")
    })
}
