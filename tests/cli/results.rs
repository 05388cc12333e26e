//! The results as JSON, which other programs read.

use std::fmt::Write;

use distpoint::stats::metric::{self, Subject};
use serde_json::Value;

use crate::harness::{
    Desk, EVERY_DISTRIBUTION, EVERY_FLEET, EVERY_LIMIT, EVERY_LOAD, EVERY_OUTAGE, SMALL, TRACES,
    assert_mentions, half_a_day,
};

/// A desk with a scenario and the traces of [`EVERY_DISTRIBUTION`].
fn desk(scenario: &str) -> Desk {
    TRACES.iter().fold(Desk::with(scenario), |desk, (name, text)| desk.file(name, text))
}

fn results(scenario: &str) -> Value {
    desk(scenario).run(&["run", "s.toml", "--quiet", "--format", "json"]).json()
}

/// A JSON value as TOML writes it.
fn toml(value: &Value) -> String {
    match value {
        Value::Null => panic!("TOML has no null"),
        Value::Object(table) => {
            let pairs = table.iter().map(|(key, value)| format!("{key:?} = {}", toml(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", "))
        }
        // What JSON and TOML write alike.
        other => other.to_string(),
    }
}

/// A table as a TOML file: a line for each key.
fn toml_file(value: &Value) -> String {
    let mut text = String::new();
    for (key, value) in value.as_object().expect("a table") {
        writeln!(text, "{key:?} = {}", toml(value)).expect("a string");
    }
    text
}

#[test]
fn they_have_their_schema_and_every_metric() {
    let results = results(&format!("{SMALL}\n[variants.a]\n[variants.b]\nhorizon = \"30s\"\n"));
    assert_eq!(results["schema"], "distpoint.results/1");
    assert_eq!(results["tool"]["name"], "distpoint");
    assert_eq!((&results["seed"], &results["engine"]), (&1.into(), &"events".into()));
    let variants = results["variants"].as_array().expect("variants");
    assert_eq!(variants.len(), 2);
    for variant in variants {
        let metrics = variant["metrics"].as_object().expect("metrics");
        assert!(
            metrics.keys().eq(metric::of(Subject::Run).map(|metric| metric.name)),
            "{metrics:?}"
        );
        for (name, metric) in metrics {
            assert!(metric.is_null() || metric["mean"].is_f64(), "{name}: {metric}");
        }
        assert!(variant["groups"]["office"]["completed"]["mean"].is_f64());
        assert!(variant["distribution_points"]["DP01"]["utilisation"]["mean"].is_f64());
        assert!(variant["series"]["bucket_ms"].is_u64());
        assert!(variant["histograms"]["completion"]["counts"].is_array());
    }
    assert_eq!(variants[1]["overlay"]["horizon"], "30s");
    assert!(variants[1]["metrics"]["completion.mean"].is_null(), "nobody completes in 30 s");
}

#[test]
fn their_scenario_gives_them_again() {
    for scenario in [SMALL, EVERY_DISTRIBUTION, EVERY_OUTAGE, EVERY_FLEET, EVERY_LIMIT, EVERY_LOAD]
    {
        let first = results(scenario);
        let second = results(&toml_file(&first["scenario"]));
        assert!(first == second, "{:#}\n{:#}", first["scenario"], second["scenario"]);
    }
}

#[test]
fn a_part_that_a_mix_has_in_common_with_one_of_its_releases_is_kept() {
    // Two hours are what `configmgr` has by its name, and the others have not.
    let text = EVERY_FLEET.replace("\nfallback_after = \"5m\"", "\nfallback_after = \"2h\"");
    assert_ne!(text, EVERY_FLEET);
    let first = results(&text);
    assert_eq!(first["scenario"]["clients"]["mixed"]["fallback_after"], "2h");
    assert!(first == results(&toml_file(&first["scenario"])));
}

#[test]
fn the_scenarios_of_all_built_in_ones_can_be_run_again() {
    let list = Desk::new().run(&["scenarios"]).succeeds();
    for line in list.lines().take_while(|line| !line.is_empty()) {
        let name = line.split(' ').next().expect("a name");
        let printed = Desk::new().run(&["scenarios", name]).succeeds();
        // Thresholds may be breached: the stories of some are not over by then.
        let run = ["run", name, "--format", "json"];
        let ended = Desk::new().run(&[&run, half_a_day(&printed)].concat());
        assert!(matches!(ended.code, Some(0 | 99)), "{ended:?}");
        let results: Value = serde_json::from_str(&ended.stdout).expect("the results are JSON");
        let scenario = results["scenario"].clone();
        assert_eq!(self::results(&toml_file(&scenario))["scenario"], scenario, "{name}");
    }
}

#[test]
fn their_overlays_give_them_again() {
    let text = format!(
        "{SMALL}\n[variants.\"a b\"]\nclients.office = {{ count = 7, retry.max_retries = 1 }}\n"
    );
    let first = results(&text);
    let mut again = first["scenario"].clone();
    again["variants"]["a b"] = first["variants"][0]["overlay"].clone();
    assert_eq!(results(&toml_file(&again))["variants"], first["variants"]);
}

/// What the results write out, such as the delays of a preset, must not stay below an overlay of another kind.
#[test]
fn overlays_to_another_kind_give_them_again() {
    let text = r#"
name = "kinds"
horizon = "3h"
workaround = { after = "1h" }
[distribution_points.A]
connection_limit = 5
rate_limit = { rate = "30/min", burst = 5, per = "address" }
[distribution_points.B]
connection_limit = 5
queue = 5
[clients.h]
count = 50
processes = 5
retry = "grpc"
arrival = { kind = "burst" }
transfer = { kind = "constant", duration = "1m" }
[clients.g]
count = 100
processes = 5
release_mix = { "sms-2.0-sp4" = "50%", "sms-2003" = "50%" }
retry = { preset = "npm", max_retries = 9 }
arrival = { kind = "rate", profile = [["0s", "1/s"]] }
transfer = { kind = "constant", duration = "2m" }
budget = { tokens = 50, cost = 5, earn = 0.1 }
"#;
    let overlays = [
        ("distribution_points.A.rate_limit", "{ most = 20, window = \"1h\" }"),
        ("distribution_points.A.rate_limit.burst", "50"),
        ("clients.g.retry", "{ preset = \"kubelet\" }"),
        ("clients.g.retry", "{ policy = \"fixed\", interval = \"1m\", max_retries = 3 }"),
        ("clients.g.retry", "{ max_retries = 1 }"),
        ("clients.g.budget", "{ share = \"20%\", window = \"10s\" }"),
        ("clients.g.budget.concurrent", "\"20%\""),
        ("clients.g.budget.cost", "10"),
        ("clients.g.breaker", "{ failures = \"60%\" }"),
        ("distribution_points.B.queue.timeout", "\"10s\""),
        ("clients.h.retry.max_retries", "1"),
        ("clients.g.tiers", "[[\"B\"], [\"A\"]]"),
        ("clients.g.release", "\"sms-2003\""),
        ("workaround", "{ when_stranded = 10 }"),
    ];
    let variants = overlays.iter().enumerate();
    let variants = variants.map(|(i, (key, value))| format!("[variants.v{i}]\n{key} = {value}\n"));
    let whole = format!("{text}{}", variants.collect::<String>());
    let first = results(&whole);
    let mut again = first["scenario"].clone();
    for (i, (key, value)) in overlays.iter().enumerate() {
        let variant = &first["variants"][i];
        again["variants"][format!("v{i}")] = variant["overlay"].clone();
        let set = Desk::with(text).run(&[
            "run",
            "s.toml",
            "--format",
            "json",
            "--no-what-if",
            "--set",
            &format!("{key}={value}"),
        ]);
        let set = set.json();
        assert_eq!(set["variants"][0]["metrics"], variant["metrics"], "{key} = {value}");
    }
    assert_eq!(results(&toml_file(&again))["variants"], first["variants"]);
}

#[test]
fn what_ifs_are_left_to_the_event_engine() {
    // It is short of connections, so that a finding suggests more of them.
    let text = SMALL.replace("count = 100", "count = 1000");
    let simulated = |more: &[&str]| {
        let arguments = [&["run", "s.toml", "--format", "json"], more].concat();
        let ended = Desk::with(&text).run(&arguments);
        let results: Value = serde_json::from_str(&ended.stdout).expect("the results are JSON");
        let findings = results["findings"].as_array().expect("findings").clone();
        let what_ifs = findings.iter().filter(|finding| finding.get("what_if").is_some()).count();
        (findings.len(), what_ifs, ended.stderr)
    };
    let (findings, what_ifs, note) = simulated(&[]);
    assert!(findings > 0 && what_ifs > 0 && note.is_empty(), "{findings} {what_ifs} {note}");
    let (findings, what_ifs, note) = simulated(&["--engine", "tokio"]);
    assert_eq!((findings > 0, what_ifs), (true, 0));
    assert_eq!(note.lines().count(), 1, "{note}");
    assert_mentions(&note, "tokio | findings | --engine events");
    for quiet in ["-q", "--no-what-if"] {
        assert_eq!(simulated(&["--engine", "tokio", quiet]), (findings, 0, String::new()));
    }
}

#[test]
fn both_engines_count_the_same_clients() {
    for scenario in [EVERY_DISTRIBUTION, EVERY_FLEET] {
        let desk = desk(scenario);
        let arguments = ["run", "s.toml", "--format", "json", "--engine", "tokio", "-q"];
        let [events, tokio] = [results(scenario), desk.run(&arguments).json()];
        assert_eq!(tokio["engine"], "tokio");
        let arrived = |results: &Value| results["variants"][0]["metrics"]["arrived"].clone();
        assert_eq!(arrived(&events), arrived(&tokio));
    }
}

/// The scenario of a what-if is made of the one in the results, so it must be the same scenario.
#[test]
fn a_what_if_keeps_the_retries_of_a_mix() {
    let text = r#"
name = "mix with its own retry"
horizon = "30d"
[distribution_points.A]
connection_limit = 10
[clients.g]
count = 500
release_mix = { "sms-2.0-sp4" = "50%", "sms-2003" = "50%" }
retry = { policy = "memoryless", mean = "30s" }
arrival = { kind = "burst" }
transfer = { kind = "constant", duration = "2m" }
"#;
    let desk = Desk::with(text);
    let twice = ["run", "s.toml", "--set", "distribution_points.A.connection_limit=20"];
    assert_mentions(&desk.run(&twice).succeeds(), "last completion after       51m 50s");
    let shown = desk.run(&["run", "s.toml"]).succeeds();
    assert_mentions(&shown, "2.0 times sooner: after 51m 50s");
}
