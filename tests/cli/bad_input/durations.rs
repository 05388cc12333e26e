//! Durations that are none, or too short or too long.

use insta::assert_snapshot;

use crate::harness::{ARRIVAL, Desk, SMALL, refused};

#[test]
fn a_horizon_of_zero() {
    assert_snapshot!(refused(r#""1d""#, r#""0s""#), @r#"
    error: `horizon` must be longer than zero
     --> s.toml:2:11
      |
    2 | horizon = "0s"
      |           ^^^^ must be longer than zero

    1 error in s.toml
    "#);
}

#[test]
fn an_empty_duration() {
    assert_snapshot!(refused(r#""1d""#, r#""""#), @r#"
    error: `horizon`: a duration cannot be empty
     --> s.toml:2:12
      |
    2 | horizon = ""
      |            ^
      |
      = help: write for example `250ms`, `10s`, `10m`, `2h 30m` or `7d`

    1 error in s.toml
    "#);
}

#[test]
fn a_negative_duration() {
    assert_snapshot!(refused(r#""1d""#, r#""-5m""#), @r#"
    error: `horizon`: a duration cannot be negative
     --> s.toml:2:12
      |
    2 | horizon = "-5m"
      |            ^^^
      |
      = help: write for example `250ms`, `10s`, `10m`, `2h 30m` or `7d`

    1 error in s.toml
    "#);
}

#[test]
fn a_duration_without_a_unit() {
    assert_snapshot!(refused(r#""1d""#, r#""90""#), @r#"
    error: `horizon`: a duration needs a unit
     --> s.toml:2:12
      |
    2 | horizon = "90"
      |            ^^
      |
      = help: `90s` is in seconds, `90m` in minutes, `90h` in hours

    1 error in s.toml
    "#);
}

#[test]
fn a_duration_of_an_unknown_unit() {
    assert_snapshot!(refused(r#""1d""#, r#""2h 30x""#), @r#"
    error: `horizon`: unknown unit `x`
     --> s.toml:2:17
      |
    2 | horizon = "2h 30x"
      |                 ^
      |
      = help: the units are `ms`, `s`, `m`, `h`, `d` and `w`

    1 error in s.toml
    "#);
}

#[test]
fn a_duration_in_months() {
    assert_snapshot!(refused(r#""1d""#, r#""3 months""#), @r#"
    error: `horizon`: unknown unit `months`
     --> s.toml:2:14
      |
    2 | horizon = "3 months"
      |              ^^^^^^
      |
      = help: write days: `30d`

    1 error in s.toml
    "#);
}

#[test]
fn a_duration_with_a_unit_in_capitals() {
    assert_snapshot!(refused(r#""1d""#, r#""7D""#), @r#"
    error: `horizon`: unknown unit `D`
     --> s.toml:2:13
      |
    2 | horizon = "7D"
      |             ^
      |
      = help: units are in lower case: `d`

    1 error in s.toml
    "#);
}

#[test]
fn a_duration_from_small_to_large() {
    assert_snapshot!(refused(r#""1d""#, r#""30m 2h""#), @r#"
    error: `horizon`: the units of a duration go from large to small
     --> s.toml:2:16
      |
    2 | horizon = "30m 2h"
      |                ^^
      |
      = help: each unit once, the largest first: `2h 30m`

    1 error in s.toml
    "#);
}

#[test]
fn a_duration_finer_than_a_millisecond() {
    assert_snapshot!(refused(r#""1d""#, r#""0.5ms""#), @r#"
    error: `horizon`: a duration is a whole number of milliseconds
     --> s.toml:2:12
      |
    2 | horizon = "0.5ms"
      |            ^^^^^
      |
      = help: the shortest duration but zero is `1ms`

    1 error in s.toml
    "#);
}

#[test]
fn a_duration_that_overflows() {
    assert_snapshot!(refused(r#""1d""#, r#""99999999999999999999d""#), @r#"
    error: `horizon`: the duration is too long
     --> s.toml:2:12
      |
    2 | horizon = "99999999999999999999d"
      |            ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: the longest is 100 years: `36500d`

    1 error in s.toml
    "#);
}

#[test]
fn a_duration_longer_than_a_century() {
    assert_snapshot!(refused(r#""1d""#, r#""36501d""#), @r#"
    error: `horizon`: the duration is too long
     --> s.toml:2:12
      |
    2 | horizon = "36501d"
      |            ^^^^^^
      |
      = help: the longest is 100 years: `36500d`

    1 error in s.toml
    "#);
}

#[test]
fn durations_whose_sum_overflows() {
    assert_snapshot!(refused(r#""1d""#, r#""36500d 1ms""#), @r#"
    error: `horizon`: the duration is too long
     --> s.toml:2:19
      |
    2 | horizon = "36500d 1ms"
      |                   ^^^
      |
      = help: the longest is 100 years: `36500d`

    1 error in s.toml
    "#);
}

#[test]
fn a_duration_in_scientific_notation() {
    assert_snapshot!(refused(r#""1d""#, r#""1e300s""#), @r#"
    error: `horizon`: unknown unit `e`
     --> s.toml:2:13
      |
    2 | horizon = "1e300s"
      |             ^
      |
      = help: the units are `ms`, `s`, `m`, `h`, `d` and `w`

    1 error in s.toml
    "#);
}

#[test]
fn a_poll_interval_that_contradicts_the_arrival() {
    assert_snapshot!(refused(ARRIVAL, "{ kind = \"poll\", interval = \"15m\" }\npoll_interval = \"30m\""), @r#"
    error: `poll_interval` is 30m, but the clients arrive by polling every 15m
      --> s.toml:11:17
       |
    11 | poll_interval = "30m"
       |                 ^^^^^
       |
       = help: leave `poll_interval` out

    1 error in s.toml
    "#);
}

#[test]
fn a_warm_up_that_lasts_longer_than_the_simulation() {
    let text = Desk::with(&format!("warmup = \"40d\"\n{SMALL}")).run(&["run", "s.toml"]).refuses();
    assert!(text.contains("must end before the horizon"), "{text}");
}
