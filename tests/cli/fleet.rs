//! Fleets, fallbacks, hours and workarounds that cannot be: exit 2, the place, and what would be right.

use insta::assert_snapshot;

use crate::harness::{Desk, TRANSFER, refused_below, small};

/// What the program says of a group with these keys beside its transfer.
#[track_caller]
fn group(keys: &str) -> String {
    refused_below(&format!("transfer = {TRANSFER}"), keys)
}

/// What the program says of a scenario with this key.
#[track_caller]
fn top(key: &str) -> String {
    refused_below("horizon = \"1d\"", key)
}

/// What the program says of a group whose sizes come from a file with this text.
#[track_caller]
fn sizes(csv: &str) -> String {
    let transfer = format!("transfer = {TRANSFER}");
    let sizes = "link = \"1 MB/s\"\ntransfer = { kind = \"size\", bytes = { kind = \"trace\", file = \"sizes.csv\" } }";
    Desk::with(&small(&transfer, sizes)).file("sizes.csv", csv).run(&["run", "s.toml"]).refuses()
}

#[test]
fn tiers_that_name_nothing() {
    assert_snapshot!(group(r#"tiers = []"#), @r#"
    error: `tiers` names no tier
      --> s.toml:12:9
       |
    12 | tiers = []
       |         ^^
       |
       = help: write for example `[["BRANCH"], ["HQ1", "HQ2"]]`, or `{ points = ["HQ1"], choose = "random" }` for a tier

    1 error in s.toml
    "#);
}

#[test]
fn a_tier_that_is_empty() {
    assert_snapshot!(group(r#"tiers = [["DP01"], []]"#), @r#"
    error: the clients have no distribution point to go to
      --> s.toml:12:20
       |
    12 | tiers = [["DP01"], []]
       |                    ^^
       |
       = help: for example `["DP01"]`

    1 error in s.toml
    "#);
}

#[test]
fn a_tier_of_a_point_that_is_not_there() {
    assert_snapshot!(group(r#"tiers = [["DP01"], ["DP1"]]"#), @r#"
    error: there is no distribution point `DP1`
      --> s.toml:12:21
       |
    12 | tiers = [["DP01"], ["DP1"]]
       |                     ^^^^^
       |
       = help: did you mean `DP01`?

    1 error in s.toml
    "#);
}

#[test]
fn a_point_in_two_tiers() {
    assert_snapshot!(group(r#"tiers = [["DP01"], ["DP01"]]"#), @r#"
    error: `DP01` is listed twice
      --> s.toml:12:9
       |
    12 | tiers = [["DP01"], ["DP01"]]
       |         ^^^^^^^^^^^^^^^^^^^^
       |
       = help: list each distribution point once

    1 error in s.toml
    "#);
}

#[test]
fn a_tier_that_is_a_name() {
    assert_snapshot!(group(r#"tiers = ["DP01"]"#), @r#"
    error: a tier is a list of distribution points
      --> s.toml:12:10
       |
    12 | tiers = ["DP01"]
       |          ^^^^^^
       |
       = help: write for example `[["BRANCH"], ["HQ1", "HQ2"]]`, or `{ points = ["HQ1"], choose = "random" }` for a tier

    1 error in s.toml
    "#);
}

#[test]
fn tiers_beside_a_list_of_points() {
    assert_snapshot!(group("distribution_points = [\"DP01\"]\ntiers = [[\"DP01\"]]"), @r#"
    error: a group has either `distribution_points` or `tiers`
      --> s.toml:13:1
       |
    13 | tiers = [["DP01"]]
       | ^^^^^
       |
       = help: leave `distribution_points` out: `tiers` lists the points, the nearest first

    1 error in s.toml
    "#);
}

#[test]
fn a_fallback_without_tiers() {
    assert_snapshot!(group(r#"fallback_after = "2m""#), @r#"
    error: there is no tier to fall back to
      --> s.toml:12:1
       |
    12 | fallback_after = "2m"
       | ^^^^^^^^^^^^^^
       |
       = help: list the points by tiers, the nearest first: `tiers = [["BRANCH"], ["HQ1", "HQ2"]]`

    1 error in s.toml
    "#);
}

#[test]
fn a_fallback_that_is_no_time() {
    assert_snapshot!(group("tiers = [[\"DP01\"]]\nfallback_after = \"soon\""), @r#"
    error: unknown `fallback_after`: `soon`
      --> s.toml:13:18
       |
    13 | fallback_after = "soon"
       |                  ^^^^^^
       |
       = help: write a time, such as `"2m"`, `"0s"` for at once, or `"never"`

    1 error in s.toml
    "#);
}

#[test]
fn a_choice_that_is_misspelt() {
    assert_snapshot!(group(r#"choose = "least-load""#), @r#"
    error: unknown `choose`: `least-load`
      --> s.toml:12:10
       |
    12 | choose = "least-load"
       |          ^^^^^^^^^^^^
       |
       = note: the valid words are `random-once`, `random`, `ordered`, `least-loaded`, `sticky`
       = help: did you mean `least-loaded`?

    1 error in s.toml
    "#);
}

#[test]
fn shares_that_do_not_add_up() {
    assert_snapshot!(group(r#"release_mix = { "sms-2.0-sp2" = "30%", "sms-2.0-sp3" = "60%" }"#), @r#"
    error: the shares add up to 90%, not to 100%
      --> s.toml:12:15
       |
    12 | release_mix = { "sms-2.0-sp2" = "30%", "sms-2.0-sp3" = "60%" }
       |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: for example `{ "sms-2.0-sp2" = "30%", "sms-2.0-sp3" = "70%" }`

    1 error in s.toml
    "#);
}

#[test]
fn a_share_that_is_no_percentage() {
    assert_snapshot!(group(r#"release_mix = { "sms-2.0-sp2" = 0.3, "sms-2.0-sp3" = "0.7" }"#), @r#"
    error: the share of `sms-2.0-sp2` is a percentage
      --> s.toml:12:33
       |
    12 | release_mix = { "sms-2.0-sp2" = 0.3, "sms-2.0-sp3" = "0.7" }
       |                                 ^^^
       |
       = help: write it with its sign, in quotes: `"30%"`

    error: `0.7` is not a share
      --> s.toml:12:54
       |
    12 | release_mix = { "sms-2.0-sp2" = 0.3, "sms-2.0-sp3" = "0.7" }
       |                                                      ^^^^^
       |
       = help: a share is from `"0%"` to `"100%"`

    2 errors in s.toml
    "#);
}

#[test]
fn a_mix_of_releases_that_are_not_there() {
    assert_snapshot!(group(r#"release_mix = { "sms-2.0-sp5" = "100%" }"#), @r#"
    error: unknown release: `sms-2.0-sp5`
      --> s.toml:12:17
       |
    12 | release_mix = { "sms-2.0-sp5" = "100%" }
       |                 ^^^^^^^^^^^^^
       |
       = help: did you mean `sms-2.0-sp1`?

    1 error in s.toml
    "#);
}

#[test]
fn a_mix_beside_a_release() {
    assert_snapshot!(group("release = \"bits\"\nrelease_mix = { \"sms-2.0-sp2\" = \"100%\" }"), @r#"
    error: a group has either `release` or `release_mix`
      --> s.toml:13:15
       |
    13 | release_mix = { "sms-2.0-sp2" = "100%" }
       |               ^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: leave one of them out

    1 error in s.toml
    "#);
}

#[test]
fn an_upgrade_to_nothing() {
    assert_snapshot!(group(r#"upgrade = { from = "1d", over = "5d" }"#), @r#"
    error: missing key `to` in `upgrade`
      --> s.toml:12:1
       |
    12 | upgrade = { from = "1d", over = "5d" }
       | ^^^^^^^
       |
       = help: add `to = "sms-2.0-sp3"`

    1 error in s.toml
    "#);
}

#[test]
fn hours_that_never_open() {
    assert_snapshot!(group(r#"online = "Mon-Fri 08:00-08:00""#), @r#"
    error: these hours never open: `08:00-08:00` ends when it begins
      --> s.toml:12:11
       |
    12 | online = "Mon-Fri 08:00-08:00"
       |           ^^^^^^^^^^^^^^^^^^^
       |
       = help: write for example `"Mon-Fri 08:00-18:00"`, `"22:00-06:00"` for every night, or `"Mon-Fri 08:00-18:00, Sat 09:00-13:00"`

    1 error in s.toml
    "#);
}

#[test]
fn hours_of_nothing() {
    assert_snapshot!(group(r#"online = """#), @r#"
    error: these hours never open
      --> s.toml:12:11
       |
    12 | online = ""
       |           ^
       |
       = help: write for example `"Mon-Fri 08:00-18:00"`, `"22:00-06:00"` for every night, or `"Mon-Fri 08:00-18:00, Sat 09:00-13:00"`

    1 error in s.toml
    "#);
}

#[test]
fn hours_on_a_day_that_is_none() {
    assert_snapshot!(group(r#"online = "Mon-Fri 08:00-18:00, Sut 09:00-13:00""#), @r#"
    error: `Sut` is not a day
      --> s.toml:12:32
       |
    12 | online = "Mon-Fri 08:00-18:00, Sut 09:00-13:00"
       |                                ^^^^^^^^^^^^^^^
       |
       = help: write for example `"Mon-Fri 08:00-18:00"`, `"22:00-06:00"` for every night, or `"Mon-Fri 08:00-18:00, Sat 09:00-13:00"`

    1 error in s.toml
    "#);
}

#[test]
fn hours_without_an_end() {
    assert_snapshot!(group(r#"online = "Mon-Fri 08:00""#), @r#"
    error: `08:00` has no end
      --> s.toml:12:11
       |
    12 | online = "Mon-Fri 08:00"
       |           ^^^^^^^^^^^^^
       |
       = help: write for example `"Mon-Fri 08:00-18:00"`, `"22:00-06:00"` for every night, or `"Mon-Fri 08:00-18:00, Sat 09:00-13:00"`

    1 error in s.toml
    "#);
}

#[test]
fn hours_after_midnight() {
    assert_snapshot!(group(r#"online = "08:00-25:00""#), @r#"
    error: `25:00` is not a time of day
      --> s.toml:12:11
       |
    12 | online = "08:00-25:00"
       |           ^^^^^^^^^^^
       |
       = help: write for example `"Mon-Fri 08:00-18:00"`, `"22:00-06:00"` for every night, or `"Mon-Fri 08:00-18:00, Sat 09:00-13:00"`

    1 error in s.toml
    "#);
}

#[test]
fn a_zone_that_is_none() {
    assert_snapshot!(group("online = \"08:00-18:00\"\nzones = [\"UTC\", \"CET\"]"), @r#"
    error: `CET` is not a time zone
      --> s.toml:13:17
       |
    13 | zones = ["UTC", "CET"]
       |                 ^^^^^
       |
       = help: write for example `"UTC"`, `"UTC+1"` or `"UTC-3:30"`

    1 error in s.toml
    "#);
}

#[test]
fn zones_without_hours() {
    assert_snapshot!(group(r#"zones = ["UTC"]"#), @r#"
    error: `zones` shifts hours, of which there are none
      --> s.toml:12:1
       |
    12 | zones = ["UTC"]
       | ^^^^^
       |
       = help: add `online = "Mon-Fri 08:00-18:00"`

    1 error in s.toml
    "#);
}

#[test]
fn a_client_that_vanishes_for_ever() {
    assert_snapshot!(group(r#"vanishes = { every = "4h" }"#), @r#"
    error: missing key `for` in `vanishes`
      --> s.toml:12:1
       |
    12 | vanishes = { every = "4h" }
       | ^^^^^^^^
       |
       = help: add `for = "30m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_workaround_without_a_moment() {
    assert_snapshot!(top(r#"workaround = {}"#), @r#"
    error: when does the workaround come?
     --> s.toml:3:14
      |
    3 | workaround = {}
      |              ^^
      |
      = help: write `{ after = "24h" }` or `{ when_stranded = 100 }`

    1 error in s.toml
    "#);
}

#[test]
fn a_workaround_with_two_moments() {
    assert_snapshot!(top(r#"workaround = { after = "1h", when_stranded = 5 }"#), @r#"
    error: a workaround has either `after` or `when_stranded`
     --> s.toml:3:14
      |
    3 | workaround = { after = "1h", when_stranded = 5 }
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: leave one of them out

    1 error in s.toml
    "#);
}

#[test]
fn a_start_that_is_no_day() {
    assert_snapshot!(top(r#"starts = "08:00""#), @r#"
    error: `08:00` is not a day and a time
     --> s.toml:3:10
      |
    3 | starts = "08:00"
      |          ^^^^^^^
      |
      = help: write for example `"Mon 08:00"`

    1 error in s.toml
    "#);
}

#[test]
fn a_size_in_a_trace_that_is_none() {
    assert_snapshot!(sizes("bytes\n40 MB\n12 MBit\n"), @"
    error: `bytes`: `12 MBit` is not a size: unknown unit `MBit`
     --> sizes.csv:3:1
      |
    3 | 12 MBit
      | ^^^^^^^
      |
      = help: a size is a whole number of bytes, or has a unit, such as `40 MB`

    1 error in sizes.csv
    ");
}

#[test]
fn more_clients_than_sizes() {
    assert_snapshot!(sizes("bytes\n40 MB\n700\n"), @"
    error: client group `office` has 100 clients, but column `bytes` of `sizes.csv` has only 2 rows
     --> s.toml:8:9
      |
    8 | count = 100
      |         ^^^
      |
      = help: row i is client i of the transfer trace: lower `count` to at most 2

    1 error in s.toml
    ");
}

#[test]
fn more_connections_than_any_point_has() {
    assert_snapshot!(group("connections = 51"), @"
    error: client group `office` needs 51 connections at once, but `DP01` never has more than 5
      --> s.toml:12:15
       |
    12 | connections = 51
       |               ^^
       |
       = help: it would be refused there for ever: take fewer `connections`, a higher `connection_limit`, or other `distribution_points`

    1 error in s.toml
    ");
}

#[test]
fn no_connections() {
    assert_snapshot!(group("connections = 0"), @"
    error: `connections` must be from 1 to 1000, found 0
      --> s.toml:12:15
       |
    12 | connections = 0
       |               ^ must be from 1 to 1000

    1 error in s.toml
    ");
}

#[test]
fn hours_that_begin_at_midnight_as_the_end_of_a_day() {
    assert_snapshot!(group(r#"online = "Mon-Fri 24:00-06:00""#), @r#"
    error: `24:00` is an end: hours begin at `00:00` of the day after
      --> s.toml:12:11
       |
    12 | online = "Mon-Fri 24:00-06:00"
       |           ^^^^^^^^^^^^^^^^^^^
       |
       = help: write for example `"Mon-Fri 08:00-18:00"`, `"22:00-06:00"` for every night, or `"Mon-Fri 08:00-18:00, Sat 09:00-13:00"`

    1 error in s.toml
    "#);
}

#[test]
fn hours_with_a_comma_too_many() {
    assert_snapshot!(group(r#"online = "Mon 08:00-18:00,""#), @r#"
    error: there are no hours behind this comma
      --> s.toml:12:26
       |
    12 | online = "Mon 08:00-18:00,"
       |                          ^
       |
       = help: leave the comma out

    1 error in s.toml
    "#);
    assert_snapshot!(group(r#"online = ", Mon 08:00-18:00""#), @r#"
    error: there are no hours before this comma
      --> s.toml:12:11
       |
    12 | online = ", Mon 08:00-18:00"
       |           ^
       |
       = help: leave the comma out

    1 error in s.toml
    "#);
    assert_snapshot!(group(r#"online = "Mon 08:00-18:00, ,Tue 08:00-09:00""#), @r#"
    error: there are no hours before this comma
      --> s.toml:12:28
       |
    12 | online = "Mon 08:00-18:00, ,Tue 08:00-09:00"
       |                            ^
       |
       = help: leave the comma out

    1 error in s.toml
    "#);
}

/// The scenario of a what-if is made of the one in the results, so it must be the same scenario.
#[test]
fn a_what_if_keeps_the_retries_of_a_mix() {
    let text = r#"
name = "mix with a retry of its own"
horizon = "30d"
[distribution_points.A]
connection_limit = 10
[clients.g]
count = 500
release_mix = { "sms-2.0-sp4" = "50%", "sms-2003" = "50%" }
retry = { policy = "memoryless", mean = "30s" }
arrival = { kind = "burst" }
transfer = { kind = "constant", duration = "2m" }
"#;
    let desk = Desk::with(text);
    let twice = ["run", "s.toml", "--set", "distribution_points.A.connection_limit=20"];
    assert!(desk.run(&twice).succeeds().contains("last completion after       51m 50s"));
    let shown = desk.run(&["run", "s.toml"]).succeeds();
    assert!(shown.contains("finishes 2.0 times sooner: after 51m 50s"), "{shown}");
}
