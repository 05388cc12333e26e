//! Replications: their number, the precision of their means, and comparisons and findings from them.

use super::refused;
use crate::harness::{Desk, SMALL, assert_mentions};

#[test]
fn a_precision_that_is_not_reached_is_inconclusive() {
    let arguments = ["run", "s.toml", "--precision", "0.0001%", "--max-replications", "3"];
    let ended = Desk::with(SMALL).run(&arguments);
    assert_eq!(ended.code, Some(97));
    assert!(ended.stderr.contains("--max-replications"), "{}", ended.stderr);
}

#[test]
fn a_metric_that_does_not_exist_suggests_a_near_one_or_lists_all() {
    let none = refused(&["run", "--of", "nonsense"]);
    assert_mentions(&none, "nonsense | --of");
    let results = Desk::with(SMALL).run(&["run", "s.toml", "--format", "json"]).json();
    let metrics = results["variants"][0]["metrics"].as_object().expect("metrics");
    assert!(metrics.len() > 30, "{metrics:?}");
    for name in metrics.keys() {
        assert_mentions(&none, &format!("`{name}`"));
    }
    let near = refused(&["run", "--precision", "2%", "--of", "completion.p59"]);
    assert_mentions(&near, "completion.p59 | --of | `completion.p95`");
}

#[test]
fn an_invalid_precision_or_number_is_refused_with_a_correction() {
    let zero = "clients.*.misreport_probability=0";
    for (options, facts) in [
        (&["--precision", "0%"][..], "'0%' | --precision | 2%"),
        (&["--precision", "2"], "'2' | --precision | 2%"),
        (&["--precision", "2%", "--of", "stranded", "--set", zero], "stranded | 0 | --of"),
        (&["-n", "0"], "'0' | --replications | 1..=10000000"),
        (&["-n", "2", "--precision", "3%"], "--replications | --precision"),
        (&["--reference", "SP2"], "SP2 | SMS 2.0 SP2 (buggy) | SMS 2.0 SP3 (fixed)"),
    ] {
        assert_mentions(&refused(&[&["run"], options].concat()), facts);
    }
}

#[test]
fn the_change_that_a_finding_suggests_has_the_same_results_with_set() {
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
