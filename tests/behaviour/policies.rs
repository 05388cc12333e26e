//! Retry policies: those of client libraries by name, jitter, lists, nesting, and Retry-After.

use std::sync::atomic::AtomicBool;

use distpoint::engine::event_engine;
use distpoint::model::{Event, EventKind, Outcome, Preset};
use distpoint::scenario::Scenario;

use crate::harness::{assert_metrics, metric, run, scenario};

/// One client with this `retry` at a point that is down throughout.
fn down(retry: &str) -> Scenario {
    scenario(&format!(
        "name = \"down\"
        horizon = \"20d\"
        [distribution_points.A]
        connection_limit = 1
        outages = [{{ from = \"0s\", for = \"30d\" }}]
        [clients.g]
        count = 1
        retry = {retry}
        arrival = {{ kind = \"burst\" }}
        transfer = {{ kind = \"constant\", duration = \"1s\" }}"
    ))
}

/// When the client made its attempts, in ms, and when it gave up, if it did.
fn attempts(scenario: &Scenario) -> (Vec<u64>, Option<u64>) {
    let events: Vec<Event> =
        event_engine::run(&scenario.replication(0), Vec::new(), &AtomicBool::new(false));
    let at = |event: &Event| event.at.as_millis();
    let attempts = events.iter().filter(|event| matches!(event.kind, EventKind::Refused { .. }));
    let ended = events
        .iter()
        .find(|event| matches!(event.kind, EventKind::Ended { outcome: Outcome::GaveUp, .. }));
    (attempts.map(at).collect(), ended.map(at))
}

fn seconds(attempts: &[u64]) -> Vec<f64> {
    attempts.iter().map(|&millis| millis as f64 / 1000.0).collect()
}

#[test]
fn policies_by_name_make_the_attempts_of_their_software() {
    let of = |retry: &str| {
        let (attempts, gave_up) = attempts(&down(retry));
        (seconds(&attempts), gave_up.map(|millis| millis / 1000))
    };
    assert_eq!(of("\"docker-pull\""), (vec![0.0, 5.0, 15.0, 30.0, 50.0], Some(50)));
    assert_eq!(of("\"npm\""), (vec![0.0, 10.0, 70.0], Some(70)));
    assert_eq!(of("\"pip\"").0, [0.0, 0.001, 0.501, 1.501, 3.501, 7.501]);
    let (curl, gave_up) = of("{ preset = \"curl\", max_retries = 10 }");
    assert_eq!((curl.len(), gave_up), (11, Some(1023)));
    let (kubelet, never) = of("\"kubelet\"");
    let first = [0.0, 10.0, 30.0, 70.0, 150.0, 310.0, 610.0, 910.0, 1210.0];
    assert_eq!((&kubelet[..9], never), (&first[..], None));
    let (bits, gave_up) = of("\"bits\"");
    assert_eq!((bits.len(), gave_up), (2017, Some(14 * 86_400)));
    let (containerd, _) = of("\"containerd\"");
    let first = [0.0, 0.001, 0.002, 0.003, 0.004, 10.004, 10.005, 10.006, 10.007, 10.008, 30.008];
    assert_eq!(containerd[..11], first);
    assert_eq!(of("\"polly\""), (vec![0.0, 2.0, 4.0, 6.0], Some(6)));
    assert_eq!(of("\"resilience4j\"").0, [0.0, 0.5, 1.0]);
}

#[test]
fn delays_of_policies_by_name_go_on_as_in_their_software_after_the_usual_number_of_retries() {
    let waits = |retry: &str| {
        let (attempts, _) = attempts(&down(retry));
        let waits = attempts.windows(2).map(|pair| (pair[1] - pair[0]) as f64 / 1000.0);
        waits.collect::<Vec<f64>>()
    };
    let pip = waits("{ preset = \"pip\", max_retries = 12 }");
    let doubling = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 120.0, 120.0, 120.0];
    assert_eq!(pip[1..], doubling);
    let cargo = waits("{ preset = \"cargo\", max_retries = 6 }");
    assert_eq!(cargo[1..], [3.5, 6.5, 9.5, 10.0, 10.0]);
}

#[test]
fn random_policies_by_name_stay_within_their_ranges() {
    for (name, ranges) in [
        ("aws-standard", vec![(0.0, 1.0), (0.0, 2.0)]),
        ("aws-standard-2026", vec![(0.0, 0.05), (0.0, 0.1)]),
        ("grpc", vec![(0.08, 0.12), (0.16, 0.24), (0.32, 0.48)]),
        ("cargo", vec![(0.5, 1.5), (3.5, 3.5), (6.5, 6.5)]),
    ] {
        for seed in 0..40 {
            let mut scenario = down(&format!("{name:?}"));
            scenario.seed = seed;
            let (attempts, gave_up) = attempts(&scenario);
            assert_eq!(attempts.len(), ranges.len() + 1, "{name}");
            assert_eq!(gave_up, attempts.last().copied(), "{name}");
            let waits = attempts.windows(2).map(|pair| (pair[1] - pair[0]) as f64 / 1000.0);
            for (wait, (least, most)) in waits.zip(&ranges) {
                // No delay is shorter than a millisecond.
                assert!((f64::max(*least, 0.001)..=*most).contains(&wait), "{name}: {wait}");
            }
        }
    }
}

#[test]
fn every_policy_by_name_can_be_written_out() {
    for preset in Preset::ALL {
        let named = down(&format!("{:?}", preset.name));
        let policy = &named.clients[0].release.retry;
        assert_eq!(*policy, preset.policy(), "{}", preset.name);
    }
}

#[test]
fn the_keys_beside_a_preset_override_it() {
    let (of, gave_up) = attempts(&down("{ preset = \"kubelet\", max_retries = 3 }"));
    assert_eq!((seconds(&of), gave_up), (vec![0.0, 10.0, 30.0, 70.0], Some(70_000)));
    let (of, _) = attempts(&down("{ preset = \"polly\", jitter = \"25%\" }"));
    let waits = of.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(waits.clone().all(|wait| (1500..=2500).contains(&wait)) && of.len() == 4);
    assert!(waits.clone().any(|wait| wait != 2000));
}

#[test]
fn the_delays_after_a_rate_limit_may_be_others() {
    // The first is served from 0 to 20 s. The second is over the rate limit until 5 s, then finds no connection, comes
    // again at 15 s and at 25 s, and is served until 45 s.
    let limited = scenario(
        "name = \"limited\"
        horizon = \"10m\"
        [distribution_points.A]
        connection_limit = 1
        rate_limit = { most = 1, window = \"5s\" }
        [clients.g]
        count = 2
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"20s\" }
        retry = { policy = \"fixed\", interval = \"10s\", rate_limited = { policy = \"fixed\", interval = \"1s\" } }",
    );
    let expected = [("attempts", 9.0), ("rate_limited", 5.0), ("completion.max", 45_000.0)];
    assert_metrics(&run(&limited), &expected);
}

#[test]
fn an_outer_policy_waits_when_the_inner_one_is_used_up() {
    let retry = "[{ policy = \"fixed\", interval = \"1s\", max_retries = 2 },
                  { policy = \"linear\", step = \"1m\", max_retries = 2 }]"
        .replace('\n', " ");
    let (of, gave_up) = attempts(&down(&retry));
    let expected = [0.0, 1.0, 2.0, 62.0, 63.0, 64.0, 184.0, 185.0, 186.0];
    assert_eq!((seconds(&of), gave_up), (expected.to_vec(), Some(186_000)));
}

#[test]
fn the_delays_of_a_list_are_used_in_order_and_the_last_repeats() {
    let (of, _) = attempts(&down(
        "{ policy = \"list\", delays = [\"1s\", \"5s\", \"30s\"], max_retries = 5 }",
    ));
    assert_eq!(seconds(&of), [0.0, 1.0, 6.0, 36.0, 66.0, 96.0]);
}

/// 20 clients at a point with one connection that asks those it refuses to come back.
fn asked(hint: &str, retry: &str) -> Scenario {
    scenario(&format!(
        "name = \"asked\"
        horizon = \"1h\"
        [distribution_points.A]
        connection_limit = 1
        retry_after = \"{hint}\"
        [clients.first]
        count = 1
        arrival = {{ kind = \"burst\" }}
        transfer = {{ kind = \"constant\", duration = \"50m\" }}
        [clients.g]
        count = 1
        retry = {retry}
        arrival = {{ kind = \"burst\", at = \"1s\" }}
        transfer = {{ kind = \"constant\", duration = \"1s\" }}"
    ))
}

#[test]
fn every_policy_can_honour_retry_after_up_to_a_limit() {
    let first = |hint: &str, keys: &str| {
        let retry = format!("{{ policy = \"fixed\", interval = \"10s\", {keys} }}");
        let (of, gave_up) = attempts(&asked(hint, &retry));
        let of: Vec<u64> = of.into_iter().filter(|at| *at >= 1000).collect();
        match gave_up {
            Some(_) => None,
            None => Some((of[1] - of[0]) / 1000),
        }
    };
    assert_eq!(first("60s", "max_retries = 9000"), Some(10));
    assert_eq!(first("60s", "retry_after = { honour = true }"), Some(60));
    assert_eq!(first("3s", "retry_after = { honour = true }"), Some(3));
    assert_eq!(first("60s", "retry_after = { honour = false }"), Some(10));
    assert_eq!(first("60s", "retry_after = { at_most = \"20s\" }"), Some(20));
    assert_eq!(
        first("60s", "retry_after = { at_most = \"20s\", beyond = \"own-delay\" }"),
        Some(10)
    );
    assert_eq!(first("60s", "retry_after = { at_most = \"20s\", beyond = \"give-up\" }"), None);
    // As the AWS SDKs do: within the own delay and 5 s more.
    assert_eq!(first("60s", "retry_after = { extends_by = \"5s\" }"), Some(15));
    assert_eq!(first("12s", "retry_after = { extends_by = \"5s\" }"), Some(12));
    assert_eq!(first("3s", "retry_after = { extends_by = \"5s\" }"), Some(10));
}

#[test]
fn an_added_jitter_never_brings_a_client_before_it_was_asked_to_come() {
    let retry = "{ policy = \"exponential\", base = \"1s\", cap = \"8s\", jitter = \"+2s\", \
                  retry_after = { honour = true } }";
    let (of, _) = attempts(&asked("30s", retry));
    let waits: Vec<u64> = of.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(waits.iter().all(|wait| (30_000..=32_000).contains(wait)), "{waits:?}");
    assert!(waits.windows(2).any(|pair| pair[0] != pair[1]));
}

/// How many of 500 clients that come together make their n-th retry within the same 100 ms, at most, on the mean
/// of 60 seeds. The delays before them are 1, 2, 4, ... 32 s.
fn busiest_100_ms(jitter: &str) -> Vec<f64> {
    let mut sums = vec![0.0; 6];
    for seed in 0..60 {
        let mut scenario = scenario(&format!(
            "name = \"herd\"
            horizon = \"1h\"
            [distribution_points.A]
            connection_limit = 1
            outages = [{{ from = \"0s\", for = \"2h\" }}]
            [clients.g]
            count = 500
            retry = {{ policy = \"exponential\", base = \"1s\", cap = \"32s\", max_retries = 6, jitter = \"{jitter}\" }}
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"constant\", duration = \"1s\" }}"
        ));
        scenario.seed = seed;
        let stop = AtomicBool::new(false);
        let events: Vec<Event> = event_engine::run(&scenario.replication(0), Vec::new(), &stop);
        for (wave, sum) in sums.iter_mut().enumerate() {
            let mut times: Vec<u64> = events
                .iter()
                .filter(|event| {
                    matches!(event.kind, EventKind::Refused { attempt, .. } if attempt == wave as u32 + 2)
                })
                .map(|event| event.at.as_millis())
                .collect();
            times.sort_unstable();
            let within = |from: usize| times[from..].partition_point(|at| *at < times[from] + 100);
            *sum += (0..times.len()).map(within).max().unwrap_or(0) as f64;
        }
    }
    sums.into_iter().map(|sum| sum / 60.0).collect()
}

#[test]
fn jitter_flattens_the_waves_of_clients_that_reconnect_together() {
    // microsoft/retina#2609: 500 clients of a restarted server.
    assert_eq!(busiest_100_ms("none"), [500.0; 6]);
    let equal = busiest_100_ms("equal");
    for (peak, expected) in equal.iter().zip([119.0, 62.0, 36.0, 22.0, 14.0, 9.0]) {
        // The expected ones are rounded to whole clients.
        assert!((peak - expected).abs() < 0.05 * expected + 0.5, "{equal:?}");
    }
}

#[test]
fn a_list_that_ends_in_a_constant_delay_is_skipped_as_any_other() {
    let text = |delays: &str| {
        scenario(&format!(
            "name = \"list\"
            horizon = \"30d\"
            [distribution_points.A]
            connection_limit = 5
            [clients.g]
            count = 500
            retry = {{ policy = \"list\", delays = {delays} }}
            arrival = {{ kind = \"uniform\", over = \"10m\" }}
            transfer = {{ kind = \"exponential\", mean = \"2m\" }}"
        ))
    };
    let list = run(&text("[\"30s\", \"10m\"]"));
    assert!(list.skipped > 2 * list.groups[0].arrived);
    assert_metrics(&list, &[("completed", 500.0)]);
    let range = run(&text("[\"30s\", \"9m..11m\"]"));
    assert_eq!(range.skipped, 0);
    assert!(metric(&range, "attempts") > 1000.0);
}
