//! Files that cannot be read, or in which nothing is written.

use insta::assert_snapshot;

use crate::harness::Desk;

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
