//! Refused retries that are skipped change no result.

use std::sync::atomic::AtomicBool;

use distpoint::engine::event_engine;
use distpoint::scenario::Scenario;
use distpoint::stats::{RunStatistics, Standard, new_histogram};

/// Asserts that a run that skips refused retries comes to the same as one that simulates each attempt. How
/// many it skipped.
pub fn changes_nothing(scenario: &Scenario) -> u64 {
    let stop = AtomicBool::new(false);
    let replication = scenario.replication(0);
    let observer = || Standard::new(&replication);
    let each = event_engine::run_each_attempt(&replication, observer(), &stop);
    let some = event_engine::run(&replication, observer(), &stop);
    let (each, some) = (each.finish(replication.horizon), some.finish(replication.horizon));
    assert_eq!(each.check(), Ok(()));
    assert_eq!(some.check(), Ok(()));
    let skipped = some.skipped;
    let (each, some) = (text(each), text(some));
    let pairs = each.lines().zip(some.lines());
    let differ: Vec<_> = pairs.filter(|(one, other)| one != other).take(20).collect();
    assert!(each == some, "each attempt simulated, and some skipped: {differ:#?}");
    skipped
}

/// All that a run came to; times of clients that end at the same instant may be in any order.
pub fn text(mut run: RunStatistics) -> String {
    run.skipped = 0;
    // Only what it shows, which has no bucket where nobody came.
    let series = std::mem::take(&mut run.series);
    let series = (series.width(), series.buckets().to_vec());
    let mut histograms = Vec::new();
    for group in &mut run.groups {
        group.completions.sort();
        group.recoveries.sort();
        let histogram = &group.attempts_per_client;
        histograms.push(
            histogram
                .iter_recorded()
                .map(|v| (v.value_iterated_to(), v.count_at_value()))
                .collect::<Vec<_>>(),
        );
        // One that grew differently holds the same.
        group.attempts_per_client = new_histogram(1);
    }
    format!("{run:#?}\n{series:#?}\n{histograms:?}")
}
