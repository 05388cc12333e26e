//! Searches for a size: the report of their answer, and invalid searches.

use super::refused;
use crate::harness::{Desk, Ended, SMALL, assert_mentions};

#[test]
fn a_search_without_a_value_that_meets_its_target_exits_with_99() {
    let vary = "distribution_points.*.connection_limit=1..2";
    let arguments = ["size", "s.toml", "--vary", vary, "--until", "makespan < 1s"];
    let ended = Desk::with(SMALL).run(&arguments);
    assert_eq!(ended.code, Some(99));
    assert_mentions(&ended.stdout, "connection_limit | 1 to 2 | makespan < 1s");
}

#[test]
fn a_search_that_needs_more_runs_is_inconclusive() {
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
fn a_best_value_is_reported_with_the_values_that_are_as_good() {
    let vary = "distribution_points.*.connection_limit=20..200:30";
    let size = ["size", "s.toml", "--vary", vary, "--minimise", "attempts.max"];
    let report = Desk::with(SMALL).run(&size).succeeds();
    let answer = report.lines().nth(2).expect("an answer");
    assert_mentions(answer, "least attempts.max: 1 | as good");
    assert!(report.lines().any(|line| line.starts_with('>') && line.ends_with("best")), "{report}");
}

#[test]
fn a_search_for_a_metric_without_values_is_inconclusive() {
    for goal in [["--minimise", "completion.p95"], ["--until", "completion.p95 < 1h"]] {
        let vary = "distribution_points.*.connection_limit=1..20";
        let size = ["size", "s.toml", "--horizon", "1ms", "--vary", vary];
        let ended = Desk::with(SMALL).run(&[&size[..], &goal].concat());
        assert_eq!(ended.code, Some(97), "{}", ended.stdout);
        assert!(ended.stdout.contains("no data for completion.p95"), "{}", ended.stdout);
    }
}

#[test]
fn size_finds_the_highest_limit_at_which_a_server_does_not_thrash() {
    let vary = ["--vary", "distribution_points.*.connection_limit=20..60"];
    let best = ["--maximise", "throughput", "--format", "json"];
    let arguments = [&["size", "-q", "thrashing-server"][..], &vary, &best].concat();
    let results = Desk::new().run(&arguments).json();
    // The knee of its efficiency is at 30 connections.
    assert_eq!(results["sizing"]["chosen"], 30);
}

#[test]
fn values_that_were_not_simulated_are_not_said_to_meet_the_targets() {
    // Waves of two, each 1 h: a refused client comes at the next multiple of the interval, so that 13m meets the
    // target, and 14m and 17m to 19m do not; 20m to 22m do again.
    let text = "name = \"Waves\"\n\
        distribution_points.D.connection_limit = 2\n\
        [clients.a]\n\
        count = 12\n\
        arrival = { kind = \"burst\" }\n\
        transfer = { kind = \"constant\", duration = \"1h\" }\n\
        retry = { policy = \"fixed\", interval = \"7m\" }\n";
    let answer = |range: &str, more: &[&str]| {
        let vary = format!("clients.a.retry.interval={range}");
        let size = ["size", "s.toml", "--vary", &vary, "--until", "makespan < 6h 40m"];
        let report = Desk::with(text).run(&[&size[..], more].concat()).succeeds();
        report.lines().nth(2).expect("an answer").to_owned()
    };
    // The search skips 14m, which misses.
    let skipping = answer("1m..2h:1m", &[]);
    assert_mentions(&skipping, " The simulated values from 1m to 22m meet it; 23m misses again");
    assert_mentions(&skipping, "but greater values meet it (--largest searches for the greatest)");
    let all = answer("1m..24m:1m", &["--grid", "-n", "2"]);
    assert_mentions(
        &all,
        " The values from 1m to 13m meet it; 14m misses again, but greater values meet it",
    );
    let one_band = answer("1m..14m:1m", &["--grid", "-n", "2"]);
    assert_mentions(&one_band, "14m misses again (--largest searches for that end)");
}

/// A search of the connection limit of a scenario.
fn sized_small(text: &str, range: &str, more: &[&str]) -> Ended {
    let vary = format!("distribution_points.*.connection_limit={range}");
    let size = ["size", "s.toml", "--vary", &vary];
    Desk::with(text).run(&[&size[..], more].concat())
}

/// A burst of 1,000 clients that retry in lockstep.
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
fn values_that_were_not_simulated_are_not_reported_as_misses_on_an_uneven_curve() {
    let vary = "clients.g.retry.interval=10s..30m:1s";
    let size = ["size", "s.toml", "--vary", vary, "--until", "makespan < 1h"];
    let ended = Desk::with(BURST).run(&size);
    assert_eq!(ended.code, Some(97), "{}", ended.stdout);
    assert_mentions(&ended.stdout, "the others | --grid");
}

#[test]
fn an_answer_has_a_caveat_if_not_all_clients_complete() {
    let text = format!("expires_after = \"1h\"\n{BURST}");
    let ended = sized_small(&text, "1..100", &["--until", "completion.p95 < 2h"]);
    let answer = ended.stdout.lines().nth(2).expect("an answer");
    let caveat = "6 of 1,000 clients | 0.6% | --until 'completed >= 990'";
    assert_mentions(answer, &format!("is 1 ( | completion.p95 | {caveat}"));
    let until = ["--until", "completion.p95 < 2h", "--until", "completed >= 990"];
    let all = sized_small(&text, "1..200", &until);
    let answer = all.stdout.lines().nth(2).expect("an answer");
    assert!(!answer.contains("1,000 clients") && !answer.contains("--until"), "{answer}");
}

#[test]
fn a_search_notes_that_thresholds_of_the_scenario_do_not_count() {
    let text = format!("thresholds = [\"stranded > 0\"]\n{BURST}");
    let size = |more: &[&str]| {
        sized_small(&text, "80..90", &[&["--until", "makespan <= 2h"], more].concat())
    };
    let ended = size(&[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_mentions(&ended.stderr, "thresholds | search");
    assert_eq!(size(&["-q"]).stderr, "");
}

#[test]
fn a_higher_confidence_widens_the_margin_that_decides_a_search() {
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

/// The error of a search of the built-in scenario in a range, with more options.
fn refused_size(vary: &str, more: &[&str]) -> String {
    refused(&[&["size", "q268500", "--vary", vary][..], more].concat())
}

const LIMIT: &str = "distribution_points.*.connection_limit";
const PROBABILITY: &str = "clients.*.misreport_probability";

#[test]
fn an_invalid_range_is_refused_with_a_valid_one() {
    for (key, range, facts) in [
        (LIMIT, "9..3", "9..3 | 3..9"),
        (PROBABILITY, "0..0.1", "step | 0..0.1:0.01"),
        ("clients.*.retry.interval", "5..10m", "durations | percentages | rates | sizes"),
        ("clients.office.count", "5", &format!("KEY=LO..HI | {LIMIT}=1..500")),
    ] {
        let vary = format!("{key}={range}");
        let text = refused_size(&vary, &["--until", "stranded < 5"]);
        assert_mentions(&text, &format!("{vary} | --vary | {facts}"));
    }
}

#[test]
fn a_range_whose_values_the_key_cannot_have_is_refused() {
    let size = |vary: &str| {
        let size = ["size", "q268500", "--vary", vary, "--until", "stranded == 0"];
        Desk::new().run(&size).refuses()
    };
    let zero = size(&format!("{LIMIT}=0..30")).at("--vary:1:40").marks("0");
    zero.about("connection_limit | 0").suggests("1 | 4294967295");
    let duration = size("clients.office.count=5m..10m").at("--vary:1:22").marks("5m");
    duration.about("count | whole number | string").suggests("whole number");
}

#[test]
fn a_search_has_one_goal_and_its_metric_exists() {
    let vary = format!("{LIMIT}=30..31");
    for (options, facts) in [
        (&[][..], "--until"),
        (&["--until", "strandd == 0"], "strandd | --until | `stranded`"),
        (&["--until", "dp.DP1.refused < 3"], "DP1 | DP01"),
        (
            &["--until", "stranded < 6", "--confidence", "20%"],
            "'20%' | --confidence | 50% | 100% | 95%",
        ),
        (&["--maximise", "utilization"], "utilization | --maximise | `utilisation`"),
        (&["--minimise", "group.ofice.stranded"], "ofice | `office`"),
        (&["--minimise", "stranded", "--maximise", "completed"], "--minimise | --maximise"),
    ] {
        assert_mentions(&refused_size(&vary, options), facts);
    }
}

#[test]
fn options_that_do_not_apply_to_a_search_are_refused() {
    let limit = "distribution_points.*.connection_limit=1..30";
    for more in
        [["-n", "5"], ["--threshold", "stranded == 0"], ["--precision", "2%"], ["--of", "stranded"]]
    {
        let size = ["size", "q268500", "--vary", limit, "--until", "stranded == 0"];
        let text = refused(&[&size[..], &more[..]].concat());
        assert!(text.contains("does not apply here"), "{text}");
    }
}
