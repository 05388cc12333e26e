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
fn a_time_of_day_is_the_next_one_after_the_first_arrival() {
    assert_eq!(expressions(&top(NIGHT), &[]), ["makespan < 8h"]);
    let option = ["--threshold", "makespan<=Tue 06:30 @ scenario"];
    let starts = top("starts = \"Mon 22:00\"");
    assert_eq!(expressions(&starts, &option), ["makespan<=8h 30m @ scenario"]);
}

/// A scenario that starts at midnight, with a deadline at 06:00 and a group that has these keys.
fn by_six(group: &str) -> String {
    format!(
        "name = 'x'\nstarts = 'Mon 00:00'\nthresholds = ['makespan < 06:00']\n\
         [distribution_points.D]\nconnection_limit = 50\n\
         [clients.g]\ncount = 10\ntransfer = {{ kind = 'constant', duration = '2h' }}\n{group}\n"
    )
}

#[test]
fn a_deadline_is_as_far_from_the_first_arrival_as_makespan_counts() {
    // They come at 05:00 and are done at 07:00.
    let late = by_six("arrival = { kind = 'burst', at = '5h' }");
    let ended = Desk::with(&late).run(&["run", "s.toml", "--no-what-if"]);
    assert_eq!(ended.code, Some(99), "{}", ended.stdout);
    assert_mentions(&ended.stdout, "makespan < 1h (observed 2h)");
    let early = by_six("arrival = { kind = 'even', over = '1h' }");
    assert_eq!(expressions(&early, &[]), ["makespan < 6h"]);
}

#[test]
fn a_deadline_needs_a_first_arrival_at_a_certain_time() {
    for group in [
        "arrival = { kind = 'uniform', over = '8h' }",
        "arrival = { kind = 'burst' }\nonline = 'Mon-Fri 08:00-18:00'",
    ] {
        let problem = refused(by_six(group)).at("3:27").marks("06:00");
        problem.about("makespan | first arrival").suggests("makespan < 8h");
    }
    let warm = by_six("arrival = { kind = 'burst' }").replace("starts", "warmup = '1h'\nstarts");
    refused(warm).at("4:27").about("makespan | first arrival").suggests("makespan < 8h");
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
fn a_search_takes_a_time_of_day_as_thresholds_do() {
    let search = |scenario: &str, options: &[&str]| {
        let vary = ["--vary", "distribution_points.*.connection_limit=1..5"];
        let until = ["--until", "makespan < 06:00"];
        Desk::with(scenario).run(&[&["size", "s.toml"], &vary[..], &until, options].concat())
    };
    let night = top("starts = \"Mon 22:00\"");
    for options in [&[][..], &["--grid", "--replications", "2"]] {
        assert_mentions(&search(&night, options).stdout, "makespan < 8h");
    }
    assert_mentions(&search(SMALL, &[]).fails(2), "06:00 | time of day | starts");
    let anytime = by_six("arrival = { kind = 'uniform', over = '8h' }");
    assert_mentions(
        &search(&anytime.replace("thresholds = ['makespan < 06:00']", ""), &[]).fails(2),
        "makespan | first arrival | makespan < 8h",
    );
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
    let text = Desk::with(&top("starts = \"Mon 00:00\"")).run(&["run", "s.toml"]).succeeds();
    assert!(text.contains("Mon 00:00  "), "the start that applies without one, but given: {text}");
}
