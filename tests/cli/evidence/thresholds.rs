//! Thresholds: the exit code of what they say of a run, and thresholds that are none.

use insta::assert_snapshot;

use super::refused;
use crate::harness::{Desk, SMALL};

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
fn a_threshold_without_a_unit() {
    assert_snapshot!(refused(&["run", "--threshold", "completion.p95 < 24"]), @r#"
    error: `completion.p95` is a time: a duration needs a unit
     --> --threshold:1:18
      |
    1 | completion.p95 < 24
      |                  ^^
      |
      = help: write a number and a unit, for example `24h` or `90m`

    1 error in --threshold
    "#);
}

#[test]
fn a_threshold_without_a_comparison() {
    assert_snapshot!(refused(&["run", "--threshold", "stranded 5"]), @r#"
    error: there is no comparison
     --> --threshold:1:1
      |
    1 | stranded 5
      | ^^^^^^^^^^
      |
      = help: write `METRIC OP VALUE`, for example `completion.p95 < 24h`

    1 error in --threshold
    "#);
}

#[test]
fn a_threshold_of_an_unknown_metric() {
    assert_snapshot!(refused(&["run", "--threshold", "strandet == 0"]), @r#"
    error: no metric is called `strandet`
     --> --threshold:1:1
      |
    1 | strandet == 0
      | ^^^^^^^^
      |
      = help: did you mean `stranded`?

    1 error in --threshold
    "#);
}

#[test]
fn a_threshold_of_an_unknown_variant() {
    assert_snapshot!(refused(&["run", "--threshold", "stranded == 0 @ SP3"]), @r#"
    error: there is no variant `SP3`
     --> --threshold:1:1
      |
    1 | stranded == 0 @ SP3
      | ^^^^^^^^^^^^^^^^^^^
      |
      = help: this scenario has: `SMS 2.0 SP2 (buggy)`, `SMS 2.0 SP3 (fixed)`

    1 error in --threshold
    "#);
}

#[test]
fn a_threshold_of_an_unknown_point() {
    assert_snapshot!(refused(&["run", "--threshold", "dp.DP02.refused < 5"]), @r#"
    error: there is no distribution point `DP02`
     --> --threshold:1:1
      |
    1 | dp.DP02.refused < 5
      | ^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `DP01`?

    1 error in --threshold
    "#);
}
