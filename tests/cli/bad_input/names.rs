//! Names of things that do not exist, or that are named twice.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL, refused};

#[test]
fn a_choice_that_is_unknown() {
    assert_snapshot!(refused("count = 100", "count = 100\nchoose = \"randomly\""), @r#"
    error: unknown `choose`: `randomly`
     --> s.toml:9:10
      |
    9 | choose = "randomly"
      |          ^^^^^^^^^^
      |
      = note: the valid words are `random-once`, `random`, `ordered`, `least-loaded`, `sticky`
      = help: did you mean `random`?

    1 error in s.toml
    "#);
}

#[test]
fn an_unknown_distribution_point_near_a_known_one() {
    assert_snapshot!(refused("count = 100", "count = 100\ndistribution_points = [\"DP02\"]"), @r#"
    error: there is no distribution point `DP02`
     --> s.toml:9:24
      |
    9 | distribution_points = ["DP02"]
      |                        ^^^^^^
      |
      = help: did you mean `DP01`?

    1 error in s.toml
    "#);
}

#[test]
fn an_unknown_distribution_point_near_none() {
    assert_snapshot!(refused("count = 100", "count = 100\ndistribution_points = [\"SERVER\"]"), @r#"
    error: there is no distribution point `SERVER`
     --> s.toml:9:24
      |
    9 | distribution_points = ["SERVER"]
      |                        ^^^^^^^^
      |
      = help: this scenario has: `DP01`

    1 error in s.toml
    "#);
}

#[test]
fn no_distribution_point_to_go_to() {
    assert_snapshot!(refused("count = 100", "count = 100\ndistribution_points = []"), @r#"
    error: the clients have no distribution point to go to
     --> s.toml:9:23
      |
    9 | distribution_points = []
      |                       ^^
      |
      = help: for example `["DP01"]`

    1 error in s.toml
    "#);
}

#[test]
fn an_unknown_release_near_a_known_one() {
    assert_snapshot!(refused("count = 100", "count = 100\nrelease = \"sms-2.0-sp33\""), @r#"
    error: unknown `release`: `sms-2.0-sp33`
     --> s.toml:9:11
      |
    9 | release = "sms-2.0-sp33"
      |           ^^^^^^^^^^^^^^
      |
      = note: the valid words are `sms-1.2`, `sms-2.0`, `sms-2.0-sp1`, `sms-2.0-sp2`, `sms-2.0-sp3`, `sms-2.0-q302535`, `sms-2.0-sp4`, `sms-2003`, `configmgr-2007`, `bits`, `configmgr`
      = help: did you mean `sms-2.0-sp3`?

    1 error in s.toml
    "#);
}

#[test]
fn an_unknown_release_near_none() {
    assert_snapshot!(refused("count = 100", "count = 100\nrelease = \"windows\""), @r#"
    error: unknown `release`: `windows`
     --> s.toml:9:11
      |
    9 | release = "windows"
      |           ^^^^^^^^^
      |
      = help: the valid words are `sms-1.2`, `sms-2.0`, `sms-2.0-sp1`, `sms-2.0-sp2`, `sms-2.0-sp3`, `sms-2.0-q302535`, `sms-2.0-sp4`, `sms-2003`, `configmgr-2007`, `bits`, `configmgr`

    1 error in s.toml
    "#);
}

#[test]
fn a_distribution_point_that_is_listed_twice() {
    let text = SMALL.replacen(
        "[clients.office]",
        "[clients.office]\ndistribution_points = [\"DP01\", \"DP01\"]",
        1,
    );
    let text = Desk::with(&text).run(&["run", "s.toml"]).refuses();
    assert_snapshot!(text, @r#"
    error: `DP01` is listed twice
     --> s.toml:8:23
      |
    8 | distribution_points = ["DP01", "DP01"]
      |                       ^^^^^^^^^^^^^^^^
      |
      = help: list each distribution point once

    1 error in s.toml
    "#);
}
