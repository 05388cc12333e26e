//! Refused retries that are skipped: the results are those of simulating each attempt.

use proptest::prelude::*;

use crate::checks::coarse::coarse_scenario;
use crate::checks::drawn::{any_full_scenario, any_scenario};
use crate::checks::skipping::changes_nothing;
use crate::harness::{cases, scenario};

#[test]
fn skipping_changes_nothing_however_much_happens_at_the_same_instant() {
    let (mut skipped, mut failed) = (0, Vec::new());
    for seed in 0..u64::from(cases(2000)) {
        let text = coarse_scenario(seed);
        match std::panic::catch_unwind(|| changes_nothing(&scenario(&text))) {
            Ok(some) => skipped += some,
            Err(_) => failed.push(seed),
        }
    }
    assert!(failed.is_empty(), "seeds {failed:?}; the first is\n{}", coarse_scenario(failed[0]));
    assert!(skipped > 10_000, "{skipped}");
}

/// A client that spins while the point is down comes after one in orbit whose attempt at that instant was
/// scheduled before.
#[test]
fn a_spin_goes_by_when_it_was_scheduled() {
    let text = r#"
        name = "spin"
        horizon = "533s"
        [distribution_points.A]
        connection_limit = 1
        outages = [{ from = "30s", for = "45s" }]
        [clients.first]
        count = 1
        arrival = { kind = "burst" }
        transfer = { kind = "constant", duration = "100s" }
        [clients.late]
        count = 2
        retry = { policy = "fixed", interval = "8s" }
        spin = "5s"
        arrival = { kind = "burst", at = "3s" }
        transfer = { kind = "constant", duration = "20s" }
        [clients.later]
        count = 1
        retry = { policy = "fixed", interval = "8s" }
        spin = "5s"
        arrival = { kind = "burst", at = "14s" }
        transfer = { kind = "constant", duration = "20s" }
    "#;
    assert!(changes_nothing(&scenario(text)) > 0);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(200),
        rng_seed: proptest::test_runner::RngSeed::Fixed(268_500),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn skipping_changes_nothing_in_plain_scenarios(text in any_scenario()) {
        changes_nothing(&scenario(&text));
    }

    #[test]
    fn skipping_changes_nothing_in_full_scenarios(text in any_full_scenario()) {
        changes_nothing(&scenario(&text));
    }
}
