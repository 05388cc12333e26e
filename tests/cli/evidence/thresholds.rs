//! Thresholds: the exit codes of their verdicts, and invalid thresholds.

use crate::harness::{Desk, SMALL, check};

/// The exit code of a run of the small scenario with a threshold.
fn judged(threshold: &str, more: &[&str]) -> Option<i32> {
    let mut arguments = vec!["run", "s.toml", "--threshold", threshold];
    arguments.extend(more);
    Desk::with(SMALL).run(&arguments).code
}

#[test]
fn a_threshold_that_is_met_is_a_success() {
    assert_eq!(judged("completed > 0", &[]), Some(0));
}

#[test]
fn a_threshold_that_is_breached_exits_with_99() {
    assert_eq!(judged("completed < 1", &[]), Some(99));
    assert_eq!(judged("completed < 1", &["--replications", "3"]), Some(99));
}

#[test]
fn a_threshold_without_data_never_passes() {
    assert_eq!(judged("completion.p95 < 24h", &["--horizon", "1ms"]), Some(97));
}

#[test]
fn an_invalid_threshold_is_refused_with_a_correction() {
    let threshold = |text: &str| Desk::new().run(&["run", "--threshold", text]).refuses();
    check(
        threshold,
        &[
            ("completion.p95 < 24", "--threshold:1:18", "24", "completion.p95 | unit", "24h | 90m"),
            (
                "stranded 5",
                "--threshold:1:1",
                "stranded 5",
                "comparison",
                "METRIC OP VALUE | completion.p95 < 24h",
            ),
            ("strandet == 0", "--threshold:1:1", "strandet", "strandet", "`stranded`"),
            (
                "stranded == 0 @ SP3",
                "--threshold:1:1",
                "stranded == 0 @ SP3",
                "SP3",
                "SMS 2.0 SP2 (buggy) | SMS 2.0 SP3 (fixed)",
            ),
            ("dp.DP02.refused < 5", "--threshold:1:1", "dp.DP02.refused < 5", "DP02", "`DP01`"),
        ],
    );
}
