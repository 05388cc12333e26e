//! Metamorphic relations: how the outcomes of two scenarios are related, whatever they are.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use distpoint::engine::event_engine;
use distpoint::model::{ClientId, Event, EventKind, Outcome, Restraints, Span, Time, Window};
use distpoint::report::Format;
use distpoint::results::WindowResults;
use distpoint::scenario::{Loaded, Origin, Scenario, load};
use distpoint::study::{
    Options, Replications, Shard, ShardResults, merge, plan, run, run_shard, simulate,
};

use super::still::{Scale, Still};
use super::{reports, scenario};

/// All times twice as long: everything happens at twice the time.
pub fn all_times_twice_as_long(still: &Still) {
    let once = events(&scenario(&still.text(Scale::ONE)));
    let twice = events(&scenario(&still.text(Scale { time: 2, ..Scale::ONE })));
    let stretched: Vec<Event> = once.into_iter().map(stretched).collect();
    assert_eq!(stretched, twice, "{still:?}");
}

/// Twice as many clients, connections and places in queues: each life is lived twice.
pub fn twice_as_many_clients_and_connections(still: &Still) {
    let alike = Scale { alike: true, ..Scale::ONE };
    let mut once = lives(&scenario(&still.text(alike)));
    let twice = lives(&scenario(&still.text(Scale { number: 2, ..alike })));
    once.values_mut().for_each(|count| *count *= 2);
    assert_eq!(once, twice, "{still:?}");
}

/// A group split in two: the same lives.
pub fn a_group_split_in_two(still: &Still) {
    let alike = Scale { alike: true, ..Scale::ONE };
    let whole = lives(&scenario(&still.text(alike)));
    let split = lives(&scenario(&still.text(Scale { split: true, ..alike })));
    assert_eq!(whole, split, "{still:?}");
}

/// An outage after all clients have ended: nothing changes for them.
pub fn an_outage_after_the_end_changes_nothing(scenario: &Scenario) {
    let without = events(scenario);
    let unfinished =
        |event: &Event| matches!(event.kind, EventKind::Ended { outcome: Outcome::Unfinished, .. });
    // A stranded client may wait for its new advertisement until the horizon.
    let end = match without.iter().any(unfinished) || scenario.workaround.is_some() {
        true => scenario.horizon,
        false => without.iter().map(|event| event.at.since(Time::ZERO)).max().unwrap_or(Span::ZERO),
    };
    let mut with = scenario.clone();
    for point in &mut with.distribution_points {
        let from = Span::from_millis(end.as_millis() + 1);
        // Windows of a point do not overlap.
        if point.outages.is_empty() {
            point.outages.push(Window { from, length: None, every: None });
        }
    }
    let with = events(&with);
    if let Some((a, b)) = without.iter().zip(&with).find(|(a, b)| a != b) {
        panic!("{a:?} without the outage, but {b:?} with it, which begins after {end}");
    }
    assert_eq!(without.len(), with.len());
}

/// As many connections as all clients together want, clients that wait for the end of each transfer, and servers that
/// are always up and answer without errors and rate limits: nobody is refused or waits in a queue.
pub fn nobody_is_refused_where_there_is_room(scenario: &Scenario) {
    let mut roomy = scenario.clone();
    for point in &mut roomy.distribution_points {
        point.connection_limit = 1_000_000;
        point.limit_changes.clear();
        point.outages.clear();
        point.failures = None;
        point.rate_limit = None;
        point.errors = 0.0;
    }
    for group in &mut roomy.clients {
        group.timeout = None;
        // What its own process rejects waits, too.
        group.restraints = Restraints::NONE;
    }
    let run = simulate(&roomy, 0, &Options::default()).expect("the run ends well");
    for point in &run.points {
        assert_eq!((point.refused, point.peak_queued, point.peak_waiting), (0, 0, 0));
    }
}

/// With a probability of 0 the bug of Q268500 never strikes: a release with it is as one without.
pub fn a_bug_that_never_strikes_changes_nothing(scenario: &Scenario) {
    let with = |buggy: bool| {
        let mut scenario = scenario.clone();
        for group in &mut scenario.clients {
            group.misreport_probability = 0.0;
            group.release.misreport_strands = buggy;
            for share in &mut group.release_mix {
                share.release.misreport_strands = buggy;
            }
            if let Some(upgrade) = &mut group.upgrade {
                upgrade.to.misreport_strands = buggy;
            }
        }
        events(&scenario)
    };
    assert_eq!(with(true), with(false));
}

/// The same results from one thread and from two, and reports that are well formed.
pub fn the_same_on_any_number_of_threads(text: &str) {
    let loaded = loaded(text);
    let results = |threads| {
        let options = Options { threads, what_if: true, ..options() };
        run(&loaded, &options).expect("it runs")
    };
    let one = results(1);
    assert_eq!(json(&one), json(&results(2)));
    assert_eq!(json(&one), json(&results(1)));
    reports::check(&one);
}

