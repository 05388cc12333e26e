//! Searches and sweeps over rates and sizes.

use insta::assert_snapshot;

use super::refused;
use crate::harness::Desk;

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
fn a_bandwidth_is_told_in_the_unit_that_it_was_asked_in() {
    let size = sized(BANDWIDTH, "5MB/s..50MB/s:5MB/s", &[]);
    assert_snapshot!(Desk::with(SHARED).run(&arguments(&size)).succeeds(), @"
    shared

    The smallest bandwidth with makespan <= 20s is 20 MB/s (nothing in it is random: every run is the same): makespan is 20s. One step below, 15 MB/s misses makespan <= 20s: makespan is 26.7s (2 runs).

       bandwidth  runs  makespan  completed  stranded  completion, 95%  utilisation
         10 MB/s     1       40s         10         0              40s         100%  misses
         15 MB/s     2     26.7s         10         0            26.7s         100%  misses
    >    20 MB/s     2       20s         10         0              20s         100%  smallest
         25 MB/s     1       16s         10         0              16s         100%  meets
         30 MB/s     1     13.3s         10         0            13.3s         100%  meets
         35 MB/s     1     11.4s         10         0            11.4s         100%  meets
         40 MB/s     1       10s         10         0              10s         100%  meets
         45 MB/s     1      8.9s         10         0             8.9s         100%  meets
         50 MB/s     1        8s         10         0               8s         100%  meets

    ±: 95% interval of the mean; in the answer the wider one that a verdict rests on, so that all of them together have 95% confidence. What is demanded only rises or only falls along the values that were played, and is taken to do so between them.

    seed 1, up to 2 runs of each value, distpoint 0.1.0
    ");
    let size = sized(BANDWIDTH, "1MB/s..2.5MB/s:0.5MB/s", &[]);
    let ended = Desk::with(SHARED).run(&arguments(&size));
    let answer = ended.stdout.lines().nth(2).unwrap_or_default();
    assert_snapshot!(answer, @"No bandwidth from 1 MB/s to 2.5 MB/s in steps of 0.5 MB/s meets makespan <= 20s: none of the 3 values that were played does, and along them what is demanded only rises or only falls. Nearest comes 2.5 MB/s: makespan is 2m 40s (nothing in it is random: every run is the same).");
}

#[test]
fn the_largest_size_that_is_fast_enough_is_the_closed_form() {
    let bytes = "clients.*.transfer.bytes";
    let size = sized(bytes, "1MB..0.1GB", &["--maximise", "makespan", "--format", "json"]);
    let sizing = &Desk::with(SHARED).run(&arguments(&size)).json()["sizing"];
    assert_eq!((&sizing["unit"], &sizing["chosen"]), (&"B".into(), &40_000_000.into()));
}

#[test]
fn a_report_says_how_to_search_rates_again() {
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
fn rates_are_dealt_out_in_shards_of_a_grid() {
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
fn a_sweep_over_rates_and_one_over_sizes() {
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

/// What `size` says of a range that is none.
fn no_range(range: &str) -> String {
    let vary = format!("{BANDWIDTH}={range}");
    refused(&["size", "s.toml", "--vary", &vary, "--until", "makespan < 1h"])
}

#[test]
fn ranges_of_rates_that_are_none() {
    assert_snapshot!(no_range("5Mbps..50Mbps"), @"
    error: invalid value 'distribution_points.*.bandwidth=5Mbps..50Mbps' for '--vary <KEY=LO..HI>': `5Mbps`: unknown unit `Mbps`; did you mean `MB/s` or `Mbit/s`?

    For more information, try '--help'.
    ");
    assert_snapshot!(no_range("0MB/s..50MB/s"), @r#"
    error: invalid value 'distribution_points.*.bandwidth=0MB/s..50MB/s' for '--vary <KEY=LO..HI>': `0MB/s`: a rate is from 1 bit/s to 100 Tbit/s; write for example `"100 MB/s"`, `"1 Gbit/s"` or `"56 kbit/s"`

    For more information, try '--help'.
    "#);
    assert_snapshot!(no_range("5MB..50MB/s"), @"
    error: invalid value 'distribution_points.*.bandwidth=5MB..50MB/s' for '--vary <KEY=LO..HI>': both ends and the step of `5MB..50MB/s` must be numbers, or all durations, all percentages, all rates, or all sizes

    For more information, try '--help'.
    ");
    assert_snapshot!(no_range("5parsecs..50parsecs"), @"
    error: invalid value 'distribution_points.*.bandwidth=5parsecs..50parsecs' for '--vary <KEY=LO..HI>': `5parsecs` is neither a whole number, a decimal or a percentage, nor a duration such as `10m`, a rate such as `10MB/s` or a size such as `40MB`

    For more information, try '--help'.
    ");
}

#[test]
fn a_sweep_over_rates_needs_a_step() {
    let vary = format!("{BANDWIDTH}=5MB/s..50MB/s");
    assert_snapshot!(refused(&["sweep", "s.toml", "--vary", &vary]), @"
    error: invalid value 'distribution_points.*.bandwidth=5MB/s..50MB/s' for '--vary <KEY=SPEC>': a range of rates needs a step: `5 MB/s..50 MB/s:5 MB/s`

    For more information, try '--help'.
    ");
}

#[test]
fn a_range_of_sizes_for_a_rate() {
    let vary = format!("{BANDWIDTH}=5MB..50MB");
    let size = ["size", "s.toml", "--vary", &vary, "--until", "makespan < 1h"];
    assert_snapshot!(Desk::with(SHARED).run(&size).refuses(), @r#"
    error: `bandwidth`: unknown unit `MB`
     --> --vary:1:36
      |
    1 | distribution_points.*.bandwidth="5 MB"
      |                                    ^^
      |
      = help: a rate is per second: `MB/s`

    1 error in --vary
    "#);
}
