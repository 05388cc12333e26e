//! Values of another type than their key has.

use insta::assert_snapshot;

use crate::harness::refused;

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
