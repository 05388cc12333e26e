//! Cases small or regular enough to be worked out by hand.

use crate::harness::{assert_metrics, metric, one_group, run, scenario};

const BURST: &str = "arrival = { kind = \"burst\" }
    transfer = { kind = \"constant\", duration = \"2m\" }";

#[test]
fn a_burst_is_served_in_waves_ten_minutes_apart() {
    let run = run(&one_group(50, 1000, BURST));
    assert_metrics(
        &run,
        &[
            ("completed", 1000.0),
            ("attempts", 10_500.0),
            ("refused", 9500.0),
            ("attempts.max", 20.0),
            ("makespan", 11_520e3),
            ("completion.mean", 5820e3),
            ("completion.p50", 5520e3),
            ("completion.p90", 10_320e3),
            ("completion.p99", 11_520e3),
            ("completion.max", 11_520e3),
            ("utilisation", 5.0 / 24.0),
            ("refused.first_ratio", 0.95),
            ("connections.peak", 50.0),
            ("waiting.peak", 950.0),
            ("throughput", 1000.0 / 3.2),
        ],
    );
    // Between the waves, 480 s of 600, all 50 are free while 950, 900, ... 50 clients wait.
    assert_eq!(metric(&run, "idle_while_waiting"), 19.0 * 480.0 / 11_520.0);
}

#[test]
fn connections_end_before_attempts_at_equal_instants() {
    // With transfer = retry interval, the other order would lose every second wave.
    let run = run(&one_group(
        50,
        1000,
        "arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"10m\" }",
    ));
    assert_metrics(&run, &[("attempts", 10_500.0), ("makespan", 12_000e3), ("utilisation", 1.0)]);
}

#[test]
fn a_retry_that_is_scheduled_first_is_made_first() {
    // Both of group b arrive between the two of group a; 600 s later they retry in that order, and
    // so only the first to arrive gets the connection that is free again.
    let run = run(&scenario(
        "name = \"order\"
        [distribution_points.A]
        connection_limit = 1
        [clients.first]
        count = 1
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"9m\" }
        [clients.a]
        count = 1
        arrival = { kind = \"burst\", at = \"1s\" }
        transfer = { kind = \"constant\", duration = \"10m\" }
        [clients.b]
        count = 1
        arrival = { kind = \"burst\", at = \"1s\" }
        transfer = { kind = \"constant\", duration = \"10m\" }",
    ));
    assert_eq!(run.groups[1].completions.sorted(), [1_200_000]);
    assert_eq!(run.groups[2].completions.sorted(), [1_800_000]);
}

#[test]
fn a_client_that_used_up_its_retries_gives_up() {
    let run = run(&one_group(
        50,
        1000,
        "arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"2m\" }
        retry = { max_retries = 4 }",
    ));
    assert_metrics(
        &run,
        &[("completed", 250.0), ("gave_up", 750.0), ("attempts", 4500.0), ("makespan", 2520e3)],
    );
}

#[test]
fn a_client_that_is_out_of_patience_gives_up_at_that_moment_but_tries_at_it() {
    let patience = |patience: &str| {
        run(&one_group(
            1,
            3,
            &format!(
                "arrival = {{ kind = \"burst\" }}
                transfer = {{ kind = \"constant\", duration = \"2m\" }}
                retry = {{ give_up_after = \"{patience}\" }}"
            ),
        ))
    };
    assert_metrics(&patience("20m"), &[("completed", 3.0), ("gave_up", 0.0)]);
    assert_metrics(&patience("1199s"), &[("completed", 2.0), ("gave_up", 1.0)]);
    // The third waits from 0 to 1199 s, and is counted as waiting until then; averages end at the
    // last completion, at 720 s.
    let mean = (2.0 * 600.0 + 120.0) / 720.0;
    assert!((metric(&patience("1199s"), "waiting.mean") - mean).abs() < 1e-12);
}

#[test]
fn an_advertisement_that_expired_is_not_run() {
    let expiring = |after: &str| {
        run(&scenario(&format!(
            "name = \"expiry\"
            expires_after = \"{after}\"
            [distribution_points.A]
            connection_limit = 1
            [clients.early]
            count = 2
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"constant\", duration = \"30m\" }}
            [clients.late]
            count = 1
            arrival = {{ kind = \"burst\", at = \"2h\" }}
            transfer = {{ kind = \"constant\", duration = \"1m\" }}"
        )))
    };
    // The retry at 30 min finds the connection free, but the advertisement has ended by then. The
    // first client keeps the connection it has.
    let ended = expiring("30m");
    assert_metrics(&ended, &[("completed", 1.0), ("expired", 2.0), ("attempts", 4.0)]);
    assert_metrics(&expiring("1801s"), &[("completed", 2.0), ("expired", 1.0)]);
}

#[test]
fn the_horizon_leaves_clients_unfinished_and_includes_its_own_instant() {
    let until = |horizon: &str| {
        let text = format!(
            "name = \"horizon\"
            horizon = \"{horizon}\"
            [distribution_points.A]
            connection_limit = 1
            [clients.g]
            count = 3
            {BURST}"
        );
        run(&scenario(&text))
    };
    let expected = [("completed", 2.0), ("unfinished", 1.0), ("attempts", 5.0)];
    assert_metrics(&until("12m"), &expected);
    assert_metrics(&until("719999ms"), &[("completed", 1.0), ("unfinished", 2.0)]);
    // Averages then go to the horizon.
    assert_eq!(metric(&until("12m"), "utilisation"), 240.0 / 720.0);
}

#[test]
fn clients_that_would_arrive_after_the_horizon_never_arrive() {
    let run = run(&scenario(
        "name = \"late\"
        horizon = \"5m\"
        [distribution_points.A]
        connection_limit = 10
        [clients.g]
        count = 10
        arrival = { kind = \"even\", over = \"10m\" }
        transfer = { kind = \"constant\", duration = \"1s\" }",
    ));
    assert_metrics(&run, &[("clients", 10.0), ("arrived", 6.0), ("completed", 5.0)]);
}

#[test]
fn nobody_completing_leaves_times_without_a_value() {
    let run = run(&scenario(
        "name = \"nobody\"
        horizon = \"1m\"
        [distribution_points.A]
        connection_limit = 10
        [clients.g]
        count = 10
        arrival = { kind = \"burst\", at = \"5m\" }
        transfer = { kind = \"constant\", duration = \"1s\" }",
    ));
    let metrics = distpoint::stats::metric::of_run(&run);
    for name in ["makespan", "completion.mean", "completion.p50", "attempts.mean", "utilisation"] {
        let value = metrics.iter().find(|(known, _)| known.name == name).map(|(_, value)| *value);
        assert_eq!(value, Some(None), "{name}");
    }
}

#[test]
fn ordered_clients_go_round_their_points_one_retry_at_a_time() {
    let run = run(&scenario(
        "name = \"ordered\"
        [distribution_points.A]
        connection_limit = 1
        [distribution_points.B]
        connection_limit = 1
        [clients.g]
        count = 3
        choose = \"ordered\"
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"15m\" }",
    ));
    // The first has A; the others try B after 10 minutes, where one gets in; the other returns to
    // A at 20 minutes, which is free again.
    assert_eq!((run.points[0].admitted, run.points[0].refused), (2, 2));
    assert_eq!((run.points[1].admitted, run.points[1].refused), (1, 1));
    assert_eq!(metric(&run, "makespan"), 35.0 * 60e3);
}

#[test]
fn a_release_that_goes_on_tries_the_next_point_at_once() {
    let run = run(&scenario(
        "name = \"ConfigMgr 2007\"
        [distribution_points.A]
        connection_limit = 1
        [distribution_points.B]
        connection_limit = 1
        [clients.g]
        count = 3
        release = \"configmgr-2007\"
        choose = \"ordered\"
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"25m\" }",
    ));
    // At 10 minutes both losers try A once more and move to B at once; the one that B refuses
    // tries B once more at 20 minutes, has been everywhere, and begins again with A at 30.
    assert_eq!((run.points[0].admitted, run.points[0].refused), (2, 4));
    assert_eq!((run.points[1].admitted, run.points[1].refused), (1, 2));
    assert_eq!(metric(&run, "makespan"), 55.0 * 60e3);
}

#[test]
fn an_interval_or_a_jitter_alone_changes_the_releases_own_policy() {
    let with = |retry: &str| run(&one_group(50, 1000, &format!("{BURST}\nretry = {{ {retry} }}")));
    // 20 waves, 5 minutes apart.
    assert_metrics(&with("interval = \"5m\""), &[("makespan", 19.0 * 300e3 + 120e3)]);
    assert!(metric(&with("jitter = \"50%\""), "makespan") < 11_520e3 / 2.0);
}

#[test]
fn a_release_that_goes_on_tries_every_point_however_it_chooses() {
    // A is full for ever, B is free. With one or two tries per point, a client that begins at A must end
    // at B, and nobody tries A more often than that.
    for choose in ["random-once", "random", "ordered"] {
        for tries in [1, 2] {
            let run = run(&scenario(&format!(
                "name = \"going on\"
                horizon = \"1d\"
                [distribution_points.A]
                connection_limit = 1
                [distribution_points.B]
                connection_limit = 1000
                [clients.holder]
                count = 1
                distribution_points = [\"A\"]
                arrival = {{ kind = \"burst\" }}
                transfer = {{ kind = \"constant\", duration = \"2d\" }}
                [clients.g]
                count = 1000
                release = \"configmgr-2007\"
                tries_per_point = {tries}
                choose = \"{choose}\"
                arrival = {{ kind = \"burst\", at = \"1s\" }}
                transfer = {{ kind = \"constant\", duration = \"1m\" }}
                retry = {{ max_retries = {} }}",
                tries - 1
            )));
            assert_eq!(run.groups[1].ended.completed, 1000, "{choose}, {tries} tries");
            assert!(run.points[0].refused <= 1000 * tries, "{choose}, {tries} tries");
            assert_eq!(run.points[1].refused, 0, "{choose}, {tries} tries");
        }
    }
}

#[test]
fn clients_of_the_warm_up_do_not_count_but_are_there() {
    let run = run(&scenario(
        "name = \"warm-up\"
        horizon = \"1h\"
        warmup = \"5m\"
        [distribution_points.A]
        connection_limit = 1
        [clients.early]
        count = 1
        arrival = { kind = \"burst\", at = \"1m\" }
        transfer = { kind = \"constant\", duration = \"9m\" }
        [clients.late]
        count = 1
        arrival = { kind = \"burst\", at = \"6m\" }
        transfer = { kind = \"constant\", duration = \"4m\" }",
    ));
    // The late one is refused because the early one is there, and gets in at 16 minutes. Averages go
    // from 5 to 20 minutes: connected for 5 + 4 of 15, waiting for 10.
    assert_metrics(
        &run,
        &[
            ("arrived", 1.0),
            ("completed", 1.0),
            ("attempts", 2.0),
            ("refused", 1.0),
            ("completion.mean", 14.0 * 60e3),
            ("makespan", 14.0 * 60e3),
            ("connections.mean", 9.0 / 15.0),
            ("waiting.mean", 10.0 / 15.0),
            ("idle_while_waiting", 6.0 / 15.0),
            ("connections.peak", 1.0),
            // Both of them end within the 15 minutes.
            ("throughput", 8.0),
        ],
    );
}

#[test]
fn a_client_that_arrives_as_the_warm_up_ends_counts() {
    let arriving = |at: &str| {
        let text = format!(
            "name = \"boundary\"
            horizon = \"1h\"
            warmup = \"5m\"
            [distribution_points.A]
            connection_limit = 9
            [clients.g]
            count = 1
            arrival = {{ kind = \"burst\", at = \"{at}\" }}
            transfer = {{ kind = \"constant\", duration = \"1m\" }}"
        );
        run(&scenario(&text)).groups[0].arrived
    };
    assert_eq!(arriving("5m"), 1);
    assert_eq!(arriving("299999ms"), 0);
}

#[test]
fn a_peak_counts_what_was_there_when_the_warm_up_ended() {
    // Three connect at 1 minute and end at 10; one more comes at 20, after the warm-up.
    let run = run(&scenario(
        "name = \"peak\"
        horizon = \"1h\"
        warmup = \"5m\"
        [distribution_points.A]
        connection_limit = 5
        [clients.early]
        count = 3
        arrival = { kind = \"burst\", at = \"1m\" }
        transfer = { kind = \"constant\", duration = \"9m\" }
        [clients.late]
        count = 1
        arrival = { kind = \"burst\", at = \"20m\" }
        transfer = { kind = \"constant\", duration = \"1m\" }",
    ));
    assert_metrics(&run, &[("connections.peak", 3.0), ("completed", 1.0)]);
    assert_eq!(run.points[0].peak_open, 3);
}

#[test]
fn throughput_is_of_those_that_end_while_averages_are_taken() {
    // Averages go from 5 to 21 minutes, when the late one ends: then two have ended; the third has
    // not, and the fourth had before.
    let run = run(&scenario(
        "name = \"throughput\"
        horizon = \"1h\"
        warmup = \"5m\"
        [distribution_points.A]
        connection_limit = 9
        [clients.early]
        count = 1
        arrival = { kind = \"burst\", at = \"1m\" }
        transfer = { kind = \"constant\", duration = \"9m\" }
        [clients.long]
        count = 1
        arrival = { kind = \"burst\", at = \"1m\" }
        transfer = { kind = \"constant\", duration = \"30m\" }
        [clients.short]
        count = 1
        arrival = { kind = \"burst\", at = \"1m\" }
        transfer = { kind = \"constant\", duration = \"4m\" }
        [clients.late]
        count = 1
        arrival = { kind = \"burst\", at = \"20m\" }
        transfer = { kind = \"constant\", duration = \"1m\" }",
    ));
    assert_metrics(&run, &[("completed", 1.0), ("throughput", 2.0 * 60.0 / 16.0)]);
    assert_eq!(run.points[0].served, 2);
}
