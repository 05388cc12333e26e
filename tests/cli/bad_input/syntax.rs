//! Text that is no TOML.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL, refused};

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
fn tables_nested_without_end() {
    let deep = format!("description = {}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let text = SMALL.replace("horizon =", &format!("{deep}\nhorizon ="));
    let text = Desk::with(&text).run(&["run", "s.toml"]).fails(2);
    assert!(text.contains("nested too deeply"), "{text}");
}
