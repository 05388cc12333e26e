//! Components that are simulated apart come to the same as if they were simulated together.

use std::sync::atomic::AtomicBool;

use distpoint::engine::event_engine;
use distpoint::model::{Components, Time};
use distpoint::scenario::Scenario;
use distpoint::stats::{Part, RunStatistics, Standard, Whole};

use super::skipping::text;

/// Asserts that the components of `scenario` come to the same apart and together, and, if nothing has copies,
/// the same as if it were simulated without them. How many components it has.
pub fn apart_and_together_are_the_same(scenario: &Scenario) -> u64 {
    let stop = AtomicBool::new(false);
    let components = scenario.components();
    let apart = simulate(scenario, &components);
    assert_eq!(apart.check(), Ok(()));
    let (points, groups) = (&scenario.distribution_points, &scenario.clients);
    let joined = Components::new(points, groups, &scenario.sites, true);
    assert_eq!(joined.len(), 1);
    let mut together = simulate(scenario, &joined);
    same(&mut together, apart.clone());
    if joined.is_one_without_copies() {
        let replication = scenario.replication(0);
        let whole = event_engine::run(&replication, Standard::new(&replication), &stop);
        let mut whole = whole.finish(replication.horizon);
        whole.sites = apart.sites.clone();
        same(&mut whole, apart);
    }
    components.len()
}

fn simulate(scenario: &Scenario, components: &Components<'_>) -> RunStatistics {
    let stop = AtomicBool::new(false);
    let (groups, points) = (scenario.clients.len(), scenario.distribution_points.len());
    let (start, end) = (Time::ZERO + scenario.warmup, Time::ZERO + scenario.horizon);
    let mut whole = Whole::new(groups, points, scenario.sites.len(), start, end);
    // From the last to the first, to show that the order does not matter.
    for number in (0..components.len()).rev() {
        let component = components.get(number);
        let replication = scenario.replication_of(&component, 0);
        let part = event_engine::run(&replication, Part::new(&replication), &stop);
        whole.add(part.finish(&component, &replication), &component);
    }
    whole.finish()
}

fn same(one: &mut RunStatistics, mut other: RunStatistics) {
    for run in [&mut *one, &mut other] {
        run.sites.iter_mut().for_each(|copies| {
            copies.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
        });
        for point in &mut run.points {
            point.copies.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
            // The highest while clients of the component were there.
            point.limit = 0;
        }
    }
    let (one, other) = (text(one.clone()), text(other));
    let pairs = one.lines().zip(other.lines());
    let differ: Vec<_> = pairs.filter(|(one, other)| one != other).take(20).collect();
    assert!(one == other, "together, and apart: {differ:#?}");
}
