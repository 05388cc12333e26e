//! Searches for a size: what their answer says, and searches that cannot be.

use insta::assert_snapshot;

use super::refused;
use crate::harness::{Desk, Ended, SMALL};

#[test]
fn a_size_that_no_value_meets_exits_with_99() {
    let vary = "distribution_points.*.connection_limit=1..2";
    let arguments = ["size", "s.toml", "--vary", vary, "--until", "makespan < 1s"];
    let ended = Desk::with(SMALL).run(&arguments);
    assert_eq!(ended.code, Some(99));
    assert!(ended.stdout.contains("No connection_limit from 1 to 2"), "{}", ended.stdout);
}

#[test]
fn a_size_that_needs_more_runs_is_inconclusive() {
    let vary = "distribution_points.*.connection_limit=1..60";
    let until = "completion.mean < 90m";
    let arguments = [
        "size",
        "q268500",
        "--vary",
        vary,
        "--until",
        until,
        "--max-replications",
        "2",
        "--confidence",
        "99.9999%",
    ];
    let ended = Desk::new().run(&arguments);
    assert_eq!(ended.code, Some(97), "{}", ended.stdout);
    assert!(ended.stdout.contains("Inconclusive"), "{}", ended.stdout);
}

#[test]
fn a_best_value_is_told_with_the_values_that_are_as_good() {
    let vary = "distribution_points.*.connection_limit=20..200:30";
    let size = ["size", "s.toml", "--vary", vary, "--minimise", "attempts.max"];
    let told = Desk::with(SMALL).run(&size).succeeds();
    let answer = told.lines().nth(2).expect("an answer");
    assert!(answer.contains("with the least attempts.max: 1"), "{told}");
    assert!(answer.contains("as good for all that is known"), "{told}");
    assert!(told.lines().any(|line| line.starts_with('>') && line.ends_with("best")), "{told}");
}

#[test]
fn a_metric_that_has_no_value_anywhere_is_inconclusive() {
    for demand in [["--minimise", "completion.p95"], ["--until", "completion.p95 < 1h"]] {
        let vary = "distribution_points.*.connection_limit=1..20";
        let size = ["size", "s.toml", "--horizon", "1ms", "--vary", vary];
        let ended = Desk::with(SMALL).run(&[&size[..], &demand].concat());
        assert_eq!(ended.code, Some(97), "{}", ended.stdout);
        assert!(ended.stdout.contains("completion.p95 has no value"), "{}", ended.stdout);
    }
}

#[test]
fn size_finds_the_limit_at_which_a_server_does_not_thrash_yet() {
    let vary = ["--vary", "distribution_points.*.connection_limit=20..60"];
    let best = ["--maximise", "throughput", "--format", "json"];
    let arguments = [&["size", "-q", "thrashing-server"][..], &vary, &best].concat();
    let results = Desk::new().run(&arguments).json();
    // The knee of its efficiency is at 30 connections.
    assert_eq!(results["sizing"]["chosen"], 30);
}

/// What a search of the connection limit of the small scenario says.
fn sized_small(text: &str, range: &str, more: &[&str]) -> Ended {
    let vary = format!("distribution_points.*.connection_limit={range}");
    let size = ["size", "s.toml", "--vary", &vary];
    Desk::with(text).run(&[&size[..], more].concat())
}

