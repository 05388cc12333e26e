//! Messages about thresholds, sweeps, searches, shards and results.

use insta::assert_snapshot;

use super::{page_of_commands, reported};
use crate::harness::{Desk, RESULTS, SMALL, group};

const LIMIT: &str = "distribution_points.*.connection_limit=1..30";

#[test]
fn thresholds() {
    let thresholds = [
        "completion.p95 < 24",
        "stranded 5",
        "strandet == 0",
        "stranded == 0 @ SP3",
        "dp.DP02.refused < 5",
    ];
    let commands = thresholds.map(|threshold| ["run", "q268500", "--threshold", threshold]);
    let commands = commands.each_ref().map(|command| &command[..]);
    assert_snapshot!(page_of_commands(&Desk::new(), &commands));
}

#[test]
fn ranges_of_a_sweep() {
    let ranges = [
        "clients.office.count=200..10",
        "clients.office.count=10..200:0",
        "clients.office.count=10,,20",
        "clients.office.count=1..2000000",
        "clients.ofice.count=10,20",
        "distribution_points.*.bandwidth=5MB/s..50MB/s",
        "clients.*.release_mix={\"sms-2.0-sp2\"=\"10%\",\"bits\"=\"90%\"",
    ];
    let commands = ranges.map(|range| ["sweep", "s.toml", "--vary", range]);
    let commands = commands.each_ref().map(|command| &command[..]);
    let none = reported(&Desk::with(SMALL), &["sweep", "s.toml"]);
    assert_snapshot!(none + &page_of_commands(&Desk::with(SMALL), &commands));
}

#[test]
fn searches() {
    let ranges = [
        "clients.office.count=5",
        "clients.*.misreport_probability=0..0.1",
        "clients.*.retry.interval=5..10m",
        "clients.office.count=5m..10m",
        "distribution_points.*.bandwidth=5Mbps..50Mbps",
        "distribution_points.*.bandwidth=0MB/s..50MB/s",
        "distribution_points.*.bandwidth=5parsecs..50parsecs",
        "distribution_points.*.bandwidth=5MB..50MB",
    ];
    let until = ["--until", "stranded < 5"];
    let ranges =
        ranges.map(|range| [["size", "s.toml", "--vary", range].as_slice(), &until].concat());
    let goals: [&[&str]; 9] = [
        &["--until", "strandd == 0"],
        &["--until", "dp.DP1.refused < 3"],
        &["--until", "stranded < 6", "--confidence", "20%"],
        &["--minimise", "group.ofice.stranded"],
        &["--minimise", "stranded", "--maximise", "completed"],
        &["--until", "stranded < 6", "-n", "5"],
        &["--until", "stranded < 6", "--threshold", "stranded == 0"],
        &["--until", "stranded < 6", "--grid"],
        &[],
    ];
    let goals = goals.map(|goal| [["size", "s.toml", "--vary", LIMIT].as_slice(), goal].concat());
    let commands: Vec<&[&str]> = ranges.iter().chain(&goals).map(Vec::as_slice).collect();
    assert_snapshot!(page_of_commands(&Desk::with(SMALL), &commands));
}

/// A desk with parts of studies.
fn parts() -> Desk {
    let desk = Desk::with(SMALL).file("t.toml", group("count = 120"));
    for (scenario, shard, part) in [
        ("s.toml", "1/4", "1.json"),
        ("s.toml", "2/4", "2.json"),
        ("t.toml", "2/4", "other.json"),
        ("s.toml", "1/1", "whole.json"),
    ] {
        desk.run(&["run", scenario, "-n", "4", "--shard", shard, "-o", part]).succeeds();
    }
    let part = desk.read("whole.json");
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    desk.file("cut.json", &part[..100])
        .file("list.json", "[1, 2]")
        .file("old.json", part.replace(&version, "\"version\":\"0.0.9\""))
        .file("huge.json", part.replace("\"replications\":4", "\"replications\":999999999999"))
        .file("short.json", part.replacen("\"total\":[", "\"total\":[1,", 1))
}

#[test]
fn shards_and_parts() {
    let desk = parts();
    std::fs::copy(desk.path("2.json"), desk.path("again.json")).expect("a copy");
    desk.run(&["run", "s.toml", "-o", "results.json"]).succeeds();
    let commands: &[&[&str]] = &[
        &["run", "s.toml", "--shard", "1/2"],
        &["run", "s.toml", "--shard", "1/2", "-o", "part.csv"],
        &["run", "s.toml", "--shard", "3/2", "-o", "part.json"],
        &["run", "s.toml", "--shard", "auto", "-o", "part.json"],
        &[
            "size",
            "s.toml",
            "--vary",
            LIMIT,
            "--until",
            "stranded < 5",
            "--shard",
            "1/2",
            "-o",
            "part.json",
        ],
        &["merge", "1.json", "2.json", "again.json"],
        &["merge", "1.json", "other.json"],
        &["merge", "cut.json", "list.json", "results.json"],
        &["merge", "old.json"],
        &["merge", "huge.json"],
        &["merge", "short.json"],
    ];
    let page = page_of_commands(&desk, commands);
    assert_snapshot!(
        page.replace(concat!("distpoint ", env!("CARGO_PKG_VERSION")), "distpoint VERSION")
    );
}

#[test]
fn results() {
    let changed = |from: &str, to: &str| RESULTS.replacen(from, to, 1);
    let wrong = [
        ("cut.json", RESULTS[..300].to_owned()),
        ("empty.json", String::new()),
        ("list.json", "[]".to_owned()),
        ("foreign.json", "{\"numTotalTests\": 3}".to_owned()),
        ("newer.json", changed("results/1", "results/2")),
        ("older.json", changed("results/1", "results/0")),
        ("k6.json", changed("distpoint.results/1", "k6/1")),
        ("comparison.json", changed("distpoint.results/1", "distpoint.comparison/1")),
        ("none.json", changed("\"replications\": 2", "\"replications\": 0")),
        ("type.json", changed("\"mean\": 12.0", "\"mean\": \"12\"")),
        ("missing.json", changed("\"engine\": \"events\",", "")),
    ];
    let names: Vec<&str> = wrong.iter().map(|(name, _)| *name).chain(["absent.json"]).collect();
    let desk = wrong.iter().fold(Desk::new(), |desk, (name, text)| desk.file(name, text));
    let page: String = names.iter().map(|name| reported(&desk, &["report", name])).collect();
    assert_snapshot!(page);
}
