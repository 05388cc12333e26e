//! Wrong `retry` tables.

use insta::assert_snapshot;

use crate::harness::refused_below;

/// The group gets this `retry` table.
fn retry(table: &str) -> String {
    refused_below("count = 100", &format!("retry = {table}"))
}

#[test]
fn a_retry_of_a_policy_near_a_known_one() {
    assert_snapshot!(retry(r#"{ policy = "exponental", base = "1m" }"#), @r#"
    error: unknown `policy`: `exponental`
     --> s.toml:9:20
      |
    9 | retry = { policy = "exponental", base = "1m" }
      |                    ^^^^^^^^^^^^
      |
      = note: the valid words are `fixed`, `linear`, `exponential`, `memoryless`, `server`
      = help: did you mean `exponential`?

    1 error in s.toml
    "#);
}

#[test]
fn a_retry_of_a_policy_near_none() {
    assert_snapshot!(retry(r#"{ policy = "nothing" }"#), @r#"
    error: unknown `policy`: `nothing`
     --> s.toml:9:20
      |
    9 | retry = { policy = "nothing" }
      |                    ^^^^^^^^^
      |
      = help: the valid words are `fixed`, `linear`, `exponential`, `memoryless`, `server`

    1 error in s.toml
    "#);
}

#[test]
fn a_retry_with_a_key_of_another_policy_than_the_default() {
    assert_snapshot!(retry(r#"{ mean = "5m" }"#), @r#"
    error: `mean` needs a `policy`
     --> s.toml:9:11
      |
    9 | retry = { mean = "5m" }
      |           ^^^^
      |
      = help: add `policy = "memoryless"`

    1 error in s.toml
    "#);
}

#[test]
fn a_fixed_retry_without_an_interval() {
    assert_snapshot!(retry(r#"{ policy = "fixed" }"#), @r#"
    error: missing key `interval` in `retry`
     --> s.toml:9:1
      |
    9 | retry = { policy = "fixed" }
      | ^^^^^
      |
      = help: add `interval = "10m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_fixed_retry_with_a_jitter_above_its_interval() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = "2m" }"#), @r#"
    error: a jitter longer than the interval, 1m, would make delays negative
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = "2m" }
      |                                                       ^^^^
      |
      = help: lower it to at most `1m`

    1 error in s.toml
    "#);
}

#[test]
fn a_jitter_of_120_percent() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = "120%" }"#), @r#"
    error: `jitter` must be from 0% to 100%, found `120%`
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = "120%" }
      |                                                       ^^^^^^
      |
      = help: "20%" makes delays between 80% and 120% of the interval

    1 error in s.toml
    "#);
}

#[test]
fn a_negative_jitter() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = "-5%" }"#), @r#"
    error: `jitter` must be from 0% to 100%, found `-5%`
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = "-5%" }
      |                                                       ^^^^^
      |
      = help: "20%" makes delays between 80% and 120% of the interval

    1 error in s.toml
    "#);
}

#[test]
fn a_jitter_that_is_not_a_number() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = "nan%" }"#), @r#"
    error: `jitter` must be from 0% to 100%, found `nan%`
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = "nan%" }
      |                                                       ^^^^^^
      |
      = help: "20%" makes delays between 80% and 120% of the interval

    1 error in s.toml
    "#);
}

#[test]
fn a_jitter_that_is_a_bare_number() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = 0.2 }"#), @r#"
    error: the `jitter` of a fixed delay is a time or a percentage
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = 0.2 }
      |                                                       ^^^
      |
      = help: write for example `"30s"` or `"20%"`

    1 error in s.toml
    "#);
}

#[test]
fn the_jitter_of_another_policy() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = "full" }"#), @r#"
    error: the `jitter` of a fixed delay is a time or a percentage
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = "full" }
      |                                                       ^^^^^^
      |
      = help: write for example `"30s"` or `"20%"`

    1 error in s.toml
    "#);
}

#[test]
fn a_linear_retry_without_a_step() {
    assert_snapshot!(retry(r#"{ policy = "linear" }"#), @r#"
    error: missing key `step` in `retry`
     --> s.toml:9:1
      |
    9 | retry = { policy = "linear" }
      | ^^^^^
      |
      = help: add `step = "5m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_linear_retry_with_a_cap_below_its_step() {
    assert_snapshot!(retry(r#"{ policy = "linear", step = "5m", cap = "1m" }"#), @r#"
    error: `cap` is 1m, less than `step`, 5m
     --> s.toml:9:49
      |
    9 | retry = { policy = "linear", step = "5m", cap = "1m" }
      |                                                 ^^^^
      |
      = help: the cap is the longest delay

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_retry_without_a_base() {
    assert_snapshot!(retry(r#"{ policy = "exponential" }"#), @r#"
    error: missing key `base` in `retry`
     --> s.toml:9:1
      |
    9 | retry = { policy = "exponential" }
      | ^^^^^
      |
      = help: add `base = "1m"`

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_retry_with_a_cap_below_its_base() {
    assert_snapshot!(retry(r#"{ policy = "exponential", base = "5m", cap = "1m" }"#), @r#"
    error: `cap` is 1m, less than `base`, 5m
     --> s.toml:9:54
      |
    9 | retry = { policy = "exponential", base = "5m", cap = "1m" }
      |                                                      ^^^^
      |
      = help: the cap is the longest delay

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_retry_with_a_factor_below_one() {
    assert_snapshot!(retry(r#"{ policy = "exponential", base = "1m", factor = 0.5 }"#), @r#"
    error: `factor` must be at least 1, found 0.5
     --> s.toml:9:57
      |
    9 | retry = { policy = "exponential", base = "1m", factor = 0.5 }
      |                                                         ^^^
      |
      = help: 2 doubles the delay each time

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_retry_with_a_factor_that_is_not_a_number() {
    assert_snapshot!(retry(r#"{ policy = "exponential", base = "1m", factor = nan }"#), @r#"
    error: `factor` must be above 0, found nan
     --> s.toml:9:57
      |
    9 | retry = { policy = "exponential", base = "1m", factor = nan }
      |                                                         ^^^ must be above 0

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_retry_with_an_unknown_jitter() {
    assert_snapshot!(retry(r#"{ policy = "exponential", base = "1m", jitter = "ful" }"#), @r#"
    error: unknown `jitter`: `ful`
     --> s.toml:9:57
      |
    9 | retry = { policy = "exponential", base = "1m", jitter = "ful" }
      |                                                         ^^^^^
      |
      = note: the valid words are `none`, `full`, `equal`, `decorrelated`
      = help: did you mean `full`?

    1 error in s.toml
    "#);
}

#[test]
fn a_memoryless_retry_without_a_mean() {
    assert_snapshot!(retry(r#"{ policy = "memoryless" }"#), @r#"
    error: missing key `mean` in `retry`
     --> s.toml:9:1
      |
    9 | retry = { policy = "memoryless" }
      | ^^^^^
      |
      = help: add `mean = "10m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_negative_number_of_retries() {
    assert_snapshot!(retry("{ max_retries = -1 }"), @r"
    error: `max_retries` must be from 0 to 4294967295, found -1
     --> s.toml:9:25
      |
    9 | retry = { max_retries = -1 }
      |                         ^^ must be from 0 to 4294967295

    1 error in s.toml
    ");
}

#[test]
fn a_number_of_retries_that_is_a_word() {
    assert_snapshot!(retry(r#"{ max_retries = "unlimited" }"#), @r#"
    error: expected a whole number for `max_retries`, found a string
     --> s.toml:9:25
      |
    9 | retry = { max_retries = "unlimited" }
      |                         ^^^^^^^^^^^ expected a whole number
      |
      = help: write `"none"` for no maximum

    1 error in s.toml
    "#);
}

#[test]
fn giving_up_after_no_time() {
    assert_snapshot!(retry(r#"{ give_up_after = "0s" }"#), @r#"
    error: `give_up_after` must be longer than zero
     --> s.toml:9:27
      |
    9 | retry = { give_up_after = "0s" }
      |                           ^^^^ must be longer than zero

    1 error in s.toml
    "#);
}

#[test]
fn all_errors_of_one_retry() {
    assert_snapshot!(retry(r#"{ policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }"#), @r#"
    error: `base`: unknown unit `x`
     --> s.toml:9:44
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                            ^
      |
      = help: the units are `ms`, `s`, `m`, `h`, `d` and `w`

    error: `factor` must be above 0, found 0
     --> s.toml:9:57
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                                         ^ must be above 0

    error: expected a duration for `cap`, found a whole number
     --> s.toml:9:66
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                                                  ^ expected a duration
      |
      = help: write the unit, in quotes: `"5s"` is in seconds, `"5m"` in minutes

    error: unknown `jitter`: `ful`
     --> s.toml:9:78
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                                                              ^^^^^
      |
      = note: the valid words are `none`, `full`, `equal`, `decorrelated`
      = help: did you mean `full`?

    error: `max_retries` must be from 0 to 4294967295, found -1
     --> s.toml:9:99
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                                                                                   ^^ must be from 0 to 4294967295

    error: unknown key `step` in `retry`
     --> s.toml:9:103
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                                                                                       ^^^^
      |
      = help: the valid keys are `policy`, `base`, `factor`, `cap`, `jitter`, `max_retries`, `give_up_after`

    6 errors in s.toml
    "#);
}
