//! Numbers outside their range.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL, refused};

#[test]
fn a_limit_of_zero() {
    assert_snapshot!(refused("connection_limit = 5", "connection_limit = 0"), @r"
    error: `connection_limit` must be from 1 to 4294967295, found 0
     --> s.toml:5:20
      |
    5 | connection_limit = 0
      |                    ^ must be from 1 to 4294967295

    1 error in s.toml
    ");
}

#[test]
fn a_negative_limit() {
    assert_snapshot!(refused("connection_limit = 5", "connection_limit = -1"), @r"
    error: `connection_limit` must be from 1 to 4294967295, found -1
     --> s.toml:5:20
      |
    5 | connection_limit = -1
      |                    ^^ must be from 1 to 4294967295

    1 error in s.toml
    ");
}

#[test]
fn a_limit_beyond_32_bits() {
    assert_snapshot!(refused("connection_limit = 5", "connection_limit = 5000000000"), @r"
    error: `connection_limit` must be from 1 to 4294967295, found 5000000000
     --> s.toml:5:20
      |
    5 | connection_limit = 5000000000
      |                    ^^^^^^^^^^ must be from 1 to 4294967295

    1 error in s.toml
    ");
}

#[test]
fn a_count_of_zero() {
    assert_snapshot!(refused("count = 100", "count = 0"), @r"
    error: `count` must be from 1 to 4294967279, found 0
     --> s.toml:8:9
      |
    8 | count = 0
      |         ^ must be from 1 to 4294967279

    1 error in s.toml
    ");
}

#[test]
fn a_negative_count() {
    assert_snapshot!(refused("count = 100", "count = -100"), @r"
    error: `count` must be from 1 to 4294967279, found -100
     --> s.toml:8:9
      |
    8 | count = -100
      |         ^^^^ must be from 1 to 4294967279

    1 error in s.toml
    ");
}

#[test]
fn a_count_beyond_32_bits() {
    assert_snapshot!(refused("count = 100", "count = 5_000_000_000"), @r"
    error: `count` must be from 1 to 4294967279, found 5000000000
     --> s.toml:8:9
      |
    8 | count = 5_000_000_000
      |         ^^^^^^^^^^^^^ must be from 1 to 4294967279

    1 error in s.toml
    ");
}

#[test]
fn a_count_beyond_64_bits() {
    assert_snapshot!(refused("count = 100", "count = 99999999999999999999"), @r"
    error: the number `99999999999999999999` is out of range
     --> s.toml:8:9
      |
    8 | count = 99999999999999999999
      |         ^^^^^^^^^^^^^^^^^^^^
      |
      = help: a whole number is from -9223372036854775808 to 9223372036854775807

    1 error in s.toml
    ");
}

#[test]
fn a_probability_of_two() {
    assert_snapshot!(refused("misreport_probability = 0.01", "misreport_probability = 2"), @r"
    error: `misreport_probability` must be from 0 to 1, found 2
     --> s.toml:9:25
      |
    9 | misreport_probability = 2
      |                         ^ must be from 0 to 1

    1 error in s.toml
    ");
}

#[test]
fn a_negative_probability() {
    assert_snapshot!(refused("misreport_probability = 0.01", "misreport_probability = -0.1"), @r"
    error: `misreport_probability` must be from 0 to 1, found -0.1
     --> s.toml:9:25
      |
    9 | misreport_probability = -0.1
      |                         ^^^^ must be from 0 to 1

    1 error in s.toml
    ");
}

#[test]
fn a_probability_that_is_not_a_number() {
    assert_snapshot!(refused("misreport_probability = 0.01", "misreport_probability = nan"), @r"
    error: `misreport_probability` must be from 0 to 1, found nan
     --> s.toml:9:25
      |
    9 | misreport_probability = nan
      |                         ^^^ must be from 0 to 1

    1 error in s.toml
    ");
}

#[test]
fn a_probability_of_nan_in_capitals() {
    assert_snapshot!(refused("misreport_probability = 0.01", "misreport_probability = NaN"), @r"
    error: `NaN` is not a number
     --> s.toml:9:25
      |
    9 | misreport_probability = NaN
      |                         ^^^
      |
      = help: write a finite number, such as `0.5`

    1 error in s.toml
    ");
}

#[test]
fn an_infinite_probability() {
    assert_snapshot!(refused("misreport_probability = 0.01", "misreport_probability = inf"), @r"
    error: `misreport_probability` must be from 0 to 1, found inf
     --> s.toml:9:25
      |
    9 | misreport_probability = inf
      |                         ^^^ must be from 0 to 1

    1 error in s.toml
    ");
}

#[test]
fn a_probability_beyond_floating_point() {
    assert_snapshot!(refused("misreport_probability = 0.01", "misreport_probability = 1e999"), @r"
    error: the number `1e999` is out of range
     --> s.toml:9:25
      |
    9 | misreport_probability = 1e999
      |                         ^^^^^
      |
      = help: a decimal number is at most 1.7976931348623157e308

    1 error in s.toml
    ");
}

#[test]
fn a_negative_seed() {
    assert_snapshot!(refused("name =", "seed = -1\nname ="), @r"
    error: `seed` must be at least 0, found -1
     --> s.toml:1:8
      |
    1 | seed = -1
      |        ^^ must be at least 0

    1 error in s.toml
    ");
}

#[test]
fn no_tries() {
    assert_snapshot!(refused("count = 100", "count = 100\ntries_per_point = 0"), @r"
    error: `tries_per_point` must be from 1 to 255, found 0
     --> s.toml:9:19
      |
    9 | tries_per_point = 0
      |                   ^ must be from 1 to 255

    1 error in s.toml
    ");
}

#[test]
fn more_tries_than_eight_bits() {
    assert_snapshot!(refused("count = 100", "count = 100\ntries_per_point = 256"), @r"
    error: `tries_per_point` must be from 1 to 255, found 256
     --> s.toml:9:19
      |
    9 | tries_per_point = 256
      |                   ^^^ must be from 1 to 255

    1 error in s.toml
    ");
}

#[test]
fn a_count_beyond_what_memory_holds() {
    let group = SMALL.split("[clients.office]").nth(1).expect("a group");
    let groups: String = (0..20).map(|i| format!("[clients.g{i}]{group}")).collect();
    let points = SMALL.split("[clients").next().unwrap_or_default();
    let text = format!("{points}{groups}").replace("count = 100", "count = 4_000_000_000");
    let text = Desk::with(&text).run(&["run", "s.toml"]).refuses();
    assert_snapshot!(without_memory(&text), @r"
    error: 80000000000 clients need some 11920.9 GiB of memory, but only [...] GiB are available
     --> s.toml:8:9
      |
    8 | count = 4_000_000_000
      |         ^^^^^^^^^^^^^
      |
      = help: this machine can simulate some [...] clients

    1 error in s.toml
    ");
}

/// The text without the two figures that depend on the machine.
fn without_memory(text: &str) -> String {
    let mut text = text.to_owned();
    for (before, after) in [("only ", " GiB are"), ("can simulate some ", " clients")] {
        let from = text.find(before).expect("a figure") + before.len();
        let to = from + text[from..].find(after).expect("the end of a figure");
        text.replace_range(from..to, "[...]");
    }
    text
}
