//! Every wrong scenario is refused with exit 2, and every error of it is told at once, with its
//! place and with what would be right.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL, refused, refused_set};

#[test]
fn a_missing_file() {
    assert_snapshot!(Desk::new().run(&["run", "storm.toml"]).fails(2), @r"
    error: cannot read `storm.toml`: there is no such file
     |
     = help: `distpoint scenarios` lists the built-in ones; without a file, q268500 runs

    1 error
    ");
}

#[test]
fn a_name_near_a_built_in_scenario() {
    assert_snapshot!(Desk::new().run(&["run", "q26850"]).fails(2), @r"
    error: cannot read `q26850`: there is no such file
     |
     = help: did you mean the built-in scenario `q268500`?

    1 error
    ");
}

#[test]
fn a_directory() {
    let desk = Desk::new().subdirectory("storms");
    assert_snapshot!(desk.run(&["run", "storms"]).fails(2), @r"
    error: cannot read `storms`: it is a directory
     |
     = help: name the scenario file in it

    1 error
    ");
}

#[test]
fn a_file_that_is_not_utf_8() {
    let desk = Desk::new().file("s.toml", b"name = \"a\"\n# gr\xfcn\n");
    assert_snapshot!(desk.run(&["run", "s.toml"]).refuses(), @r"
    error: the file is not UTF-8 text
     --> s.toml:2:5
      |
    2 | # gr�n
      |     ^
      |
      = help: save the file as UTF-8

    1 error in s.toml
    ");
}

#[test]
fn an_empty_file() {
    assert_snapshot!(Desk::with("").run(&["run", "s.toml"]).refuses(), @r#"
    error: missing key `name` in the scenario
     --> s.toml:1:1
      |
    1 |
      | ^
      |
      = help: add `name = "A server with 50 connections"`

    error: missing key `distribution_points` in the scenario
     --> s.toml:1:1
      |
    1 |
      | ^
      |
      = help: add `distribution_points = { DP01 = { connection_limit = 50 } }`

    error: missing key `clients` in the scenario
     --> s.toml:1:1
      |
    1 |
      | ^
      |
      = help: add `clients = { office = { count = 5000, ... } }`

    3 errors in s.toml
    "#);
}

#[test]
fn a_file_of_comments_only() {
    assert_snapshot!(Desk::with("# nothing yet\n").run(&["run", "s.toml"]).refuses(), @r#"
    error: missing key `name` in the scenario
     --> s.toml:1:1
      |
    1 | # nothing yet
      | ^
      |
      = help: add `name = "A server with 50 connections"`

    error: missing key `distribution_points` in the scenario
     --> s.toml:1:1
      |
    1 | # nothing yet
      | ^
      |
      = help: add `distribution_points = { DP01 = { connection_limit = 50 } }`

    error: missing key `clients` in the scenario
     --> s.toml:1:1
      |
    1 | # nothing yet
      | ^
      |
      = help: add `clients = { office = { count = 5000, ... } }`

    3 errors in s.toml
    "#);
}

#[test]
fn a_line_without_a_value() {
    assert_snapshot!(refused("count = 100", "count ="), @r#"
    error: a value is missing
     --> s.toml:8:8
      |
    8 | count =
      |        ^ expected a value
      |
      = help: write `key = 10`, `key = "text"` or `key = true`

    1 error in s.toml
    "#);
}

#[test]
fn a_line_without_an_equals_sign() {
    assert_snapshot!(refused("count = 100", "count 100"), @r"
    error: expected `=` after the key
     --> s.toml:8:7
      |
    8 | count 100
      |       ^ expected `=`
      |
      = help: a line is `key = value` or `[table]`

    1 error in s.toml
    ");
}

#[test]
fn a_string_that_is_not_closed() {
    assert_snapshot!(refused(r#""1d""#, r#""1d"#), @r#"
    error: this string is not closed
     --> s.toml:2:11
      |
    2 | horizon = "1d
      |           ^^^ expected `"` at the end

    1 error in s.toml
    "#);
}

#[test]
fn a_string_without_quotes() {
    assert_snapshot!(refused(r#""1d""#, "1d"), @r#"
    error: `1d` is neither a number nor a string in quotes
     --> s.toml:2:11
      |
    2 | horizon = 1d
      |           ^^
      |
      = help: if it is meant as a string, write `"1d"`

    1 error in s.toml
    "#);
}

#[test]
fn a_table_header_that_is_not_closed() {
    assert_snapshot!(refused("[clients.office]", "[clients.office"), @r"
    error: the table header is not closed
     --> s.toml:7:16
      |
    7 | [clients.office
      |                ^ expected `]`

    1 error in s.toml
    ");
}

#[test]
fn an_inline_table_that_is_not_closed() {
    assert_snapshot!(refused("arrival = { kind = \"uniform\", over = \"10m\" }\n", "arrival = { kind = \"uniform\", over = \"10m\"\n"), @r#"
    error: this inline table is never closed
      --> s.toml:10:11
       |
    10 | arrival = { kind = "uniform", over = "10m"
       |           ^ its `}` is missing

    1 error in s.toml
    "#);
}

#[test]
fn a_name_with_a_blank_and_no_quotes() {
    assert_snapshot!(refused("[clients.office]", "[clients.head office]"), @r#"
    error: the table header is not closed
     --> s.toml:7:14
      |
    7 | [clients.head office]
      |              ^ expected `]`
      |
      = help: a name that has more than letters, digits, `_` and `-` needs quotes: `[clients."head office"]`

    1 error in s.toml
    "#);
}

#[test]
fn thousands_with_a_comma() {
    assert_snapshot!(refused("count = 100", "count = 20,000"), @r"
    error: unexpected text after the value
     --> s.toml:8:11
      |
    8 | count = 20,000
      |           ^^^^
      |
      = help: nothing follows a value in its line; thousands are written `20_000`

    1 error in s.toml
    ");
}

#[test]
fn a_percentage_without_quotes() {
    assert_snapshot!(refused("misreport_probability = 0.01", "misreport_probability = 1%"), @r#"
    error: `1%` is neither a number nor a string in quotes
     --> s.toml:9:25
      |
    9 | misreport_probability = 1%
      |                         ^^
      |
      = help: if it is meant as a string, write `"1%"`

    error: expected a number from 0 to 1 for `misreport_probability`, found a string
     --> s.toml:9:25
      |
    9 | misreport_probability = 1%
      |                         ^^ expected a number from 0 to 1
      |
      = help: write `0.01`

    2 errors in s.toml
    "#);
}

#[test]
fn a_key_twice() {
    assert_snapshot!(refused("count = 100", "count = 100\ncount = 200"), @r"
    error: the key `count` is defined twice
     --> s.toml:9:1
      |
    9 | count = 200
      | ^^^^^ this is the second time
      |
      = help: remove one of the two, or give it another name

    1 error in s.toml
    ");
}

#[test]
fn a_table_twice() {
    assert_snapshot!(refused("[clients.office]", "[clients.office]\n[clients.office]"), @r"
    error: the key `office` is defined twice
     --> s.toml:8:10
      |
    8 | [clients.office]
      |          ^^^^^^ this is the second time
      |
      = help: remove one of the two, or give it another name

    1 error in s.toml
    ");
}

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
      = help: the valid keys are `count`, `misreport_probability`, `arrival`, `transfer`, `choose`, `distribution_points`, `tiers`, `release`, `release_mix`, `misreport_strands`, `poll_unschedules`, `tries_per_point`, `moves_on`, `fallback_after`, `on_cut`, `spin`, `retry`, `upgrade`, `poll_interval`, `connections`, `link`, `online`, `zones`, `stagger`, `vanishes`

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

#[test]
fn a_number_in_quotes() {
    assert_snapshot!(refused("count = 100", r#"count = "100""#), @r#"
    error: expected a whole number for `count`, found a string
     --> s.toml:8:9
      |
    8 | count = "100"
      |         ^^^^^ expected a whole number
      |
      = help: write `100`

    1 error in s.toml
    "#);
}

#[test]
fn a_count_that_is_not_whole() {
    assert_snapshot!(refused("count = 100", "count = 1.5"), @r"
    error: expected a whole number for `count`, found a decimal number
     --> s.toml:8:9
      |
    8 | count = 1.5
      |         ^^^ expected a whole number

    1 error in s.toml
    ");
}

#[test]
fn a_number_where_a_duration_belongs() {
    assert_snapshot!(refused(r#""1d""#, "7"), @r#"
    error: expected a duration for `horizon`, found a whole number
     --> s.toml:2:11
      |
    2 | horizon = 7
      |           ^ expected a duration
      |
      = help: write the unit, in quotes: `"7s"` is in seconds, `"7m"` in minutes

    1 error in s.toml
    "#);
}

#[test]
fn a_number_where_a_name_belongs() {
    assert_snapshot!(refused(r#""A small storm""#, "7"), @r"
    error: expected a string for `name`, found a whole number
     --> s.toml:1:8
      |
    1 | name = 7
      |        ^ expected a string
      |
      = help: put the value into quotes

    1 error in s.toml
    ");
}

#[test]
fn a_string_where_a_boolean_belongs() {
    assert_snapshot!(refused("count = 100", "count = 100\nmisreport_strands = \"yes\""), @r#"
    error: expected a boolean for `misreport_strands`, found a string
     --> s.toml:9:21
      |
    9 | misreport_strands = "yes"
      |                     ^^^^^ expected a boolean
      |
      = help: write `true` or `false`

    1 error in s.toml
    "#);
}

#[test]
fn a_string_where_a_table_belongs() {
    assert_snapshot!(refused(r#"{ kind = "uniform", over = "10m" }"#, r#""uniform""#), @r#"
    error: expected a table for `arrival`, found a string
      --> s.toml:10:11
       |
    10 | arrival = "uniform"
       |           ^^^^^^^^^ expected a table

    1 error in s.toml
    "#);
}

#[test]
fn a_string_where_a_list_belongs() {
    assert_snapshot!(refused("count = 100", "count = 100\ndistribution_points = \"DP01\""), @r#"
    error: expected an array for `distribution_points`, found a string
     --> s.toml:9:23
      |
    9 | distribution_points = "DP01"
      |                       ^^^^^^ expected an array
      |
      = help: write the values in brackets, with commas between them

    1 error in s.toml
    "#);
}

#[test]
fn a_date_where_a_duration_belongs() {
    assert_snapshot!(refused(r#""1d""#, "2026-01-01"), @r#"
    error: expected a duration for `horizon`, found a date or time
     --> s.toml:2:11
      |
    2 | horizon = 2026-01-01
      |           ^^^^^^^^^^ expected a duration
      |
      = help: write a number and a unit in quotes: `"250ms"`, `"10s"`, `"2h 30m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_list_of_tables_where_names_belong() {
    assert_snapshot!(refused("[clients.office]", "[[clients]]"), @r"
    error: expected a table for `clients`, found an array
     --> s.toml:7:1
      |
    7 | [[clients]]
      | ^^^^^^^^^^^ expected a table

    1 error in s.toml
    ");
}

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
      = note: the valid words are `sms-1.2`, `sms-2.0`, `sms-2.0-sp1`, `sms-2.0-sp2`, `sms-2.0-sp3`, `sms-2.0-sp4`, `sms-2003`, `configmgr-2007`, `bits`, `configmgr`
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
      = help: the valid words are `sms-1.2`, `sms-2.0`, `sms-2.0-sp1`, `sms-2.0-sp2`, `sms-2.0-sp3`, `sms-2.0-sp4`, `sms-2003`, `configmgr-2007`, `bits`, `configmgr`

    1 error in s.toml
    "#);
}

#[test]
fn a_poll_interval_that_contradicts_the_arrival() {
    assert_snapshot!(refused(r#"{ kind = "uniform", over = "10m" }"#, "{ kind = \"poll\", interval = \"15m\" }\npoll_interval = \"30m\""), @r#"
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
fn set_of_a_key_that_does_not_exist() {
    assert_snapshot!(refused_set(&["clients.office.cuont=5"]), @r"
    error: unknown key `cuont` in client group `office`
     --> --set:1:16
      |
    1 | clients.office.cuont=5
      |                ^^^^^
      |
      = help: did you mean `count`?

    1 error in --set
    ");
}

#[test]
fn set_of_a_table_that_does_not_exist() {
    assert_snapshot!(refused_set(&["servers.DP01.limit=5"]), @"
    error: unknown key `servers` in the scenario
     --> --set:1:1
      |
    1 | servers.DP01.limit=5
      | ^^^^^^^
      |
      = help: the valid keys are `name`, `description`, `seed`, `horizon`, `warmup`, `expires_after`, `starts`, `workaround`, `distribution_points`, `clients`

    1 error in --set
    ");
}

#[test]
fn set_of_a_group_that_does_not_exist() {
    assert_snapshot!(refused_set(&["clients.ofice.count=5"]), @r"
    error: no client group `ofice`
     --> --set:1:9
      |
    1 | clients.ofice.count=5
      |         ^^^^^
      |
      = help: did you mean `office`?

    1 error in --set
    ");
}

#[test]
fn set_of_a_point_that_does_not_exist() {
    assert_snapshot!(refused_set(&["distribution_points.DP7.connection_limit=5"]), @r"
    error: no distribution point `DP7`
     --> --set:1:21
      |
    1 | distribution_points.DP7.connection_limit=5
      |                     ^^^
      |
      = help: this scenario has: `DP01`

    1 error in --set
    ");
}

#[test]
fn set_of_an_unknown_key_for_every_group() {
    assert_snapshot!(refused_set(&["clients.*.nope=1"]), @"
    error: unknown key `nope` in client group `office`
     --> --set:1:11
      |
    1 | clients.*.nope=1
      |           ^^^^
      |
      = help: the valid keys are `count`, `misreport_probability`, `arrival`, `transfer`, `choose`, `distribution_points`, `tiers`, `release`, `release_mix`, `misreport_strands`, `poll_unschedules`, `tries_per_point`, `moves_on`, `fallback_after`, `on_cut`, `spin`, `retry`, `upgrade`, `poll_interval`, `connections`, `link`, `online`, `zones`, `stagger`, `vanishes`

    1 error in --set
    ");
}

#[test]
fn set_of_everything() {
    assert_snapshot!(refused_set(&["*=5"]), @r"
    error: `*` cannot stand for the tables of a scenario
     --> --set:1:1
      |
    1 | *=5
      | ^
      |
      = help: write the name of a table before `*`: `clients.*.count`

    1 error in --set
    ");
}

#[test]
fn set_without_a_value() {
    assert_snapshot!(refused_set(&["clients.office.count="]), @r#"
    error: the value after `=` is missing
     --> --set:1:22
      |
    1 | clients.office.count=
      |                      ^
      |
      = help: write the value after `=`; an empty string is `""`

    1 error in --set
    "#);
}

#[test]
fn set_without_an_equals_sign() {
    assert_snapshot!(refused_set(&["clients.office.count"]), @r"
    error: expected `=` and a value after the path
     --> --set:1:21
      |
    1 | clients.office.count
      |                     ^
      |
      = help: write for example `--set clients.office.count=20000`

    1 error in --set
    ");
}

#[test]
fn set_without_a_key() {
    assert_snapshot!(refused_set(&["=5"]), @r"
    error: the path before `=` is missing
     --> --set:1:1
      |
    1 | =5
      | ^
      |
      = help: write for example `--set clients.office.count=20000`

    1 error in --set
    ");
}

#[test]
fn set_with_a_hole_in_the_path() {
    assert_snapshot!(refused_set(&["clients..count=5"]), @r"
    error: a name is missing in the path
     --> --set:1:9
      |
    1 | clients..count=5
      |         ^
      |
      = help: write for example `--set clients.office.count=20000`

    1 error in --set
    ");
}

#[test]
fn set_of_nothing() {
    assert_snapshot!(refused_set(&[""]), @r"
    error: a name is missing in the path
     --> --set:1:1
      |
    1 |
      | ^
      |
      = help: write for example `--set clients.office.count=20000`

    1 error in --set
    ");
}

#[test]
fn set_of_a_wrong_value() {
    assert_snapshot!(refused_set(&["clients.office.count=-1"]), @r"
    error: `count` must be from 1 to 4294967279, found -1
     --> --set:1:22
      |
    1 | clients.office.count=-1
      |                      ^^ must be from 1 to 4294967279

    1 error in --set
    ");
}

#[test]
fn set_of_a_number_where_a_name_belongs() {
    assert_snapshot!(refused_set(&["name=5"]), @r"
    error: expected a string for `name`, found a whole number
     --> --set:1:6
      |
    1 | name=5
      |      ^ expected a string
      |
      = help: put the value into quotes

    1 error in --set
    ");
}

#[test]
fn set_of_a_group_to_a_number() {
    assert_snapshot!(refused_set(&["clients.office=5"]), @r"
    error: expected a table for `office`, found a whole number
     --> --set:1:16
      |
    1 | clients.office=5
      |                ^ expected a table

    1 error in --set
    ");
}

#[test]
fn set_of_an_array_that_is_not_closed() {
    assert_snapshot!(refused_set(&[r#"clients.office.distribution_points=["DP01""#]), @r#"
    error: the array is not closed
     --> --set:1:43
      |
    1 | clients.office.distribution_points=["DP01"
      |                                           ^ expected `]`

    1 error in --set
    "#);
}

#[test]
fn set_of_a_quoted_name_that_is_not_closed() {
    assert_snapshot!(refused_set(&[r#"clients."head office.count=5"#]), @r#"
    error: the quote is not closed
     --> --set:1:9
      |
    1 | clients."head office.count=5
      |         ^^^^^^^^^^^^^^^^^^^^
      |
      = help: a name in quotes ends with the same quote: `clients."head office".count=5`

    1 error in --set
    "#);
}

#[test]
fn set_with_a_line_break() {
    assert_snapshot!(refused_set(&["name=a\nb"]), @r"
    error: unexpected control character
     --> --set:1:7
      |
    1 | name=a
      |       ^
      |
      = help: write for example `--set clients.office.count=20000`

    1 error in --set
    ");
}

#[test]
fn set_of_a_variant() {
    assert_snapshot!(refused_set(&["variants.fast.horizon=2d"]), @r"
    error: `--set` cannot change a single variant
     --> --set:1:1
      |
    1 | variants.fast.horizon=2d
      | ^^^^^^^^
      |
      = help: it sets a key in every variant: write for example `--set horizon=7d`

    1 error in --set
    ");
}

#[test]
fn all_errors_of_several_sets() {
    assert_snapshot!(refused_set(&["clients.office.count=0", "horizon=7x", "seed=x"]), @r"
    error: `count` must be from 1 to 4294967279, found 0
     --> --set:1:22
      |
    1 | clients.office.count=0
      |                      ^ must be from 1 to 4294967279

    error: `horizon`: unknown unit `x`
     --> --set:1:10
      |
    1 | horizon=7x
      |          ^
      |
      = help: the units are `ms`, `s`, `m`, `h`, `d` and `w`

    error: expected a whole number for `seed`, found a string
     --> --set:1:6
      |
    1 | seed=x
      |      ^ expected a whole number

    3 errors in --set
    ");
}

#[test]
fn set_of_a_retry_key_of_another_policy() {
    assert_snapshot!(refused_set(&["clients.office.retry.step=5m"]), @r#"
    error: `step` needs a `policy`
     --> --set:1:22
      |
    1 | clients.office.retry.step=5m
      |                      ^^^^
      |
      = help: add `policy = "linear"`

    1 error in --set
    "#);
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

#[test]
fn all_errors_of_a_file_are_told_at_once() {
    let many = include_str!("../fixtures/many-errors.toml");
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
       = note: the valid words are `sms-1.2`, `sms-2.0`, `sms-2.0-sp1`, `sms-2.0-sp2`, `sms-2.0-sp3`, `sms-2.0-sp4`, `sms-2003`, `configmgr-2007`, `bits`, `configmgr`
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

/// What the program says of the small scenario with these lines below it.
fn refused_variants(variants: &str) -> String {
    Desk::with(&format!("{SMALL}\n{variants}")).run(&["run", "s.toml"]).refuses()
}

#[test]
fn a_wrong_value_in_a_variant() {
    let variants = "[variants.slow]\ndistribution_points.DP01.connection_limit = 0\n";
    assert_snapshot!(refused_variants(variants), @r"
    error: `connection_limit` must be from 1 to 4294967295, found 0
      --> s.toml:14:45
       |
    14 | distribution_points.DP01.connection_limit = 0
       |                                             ^ must be from 1 to 4294967295

    1 error in s.toml
    ");
}

#[test]
fn an_unknown_key_in_a_variant() {
    let variants = "[variants.slow]\nclients.office.cuont = 5\n[variants.fast]\nhorizn = 5\n";
    assert_snapshot!(refused_variants(variants), @r"
    error: unknown key `cuont` in client group `office`
      --> s.toml:14:16
       |
    14 | clients.office.cuont = 5
       |                ^^^^^
       |
       = help: did you mean `count`?

    error: unknown key `horizn` in the scenario
      --> s.toml:16:1
       |
    16 | horizn = 5
       | ^^^^^^
       |
       = help: did you mean `horizon`?

    2 errors in s.toml
    ");
}

#[test]
fn a_variant_that_adds_a_group() {
    let variants = "[variants.more]\nclients.branch.count = 5\n";
    assert_snapshot!(refused_variants(variants), @r"
    error: no client group `branch`
      --> s.toml:14:9
       |
    14 | clients.branch.count = 5
       |         ^^^^^^
       |
       = help: this scenario has: `office`

    1 error in s.toml
    ");
}

#[test]
fn a_variant_of_another_kind_without_its_keys() {
    let variants = "[variants.poll]\nclients.office.arrival = { kind = \"poll\" }\n";
    assert_snapshot!(refused_variants(variants), @r#"
    error: missing key `interval` in `arrival`
      --> s.toml:14:16
       |
    14 | clients.office.arrival = { kind = "poll" }
       |                ^^^^^^^
       |
       = help: add `interval = "10m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_key_of_another_kind_in_a_variant() {
    let variants = "[variants.poll]\nclients.*.arrival.interval = \"5m\"\n";
    assert_snapshot!(refused_variants(variants), @r#"
    error: a name without quotes has only letters from a to z, digits, `_` and `-`
      --> s.toml:14:9
       |
    14 | clients.*.arrival.interval = "5m"
       |         ^
       |
       = help: put the name into quotes

    1 error in s.toml
    "#);
}

#[test]
fn a_wildcard_in_a_variant() {
    let variants = "[variants.all]\nclients.\"*\".arrival.interval = \"5m\"\n";
    assert_snapshot!(refused_variants(variants), @r#"
    error: unknown key `interval` in `arrival`
      --> s.toml:14:21
       |
    14 | clients."*".arrival.interval = "5m"
       |                     ^^^^^^^^
       |
       = help: the valid keys are `kind`, `over`

    1 error in s.toml
    "#);
}

#[test]
fn no_variants_below_their_header() {
    assert_snapshot!(refused_variants("[variants]\n"), @r#"
    error: `variants` names nothing to compare
      --> s.toml:13:2
       |
    13 | [variants]
       |  ^^^^^^^^
       |
       = help: add a table such as `[variants."limit 100"]`, or leave it out

    1 error in s.toml
    "#);
}

#[test]
fn a_variant_without_a_name() {
    assert_snapshot!(refused_variants("[variants.\" \"]\nhorizon = \"2d\"\n"), @r#"
    error: a variant needs a name
      --> s.toml:13:11
       |
    13 | [variants." "]
       |           ^^^
       |
       = help: for example `[variants."limit 100"]`

    1 error in s.toml
    "#);
}

#[test]
fn a_variant_that_is_not_a_table() {
    assert_snapshot!(refused_variants("[variants]\nfast = 5\n"), @r"
    error: expected a table for `fast`, found a whole number
      --> s.toml:14:8
       |
    14 | fast = 5
       |        ^ expected a table

    1 error in s.toml
    ");
}

#[test]
fn a_base_error_is_told_once_for_all_variants() {
    let text = SMALL.replace("count = 100", "count = 0");
    let text = format!("{text}\n[variants.a]\nhorizon = \"2d\"\n[variants.b]\n");
    assert_snapshot!(Desk::with(&text).run(&["run", "s.toml"]).refuses(), @r"
    error: `count` must be from 1 to 4294967279, found 0
     --> s.toml:8:9
      |
    8 | count = 0
      |         ^ must be from 1 to 4294967279

    1 error in s.toml
    ");
}

#[test]
fn a_set_that_is_wrong_in_one_variant_only() {
    // The interval belongs to the arrival of the variant, not to that of the scenario.
    let variants =
        "[variants.poll]\nclients.office.arrival = { kind = \"poll\", interval = \"5m\" }\n";
    let desk = Desk::with(&format!("{SMALL}\n{variants}"));
    let set = "clients.office.arrival.interval=6x";
    assert_snapshot!(desk.run(&["run", "s.toml", "--set", set]).refuses(), @r"
    error: unknown key `interval` in `arrival`
     --> --set:1:24
      |
    1 | clients.office.arrival.interval=6x
      |                        ^^^^^^^^
      |
      = help: the valid keys are `kind`, `over`

    error: `interval`: unknown unit `x`
     --> --set:1:34
      |
    1 | clients.office.arrival.interval=6x
      |                                  ^
      |
      = help: the units are `ms`, `s`, `m`, `h`, `d` and `w`

    2 errors in --set
    ");
}

#[test]
fn a_very_long_line_is_shown_around_the_caret() {
    let points = vec!["\"DP01\""; 2000].join(", ");
    let list = format!("count = 100\ndistribution_points = [{points}, \"DP02\"]");
    assert_snapshot!(refused("count = 100", &list), @r#"
    error: there is no distribution point `DP02`
     --> s.toml:9:16024
      |
    9 | ...P01", "DP01", "DP01", "DP01", "DP01", "DP01", "DP01", "DP01", "DP02"]
      |                                                                  ^^^^^^
      |
      = help: did you mean `DP01`?

    1 error in s.toml
    "#);
}

#[test]
fn a_file_of_one_endless_line() {
    let text = format!("name = {}", "x".repeat(1 << 20));
    let text = Desk::with(&text).run(&["run", "s.toml"]).fails(2);
    assert!(text.len() < 2000 && text.contains("--> s.toml:1:8"), "{text}");
}

#[test]
fn the_column_is_right_after_tabs_umlauts_and_a_byte_order_mark() {
    let text = format!("\u{feff}{SMALL}").replace("\n", "\r\n");
    let text = text.replace("count = 100", "\"grün\" = 1\r\n\tcount = 0");
    assert_snapshot!(Desk::with(&text).run(&["run", "s.toml"]).refuses(), @r#"
    error: unknown key `grün` in client group `office`
     --> s.toml:8:1
      |
    8 | "grün" = 1
      | ^^^^^^
      |
      = help: the valid keys are `count`, `misreport_probability`, `arrival`, `transfer`, `choose`, `distribution_points`, `tiers`, `release`, `release_mix`, `misreport_strands`, `poll_unschedules`, `tries_per_point`, `moves_on`, `fallback_after`, `on_cut`, `spin`, `retry`, `upgrade`, `poll_interval`, `connections`, `link`, `online`, `zones`, `stagger`, `vanishes`

    error: `count` must be from 1 to 4294967279, found 0
     --> s.toml:9:10
      |
    9 |     count = 0
      |             ^ must be from 1 to 4294967279

    2 errors in s.toml
    "#);
}

#[test]
fn control_characters_of_a_scenario_reach_no_terminal() {
    let text = SMALL.replace("[clients.office]", "[clients.\"a\\u001b[2J\\nb\"]\ncuont = 1");
    assert_snapshot!(Desk::with(&text).run(&["run", "s.toml"]).refuses(), @r"
    error: unknown key `cuont` in client group `a\u{1b}[2J\nb`
     --> s.toml:8:1
      |
    8 | cuont = 1
      | ^^^^^
      |
      = help: did you mean `count`?

    1 error in s.toml
    ");
}

#[test]
fn tables_nested_without_end() {
    let deep = format!("description = {}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let text = SMALL.replace("horizon =", &format!("{deep}\nhorizon ="));
    let text = Desk::with(&text).run(&["run", "s.toml"]).fails(2);
    assert!(text.contains("nested too deeply"), "{text}");
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

#[test]
fn a_warm_up_that_lasts_longer_than_the_simulation() {
    let text = Desk::with(&format!("warmup = \"40d\"\n{SMALL}")).run(&["run", "s.toml"]).refuses();
    assert!(text.contains("must end before the horizon"), "{text}");
}
