//! The event engine and the tokio world give the same outcome for every single client, where no
//! two clients act at the same millisecond.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use distpoint::engine::{event_engine, tokio_engine};
use proptest::prelude::*;

use crate::checks::drawn::{any_full_scenario, any_scenario};
use crate::checks::worlds::{self, clash, is_unfinished, lives};
use crate::harness::{cases, scenario};

proptest! {
    // The seed is fixed, as for all random tests: a failure is a finding, not an accident.
    #![proptest_config(ProptestConfig {
        cases: cases(300),
        max_global_rejects: 10 * cases(300),
        rng_seed: proptest::test_runner::RngSeed::Fixed(268_500),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_full_engine_simulates_a_plain_scenario_as_the_plain_one_does(text in any_scenario()) {
        worlds::full_is_as_plain(&scenario(&text));
    }

    #[test]
    fn both_worlds_agree_on_everything_that_can_go_wrong(text in any_full_scenario()) {
        prop_assume!(worlds::give_the_same_full_lives(&scenario(&text)).is_some());
    }

    #[test]
    fn both_worlds_give_every_client_the_same_life(text in any_scenario()) {
        prop_assume!(worlds::give_the_same_lives(&scenario(&text)).is_some());
    }
}

#[test]
fn both_worlds_end_at_the_horizon_with_the_same_clients_unfinished() {
    let text = "name = \"cut\"
        horizon = \"3001s\"
        [distribution_points.A]
        connection_limit = 2
        [clients.g]
        count = 60
        arrival = { kind = \"uniform\", over = \"10m\" }
        transfer = { kind = \"lognormal\", median = \"2m\", sigma = 0.5 }";
    let scenario = scenario(text);
    let replication = scenario.replication(0);
    let stop = Arc::new(AtomicBool::new(false));
    let events = event_engine::run(&replication, Vec::new(), &stop);
    assert!(events.iter().any(is_unfinished), "the case is about unfinished clients");
    assert!(!clash(&events), "the case needs clients that do not act together");
    let tokio = tokio_engine::run(&replication, Vec::new(), &stop).expect("tokio starts");
    assert_eq!(lives(events), lives(tokio));
}

/// What becomes of a client that arrives at the horizon, or whose transfer, retry, patience or turn in
/// the queue comes `after` it, while others hold connections.
#[test]
fn nothing_happens_after_the_horizon_in_either_world() {
    let late = [
        "transfer = { kind = \"constant\", duration = \"1ms\" }",
        "transfer = { kind = \"size\", bytes = \"1 B\" }\nlink = \"8 kbit/s\"",
        "transfer = { kind = \"constant\", duration = \"1ms\" }\nretry = { interval = \"1ms\" }",
        "transfer = { kind = \"constant\", duration = \"1h\" }\nretry = { give_up_after = \"1ms\" }",
    ];
    for (limit, queue) in [(9, 1), (1, 1), (2, 0)] {
        for late in late {
            let text = format!(
                "name = \"late\"
                horizon = \"1s\"
                [distribution_points.A]
                connection_limit = {limit}
                queue = {queue}
                [clients.before]
                count = 1
                arrival = {{ kind = \"burst\" }}
                transfer = {{ kind = \"constant\", duration = \"10s\" }}
                [clients.late]
                count = 1
                arrival = {{ kind = \"burst\", at = \"1s\" }}
                {late}"
            );
            let scenario = scenario(&text);
            let replication = scenario.replication(0);
            let stop = Arc::new(AtomicBool::new(false));
            let events = event_engine::run(&replication, Vec::new(), &stop);
            let tokio = tokio_engine::run(&replication, Vec::new(), &stop).expect("tokio starts");
            let last = tokio.iter().filter(|event| !is_unfinished(event)).map(|event| event.at);
            assert!(last.max() <= Some(replication.horizon), "{text}\n{tokio:?}");
            assert_eq!(lives(events), lives(tokio), "{text}");
        }
    }
}
