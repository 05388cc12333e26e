//! Nothing is lost, in any scenario and at any horizon.

use proptest::prelude::*;

use crate::harness::{cases, metric, run, scenario};
use crate::worlds_agree::{any_full_scenario, any_scenario};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(500),
        rng_seed: proptest::test_runner::RngSeed::Fixed(71),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_client_ends_once_and_every_attempt_is_answered(text in any_scenario()) {
        // `run` fails if the run lost count; here the same from the metrics that users see.
        let run = run(&scenario(&text));
        let value = |name| metric(&run, name);
        let ends = ["completed", "stranded", "gave_up", "expired", "unfinished"];
        prop_assert_eq!(value("arrived"), ends.map(value).iter().sum::<f64>());
        let admitted: u64 = run.points.iter().map(|point| point.admitted).sum();
        prop_assert_eq!(value("attempts"), value("refused") + admitted as f64);
        // Areas under the curves: no point is fuller than its limit, or idler than it is free.
        for point in &run.points {
            let capacity = u128::from(point.limit) * u128::from(run.measured.as_millis());
            prop_assert!(point.areas.open + point.areas.idle_while_waiting <= capacity);
        }
        // The series add up to the same.
        let buckets = run.series.buckets();
        let refused: u64 = buckets.iter().map(|bucket| bucket.refused).sum();
        let completed: u64 = buckets.iter().map(|bucket| bucket.completed).sum();
        let open: u128 = buckets.iter().map(|bucket| bucket.open_area).sum();
        let areas: u128 = run.points.iter().map(|point| point.areas.open).sum();
        prop_assert_eq!(completed as f64, value("completed"));
        // A client is refused because of a connection, which ends later: so no refusal
        // lies beyond the last completion, where series without unfinished clients end.
        prop_assert_eq!(refused as f64, value("refused"));
        prop_assert_eq!(open, areas);
    }

    #[test]
    fn nothing_is_lost_with_everything_switched_on(text in any_full_scenario()) {
        // `run` fails if the run lost count; here the same from the metrics that users see.
        let run = run(&scenario(&text));
        let value = |name| metric(&run, name);
        let ends = ["completed", "stranded", "gave_up", "expired", "unfinished"];
        prop_assert_eq!(value("arrived"), ends.map(value).iter().sum::<f64>());
        let admitted: u64 = run.points.iter().map(|point| point.admitted).sum();
        prop_assert_eq!(value("attempts"), value("refused") + admitted as f64);
        prop_assert!(value("unreachable") <= value("refused"));
        // A stranded client is recovered or not, and counts as stranded all the same.
        prop_assert_eq!(value("stranded"), value("recovered") + value("stranded.final"));
        let ran = value("completed") + value("recovered");
        let connected = admitted as f64 - ran - value("cut");
        let left = value("unfinished") + value("stranded.final");
        prop_assert!((0.0..=left).contains(&connected));
        for point in &run.points {
            prop_assert!(point.areas.open + point.areas.idle_while_waiting <= point.capacity);
        }
        let open: u128 = run.series.buckets().iter().map(|bucket| bucket.open_area).sum();
        let areas: u128 = run.points.iter().map(|point| point.areas.open).sum();
        // A client that was cut may give up after the last completion, where the averages end.
        prop_assert!(open >= areas);
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
