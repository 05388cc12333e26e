//! Short ways to simulate and to judge.

#[path = "../shared/cases.rs"]
mod cases;

pub use crate::checks::scenario;
pub use cases::cases;
use distpoint::scenario::Scenario;
use distpoint::stats::{RunStatistics, metric as metrics};
use distpoint::study::{Options, simulate};

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

/// Simulates replication 0 on the event engine.
pub fn run(scenario: &Scenario) -> RunStatistics {
    replication(scenario, 0)
}

/// Simulates one replication on the event engine.
pub fn replication(scenario: &Scenario, number: u64) -> RunStatistics {
    simulate(scenario, number, &Options::default()).expect("the run ends well")
}

/// A metric that has a value.
pub fn metric(run: &RunStatistics, name: &str) -> f64 {
    let metrics = metrics::of_run(run);
    let found = metrics.iter().find(|(known, _)| known.name == name);
    found.and_then(|(_, value)| *value).unwrap_or_else(|| panic!("{name} has no value"))
}

/// Asserts several metrics exactly.
pub fn assert_metrics(run: &RunStatistics, expected: &[(&str, f64)]) {
    for &(name, value) in expected {
        assert_eq!(metric(run, name), value, "{name}");
    }
}

/// Asserts that an observed value, called `what`, lies within 4 standard errors of the expected one;
/// `error` is one standard error. That fails 6 times in 100,000 by chance, and never twice
/// differently: the seeds are fixed.
#[track_caller]
pub fn assert_near(what: &str, observed: f64, expected: f64, error: f64) {
    let z = (observed - expected) / error;
    assert!(z.abs() < 4.0, "{what}: {observed}, expected {expected}: z = {z:.2}");
}

/// Asserts that the mean of `samples` is [near](assert_near) `expected`, where one sample has the
/// known standard deviation `deviation`.
#[track_caller]
pub fn assert_mean(samples: &[f64], expected: f64, deviation: f64) {
    let (mean, _) = mean_and_variance(samples);
    assert_near("mean", mean, expected, deviation / (samples.len() as f64).sqrt());
}

/// Asserts that the mean of a few `samples`, called `what`, is in accord with `expected`, where their
/// deviation is known from their own spread only: that Student's t is less than `most` to either
/// side. By chance that fails once in 5,000 times if `most` is 7 for 8 samples or 6 for 10.
#[track_caller]
pub fn assert_mean_by_spread(what: &str, samples: &[f64], expected: f64, most: f64) {
    let (mean, variance) = mean_and_variance(samples);
    let t = (mean - expected) / (variance / samples.len() as f64).sqrt();
    assert!(t.abs() < most, "{what}: {mean}, expected {expected}: t = {t:.2}");
}

/// The mean of samples, and the unbiased estimate of the variance of one.
pub fn mean_and_variance(samples: &[f64]) -> (f64, f64) {
    let n = samples.len() as f64;
    let mean = samples.iter().sum::<f64>() / n;
    let squares: f64 = samples.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, squares / (n - 1.0))
}
