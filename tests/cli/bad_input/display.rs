//! How the line with an error is shown, whatever is written in it.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL, refused};

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
      = help: the valid keys are `count`, `release`, `release_mix`, `misreport_strands`, `poll_unschedules`, `tries_per_point`, `on_cut`, `spin`, `retry`, `moves_on`, `fallback_after`, `upgrade`, `misreport_probability`, `distribution_points`, `tiers`, `choose`, `arrival`, `transfer`, `connections`, `link`, `poll_interval`, `online`, `zones`, `stagger`, `vanishes`

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
