//! Short ways to simulate and to judge.

use distpoint::scenario::{Origin, Scenario, load};
use distpoint::stats::{RunOutcome, metrics};
use distpoint::study::{Options, play};

/// Reads a scenario that must be right.
pub fn scenario(text: &str) -> Scenario {
    match load(Origin::Text { name: "test", text }, &[]) {
        Ok(loaded) => loaded.base,
        Err(error) => panic!("{error}"),
    }
}

/// One group at one distribution point that retries every 10 minutes; `rest` are more keys of the
/// group.
pub fn one_group(limit: u32, count: u32, rest: &str) -> Scenario {
    scenario(&format!(
        "name = \"test\"
        [distribution_points.A]
        connection_limit = {limit}
        [clients.g]
        count = {count}
        {rest}"
    ))
}

/// Plays replication 0 on the event engine.
pub fn run(scenario: &Scenario) -> RunOutcome {
    replication(scenario, 0)
}

/// Plays one replication on the event engine.
pub fn replication(scenario: &Scenario, number: u64) -> RunOutcome {
    play(scenario, number, &Options::default()).expect("the run ends well")
}

/// A metric that has a value.
pub fn metric(run: &RunOutcome, name: &str) -> f64 {
    let metrics = metrics::of_run(run);
    let found = metrics.iter().find(|(known, _)| *known == name);
    found.and_then(|(_, value)| *value).unwrap_or_else(|| panic!("{name} has no value"))
}

/// Asserts several metrics exactly.
pub fn assert_metrics(run: &RunOutcome, expected: &[(&str, f64)]) {
    for &(name, value) in expected {
        assert_eq!(metric(run, name), value, "{name}");
    }
}

/// Asserts that the mean of `samples` lies within 4 standard errors of `expected`, where one
/// sample has the standard deviation `deviation`. That fails 6 times in 100,000 by chance, and
/// never twice differently: the seeds are fixed.
pub fn assert_mean(samples: &[f64], expected: f64, deviation: f64) {
    let n = samples.len() as f64;
    let mean = samples.iter().sum::<f64>() / n;
    let z = (mean - expected) / (deviation / n.sqrt());
    assert!(z.abs() < 4.0, "mean {mean}, expected {expected}: z = {z:.2}");
}

/// How many cases a random test tries: `everyday`, or what `make test-long` asks for.
pub fn cases(everyday: u32) -> u32 {
    let asked = std::env::var("DISTPOINT_TEST_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(everyday)
}
