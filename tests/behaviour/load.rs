//! Load over time: rates that change, and clients that come again.

use distpoint::model::{Event, EventKind};
use distpoint::scenario::Scenario;

use crate::harness::{
    assert_mean_by_spread, assert_metrics, assert_near, metric, replication, run, scenario,
};

fn with_arrivals(horizon: &str, count: &str, arrival: &str) -> Scenario {
    scenario(&format!(
        "name = \"load\"
        horizon = \"{horizon}\"
        [distribution_points.A]
        connection_limit = 1000
        [clients.g]
        {count}
        arrival = {{ kind = \"rate\", {arrival} }}
        transfer = {{ kind = \"constant\", duration = \"1ms\" }}"
    ))
}

/// The number of arrivals in each of the windows, in seconds.
fn arrivals(scenario: &Scenario, windows: &[(u64, u64)]) -> Vec<f64> {
    let replication = scenario.replication(0);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let events: Vec<Event> = distpoint::engine::event_engine::run(&replication, Vec::new(), &stop);
    let arrivals = events.iter().filter(|event| event.kind == EventKind::Arrived);
    let times: Vec<u64> = arrivals.map(|event| event.at.as_millis()).collect();
    let within = |(from, until): &(u64, u64)| {
        times.iter().filter(|at| (from * 1000..until * 1000).contains(at)).count() as f64
    };
    windows.iter().map(within).collect()
}

#[test]
fn clients_arrive_at_the_rate_of_each_step() {
    let profile = "profile = [[\"0s\", \"40/s\"], [\"200s\", \"0/s\"], [\"300s\", \"80/s\"]]";
    let seen = arrivals(
        &with_arrivals("400s", "", profile),
        &[(0, 100), (100, 200), (200, 300), (300, 400)],
    );
    for (seen, expected) in seen.iter().zip([4000.0, 4000.0, 0.0, 8000.0]) {
        let error = f64::max(expected, 1e-9_f64).sqrt();
        assert_near("arrivals", *seen, expected, error);
    }
    let twice = with_arrivals("400s", "", &format!("{profile}, scale = 2.0"));
    let expected = twice.clients[0].expected_arrivals(twice.replication(0).horizon);
    assert_eq!(expected, 32_000.0);
    assert_near("twice", arrivals(&twice, &[(0, 400)])[0], 32_000.0, 32_000_f64.sqrt());
}

#[test]
fn a_number_of_clients_ends_the_arrivals_or_zero_rates_do() {
    let first = with_arrivals("400s", "count = 50", "profile = [[\"0s\", \"40/s\"]]");
    assert_metrics(&run(&first), &[("arrived", 50.0), ("completed", 50.0)]);
    let few =
        with_arrivals("400s", "count = 5000", "profile = [[\"0s\", \"10/s\"], [\"10s\", \"0/s\"]]");
    assert_near("arrived", metric(&run(&few), "arrived"), 100.0, 10.0);
}

/// One client that thinks for 30 s after each program.
fn one_that_repeats(keys: &str) -> Scenario {
    scenario(&format!(
        "name = \"again\"
        horizon = \"10m\"
        [distribution_points.A]
        connection_limit = 1
        [clients.g]
        count = 1
        arrival = {{ kind = \"burst\" }}
        repeat = {{ think = \"30s\" }}
        {keys}"
    ))
}

#[test]
fn a_client_that_repeats_comes_again_until_the_horizon() {
    // It is done after 120, 270, 420 and 570 s, and comes again at the very end, at 600 s.
    let run = run(&one_that_repeats("transfer = { kind = \"constant\", duration = \"2m\" }"));
    assert_metrics(
        &run,
        &[
            ("arrived", 5.0),
            ("completed", 4.0),
            ("unfinished", 1.0),
            ("completion.max", 120e3),
            ("connections.mean", 0.8),
            ("attempts.max", 1.0),
        ],
    );
}

#[test]
fn each_program_of_a_client_has_its_own_random_numbers() {
    let run = run(&one_that_repeats("transfer = { kind = \"exponential\", mean = \"10s\" }"));
    let mut times = run.groups[0].completions.sorted();
    times.dedup();
    assert!(times.len() > 5 && times.len() as f64 == metric(&run, "completed"), "{times:?}");
}

#[test]
fn a_client_that_gave_up_comes_again_only_if_that_is_wanted() {
    let refused = |keys: &str| {
        scenario(&format!(
            "name = \"again\"
            horizon = \"10m\"
            [distribution_points.A]
            connection_limit = 1
            [clients.holds]
            count = 1
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"constant\", duration = \"1h\" }}
            [clients.g]
            count = 1
            arrival = {{ kind = \"burst\", at = \"1s\" }}
            transfer = {{ kind = \"constant\", duration = \"1s\" }}
            retry = {{ policy = \"fixed\", interval = \"10s\", max_retries = 1 }}
            repeat = {{ think = \"89s\"{keys} }}"
        ))
    };
    assert_metrics(&run(&refused("")), &[("gave_up", 1.0), ("attempts", 3.0)]);
    // At 1, 100, 199, ... 595 s.
    let again = run(&refused(", after_giving_up = true"));
    assert_metrics(&again, &[("gave_up", 6.0), ("attempts", 14.0), ("unfinished", 2.0)]);
}

/// A finite source: so many clients that think, hold one of the connections, and retry or think again if they are
/// refused. Rates are per mean service, which is 10 s.
fn finite_source(sources: u32, think: f64, limit: u32, retry: &str) -> Scenario {
    let think = (10_000.0 / think).round();
    scenario(&format!(
        "name = \"finite source\"
        horizon = \"300000s\"
        warmup = \"1000s\"
        [distribution_points.A]
        connection_limit = {limit}
        [clients.g]
        count = {sources}
        arrival = {{ kind = \"uniform\", over = \"30s\" }}
        transfer = {{ kind = \"exponential\", mean = \"10s\" }}
        repeat = {{ think = {{ kind = \"exponential\", mean = \"{think}ms\" }}, after_giving_up = true }}
        retry = {{ {retry} }}"
    ))
}

fn assert_steady(scenario: &Scenario, expected: &[(&str, f64)]) {
    let runs: Vec<_> = (0..10).map(|number| replication(scenario, number)).collect();
    for &(name, expected) in expected {
        let seen: Vec<f64> = runs.iter().map(|run| metric(run, name)).collect();
        assert_mean_by_spread(name, &seen, expected, 6.0);
    }
}

#[test]
fn a_finite_source_with_retries_is_as_its_markov_chain() {
    // The stationary distribution of the chain of (connections, clients that wait to retry).
    let retry = "policy = \"memoryless\", mean = \"20s\"";
    let expected = [
        ("connections.mean", 1.478_94),
        ("waiting.mean", 3.591_25),
        ("refused.first_ratio", 0.495_24),
    ];
    assert_steady(&finite_source(10, 0.3, 2, retry), &expected);
    let retry = "policy = \"memoryless\", mean = \"50s\"";
    let expected = [
        ("connections.mean", 2.143_646),
        ("waiting.mean", 7.138_122),
        ("refused.first_ratio", 0.379_734),
    ];
    assert_steady(&finite_source(20, 0.2, 3, retry), &expected);
}

#[test]
fn a_finite_source_without_retries_is_as_engset_calculated() {
    // Engset 1918: a source that is refused thinks again.
    let expected = [("connections.mean", 2.143_646), ("refused.first_ratio", 0.399_752)];
    let scenario =
        finite_source(20, 0.2, 3, "policy = \"fixed\", interval = \"10s\", max_retries = 0");
    assert_steady(&scenario, &expected);
}
