//! Wrong `arrival` tables.

use insta::assert_snapshot;

use crate::harness::{ARRIVAL, refused};

fn arrival(table: &str) -> String {
    refused(ARRIVAL, table)
}

#[test]
fn an_arrival_without_a_kind() {
    assert_snapshot!(arrival(r#"{ over = "10m" }"#), @r#"
    error: missing key `kind` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = { over = "10m" }
       | ^^^^^^^
       |
       = help: add `kind = "uniform"`

    1 error in s.toml
    "#);
}

#[test]
fn an_empty_arrival() {
    assert_snapshot!(arrival("{}"), @r#"
    error: missing key `kind` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = {}
       | ^^^^^^^
       |
       = help: add `kind = "uniform"`

    1 error in s.toml
    "#);
}

#[test]
fn an_arrival_of_a_kind_near_a_known_one() {
    assert_snapshot!(arrival(r#"{ kind = "posson", mean_interval = "15s" }"#), @r#"
    error: unknown `kind`: `posson`
      --> s.toml:10:20
       |
    10 | arrival = { kind = "posson", mean_interval = "15s" }
       |                    ^^^^^^^^
       |
       = note: the valid words are `burst`, `even`, `uniform`, `poisson`, `poll`, `trace`
       = help: did you mean `poisson`?

    1 error in s.toml
    "#);
}

#[test]
fn an_arrival_of_a_kind_near_none() {
    assert_snapshot!(arrival(r#"{ kind = "whenever" }"#), @r#"
    error: unknown `kind`: `whenever`
      --> s.toml:10:20
       |
    10 | arrival = { kind = "whenever" }
       |                    ^^^^^^^^^^
       |
       = help: the valid words are `burst`, `even`, `uniform`, `poisson`, `poll`, `trace`

    1 error in s.toml
    "#);
}

#[test]
fn an_arrival_of_a_kind_that_is_a_number() {
    assert_snapshot!(arrival("{ kind = 1 }"), @r"
    error: expected a string for `kind`, found a whole number
      --> s.toml:10:20
       |
    10 | arrival = { kind = 1 }
       |                    ^ expected a string
       |
       = help: write one of `burst`, `even`, `uniform`, `poisson`, `poll`, `trace`

    1 error in s.toml
    ");
}

#[test]
fn a_uniform_arrival_without_a_time() {
    assert_snapshot!(arrival(r#"{ kind = "uniform" }"#), @r#"
    error: missing key `over` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = { kind = "uniform" }
       | ^^^^^^^
       |
       = help: add `over = "10m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_uniform_arrival_over_no_time() {
    assert_snapshot!(arrival(r#"{ kind = "uniform", over = "0s" }"#), @r#"
    error: `over` must be longer than zero
      --> s.toml:10:38
       |
    10 | arrival = { kind = "uniform", over = "0s" }
       |                                      ^^^^ must be longer than zero

    1 error in s.toml
    "#);
}

#[test]
fn an_even_arrival_with_a_key_of_another_kind() {
    assert_snapshot!(arrival(r#"{ kind = "even", over = "10m", interval = "15m" }"#), @r#"
    error: unknown key `interval` in `arrival`
      --> s.toml:10:42
       |
    10 | arrival = { kind = "even", over = "10m", interval = "15m" }
       |                                          ^^^^^^^^
       |
       = help: the valid keys are `kind`, `over`

    1 error in s.toml
    "#);
}

#[test]
fn a_burst_with_a_negative_time() {
    assert_snapshot!(arrival(r#"{ kind = "burst", at = "-1s" }"#), @r#"
    error: `at`: a duration cannot be negative
      --> s.toml:10:35
       |
    10 | arrival = { kind = "burst", at = "-1s" }
       |                                   ^^^
       |
       = help: write for example `250ms`, `10s`, `10m`, `2h 30m` or `7d`

    1 error in s.toml
    "#);
}

#[test]
fn a_poisson_arrival_without_an_interval() {
    assert_snapshot!(arrival(r#"{ kind = "poisson", rate = 5 }"#), @r#"
    error: missing key `mean_interval` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = { kind = "poisson", rate = 5 }
       | ^^^^^^^
       |
       = help: add `mean_interval = "10m"`

    error: unknown key `rate` in `arrival`
      --> s.toml:10:31
       |
    10 | arrival = { kind = "poisson", rate = 5 }
       |                               ^^^^
       |
       = help: the valid keys are `kind`, `mean_interval`

    2 errors in s.toml
    "#);
}

#[test]
fn a_poll_without_an_interval() {
    assert_snapshot!(arrival(r#"{ kind = "poll" }"#), @r#"
    error: missing key `interval` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = { kind = "poll" }
       | ^^^^^^^
       |
       = help: add `interval = "10m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_trace_of_arrivals_without_a_file() {
    assert_snapshot!(arrival(r#"{ kind = "trace" }"#), @r#"
    error: missing key `file` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = { kind = "trace" }
       | ^^^^^^^
       |
       = help: add `file = "arrivals.csv"`

    1 error in s.toml
    "#);
}
