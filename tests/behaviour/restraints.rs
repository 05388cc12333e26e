//! What the clients of a process share: budgets, circuit breakers, throttles.

use distpoint::scenario::Scenario;

use crate::harness::{assert_metrics, assert_near, metric, run, scenario};

/// Clients of one process whose attempts all fail at once; `keys` are those of the group.
fn all_fail(count: u32, over: &str, keys: &str) -> Scenario {
    scenario(&format!(
        "name = \"restraints\"
        horizon = \"1h\"
        [distribution_points.A]
        connection_limit = 100000
        errors = \"100%\"
        [clients.g]
        count = {count}
        processes = 1
        arrival = {{ kind = \"even\", over = \"{over}\" }}
        transfer = {{ kind = \"constant\", duration = \"1s\" }}
        {keys}"
    ))
}

#[test]
fn a_full_quota_of_the_aws_sdks_allows_100_retries_and_the_new_one_35() {
    for (preset, retries) in [("aws-standard", 100.0), ("aws-standard-2026", 35.0)] {
        let run = run(&all_fail(1000, "10s", &format!("retry = {preset:?}")));
        assert_metrics(&run, &[("attempts", 1000.0 + retries), ("gave_up", 1000.0)]);
    }
    // Each client is a process of its own unless they are said to belong together.
    let alone = all_fail(1000, "10s", "retry = \"aws-standard\"");
    let mut alone = alone;
    alone.clients[0].processes = None;
    assert_metrics(&run(&alone), &[("attempts", 3000.0)]);
}

#[test]
fn a_retry_after_a_timeout_costs_what_it_says() {
    let scenario = scenario(
        "name = \"timeouts\"
        horizon = \"1h\"
        [distribution_points.A]
        connection_limit = 10000
        [clients.g]
        count = 1000
        processes = 1
        timeout = \"1s\"
        arrival = { kind = \"even\", over = \"10s\" }
        transfer = { kind = \"constant\", duration = \"2s\" }
        retry = \"aws-standard\"",
    );
    assert_metrics(&run(&scenario), &[("attempts", 1050.0), ("completed", 0.0)]);
}

#[test]
fn grpc_retries_four_times_and_then_no_more() {
    assert_metrics(&run(&all_fail(500, "10s", "retry = \"grpc\"")), &[("attempts", 504.0)]);
}

#[test]
fn finagle_retries_a_fifth_of_the_requests_and_ten_a_second() {
    for (count, a_second) in [(10_000, 30.0), (1000, 12.0)] {
        let run = run(&all_fail(count, "100s", "retry = \"finagle\""));
        let retries = metric(&run, "attempts") - f64::from(count);
        // Within the retries of a second at either end.
        assert!((retries - 100.0 * a_second).abs() <= a_second, "{retries}");
        let amplification = metric(&run, "amplification");
        let reserve = 10.0 * 100.0 / f64::from(count);
        assert!(amplification <= 1.2 + reserve + 1e-9, "{amplification}");
    }
}

#[test]
fn a_share_of_the_attempts_in_progress_bounds_retries_that_last_and_not_those_that_fail_at_once() {
    // What fails at once is never in progress when others are: all may retry.
    let at_once = run(&all_fail(1000, "10s", "retry = \"envoy\""));
    assert_metrics(&at_once, &[("attempts", 2000.0)]);
    // Each attempt lasts 1 s until it times out: 100 are in progress, and a fifth of them may be retries.
    let slow = scenario(
        "name = \"slow\"
        horizon = \"1h\"
        [distribution_points.A]
        connection_limit = 10000
        [clients.g]
        count = 10000
        processes = 1
        timeout = \"1s\"
        arrival = { kind = \"even\", over = \"100s\" }
        transfer = { kind = \"constant\", duration = \"2s\" }
        retry = \"envoy\"",
    );
    let amplification = metric(&run(&slow), "amplification");
    assert!((1.15..1.3).contains(&amplification), "{amplification}");
}

#[test]
fn an_open_breaker_rejects_attempts_but_for_its_probes() {
    // 10 a second. The 100th failure is at 9.9 s; then 10 probes follow each 60 s, from 69.9, 130.8, 191.7 and
    // 252.6 s on, and their last result opens it again.
    let keys = "retry = { policy = \"fixed\", interval = \"10s\", max_retries = 0 }
        breaker = { failures = \"50%\", of = 100, open = \"60s\", probes = 10 }";
    let run = run(&all_fail(3000, "300s", keys));
    assert_metrics(&run, &[("attempts", 140.0), ("rejected", 2860.0), ("gave_up", 3000.0)]);
}

#[test]
fn a_breaker_that_saw_its_probes_succeed_closes() {
    // Down for the first 30 s: the 100th of 10 attempts a second fails at 9.9 s, and the probes of 69.9 s succeed.
    let text = "name = \"closes\"
        horizon = \"1h\"
        [distribution_points.A]
        connection_limit = 100000
        outages = [{ from = \"0s\", for = \"30s\" }]
        [clients.g]
        count = 3000
        processes = 1
        arrival = { kind = \"even\", over = \"300s\" }
        transfer = { kind = \"constant\", duration = \"10ms\" }
        retry = { policy = \"fixed\", interval = \"10s\", max_retries = 0 }
        breaker = { failures = \"50%\", of = 100, open = \"60s\", probes = 10 }";
    let run = run(&scenario(text));
    assert_metrics(&run, &[("completed", 2301.0), ("rejected", 599.0), ("unreachable", 100.0)]);
}

#[test]
fn a_client_that_its_breaker_rejects_waits_and_tries_again() {
    let keys = "retry = { policy = \"fixed\", interval = \"10s\", max_retries = 2 }
        breaker = { failures = \"100%\", of = 1, open = \"15s\", probes = 1 }";
    // It fails at 0 s, is rejected at 10 s, and makes its last attempt at 20 s.
    let run = run(&all_fail(1, "1s", keys));
    assert_metrics(&run, &[("attempts", 2.0), ("rejected", 1.0), ("gave_up", 1.0)]);
}

#[test]
fn a_throttle_sends_twice_as_much_as_the_server_accepts() {
    // The server does 10 a second and is never idle; 100 a second come.
    let text = "name = \"throttle\"
        horizon = \"40m\"
        warmup = \"10m\"
        [distribution_points.A]
        connection_limit = 1
        queue = 5
        [clients.g]
        processes = 1
        arrival = { kind = \"rate\", profile = [[\"0s\", \"100/s\"]] }
        transfer = { kind = \"constant\", duration = \"100ms\" }
        retry = { policy = \"fixed\", interval = \"10s\", max_retries = 0 }
        throttle = { k = 2, window = \"2m\" }";
    let run = run(&scenario(text));
    let sent = metric(&run, "attempts") / 1800.0;
    let accepted = metric(&run, "completed") / 1800.0;
    assert_near("accepted", accepted, 10.0, 0.02);
    // Each request is sent at random: the error of the number sent is that of independent draws, and the window
    // feeds back.
    assert_near("sent", sent, 2.0 * accepted, 0.1);
    let all = metric(&run, "attempts") + metric(&run, "rejected");
    assert_near("requests", all / 1800.0, 100.0, (100.0_f64 / 1800.0).sqrt());
}
