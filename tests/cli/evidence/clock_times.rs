//! Thresholds with a time of day, in scenarios that name their start.

use crate::harness::{Desk, SMALL, assert_mentions, refused, top};

const NIGHT: &str = "starts = \"Mon 22:00\"\nthresholds = [\"makespan < 06:00\"]";

/// The expressions of the thresholds in the results.
fn expressions(scenario: &str, options: &[&str]) -> Vec<String> {
    let arguments = [&["run", "s.toml", "--format", "json"], options].concat();
    let results = Desk::with(scenario).run(&arguments).json();
    let thresholds = results["thresholds"].as_array().expect("thresholds").iter();
    thresholds.map(|one| one["expression"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn a_time_of_day_is_the_next_one_after_the_start() {
    assert_eq!(expressions(&top(NIGHT), &[]), ["makespan < 8h"]);
    let option = ["--threshold", "makespan<=Tue 06:30 @ scenario"];
    let starts = top("starts = \"Mon 22:00\"");
    assert_eq!(expressions(&starts, &option), ["makespan<=8h 30m @ scenario"]);
}

#[test]
fn a_time_of_day_needs_a_start() {
    let problem = refused(top("thresholds = [\"makespan < 06:00\"]")).at("3:27").marks("06:00");
    problem.about("06:00 | time of day | starts").suggests("starts = \"Mon 08:00\" | 6h");
    let option = ["run", "s.toml", "--threshold", "makespan < 06:00"];
    let problem = Desk::with(SMALL).run(&option).refuses();
    problem.at("--threshold:1:12").marks("06:00").about("starts").suggests("6h");
}

#[test]
fn only_the_makespan_ends_at_a_time_of_day() {
    let text = NIGHT.replace("makespan", "completion.p95");
    let problem = refused(top(&text)).at("4:33").marks("06:00");
    problem
        .about("completion.p95 | length | 06:00 | time of day")
        .suggests("makespan | starts | 8h");
}

#[test]
fn variants_that_start_at_different_times_are_judged_one_by_one() {
    let variants = "\n[variants.evening]\n[variants.late]\nstarts = \"Mon 23:00\"\n";
    let problem = refused(top(NIGHT) + variants).at("4:27").marks("06:00");
    problem.about("variants | different times").suggests("@ 'NAME'");
    let each = NIGHT.replace("06:00\"", "06:00 @ evening\", \"makespan < 06:00 @ late\"");
    let expressions = expressions(&(top(&each) + variants), &[]);
    assert_eq!(expressions, ["makespan < 8h @ evening", "makespan < 7h @ late"]);
}

#[test]
fn a_search_asks_for_the_time_from_the_start() {
    let vary = "distribution_points.*.connection_limit=1..5";
    let arguments = ["size", "s.toml", "--vary", vary, "--until", "makespan < 06:00"];
    let problem = Desk::with(&top(NIGHT)).run(&arguments).fails(2);
    assert_mentions(&problem, "makespan | 06:00 | time of day | thresholds | starts | 8h");
}

#[test]
fn charts_show_the_time_of_day_where_the_scenario_names_its_start() {
    let desk = Desk::with(&top("starts = \"Mon 23:50\""));
    let text = desk.run(&["run", "s.toml", "-o", "report.html"]).succeeds();
    assert!(text.contains("Mon 23:50  "), "{text}");
    let page = desk.read("report.html");
    assert_mentions(&page, "time of day (UTC) | Mon 23:50 | Tue | 00:10");
    assert!(!page.contains("time since the start"));
    // Variants on different clocks are drawn over the time since the start.
    let variants = "[variants.a]\n[variants.b]\nstarts = \"Tue 08:00\"\n";
    let desk = Desk::with(&(top("starts = \"Mon 23:50\"") + variants));
    let text = desk.run(&["run", "s.toml", "-o", "report.html"]).succeeds();
    assert!(!text.contains("23:50") && desk.read("report.html").contains("time since the start"));
    let text = Desk::with(SMALL).run(&["run", "s.toml"]).succeeds();
    assert!(!text.contains("Mon 00:00"), "{text}");
}
