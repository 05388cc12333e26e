//! Nothing is lost: every client ends once, every attempt is answered, and the curves add up.

use distpoint::scenario::Scenario;
use distpoint::stats::{RunStatistics, metric as metrics};
use distpoint::study::{Options, simulate};

/// Asserts that nothing is lost in a plain scenario.
pub fn everything_ends_once(scenario: &Scenario) {
    // `run` fails if the run lost count; here the same from the metrics that users see.
    let run = run(scenario);
    let value = |name| metric(&run, name);
    let ends = ["completed", "stranded", "gave_up", "expired", "unfinished"];
    assert_eq!(value("arrived"), ends.map(value).iter().sum::<f64>());
    let admitted: u64 = run.points.iter().map(|point| point.admitted).sum();
    assert_eq!(value("attempts"), value("refused") + admitted as f64);
    // Areas under the curves: no point is fuller than its limit, or idler than it is free.
    for point in &run.points {
        let capacity = u128::from(point.limit) * u128::from(run.measured.as_millis());
        assert!(point.areas.open + point.areas.idle_while_waiting <= capacity);
    }
    // The series add up to the same.
    let buckets = run.series.buckets();
    let refused: u64 = buckets.iter().map(|bucket| bucket.refused).sum();
    let completed: u64 = buckets.iter().map(|bucket| bucket.completed).sum();
    let open: u128 = buckets.iter().map(|bucket| bucket.open_area).sum();
    let areas: u128 = run.points.iter().map(|point| point.areas.open).sum();
    assert_eq!(completed as f64, value("completed"));
    // A client is refused because of a connection, which ends later: so no refusal
    // lies beyond the last completion, where series without unfinished clients end.
    assert_eq!(refused as f64, value("refused"));
    assert_eq!(open, areas);
}

/// Asserts that nothing is lost in a scenario with everything that a world can have.
pub fn nothing_is_lost(scenario: &Scenario) {
    // `run` fails if the run lost count; here the same from the metrics that users see.
    let run = run(scenario);
    let value = |name| metric(&run, name);
    let ends = ["completed", "stranded", "gave_up", "expired", "unfinished"];
    assert_eq!(value("arrived"), ends.map(value).iter().sum::<f64>());
    let admitted: u64 = run.points.iter().map(|point| point.admitted).sum();
    assert_eq!(value("attempts"), value("refused") + admitted as f64);
    assert!(value("unreachable") <= value("refused"));
    // A stranded client is recovered or not, and counts as stranded all the same.
    assert_eq!(value("stranded"), value("recovered") + value("stranded.final"));
    let ran = value("completed") + value("recovered");
    let timed_out: u64 = run.points.iter().map(|point| point.left).sum();
    let connected = admitted as f64 - ran - value("cut") - timed_out as f64;
    let left = value("unfinished") + value("stranded.final");
    assert!((0.0..=left).contains(&connected));
    for point in &run.points {
        assert!(point.areas.open + point.areas.idle_while_waiting <= point.capacity);
        assert!(point.abandoned <= point.areas.open && point.left <= point.timed_out);
        assert!(point.timed_out <= point.refused + point.left);
    }
    let open: u128 = run.series.buckets().iter().map(|bucket| bucket.open_area).sum();
    let areas: u128 = run.points.iter().map(|point| point.areas.open).sum();
    // A client that was cut may give up after the last completion, where the averages end.
    assert!(open >= areas);
}

/// Simulates replication 0 on the event engine.
fn run(scenario: &Scenario) -> RunStatistics {
    simulate(scenario, 0, &Options::default()).expect("the run ends well")
}

/// A metric that has a value.
fn metric(run: &RunStatistics, name: &str) -> f64 {
    let metrics = metrics::of_run(run);
    let found = metrics.iter().find(|(known, _)| known.name == name);
    found.and_then(|(_, value)| *value).unwrap_or_else(|| panic!("{name} has no value"))
}
