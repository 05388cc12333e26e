//! How the line with an error is shown, also if it is very long or has control characters.

use crate::harness::{Desk, SMALL, group, refused};

#[test]
fn a_very_long_line_is_shown_around_the_caret() {
    let points = vec!["\"DP01\""; 2000].join(", ");
    let list = group(&format!("distribution_points = [{points}, \"DP02\"]"));
    let problem = refused(list).at("12:16024").marks("\"DP02\"");
    let shown = problem.source();
    assert!(shown.starts_with("...") && shown.ends_with("\"DP01\", \"DP02\"]"), "{shown}");
    assert!(shown.len() < 80, "{shown}");
}

#[test]
fn only_the_place_is_shown_of_a_very_long_line() {
    let text = format!("name = {}", "x".repeat(1 << 20));
    let text = Desk::with(&text).run(&["run", "s.toml"]).fails(2);
    assert!(text.len() < 2000 && text.contains("--> s.toml:1:8"), "{text}");
}

#[test]
fn the_column_is_right_after_tabs_umlauts_and_a_byte_order_mark() {
    let text = format!("\u{feff}{SMALL}").replace("\n", "\r\n");
    let text = text.replace("count = 100", "\"grün\" = 1\r\n\tcount = 0");
    let [umlaut, tab] = refused(text).problems();
    umlaut.at("8:1").marks("\"grün\"").about("grün | office").suggests("count");
    // A tab is shown as four blanks.
    tab.at("9:10").marks("0").about("count").suggests("4294967279");
}

#[test]
fn control_characters_of_a_scenario_reach_no_terminal() {
    let text = SMALL.replace("[clients.office]", "[clients.\"a\\u001b[2J\\nb\"]\ncuont = 1");
    let problem = refused(text).at("8:1").marks("cuont");
    problem.about(r"cuont | a\u{1b}[2J\nb").suggests("count");
}
