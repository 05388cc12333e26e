//! Keys and tables that are unknown, missing or in the wrong place.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL, refused};

#[test]
fn a_key_that_stands_below_the_wrong_header() {
    assert_snapshot!(refused("transfer = { kind = \"constant\", duration = \"2m\" }\n", "transfer = { kind = \"constant\", duration = \"2m\" }\nseed = 5\n"), @r"
    error: unknown key `seed` in client group `office`
      --> s.toml:12:1
       |
    12 | seed = 5
       | ^^^^
       |
       = help: `seed` is a key of the scenario itself: write it above the first `[table]`

    1 error in s.toml
    ");
}

#[test]
fn an_unknown_key_near_a_known_one() {
    assert_snapshot!(refused("count = 100", "cuont = 100"), @r"
    error: unknown key `cuont` in client group `office`
     --> s.toml:8:1
      |
    8 | cuont = 100
      | ^^^^^
      |
      = help: did you mean `count`?

    1 error in s.toml
    ");
}

#[test]
fn an_unknown_key_near_none() {
    assert_snapshot!(refused("count = 100", "count = 100\nsize = 3"), @"
    error: unknown key `size` in client group `office`
     --> s.toml:9:1
      |
    9 | size = 3
      | ^^^^
      |
      = help: the valid keys are `count`, `release`, `release_mix`, `misreport_strands`, `poll_unschedules`, `tries_per_point`, `on_cut`, `spin`, `retry`, `moves_on`, `fallback_after`, `upgrade`, `misreport_probability`, `distribution_points`, `tiers`, `choose`, `arrival`, `transfer`, `connections`, `link`, `poll_interval`, `online`, `zones`, `stagger`, `vanishes`

    1 error in s.toml
    ");
}

#[test]
fn an_unknown_table() {
    assert_snapshot!(refused("[clients.office]", "[servers.DP02]\nlimit = 5\n[clients.office]"), @"
    error: unknown key `servers` in the scenario
     --> s.toml:7:2
      |
    7 | [servers.DP02]
      |  ^^^^^^^
      |
      = help: the valid keys are `name`, `description`, `seed`, `horizon`, `warmup`, `expires_after`, `starts`, `workaround`, `distribution_points`, `clients`

    1 error in s.toml
    ");
}

#[test]
fn an_unknown_key_of_a_distribution_point() {
    assert_snapshot!(refused("connection_limit = 5", "connection_limit = 5\nmemory = \"10 MB\""), @r#"
    error: unknown key `memory` in distribution point `DP01`
     --> s.toml:6:1
      |
    6 | memory = "10 MB"
      | ^^^^^^
      |
      = help: the valid keys are `connection_limit`, `bandwidth`, `efficiency`, `outages`, `limit_changes`, `failures`, `queue`, `retry_after`

    1 error in s.toml
    "#);
}

#[test]
fn no_name() {
    assert_snapshot!(refused("name = \"A small storm\"\n", ""), @r#"
    error: missing key `name` in the scenario
     --> s.toml:1:1
      |
    1 | horizon = "1d"
      | ^
      |
      = help: add `name = "A server with 50 connections"`

    1 error in s.toml
    "#);
}

#[test]
fn an_empty_name() {
    assert_snapshot!(refused(r#""A small storm""#, r#"" ""#), @r#"
    error: `name` must not be empty
     --> s.toml:1:8
      |
    1 | name = " "
      |        ^^^ must not be empty

    1 error in s.toml
    "#);
}

#[test]
fn no_count() {
    assert_snapshot!(refused("count = 100\n", ""), @r"
    error: `count` is missing in client group `office`
     --> s.toml:7:10
      |
    7 | [clients.office]
      |          ^^^^^^
      |
      = help: add `count = 5000`

    1 error in s.toml
    ");
}

#[test]
fn no_distribution_points() {
    assert_snapshot!(refused("[distribution_points.DP01]\nconnection_limit = 5\n", ""), @r#"
    error: missing key `distribution_points` in the scenario
     --> s.toml:1:1
      |
    1 | name = "A small storm"
      | ^
      |
      = help: add `distribution_points = { DP01 = { connection_limit = 50 } }`

    1 error in s.toml
    "#);
}

#[test]
fn a_table_of_no_distribution_points() {
    assert_snapshot!(refused("[distribution_points.DP01]\nconnection_limit = 5\n", "[distribution_points]\n"), @r"
    error: the scenario has no distribution points
     --> s.toml:4:1
      |
    4 | [distribution_points]
      | ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add one such as `[distribution_points.DP01]`

    1 error in s.toml
    ");
}

#[test]
fn a_distribution_point_without_a_limit() {
    assert_snapshot!(refused("connection_limit = 5\n", ""), @r"
    error: missing key `connection_limit` in distribution point `DP01`
     --> s.toml:4:22
      |
    4 | [distribution_points.DP01]
      |                      ^^^^
      |
      = help: add `connection_limit = 50`

    1 error in s.toml
    ");
}

#[test]
fn no_clients() {
    assert_snapshot!(Desk::with(SMALL.split("[clients").next().expect("the part above the clients")).run(&["run", "s.toml"]).refuses(), @r#"
    error: missing key `clients` in the scenario
     --> s.toml:1:1
      |
    1 | name = "A small storm"
      | ^
      |
      = help: add `clients = { office = { count = 5000, ... } }`

    1 error in s.toml
    "#);
}

#[test]
fn a_table_of_no_clients() {
    assert_snapshot!(Desk::with(format!("{}[clients]\n", SMALL.split("[clients").next().unwrap_or_default()).as_str()).run(&["run", "s.toml"]).refuses(), @r"
    error: the scenario has no clients
     --> s.toml:7:1
      |
    7 | [clients]
      | ^^^^^^^^^
      |
      = help: add a group such as `[clients.office]`

    1 error in s.toml
    ");
}