/// The merged parts of a study, as files have them, are the whole.
pub fn shards_and_the_whole_are_the_same(text: &str) {
    let loaded = loaded(text);
    let options = options();
    let whole = run(&loaded, &options).expect("it runs");
    let shards = 2 + loaded.base.seed % 3;
    let part = |index| {
        let plan = plan(&loaded, &options).expect("a plan");
        let shard = Shard::new(index, shards).expect("a shard");
        let part = run_shard(plan, shard, &loaded, &options).expect("it runs");
        let written = serde_json::to_string(&part).expect("parts are JSON");
        let read: ShardResults = serde_json::from_str(&written).expect("it was written");
        assert_eq!(read, part);
        (format!("part-{index}.json"), read)
    };
    // The order of the parts does not matter.
    let merged = merge((1..=shards).rev().map(part).collect(), &options);
    assert_eq!(json(&merged.expect("all parts").results), json(&whole));
}

/// What is measured in two windows that share all time adds up to the whole, which is the same with and without.
pub fn windows_add_up_to_the_whole(text: &str, split: u64) {
    let read = |text: &str| {
        load(Origin::Text { name: "drawn", text }, &[]).unwrap_or_else(|error| panic!("{error}"))
    };
    let results = |text: &str| {
        let loaded = read(text);
        let results = run(&loaded, &Options { threads: 1, ..Options::default() });
        results.expect("it runs").variants.remove(0)
    };
    let horizon = read(text).base.horizon.as_millis();
    let split = split % (horizon - 1) + 1;
    let thresholds = format!(
        "thresholds = [\"stranded >= 0 during 0s..{split}ms\", \"stranded >= 0 during {split}ms..{}ms\"]\n",
        2 * horizon
    );
    let mut with = results(&(thresholds + text));
    let windows = std::mem::take(&mut with.windows);
    assert_eq!(with, results(text));
    assert_eq!(windows.len(), 2);
    let whole = |name: &str| with.metrics[name].map(|summary| summary.mean);
    let parts = |name: &str| {
        let mean = |window: &WindowResults| window.metrics[name].map(|summary| summary.mean);
        windows.values().filter_map(mean).collect::<Vec<_>>()
    };
    for count in [
        "arrived",
        "completed",
        "stranded",
        "gave_up",
        "expired",
        "unfinished",
        "attempts",
        "refused",
    ]
    .into_iter()
    .chain(["unreachable", "rate_limited", "failed", "cut", "timed_out", "recovered"])
    {
        let sum: f64 = parts(count).into_iter().sum();
        assert_eq!(sum, whole(count).unwrap_or(0.0), "{count}");
    }
    let most = |name: &str| parts(name).into_iter().fold(0.0, f64::max);
    for highest in ["completion.max", "attempts.max", "attempts.per_second.peak"] {
        assert_eq!(most(highest), whole(highest).unwrap_or(0.0), "{highest}");
    }
    for peak in ["connections.peak", "waiting.peak", "queued.peak"] {
        // What is there at the horizon itself is in no window.
        let is_over = whole("unfinished") == Some(0.0);
        assert!(most(peak) <= whole(peak).unwrap_or(0.0), "{peak}");
        assert!(!is_over || most(peak) == whole(peak).unwrap_or(0.0), "{peak}");
    }
}

/// Three replications of two variants.
fn options() -> Options {
    Options { threads: 1, replications: Replications::Fixed(3), ..Options::default() }
}

fn loaded(text: &str) -> Loaded {
    let text = format!(
        "thresholds = [\"stranded == 0\", \"completion.p95 < 1h\", \"attempts < 50 during 1m..5m @ wider\"]\n\
         {text}\n[variants.as-it-is]\n\
         [variants.wider]\ndistribution_points.A.connection_limit = 9\n"
    );
    load(Origin::Text { name: "drawn", text: &text }, &[]).unwrap_or_else(|error| panic!("{error}"))
}

fn json(results: &distpoint::results::Results) -> String {
    (Format::named("json").expect("a format").results)(results, None)
}

fn events(scenario: &Scenario) -> Vec<Event> {
    let stop = AtomicBool::new(false);
    event_engine::run(&scenario.replication(0), Vec::new(), &stop)
}

/// What happened to a client, as text, and to how many it did.
fn lives(scenario: &Scenario) -> BTreeMap<String, usize> {
    let mut lives: BTreeMap<ClientId, String> = BTreeMap::new();
    for event in events(scenario) {
        let life = lives.entry(event.client).or_default();
        *life += &format!("{}: {:?}\n", event.at.as_millis(), event.kind);
    }
    let mut counts = BTreeMap::new();
    lives.into_values().for_each(|life| *counts.entry(life).or_default() += 1);
    counts
}

/// An event at twice its time.
fn stretched(event: Event) -> Event {
    let twice = |time: Time| Time::from_millis(2 * time.as_millis());
    let kind = match event.kind {
        EventKind::RetryScheduled { point, due, waiting_at } => {
            EventKind::RetryScheduled { point, due: twice(due), waiting_at }
        }
        EventKind::ReadvertisementEnded { outcome, delay, waiting_at } => {
            let delay = Span::from_millis(2 * delay.as_millis());
            EventKind::ReadvertisementEnded { outcome, delay, waiting_at }
        }
        kind => kind,
    };
    Event { at: twice(event.at), client: event.client, arrived: twice(event.arrived), kind }
}
