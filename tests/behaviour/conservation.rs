//! Nothing is lost, in any scenario and at any horizon.

use proptest::prelude::*;

use crate::checks::conservation::{everything_ends_once, nothing_is_lost};
use crate::checks::drawn::{any_full_scenario, any_scenario};
use crate::harness::{cases, run, scenario};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(500),
        rng_seed: proptest::test_runner::RngSeed::Fixed(71),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_client_ends_once_and_every_attempt_is_answered(text in any_scenario()) {
        everything_ends_once(&scenario(&text));
    }

    #[test]
    fn nothing_is_lost_with_everything_switched_on(text in any_full_scenario()) {
        nothing_is_lost(&scenario(&text));
    }

    #[test]
    fn a_warm_up_loses_nothing_with_everything_switched_on(
        text in any_full_scenario(),
        seconds in 1u32..499,
    ) {
        // `run` fails if the run lost count.
        run(&scenario(&format!("warmup = \"{seconds}s\"\n{text}")));
    }

    #[test]
    fn nothing_is_lost_after_a_warm_up(text in any_scenario(), seconds in 1u32..499) {
        // `run` fails if the run lost count.
        let run = run(&scenario(&format!("warmup = \"{seconds}s\"\n{text}")));
        let peaks: u64 = run.points.iter().map(|point| point.peak_open).sum();
        prop_assert!(run.peak_open <= peaks);
    }
}
