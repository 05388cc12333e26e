//! Many errors, all told in one go.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL};

#[test]
fn all_errors_of_a_file_are_told_at_once() {
    let many = include_str!("../../fixtures/many-errors.toml");
    let text = Desk::new().file("many.toml", many).run(&["run", "many.toml"]).refuses();
    assert_snapshot!(text, @r#"
    error: expected a string for `name`, found a whole number
     --> many.toml:2:8
      |
    2 | name = 7
      |        ^ expected a string
      |
      = help: put the value into quotes

    error: `horizon`: unknown unit `x`
     --> many.toml:3:17
      |
    3 | horizon = "2h 30x"
      |                 ^
      |
      = help: the units are `ms`, `s`, `m`, `h`, `d` and `w`

    error: unknown key `sede` in the scenario
     --> many.toml:4:1
      |
    4 | sede = 5
      | ^^^^
      |
      = help: did you mean `seed`?

    error: `connection_limit` must be from 1 to 4294967295, found 0
     --> many.toml:7:20
      |
    7 | connection_limit = 0
      |                    ^ must be from 1 to 4294967295

    error: expected a whole number for `count`, found a string
      --> many.toml:10:9
       |
    10 | count = "100"
       |         ^^^^^ expected a whole number
       |
       = help: write `100`

    error: `misreport_probability` must be from 0 to 1, found 2
      --> many.toml:11:25
       |
    11 | misreport_probability = 2
       |                         ^ must be from 0 to 1

    error: unknown `release`: `sms-2.0-sp33`
      --> many.toml:12:11
       |
    12 | release = "sms-2.0-sp33"
       |           ^^^^^^^^^^^^^^
       |
       = note: the valid words are `sms-1.2`, `sms-2.0`, `sms-2.0-sp1`, `sms-2.0-sp2`, `sms-2.0-sp3`, `sms-2.0-q302535`, `sms-2.0-sp4`, `sms-2003`, `configmgr-2007`, `bits`, `configmgr`
       = help: did you mean `sms-2.0-sp3`?

    error: there is no distribution point `DP02`
      --> many.toml:13:24
       |
    13 | distribution_points = ["DP02"]
       |                        ^^^^^^
       |
       = help: did you mean `DP01`?

    error: unknown `kind`: `posson`
      --> many.toml:14:20
       |
    14 | arrival = { kind = "posson", mean_interval = "15s" }
       |                    ^^^^^^^^
       |
       = note: the valid words are `burst`, `even`, `uniform`, `poisson`, `poll`, `trace`
       = help: did you mean `poisson`?

    error: expected a duration for `median`, found a whole number
      --> many.toml:15:43
       |
    15 | transfer = { kind = "lognormal", median = 120, sigma = nan }
       |                                           ^^^ expected a duration
       |
       = help: write the unit, in quotes: `"120s"` is in seconds, `"120m"` in minutes

    error: `sigma` must be at least 0, found nan
      --> many.toml:15:56
       |
    15 | transfer = { kind = "lognormal", median = 120, sigma = nan }
       |                                                        ^^^ must be at least 0

    error: `cap` is 1m, less than `base`, 5m
      --> many.toml:16:54
       |
    16 | retry = { policy = "exponential", base = "5m", cap = "1m" }
       |                                                      ^^^^
       |
       = help: the cap is the longest delay

    error: missing key `transfer` in client group `branch`
      --> many.toml:18:10
       |
    18 | [clients.branch]
       |          ^^^^^^
       |
       = help: add `transfer = { kind = "constant", duration = "2m" }`

    error: cannot read `missing.csv`: there is no such file
      --> many.toml:20:36
       |
    20 | arrival = { kind = "trace", file = "missing.csv" }
       |                                    ^^^^^^^^^^^^^
       |
       = help: a path in a scenario is relative to the directory of the scenario file

    error: `connection_limit` must be from 1 to 4294967295, found -1
      --> many.toml:23:45
       |
    23 | distribution_points.DP01.connection_limit = -1
       |                                             ^^ must be from 1 to 4294967295

    error: no client group `ofice`
      --> many.toml:24:9
       |
    24 | clients.ofice.count = 5
       |         ^^^^^
       |
       = help: did you mean `office`?

    16 errors in many.toml
    "#);
}

#[test]
fn errors_of_the_file_and_of_set_together() {
    let desk = Desk::with(&SMALL.replace("count = 100", "count = 0"));
    let text = desk.run(&["run", "s.toml", "--set", "horizon=7x"]).refuses();
    assert_snapshot!(text, @r"
    error: `count` must be from 1 to 4294967279, found 0
     --> s.toml:8:9
      |
    8 | count = 0
      |         ^ must be from 1 to 4294967279

    error: `horizon`: unknown unit `x`
     --> --set:1:10
      |
    1 | horizon=7x
      |          ^
      |
      = help: the units are `ms`, `s`, `m`, `h`, `d` and `w`

    2 errors in s.toml and --set
    ");
}