/// A burst of 1,000 clients that come back in lockstep.
const BURST: &str = "name = \"burst\"
[distribution_points.A]
connection_limit = 10
[clients.g]
count = 1000
arrival = { kind = \"burst\" }
transfer = { kind = \"constant\", duration = \"2m\" }
retry = { policy = \"fixed\", interval = \"10m\" }
";

#[test]
fn values_that_were_not_played_are_not_said_to_miss_where_the_curve_goes_up_and_down() {
    let vary = "clients.g.retry.interval=10s..30m:1s";
    let size = ["size", "s.toml", "--vary", vary, "--until", "makespan < 1h"];
    let ended = Desk::with(BURST).run(&size);
    assert_eq!(ended.code, Some(97), "{}", ended.stdout);
    assert!(ended.stdout.contains("the others were not looked at"), "{}", ended.stdout);
}

#[test]
fn a_size_whose_clients_do_not_all_complete_is_told_so() {
    let text = format!("expires_after = \"1h\"\n{BURST}");
    let ended = sized_small(&text, "1..100", &["--until", "completion.p95 < 2h"]);
    let answer = ended.stdout.lines().nth(2).expect("an answer");
    assert!(answer.contains("is 1 ("), "{answer}");
    assert!(answer.ends_with(
        "But only 6 of 1,000 clients (0.6%) complete there, and completion.p95 is about these alone: \
         add --until 'completed >= 990' if the others count."
    ), "{answer}");
    let until = ["--until", "completion.p95 < 2h", "--until", "completed >= 990"];
    let all = sized_small(&text, "1..200", &until);
    let answer = all.stdout.lines().nth(2).expect("an answer");
    assert!(!answer.contains("But only"), "{answer}");
}

#[test]
fn thresholds_of_the_scenario_are_said_not_to_count_in_a_search() {
    let text = format!("thresholds = [\"stranded > 0\"]\n{BURST}");
    let size = |more: &[&str]| {
        sized_small(&text, "80..90", &[&["--until", "makespan <= 2h"], more].concat())
    };
    let ended = size(&[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("thresholds do not count in a search"), "{}", ended.stderr);
    assert_eq!(size(&["-q"]).stderr, "");
}

#[test]
fn what_decides_a_size_is_told_as_sure_as_it_is() {
    let text =
        BURST.replace("count", "release = \"sms-2.0-sp2\"\nmisreport_probability = 0.01\ncount");
    let until = ["--until", "stranded < 60"];
    let answer = |more: &[&str]| {
        let ended = sized_small(&text, "60..90", &[&until, more].concat());
        ended.stdout.lines().nth(2).expect("an answer").to_owned()
    };
    let margin = |text: &str| -> f64 {
        let (_, margin) = text.split_once('±').expect("a margin");
        let number = margin.split(|c: char| !c.is_ascii_digit() && c != '.').next();
        number.and_then(|number| number.parse().ok()).expect("a number")
    };
    let few = ["--max-replications", "8"];
    let sure = answer(&[&few[..], &["--confidence", "99.9%"]].concat());
    assert!(margin(&sure) > 1.5 * margin(&answer(&few)), "{sure}");
}

#[test]
fn a_size_in_a_reversed_range() {
    assert_snapshot!(refused(&["size", "q268500", "--vary", "distribution_points.*.connection_limit=9..3", "--until", "stranded == 0"]), @r#"
    error: invalid value 'distribution_points.*.connection_limit=9..3' for '--vary <KEY=LO..HI>': the range 9..3 is reversed: write 3..9

    For more information, try '--help'.
    "#);
}

#[test]
fn a_size_from_an_absurd_value() {
    assert_snapshot!(refused(&["size", "q268500", "--vary", "distribution_points.*.connection_limit=0..30", "--until", "stranded == 0"]), @r#"
    error: `connection_limit` must be from 1 to 4294967295, found 0
     --> --vary:1:40
      |
    1 | distribution_points.*.connection_limit=0
      |                                        ^ must be from 1 to 4294967295

    1 error in --vary
    "#);
}

#[test]
fn a_size_to_an_unknown_metric() {
    assert_snapshot!(refused(&["size", "q268500", "--vary", "distribution_points.*.connection_limit=1..30", "--until", "strandd == 0"]), @r#"
    error: invalid value 'strandd == 0' for '--until <METRIC OP VALUE>': no metric is called `strandd`: did you mean `stranded`?

    For more information, try '--help'.
    "#);
}

#[test]
fn a_size_without_a_target() {
    assert_snapshot!(refused(&["size", "q268500", "--vary", "distribution_points.*.connection_limit=1..30"]), @r#"
    error: the following required arguments were not provided:
      --until <METRIC OP VALUE>

    Usage: distpoint size --vary <KEY=LO..HI> --until <METRIC OP VALUE> <SCENARIO>

    For more information, try '--help'.
    "#);
}

#[test]
fn a_size_at_an_unknown_point() {
    assert_snapshot!(refused(&["size", "q268500", "--vary", "distribution_points.*.connection_limit=30..31", "--until", "dp.DP1.refused < 3"]), @r#"
    error: there is no distribution point `DP1`: did you mean `DP01`?
    "#);
}

#[test]
fn a_confidence_that_is_none() {
    assert_snapshot!(refused(&["size", "q268500", "--vary", "distribution_points.*.connection_limit=28..31", "--until", "completion.p95 < 6h", "--confidence", "20%"]), @r#"
    error: invalid value '20%' for '--confidence <P%>': write a percentage above 50% and below 100%, such as `95%`

    For more information, try '--help'.
    "#);
}

#[test]
fn options_that_say_nothing_to_a_search() {
    let limit = "distribution_points.*.connection_limit=1..30";
    for more in
        [["-n", "5"], ["--threshold", "stranded == 0"], ["--precision", "2%"], ["--of", "stranded"]]
    {
        let size = ["size", "q268500", "--vary", limit, "--until", "stranded == 0"];
        let text = refused(&[&size[..], &more[..]].concat());
        assert!(text.contains("does not apply here"), "{text}");
    }
}

/// What is said of a search of the built-in scenario in a range, with more options.
fn refused_size(vary: &str, more: &[&str]) -> String {
    refused(&[&["size", "q268500", "--vary", vary][..], more].concat())
}

const LIMIT: &str = "distribution_points.*.connection_limit=1..30";
const PROBABILITY: &str = "clients.*.misreport_probability";

#[test]
fn a_range_of_decimals_without_a_step() {
    assert_snapshot!(refused_size(&format!("{PROBABILITY}=0..0.1"), &["--until", "stranded < 5"]), @r#"
    error: invalid value 'clients.*.misreport_probability=0..0.1' for '--vary <KEY=LO..HI>': a range of decimals needs a step: `0..0.1:0.01`

    For more information, try '--help'.
    "#);
}

#[test]
fn a_range_from_a_number_to_a_duration() {
    assert_snapshot!(refused_size("clients.*.retry.interval=5..10m", &["--until", "stranded < 5"]), @"
    error: invalid value 'clients.*.retry.interval=5..10m' for '--vary <KEY=LO..HI>': both ends and the step of `5..10m` must be numbers, or all durations, all percentages, all rates, or all sizes

    For more information, try '--help'.
    ");
}

#[test]
fn a_range_of_durations_for_a_number() {
    assert_snapshot!(refused_size("clients.office.count=5m..10m", &["--until", "stranded < 5"]), @r#"
    error: expected a whole number for `count`, found a string
     --> --vary:1:22
      |
    1 | clients.office.count=5m
      |                      ^^ expected a whole number

    1 error in --vary
    "#);
}

#[test]
fn a_value_instead_of_a_range() {
    assert_snapshot!(refused_size("clients.office.count=5", &["--until", "stranded < 5"]), @r#"
    error: invalid value 'clients.office.count=5' for '--vary <KEY=LO..HI>': write `KEY=LO..HI`, for example `distribution_points.*.connection_limit=1..500` or `clients.*.retry.interval=5m..1h`

    For more information, try '--help'.
    "#);
}

#[test]
fn the_best_of_an_unknown_metric() {
    assert_snapshot!(refused_size(LIMIT, &["--maximise", "utilization"]), @r#"
    error: invalid value 'utilization' for '--maximise <METRIC>': no metric is called `utilization`: did you mean `utilisation`?

    For more information, try '--help'.
    "#);
}

#[test]
fn the_best_of_an_unknown_group() {
    assert_snapshot!(refused_size(LIMIT, &["--minimise", "group.ofice.stranded"]), @r#"
    error: there is no client group `ofice`: did you mean `office`?
    "#);
}

#[test]
fn the_most_and_the_least_at_once() {
    assert_snapshot!(refused_size(LIMIT, &["--minimise", "stranded", "--maximise", "completed"]), @r#"
    error: the argument '--minimise <METRIC>' cannot be used with '--maximise <METRIC>'

    Usage: distpoint size --vary <KEY=LO..HI> --minimise <METRIC> <SCENARIO>

    For more information, try '--help'.
    "#);
}
