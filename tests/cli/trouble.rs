//! Bandwidth, outages, failures and queues that cannot be: exit 2, the place, and what would be right.

use insta::assert_snapshot;

use crate::harness::{TRANSFER, refused, refused_below};

/// What the program says of a distribution point with these keys beside its limit.
#[track_caller]
fn point(keys: &str) -> String {
    refused_below("connection_limit = 5", keys)
}

/// What the program says of a group with these keys in place of its transfer.
#[track_caller]
fn group(keys: &str) -> String {
    refused(&format!("transfer = {TRANSFER}"), keys)
}

#[test]
fn outages_that_overlap() {
    assert_snapshot!(point(r#"outages = [{ from = "1h", for = "2h" }, { from = "2h", for = "2h" }]"#), @r#"
    error: number 2 of `outages` overlaps number 1
     --> s.toml:6:41
      |
    6 | outages = [{ from = "1h", for = "2h" }, { from = "2h", for = "2h" }]
      |                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: join them, or let one end before the other begins; with `every` they are repeated for ever

    1 error in s.toml
    "#);
}

#[test]
fn an_outage_that_meets_another_days_later() {
    assert_snapshot!(point(r#"outages = [{ from = "2h", for = "1h", every = "1d" }, { from = "50h", for = "30m" }]"#), @r#"
    error: number 2 of `outages` overlaps number 1
     --> s.toml:6:55
      |
    6 | outages = [{ from = "2h", for = "1h", every = "1d" }, { from = "50h", for = "30m" }]
      |                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: join them, or let one end before the other begins; with `every` they are repeated for ever

    1 error in s.toml
    "#);
}

#[test]
fn an_outage_without_an_end() {
    assert_snapshot!(point(r#"outages = [{ from = "2h" }]"#), @r#"
    error: an outage needs an end
     --> s.toml:6:12
      |
    6 | outages = [{ from = "2h" }]
      |            ^^^^^^^^^^^^^^^
      |
      = help: add `for = "1h"`, or `until` and a time

    1 error in s.toml
    "#);
}

#[test]
fn an_outage_with_two_ends() {
    assert_snapshot!(point(r#"outages = [{ from = "2h", for = "1h", until = "4h" }]"#), @r#"
    error: an outage has either `for` or `until`
     --> s.toml:6:47
      |
    6 | outages = [{ from = "2h", for = "1h", until = "4h" }]
      |                                               ^^^^
      |
      = help: leave one of them out

    1 error in s.toml
    "#);
}

#[test]
fn an_outage_that_ends_before_it_begins() {
    assert_snapshot!(point(r#"outages = [{ from = "2h", until = "1h" }]"#), @r#"
    error: `until` is 1h, not after `from`, 2h
     --> s.toml:6:35
      |
    6 | outages = [{ from = "2h", until = "1h" }]
      |                                   ^^^^
      |
      = help: times count from the start of the simulation

    1 error in s.toml
    "#);
}

#[test]
fn an_outage_that_comes_again_before_it_is_over() {
    assert_snapshot!(point(r#"outages = [{ from = "2h", for = "1h", every = "30m" }]"#), @r#"
    error: it lasts 1h, but comes again every 30m
     --> s.toml:6:47
      |
    6 | outages = [{ from = "2h", for = "1h", every = "30m" }]
      |                                               ^^^^^
      |
      = help: make `every` longer, such as `"1d"`

    1 error in s.toml
    "#);
}

#[test]
fn a_mistyped_key_of_an_outage() {
    assert_snapshot!(point(r#"outages = [{ form = "2h", for = "1h" }]"#), @r#"
    error: unknown key `form` in an outage
     --> s.toml:6:14
      |
    6 | outages = [{ form = "2h", for = "1h" }]
      |              ^^^^
      |
      = help: did you mean `from`?

    1 error in s.toml
    "#);
}

#[test]
fn a_change_to_a_limit_of_zero() {
    assert_snapshot!(point(r#"limit_changes = [{ from = "2h", connection_limit = 0 }]"#), @r#"
    error: `connection_limit` must be from 1 to 4294967295, found 0
     --> s.toml:6:52
      |
    6 | limit_changes = [{ from = "2h", connection_limit = 0 }]
      |                                                    ^ must be from 1 to 4294967295

    1 error in s.toml
    "#);
}

#[test]
fn limit_changes_that_overlap() {
    assert_snapshot!(point(r#"limit_changes = [{ from = "2h", connection_limit = 3 }, { from = "3h", for = "1h", connection_limit = 9 }]"#), @r#"
    error: number 2 of `limit_changes` overlaps number 1
     --> s.toml:6:57
      |
    6 | limit_changes = [{ from = "2h", connection_limit = 3 }, { from = "3h", for = "1h", connection_limit = 9 }]
      |                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: join them, or let one end before the other begins; with `every` they are repeated for ever

    1 error in s.toml
    "#);
}

#[test]
fn an_efficiency_without_entries() {
    assert_snapshot!(point("bandwidth = \"1 MB/s\"\nefficiency = []"), @r"
    error: `efficiency` has no entries
     --> s.toml:7:14
      |
    7 | efficiency = []
      |              ^^
      |
      = help: write for example `[[50, 1.0], [200, 0.4]]`: all of it with 50 connections, 40% with 200

    1 error in s.toml
    ");
}

#[test]
fn a_negative_efficiency() {
    assert_snapshot!(point("bandwidth = \"1 MB/s\"\nefficiency = [[1, 1.0], [5, -0.5]]"), @r"
    error: `efficiency` must be above 0, found -0.5
     --> s.toml:7:29
      |
    7 | efficiency = [[1, 1.0], [5, -0.5]]
      |                             ^^^^ must be above 0

    1 error in s.toml
    ");
}

#[test]
fn an_efficiency_above_one() {
    assert_snapshot!(point("bandwidth = \"1 MB/s\"\nefficiency = [[1, 1.5]]"), @r"
    error: a share is at most 1, found 1.5
     --> s.toml:7:19
      |
    7 | efficiency = [[1, 1.5]]
      |                   ^^^
      |
      = help: 1 is the whole `bandwidth`

    1 error in s.toml
    ");
}

#[test]
fn an_efficiency_that_does_not_ascend() {
    assert_snapshot!(point("bandwidth = \"1 MB/s\"\nefficiency = [[5, 1.0], [5, 0.5]]"), @r"
    error: 5 connections come after 5
     --> s.toml:7:25
      |
    7 | efficiency = [[5, 1.0], [5, 0.5]]
      |                         ^^^^^^^^
      |
      = help: list the entries by connections, ascending

    1 error in s.toml
    ");
}

#[test]
fn efficiencies_that_are_no_pairs() {
    assert_snapshot!(point("bandwidth = \"1 MB/s\"\nefficiency = [[5, 1.0, 2], 3]"), @r"
    error: an entry of `efficiency` is connections and a share, found 3 values
     --> s.toml:7:15
      |
    7 | efficiency = [[5, 1.0, 2], 3]
      |               ^^^^^^^^^^^
      |
      = help: write for example `[[50, 1.0], [200, 0.4]]`: all of it with 50 connections, 40% with 200

    error: an entry of `efficiency` is a pair in brackets
     --> s.toml:7:28
      |
    7 | efficiency = [[5, 1.0, 2], 3]
      |                            ^
      |
      = help: write for example `[[50, 1.0], [200, 0.4]]`: all of it with 50 connections, 40% with 200

    2 errors in s.toml
    ");
}

#[test]
fn an_efficiency_of_no_bandwidth() {
    assert_snapshot!(point("efficiency = [[5, 1.0]]"), @r#"
    error: `efficiency` is a share of the `bandwidth`, of which there is none
     --> s.toml:6:14
      |
    6 | efficiency = [[5, 1.0]]
      |              ^^^^^^^^^^
      |
      = help: add for example `bandwidth = "100 MB/s"`

    1 error in s.toml
    "#);
}

#[test]
fn a_bandwidth_that_may_mean_two_things() {
    assert_snapshot!(point(r#"bandwidth = "100 Mbps""#), @r#"
    error: `bandwidth`: unknown unit `Mbps`
     --> s.toml:6:18
      |
    6 | bandwidth = "100 Mbps"
      |                  ^^^^
      |
      = help: did you mean `MB/s` or `Mbit/s`?

    1 error in s.toml
    "#);
}

#[test]
fn a_bandwidth_without_a_unit() {
    assert_snapshot!(point("bandwidth = 100"), @r#"
    error: expected a rate for `bandwidth`, found a whole number
     --> s.toml:6:13
      |
    6 | bandwidth = 100
      |             ^^^ expected a rate
      |
      = help: write a number and a unit in quotes: `"100 MB/s"`

    1 error in s.toml
    "#);
}

#[test]
fn failures_that_are_never_repaired() {
    assert_snapshot!(point(r#"failures = { mtbf = "0s" }"#), @r#"
    error: missing key `mttr` in `failures`
     --> s.toml:6:1
      |
    6 | failures = { mtbf = "0s" }
      | ^^^^^^^^
      |
      = help: add `mttr = "1h"`

    error: `mtbf` must be longer than zero
     --> s.toml:6:21
      |
    6 | failures = { mtbf = "0s" }
      |                     ^^^^ must be longer than zero

    2 errors in s.toml
    "#);
}

#[test]
fn a_queue_shorter_than_none() {
    assert_snapshot!(point("queue = -1"), @r"
    error: `queue` must be from 0 to 4294967295, found -1
     --> s.toml:6:9
      |
    6 | queue = -1
      |         ^^ must be from 0 to 4294967295

    1 error in s.toml
    ");
}

#[test]
fn a_hint_that_says_nothing() {
    assert_snapshot!(point(r#"retry_after = "soon""#), @r#"
    error: unknown `retry_after`: `soon`
     --> s.toml:6:15
      |
    6 | retry_after = "soon"
      |               ^^^^^^
      |
      = help: write a time, such as `"30s"`, or `"estimated"`

    1 error in s.toml
    "#);
}

#[test]
fn sizes_without_bandwidth() {
    assert_snapshot!(group(r#"transfer = { kind = "size", bytes = "4 MB" }"#), @r#"
    error: client group `office` transfers sizes, but `DP01` has no bandwidth
     --> s.toml:7:10
      |
    7 | [clients.office]
      |          ^^^^^^
      |
      = help: add `bandwidth = "100 MB/s"` to `DP01`, or `link = "10 Mbit/s"` here

    1 error in s.toml
    "#);
}

#[test]
fn a_size_of_an_unknown_law() {
    assert_snapshot!(group(r#"transfer = { kind = "size", bytes = { kind = "pareto" } }"#), @r#"
    error: unknown `kind`: `pareto`
      --> s.toml:11:46
       |
    11 | transfer = { kind = "size", bytes = { kind = "pareto" } }
       |                                              ^^^^^^^^
       |
       = help: the valid words are `uniform`, `exponential`, `lognormal`, `empirical`, `trace`

    1 error in s.toml
    "#);
}

#[test]
fn a_smallest_size_above_the_largest() {
    assert_snapshot!(group(r#"transfer = { kind = "size", bytes = { kind = "uniform", min = "4 MB", max = "3 MB" } }"#), @r#"
    error: `max` is 3 MB, less than `min`, 4 MB
      --> s.toml:11:77
       |
    11 | transfer = { kind = "size", bytes = { kind = "uniform", min = "4 MB", max = "3 MB" } }
       |                                                                             ^^^^^^
       |
       = help: exchange them

    1 error in s.toml
    "#);
}

#[test]
fn a_transfer_of_no_size() {
    assert_snapshot!(group(r#"transfer = { kind = "size" }"#), @r#"
    error: missing key `bytes` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "size" }
       | ^^^^^^^^
       |
       = help: add `bytes = "40 MB"`

    1 error in s.toml
    "#);
}

#[test]
fn an_unknown_way_to_go_on() {
    assert_snapshot!(group("transfer = { kind = \"constant\", duration = \"2m\" }\non_cut = \"resumes\""), @r#"
    error: unknown `on_cut`: `resumes`
      --> s.toml:12:10
       |
    12 | on_cut = "resumes"
       |          ^^^^^^^^^
       |
       = note: the valid words are `restart`, `resume`
       = help: did you mean `resume`?

    1 error in s.toml
    "#);
}

#[test]
fn a_spin_without_time() {
    assert_snapshot!(group("transfer = { kind = \"constant\", duration = \"2m\" }\nspin = \"0s\""), @r#"
    error: `spin` must be longer than zero
      --> s.toml:12:8
       |
    12 | spin = "0s"
       |        ^^^^ must be longer than zero

    1 error in s.toml
    "#);
}

#[test]
fn a_link_that_transfers_nothing() {
    assert_snapshot!(group("transfer = { kind = \"constant\", duration = \"2m\" }\nlink = \"0 bit/s\""), @r#"
    error: `link`: a rate is from 1 bit/s to 100 Tbit/s
      --> s.toml:12:9
       |
    12 | link = "0 bit/s"
       |         ^
       |
       = help: write for example `"100 MB/s"`, `"1 Gbit/s"` or `"56 kbit/s"`

    1 error in s.toml
    "#);
}

#[test]
fn a_jitter_of_the_policy_server() {
    assert_snapshot!(group("transfer = { kind = \"constant\", duration = \"2m\" }\nretry = { policy = \"server\", jitter = \"lots\" }"), @r#"
    error: the `jitter` of the policy `server` is a time or a percentage
      --> s.toml:12:39
       |
    12 | retry = { policy = "server", jitter = "lots" }
       |                                       ^^^^^^
       |
       = help: write for example `"30s"` or `"20%"`

    1 error in s.toml
    "#);
}

#[test]
fn a_size_beyond_the_largest() {
    let size = |size: &str| group(&format!(r#"transfer = {{ kind = "size", bytes = "{size}" }}"#));
    assert_snapshot!(size("2 PB"), @r#"
    error: `bytes`: a size is from 1 B to 1 PB
      --> s.toml:11:38
       |
    11 | transfer = { kind = "size", bytes = "2 PB" }
       |                                      ^
       |
       = help: write for example `"40 MB"`, `"512 KiB"` or `"1.5 GB"`

    1 error in s.toml
    "#);
    assert_snapshot!(size("1 PiB"), @r#"
    error: `bytes`: unknown unit `PiB`
      --> s.toml:11:40
       |
    11 | transfer = { kind = "size", bytes = "1 PiB" }
       |                                        ^^^
       |
       = help: write for example `"40 MB"`, `"512 KiB"` or `"1.5 GB"`

    1 error in s.toml
    "#);
}
