//! How servers limit their clients beyond their connections: idle sessions, rate limits, queues, errors.

use crate::harness::{assert_metrics, assert_near, metric, one_group, run, scenario};

/// A burst of clients at a point with `more` keys.
fn burst(limit: u32, more: &str, count: u32, rest: &str) -> distpoint::scenario::Scenario {
    scenario(&format!(
        "name = \"limits\"
        horizon = \"20d\"
        [distribution_points.A]
        connection_limit = {limit}
        {more}
        [clients.g]
        count = {count}
        arrival = {{ kind = \"burst\" }}
        transfer = {{ kind = \"constant\", duration = \"2m\" }}
        {rest}"
    ))
}

#[test]
fn an_idle_session_keeps_its_connection_for_as_long_as_it_lingers() {
    // Ten batches: with AutoDisconnect (KB Q122920) each begins 17 minutes after the one before.
    let with = run(&burst(10, "queue = 1000\nlinger = \"15m\"", 100, ""));
    assert_metrics(&with, &[("makespan", 155.0 * 60e3), ("completed", 100.0), ("attempts", 100.0)]);
    let without = run(&burst(10, "queue = 1000", 100, ""));
    assert_metrics(&without, &[("makespan", 20.0 * 60e3), ("lingering.mean", 0.0)]);
    // Of 155 minutes ten connections transfer in 20 and are idle in 135.
    assert_metrics(
        &with,
        &[("lingering.mean", 10.0 * 135.0 / 155.0), ("utilisation", 20.0 / 155.0)],
    );
}

#[test]
fn the_connections_of_idle_sessions_are_not_free_while_clients_wait() {
    // The second client retries every minute; the session ends at 1 + 10 minutes, its retry takes it then.
    let run =
        run(&burst(1, "linger = \"10m\"", 2, "retry = { policy = \"fixed\", interval = \"1m\" }"));
    assert_metrics(
        &run,
        &[("makespan", 14.0 * 60e3), ("idle_while_waiting", 0.0), ("attempts", 14.0)],
    );
}

#[test]
fn a_client_that_comes_back_takes_its_own_session_over() {
    // It vanishes from its transfer, comes back, and goes on, though its session is the only connection.
    let text = |linger: &str| {
        format!(
            "name = \"own\"
            seed = 3
            horizon = \"30d\"
            [distribution_points.A]
            connection_limit = 1
            {linger}
            [clients.g]
            count = 1
            on_cut = \"resume\"
            vanishes = {{ every = \"1m\", for = \"1m\" }}
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"constant\", duration = \"20m\" }}"
        )
    };
    let (with, without) = (run(&scenario(&text("linger = \"12h\""))), run(&scenario(&text(""))));
    assert!(metric(&with, "cut") > 3.0);
    for name in ["makespan", "attempts", "cut", "refused"] {
        assert_eq!(metric(&with, name), metric(&without, name), "{name}");
    }
}

#[test]
fn an_outage_ends_idle_sessions() {
    let outage = "outages = [{ from = \"5m\", for = \"1m\" }]";
    let run = run(&burst(
        1,
        &format!("linger = \"10h\"\n{outage}"),
        2,
        "retry = { policy = \"fixed\", interval = \"1m\" }",
    ));
    assert_metrics(&run, &[("makespan", 8.0 * 60e3)]);
}

/// How many of bursts at instants in ms pass a rate limit, if each client tries once.
fn passed(limit: &str, bursts: &[(u64, u32)]) -> Vec<u64> {
    let mut text = format!(
        "name = \"bursts\"
        [distribution_points.A]
        connection_limit = 1000
        rate_limit = {limit}\n"
    );
    for (number, (at, count)) in bursts.iter().enumerate() {
        text += &format!(
            "[clients.g{number}]
            count = {count}
            retry = {{ max_retries = 0 }}
            arrival = {{ kind = \"burst\", at = \"{at}ms\" }}
            transfer = {{ kind = \"constant\", duration = \"1s\" }}\n"
        );
    }
    let run = run(&scenario(&text));
    run.groups.iter().map(|group| group.ended.completed).collect()
}

#[test]
fn a_leaky_bucket_lets_a_burst_pass_and_then_one_per_interval() {
    // As nginx's limit_req counts.
    let limit = "{ rate = \"10/s\", burst = 20 }";
    assert_eq!(passed(limit, &[(0, 30), (101, 20), (602, 20)]), [21, 1, 5]);
}

#[test]
fn a_leaky_bucket_that_delays_lets_one_pass_per_interval() {
    let limit = "rate_limit = { rate = \"10/s\", burst = 20, excess = \"delay\" }";
    let run = run(&burst(1000, limit, 30, "retry = { max_retries = 0 }"));
    assert_metrics(&run, &[("completed", 21.0), ("rate_limited", 9.0), ("queued.peak", 20.0)]);
    let times: Vec<u64> = (0..21).map(|n| 120_000 + 100 * n).collect();
    assert_eq!(run.groups[0].completions.sorted(), times);
}

#[test]
fn a_window_counts_the_clients_behind_one_address_together() {
    // Docker Hub's limit without an account: 100 per 6 h and address.
    let limit = "rate_limit = { most = 100, window = \"6h\", per = \"address\" }";
    let retry = "retry = { policy = \"fixed\", interval = \"1h\" }\naddresses = 1";
    let run = run(&burst(1000, limit, 250, retry));
    let minutes: Vec<u64> =
        run.groups[0].completions.sorted().iter().map(|millis| millis / 60_000).collect();
    let expected = [vec![2; 100], vec![362; 100], vec![722; 50]].concat();
    assert_eq!(minutes, expected);
    // 150 clients 6 times, then 50 of them 6 times again.
    assert_metrics(&run, &[("rate_limited", 150.0 * 6.0 + 50.0 * 6.0)]);
}

#[test]
fn each_client_has_its_own_address_unless_several_share_one() {
    let limit = "rate_limit = { most = 1, window = \"1d\", per = \"address\" }";
    let completed = |addresses: &str| {
        let rest = format!("retry = {{ max_retries = 0 }}\n{addresses}");
        metric(&run(&burst(1000, limit, 60, &rest)), "completed")
    };
    assert_eq!(completed(""), 60.0);
    assert_eq!(completed("addresses = 7"), 7.0);
}

#[test]
fn a_client_that_is_told_when_a_token_is_due_comes_back_then() {
    let limit = "rate_limit = { most = 1, window = \"90s\" }\nretry_after = \"estimated\"";
    let run = run(&burst(1000, limit, 3, "retry = { policy = \"server\", interval = \"1h\" }"));
    assert_eq!(run.groups[0].completions.sorted(), [120_000, 210_000, 300_000]);
}

#[test]
fn a_share_of_the_attempts_that_would_be_admitted_fails() {
    let p = 0.3_f64;
    let errors = "errors = \"30%\"";
    let retry = "retry = { policy = \"fixed\", interval = \"1m\", max_retries = 3 }";
    let count = 40_000;
    let run = run(&burst(count, errors, count, retry));
    let mean = 1.0 + p + p * p + p * p * p;
    // The number of attempts is geometrically distributed, cut at 4.
    let square = 1.0 + 3.0 * p + 5.0 * p * p + 7.0 * p * p * p;
    let error = ((square - mean * mean) / f64::from(count)).sqrt();
    assert_near("attempts per client", metric(&run, "attempts.mean"), mean, error);
    let share = (p.powi(4) * (1.0 - p.powi(4)) / f64::from(count)).sqrt();
    assert_near("gave up", metric(&run, "gave_up") / f64::from(count), p.powi(4), share);
    assert_eq!(metric(&run, "failed"), metric(&run, "refused"));
}

#[test]
fn errors_refuse_nobody_that_finds_no_connection() {
    let run = run(&burst(1, "errors = \"100%\"", 9, "retry = { max_retries = 2 }"));
    assert_metrics(&run, &[("failed", 27.0), ("gave_up", 9.0)]);
}

#[test]
fn a_queue_refuses_who_has_waited_for_its_timeout() {
    // Two minutes each: the second is served at 2 m, the third would be at 4 m.
    let queue = "queue = { length = 9, timeout = \"3m\" }";
    let run = run(&burst(1, queue, 3, "retry = { max_retries = 0 }"));
    assert_metrics(&run, &[("completed", 2.0), ("gave_up", 1.0), ("refused", 1.0)]);
}

#[test]
fn a_client_whose_turn_comes_at_its_timeout_is_served() {
    let queue = "queue = { length = 9, timeout = \"2m\" }";
    let run = run(&burst(1, queue, 3, "retry = { max_retries = 0 }"));
    assert_metrics(&run, &[("completed", 2.0), ("gave_up", 1.0)]);
}

#[test]
fn an_impatient_client_leaves_the_queue_which_counts_as_a_refusal() {
    let run = run(&burst(
        1,
        "queue = 9",
        3,
        "patience = \"3m\"\nretry = { policy = \"fixed\", interval = \"1h\" }",
    ));
    assert_metrics(&run, &[("completed", 3.0), ("refused", 1.0), ("makespan", 65.0 * 60e3)]);
}

#[test]
fn the_last_that_came_is_the_first_to_leave_a_stack() {
    let ends = |order: &str| {
        let text = format!(
            "name = \"order\"
            [distribution_points.A]
            connection_limit = 1
            queue = {{ length = 9, order = \"{order}\" }}
            [clients.g]
            count = 3
            arrival = {{ kind = \"even\", over = \"3s\" }}
            transfer = {{ kind = \"constant\", duration = \"10s\" }}"
        );
        run(&scenario(&text)).groups[0].completions.sorted()
    };
    assert_eq!(ends("fifo"), [10_000, 19_000, 28_000]);
    assert_eq!(ends("lifo"), [10_000, 18_000, 29_000]);
}

#[test]
fn groups_with_a_lower_priority_leave_a_queue_first() {
    let text = "name = \"priorities\"
        [distribution_points.A]
        connection_limit = 1
        queue = 100
        [clients.none]
        count = 2
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"10s\" }
        [clients.later]
        count = 2
        priority = 5
        arrival = { kind = \"burst\", at = \"1s\" }
        transfer = { kind = \"constant\", duration = \"10s\" }
        [clients.first]
        count = 2
        priority = 1
        arrival = { kind = \"burst\", at = \"2s\" }
        transfer = { kind = \"constant\", duration = \"10s\" }";
    let run = run(&scenario(text));
    let times: Vec<Vec<u64>> = run.groups.iter().map(|group| group.completions.sorted()).collect();
    assert_eq!(times, [[10_000, 60_000], [39_000, 49_000], [18_000, 28_000]]);
}

#[test]
fn what_is_spelled_out_at_its_default_changes_nothing() {
    let plain = run(&one_group(
        5,
        100,
        "arrival = { kind = \"uniform\", over = \"10m\" }
        transfer = { kind = \"exponential\", mean = \"2m\" }",
    ));
    let spelled_out = run(&scenario(
        "name = \"test\"
        [distribution_points.A]
        connection_limit = 5
        queue = 0
        linger = \"0s\"
        errors = \"0%\"
        [clients.g]
        count = 100
        patience = \"1m\"
        priority = 3
        addresses = 2
        arrival = { kind = \"uniform\", over = \"10m\" }
        transfer = { kind = \"exponential\", mean = \"2m\" }",
    ));
    assert_eq!(plain.groups[0].completions.sorted(), spelled_out.groups[0].completions.sorted());
}

#[test]
fn the_busiest_second_counts_attempts_when_they_are_made() {
    // 30 at once, of which 10 stand in the queue; the others come back twice, together.
    let retry = "retry = { policy = \"fixed\", interval = \"30s\", max_retries = 2 }";
    let queue = run(&burst(1, "queue = 10", 30, retry));
    assert_metrics(&queue, &[("attempts.per_second.peak", 30.0)]);
    let later = run(&scenario(
        "name = \"later\"
        warmup = \"10s\"
        horizon = \"1h\"
        [distribution_points.A]
        connection_limit = 1
        [clients.early]
        count = 9
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"1h\" }
        retry = { policy = \"fixed\", interval = \"30s\", max_retries = 3 }
        [clients.late]
        count = 5
        arrival = { kind = \"burst\", at = \"30s\" }
        transfer = { kind = \"constant\", duration = \"1h\" }
        retry = { policy = \"fixed\", interval = \"30s\", max_retries = 3 }",
    ));
    // Those of the warm-up retry, too; one of them has the connection.
    assert_metrics(&later, &[("attempts.per_second.peak", 8.0 + 5.0), ("amplification", 4.0)]);
}
