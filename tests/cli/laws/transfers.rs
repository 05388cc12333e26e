//! Wrong `transfer` tables.

use insta::assert_snapshot;

use crate::harness::{TRANSFER, refused};

fn transfer(table: &str) -> String {
    refused(TRANSFER, table)
}

#[test]
fn a_transfer_without_a_kind() {
    assert_snapshot!(transfer(r#"{ duration = "2m" }"#), @r#"
    error: missing key `kind` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { duration = "2m" }
       | ^^^^^^^^
       |
       = help: add `kind = "constant"`

    1 error in s.toml
    "#);
}

#[test]
fn a_transfer_of_a_kind_near_a_known_one() {
    assert_snapshot!(transfer(r#"{ kind = "log-normal", median = "2m", sigma = 0.5 }"#), @r#"
    error: unknown `kind`: `log-normal`
      --> s.toml:11:21
       |
    11 | transfer = { kind = "log-normal", median = "2m", sigma = 0.5 }
       |                     ^^^^^^^^^^^^
       |
       = note: the valid words are `constant`, `uniform`, `exponential`, `lognormal`, `empirical`, `trace`, `size`
       = help: did you mean `lognormal`?

    1 error in s.toml
    "#);
}

#[test]
fn a_transfer_of_a_kind_near_none() {
    assert_snapshot!(transfer(r#"{ kind = "fast" }"#), @r#"
    error: unknown `kind`: `fast`
      --> s.toml:11:21
       |
    11 | transfer = { kind = "fast" }
       |                     ^^^^^^
       |
       = help: the valid words are `constant`, `uniform`, `exponential`, `lognormal`, `empirical`, `trace`, `size`

    1 error in s.toml
    "#);
}

#[test]
fn a_constant_transfer_without_a_duration() {
    assert_snapshot!(transfer(r#"{ kind = "constant" }"#), @r#"
    error: missing key `duration` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "constant" }
       | ^^^^^^^^
       |
       = help: add `duration = "2m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_constant_transfer_that_takes_no_time() {
    assert_snapshot!(transfer(r#"{ kind = "constant", duration = "0s" }"#), @r#"
    error: `duration` must be longer than zero
      --> s.toml:11:44
       |
    11 | transfer = { kind = "constant", duration = "0s" }
       |                                            ^^^^ must be longer than zero

    1 error in s.toml
    "#);
}

#[test]
fn a_uniform_transfer_with_min_above_max() {
    assert_snapshot!(transfer(r#"{ kind = "uniform", min = "3m", max = "1m" }"#), @r#"
    error: `max` is 1m, less than `min`, 3m
      --> s.toml:11:50
       |
    11 | transfer = { kind = "uniform", min = "3m", max = "1m" }
       |                                                  ^^^^
       |
       = help: exchange them

    1 error in s.toml
    "#);
}

#[test]
fn a_uniform_transfer_without_either() {
    assert_snapshot!(transfer(r#"{ kind = "uniform" }"#), @r#"
    error: missing key `min` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "uniform" }
       | ^^^^^^^^
       |
       = help: add `min = "1m"`

    error: missing key `max` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "uniform" }
       | ^^^^^^^^
       |
       = help: add `max = "3m"`

    2 errors in s.toml
    "#);
}

#[test]
fn a_uniform_transfer_of_zero_to_zero() {
    assert_snapshot!(transfer(r#"{ kind = "uniform", min = "0s", max = "0s" }"#), @r#"
    error: `max` must be longer than zero
      --> s.toml:11:50
       |
    11 | transfer = { kind = "uniform", min = "0s", max = "0s" }
       |                                                  ^^^^ must be longer than zero

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_transfer_without_a_mean() {
    assert_snapshot!(transfer(r#"{ kind = "exponential" }"#), @r#"
    error: missing key `mean` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "exponential" }
       | ^^^^^^^^
       |
       = help: add `mean = "2m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_lognormal_transfer_without_its_keys() {
    assert_snapshot!(transfer(r#"{ kind = "lognormal" }"#), @r#"
    error: missing key `median` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "lognormal" }
       | ^^^^^^^^
       |
       = help: add `median = "2m"`

    error: missing key `sigma` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "lognormal" }
       | ^^^^^^^^
       |
       = help: add `sigma = 0.5`

    2 errors in s.toml
    "#);
}

#[test]
fn a_sigma_that_is_not_a_number() {
    assert_snapshot!(transfer(r#"{ kind = "lognormal", median = "2m", sigma = nan }"#), @r#"
    error: `sigma` must be at least 0, found nan
      --> s.toml:11:57
       |
    11 | transfer = { kind = "lognormal", median = "2m", sigma = nan }
       |                                                         ^^^ must be at least 0

    1 error in s.toml
    "#);
}

#[test]
fn a_negative_sigma() {
    assert_snapshot!(transfer(r#"{ kind = "lognormal", median = "2m", sigma = -0.5 }"#), @r#"
    error: `sigma` must be at least 0, found -0.5
      --> s.toml:11:57
       |
    11 | transfer = { kind = "lognormal", median = "2m", sigma = -0.5 }
       |                                                         ^^^^ must be at least 0

    1 error in s.toml
    "#);
}

#[test]
fn a_huge_sigma() {
    assert_snapshot!(transfer(r#"{ kind = "lognormal", median = "2m", sigma = 1e6 }"#), @r#"
    error: `sigma` must be at most 10, found 1000000
      --> s.toml:11:57
       |
    11 | transfer = { kind = "lognormal", median = "2m", sigma = 1e6 }
       |                                                         ^^^
       |
       = help: it is the standard deviation of the logarithm: try 0.5

    1 error in s.toml
    "#);
}

#[test]
fn a_sigma_that_is_a_string() {
    assert_snapshot!(transfer(r#"{ kind = "lognormal", median = "2m", sigma = "half" }"#), @r#"
    error: expected a number of at least 0 for `sigma`, found a string
      --> s.toml:11:57
       |
    11 | transfer = { kind = "lognormal", median = "2m", sigma = "half" }
       |                                                         ^^^^^^ expected a number of at least 0

    1 error in s.toml
    "#);
}

#[test]
fn an_empirical_transfer_without_a_file() {
    assert_snapshot!(transfer(r#"{ kind = "empirical" }"#), @r#"
    error: missing key `file` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "empirical" }
       | ^^^^^^^^
       |
       = help: add `file = "transfers.csv"`

    1 error in s.toml
    "#);
}
