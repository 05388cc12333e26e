//! Searches and sweeps over rates and sizes.

use super::refused;
use crate::harness::{Desk, assert_mentions};

/// Ten clients that share the bandwidth for 400 MB: at 20 MB/s that takes 20 s.
const SHARED: &str = r#"
name = "shared"
[distribution_points.A]
connection_limit = 10
bandwidth = "20 MB/s"
[clients.c]
count = 10
arrival = { kind = "burst" }
transfer = { kind = "size", bytes = "40 MB" }
"#;

const BANDWIDTH: &str = "distribution_points.*.bandwidth";

/// The arguments of a search over `range` of `key`.
fn sized(key: &str, range: &str, more: &[&str]) -> Vec<String> {
    let size = ["size", "s.toml", "--vary"].map(str::to_owned).into_iter();
    let until = ["--until", "makespan <= 20s"].map(str::to_owned);
    let more = more.iter().map(|more| (*more).to_owned());
    size.chain([format!("{key}={range}")]).chain(until).chain(more).collect()
}

fn arguments(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

#[test]
fn the_smallest_bandwidth_that_is_fast_enough_is_the_closed_form() {
    for (range, units, text) in [
        ("5MB/s..50MB/s", ["MB/s", "MB/s"], "20 MB/s"),
        ("5MB/s..50MB/s:5MB/s", ["MB/s", "MB/s"], "20 MB/s"),
        ("100 kbit/s..1 Gbit/s", ["kbit/s", "Gbit/s"], "160.1 Mbit/s"),
        ("8Mbit/s..1MiB/s:8kbit/s", ["Mbit/s", "MiB/s"], ""),
    ] {
        let size = sized(BANDWIDTH, range, &["--format", "json"]);
        let ended = Desk::with(SHARED).run(&arguments(&size));
        let results: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
        let sizing = &results["sizing"];
        assert_eq!(sizing["unit"], "bit/s", "{range}");
        assert_eq!(sizing["written_in"], serde_json::json!(units), "{range}");
        let evaluated = sizing["evaluated"].as_array().expect("values").iter();
        let chosen = evaluated.clone().find(|value| value["value"] == sizing["chosen"]);
        assert_eq!(chosen.map_or("", |value| value["text"].as_str().unwrap()), text, "{range}");
        assert_eq!(ended.code, Some(if text.is_empty() { 99 } else { 0 }), "{range}");
    }
}

#[test]
fn a_bandwidth_is_reported_in_the_unit_of_its_range() {
    let size = sized(BANDWIDTH, "5MB/s..50MB/s:5MB/s", &[]);
    let report = Desk::with(SHARED).run(&arguments(&size)).succeeds();
    let answer = report.lines().nth(2).expect("an answer");
    assert_mentions(answer, "makespan <= 20s | is 20 MB/s | 15 MB/s | 26.7s | 2 runs");
    let rows: Vec<&str> = report.lines().filter(|line| line.contains(" MB/s  ")).collect();
    for (row, facts) in rows.iter().zip([
        "10 MB/s | 1 | 40s | 10 | 100%",
        "15 MB/s | 2 | 26.7s",
        "> | 20 MB/s | 2 | 20s",
        "25 MB/s | 1 | 16s",
        "30 MB/s | 1 | 13.3s",
        "35 MB/s | 1 | 11.4s",
        "40 MB/s | 1 | 10s",
        "45 MB/s | 1 | 8.9s",
        "50 MB/s | 1 | 8s",
    ]) {
        assert_mentions(row, facts);
    }
    assert_eq!(rows.len(), 9, "{report}");
    let size = sized(BANDWIDTH, "1MB/s..2.5MB/s:0.5MB/s", &[]);
    let ended = Desk::with(SHARED).run(&arguments(&size));
    assert_eq!(ended.code, Some(99));
    let answer = ended.stdout.lines().nth(2).unwrap_or_default();
    assert_mentions(
        answer,
        "1 MB/s to 2.5 MB/s | 0.5 MB/s | 3 simulated values | 2.5 MB/s: makespan is 2m 40s",
    );
}

#[test]
fn the_largest_size_that_is_fast_enough_is_the_closed_form() {
    let bytes = "clients.*.transfer.bytes";
    let size = sized(bytes, "1MB..0.1GB", &["--maximise", "makespan", "--format", "json"]);
    let sizing = &Desk::with(SHARED).run(&arguments(&size)).json()["sizing"];
    assert_eq!((&sizing["unit"], &sizing["chosen"]), (&"B".into(), &40_000_000.into()));
}

#[test]
fn a_report_shows_how_to_search_rates_again() {
    let desk = Desk::with(SHARED);
    let size = sized(BANDWIDTH, "5MB/s..50MB/s", &["-o", "r.html", "-o", "r.json"]);
    desk.run(&arguments(&size)).succeeds();
    let html = desk.read("r.html");
    let vary = format!("--vary '{BANDWIDTH}=5 MB/s..50 MB/s:0.05 MB/s'");
    assert!(html.contains(&vary), "{vary}");
    assert!(html.contains("bandwidth (MB/s)"), "the title of the axis");
    let again = sized(BANDWIDTH, "5 MB/s..50 MB/s:0.05 MB/s", &["-o", "again.json"]);
    desk.run(&arguments(&again)).succeeds();
    assert_eq!(desk.read("r.json"), desk.read("again.json"));
}

#[test]
fn a_grid_of_rates_in_shards_merges_to_the_same_bytes() {
    let desk = Desk::with(SHARED);
    let whole = ["--grid", "-n", "2", "-o"];
    let run = |file: &str, more: &[&str]| {
        let more = [&whole[..], &[file], more].concat();
        desk.run(&arguments(&sized(BANDWIDTH, "5MB/s..50MB/s:5MB/s", &more))).succeeds()
    };
    run("whole.json", &[]);
    run("a.json", &["--shard", "1/2"]);
    run("b.json", &["--shard", "2/2"]);
    desk.run(&["merge", "a.json", "b.json", "-o", "all.json"]).succeeds();
    assert_eq!(desk.read("whole.json"), desk.read("all.json"));
}

#[test]
fn a_sweep_combines_rates_and_sizes_in_its_grid() {
    let rates = format!("{BANDWIDTH}=10MB/s..30MB/s:10MB/s");
    let sizes = "clients.*.transfer.bytes=0.5MB,1 GB";
    let sweep = ["sweep", "s.toml", "--vary", &rates, "--vary", sizes, "--format", "csv"];
    let csv = Desk::with(SHARED).run(&sweep).succeeds();
    let names: Vec<&str> = csv.lines().skip(1).filter_map(|row| row.split('"').nth(1)).collect();
    assert_eq!(
        names,
        [
            "bandwidth=10 MB/s, bytes=0.5MB",
            "bandwidth=10 MB/s, bytes=1 GB",
            "bandwidth=20 MB/s, bytes=0.5MB",
            "bandwidth=20 MB/s, bytes=1 GB",
            "bandwidth=30 MB/s, bytes=0.5MB",
            "bandwidth=30 MB/s, bytes=1 GB",
        ]
    );
}

/// The error of `size` for an invalid range.
fn refused_range(range: &str) -> String {
    let vary = format!("{BANDWIDTH}={range}");
    refused(&["size", "s.toml", "--vary", &vary, "--until", "makespan < 1h"])
}

#[test]
fn a_range_of_rates_has_rates_at_both_ends() {
    for (range, facts) in [
        ("5Mbps..50Mbps", "5Mbps | Mbps | MB/s | Mbit/s"),
        ("0MB/s..50MB/s", "0MB/s | 1 bit/s | 100 Tbit/s | 100 MB/s"),
        ("5MB..50MB/s", "durations | percentages | rates | sizes"),
        ("5parsecs..50parsecs", "5parsecs | duration | 10m | rate | 10MB/s | size | 40MB"),
    ] {
        assert_mentions(&refused_range(range), &format!("{BANDWIDTH}={range} | --vary | {facts}"));
    }
}

#[test]
fn a_sweep_over_rates_needs_a_step() {
    let vary = format!("{BANDWIDTH}=5MB/s..50MB/s");
    let text = refused(&["sweep", "s.toml", "--vary", &vary]);
    assert_mentions(&text, &format!("{vary} | --vary | step | 5 MB/s..50 MB/s:5 MB/s"));
}

#[test]
fn a_range_of_sizes_for_a_rate_suggests_a_rate() {
    let vary = format!("{BANDWIDTH}=5MB..50MB");
    let size = ["size", "s.toml", "--vary", &vary, "--until", "makespan < 1h"];
    let problem = Desk::with(SHARED).run(&size).refuses().at("--vary:1:36").marks("MB");
    problem.about("bandwidth | MB").suggests("MB/s");
}
