//! Replications: how many, how precise a mean they give, and what is compared and found in them.

use insta::assert_snapshot;

use super::refused;
use crate::harness::{Desk, SMALL};

#[test]
fn a_precision_that_is_not_reached_is_inconclusive() {
    let arguments = ["run", "s.toml", "--precision", "0.0001%", "--max-replications", "3"];
    let ended = Desk::with(SMALL).run(&arguments);
    assert_eq!(ended.code, Some(97));
    assert!(ended.stderr.contains("--max-replications"), "{}", ended.stderr);
}

#[test]
fn a_metric_that_nothing_has() {
    assert_snapshot!(refused(&["run", "--of", "nonsense"]), @"
    error: invalid value 'nonsense' for '--of <METRIC>': no metric has this name; there are `clients`, `arrived`, `completed`, `stranded`, `gave_up`, `expired`, `unfinished`, `attempts`, `refused`, `stranded.ratio`, `refused.ratio`, `refused.first_ratio`, `completion.mean`, `completion.p50`, `completion.p90`, `completion.p95`, `completion.p99`, `completion.max`, `attempts.mean`, `attempts.p50`, `attempts.p99`, `attempts.max`, `unreachable`, `cut`, `recovered`, `stranded.final`, `recovered.delay.mean`, `recovered.delay.max`, `makespan`, `connections.mean`, `waiting.mean`, `utilisation`, `idle_while_waiting`, `connections.peak`, `waiting.peak`, `queued.mean`, `queued.peak`, `throughput`

    For more information, try '--help'.
    ");
}

#[test]
fn a_precision_of_nothing() {
    assert_snapshot!(refused(&["run", "--precision", "0%"]), @r#"
    error: invalid value '0%' for '--precision <P%>': write a percentage above 0, such as `2%`

    For more information, try '--help'.
    "#);
}

#[test]
fn a_precision_without_a_percent_sign() {
    assert_snapshot!(refused(&["run", "--precision", "2"]), @r"
    error: invalid value '2' for '--precision <P%>': write a percentage above 0, such as `2%`

    For more information, try '--help'.
    ");
}

#[test]
fn a_precision_of_an_unknown_metric() {
    assert_snapshot!(refused(&["run", "--precision", "2%", "--of", "completion.p59"]), @r"
    error: invalid value 'completion.p59' for '--of <METRIC>': no metric has this name: did you mean `completion.p50`?

    For more information, try '--help'.
    ");
}

#[test]
fn a_precision_of_a_metric_that_is_always_0() {
    assert_snapshot!(refused(&["run", "--precision", "2%", "--of", "stranded", "--set", "clients.*.misreport_probability=0"]), @r#"
    error: `stranded` is always 0, and there is no share of 0 to reach: choose another metric with --of
    "#);
}

#[test]
fn no_replications() {
    assert_snapshot!(refused(&["run", "-n", "0"]), @"
    error: invalid value '0' for '--replications <N>': 0 is not in 1..=10000000

    For more information, try '--help'.
    ");
}

#[test]
fn replications_and_a_precision_at_once() {
    assert_snapshot!(refused(&["run", "-n", "2", "--precision", "3%"]), @r#"
    error: the argument '--replications <N>' cannot be used with '--precision <P%>'

    Usage: distpoint run --replications <N> [SCENARIO]

    For more information, try '--help'.
    "#);
}

#[test]
fn a_reference_that_is_no_variant() {
    assert_snapshot!(refused(&["run", "--reference", "SP2"]), @r#"
    error: there is no variant `SP2` to compare with; there are `SMS 2.0 SP2 (buggy)`, `SMS 2.0 SP3 (fixed)`
    "#);
}

#[test]
fn the_change_that_a_finding_suggests_is_one_to_set() {
    let desk = Desk::with(SMALL);
    let changed = |finding: &serde_json::Value| {
        let set = finding["what_if"]["set"].as_array().expect("assignments");
        let set = set.iter().flat_map(|set| ["--set", set.as_str().expect("a text")]);
        let run = ["run", "s.toml", "-n", "3", "--format", "json"].into_iter();
        desk.run(&run.chain(set).collect::<Vec<_>>()).json()
    };
    let study = ["run", "s.toml", "-n", "3", "--format", "json"];
    let results = desk.run(&study).json();
    let findings = results["findings"].as_array().expect("findings");
    assert!(!findings.is_empty());
    for finding in findings {
        let metric = finding["what_if"]["metric"].as_str().expect("a metric");
        let after = &changed(finding)["variants"][0]["metrics"][metric];
        assert_eq!(&finding["what_if"]["after"], after, "{finding}");
    }
    let silent = desk.run(&[&study[..], &["--no-what-if"]].concat()).json();
    assert_eq!(silent["findings"][0]["what_if"], serde_json::Value::Null);
}
