//! What takes too much memory or time is refused before anything is simulated, or takes little.

use std::time::{Duration, Instant};

use crate::harness::{Desk, ENDLESS, SMALL, assert_mentions, point, small_results};

/// A scenario with these numbers of distribution points and client groups.
fn many(points: usize, groups: usize) -> String {
    let points = (0..points).map(|i| format!("[distribution_points.p{i}]\nconnection_limit = 1\n"));
    let groups = (0..groups).map(|i| {
        format!(
            "[clients.g{i}]\ncount = 2\narrival = {{ kind = \"burst\" }}\n\
             transfer = {{ kind = \"constant\", duration = \"1m\" }}\n"
        )
    });
    let all: String = points.chain(groups).collect();
    format!("name = \"many\"\nhorizon = \"1h\"\n{all}")
}

/// Twelve clients that cannot be done, and an outage every 2 ms for 100 years.
const OUTAGES: &str = r#"
name = "outages"
horizon = "36500d"
[distribution_points.A]
connection_limit = 1
outages = [{ from = "0s", for = "1ms", every = "2ms" }]
[clients.g]
count = 12
arrival = { kind = "burst" }
transfer = { kind = "constant", duration = "1h" }
retry = { policy = "fixed", interval = "100d" }
"#;

#[test]
fn a_run_of_too_many_events_is_refused_or_confirmed() {
    let changes = OUTAGES.replace(
        "outages = [{ from = \"0s\", for = \"1ms\", every = \"2ms\" }]",
        "limit_changes = [{ from = \"0s\", for = \"1ms\", every = \"2ms\", connection_limit = 2 }]",
    );
    for scenario in [OUTAGES, &changes] {
        let desk = Desk::with(scenario);
        let vary = ["--vary", "distribution_points.A.connection_limit=1..3"];
        let size = [&["size", "s.toml"], &vary[..], &["--until", "makespan<1h"]].concat();
        for command in [&["run", "s.toml"][..], &["check", "s.toml"], &size] {
            let text = desk.start(command).ends_within(Duration::from_secs(20)).fails(2);
            assert_mentions(&text, "about 3,200,000,000,000 events | `horizon` | --yes");
        }
    }
    let desk = Desk::with(OUTAGES);
    let mut running = desk.start(&["run", "s.toml", "--yes", "-q"]);
    std::thread::sleep(Duration::from_millis(500));
    assert!(running.child().try_wait().expect("a child").is_none(), "it was refused");
}

#[test]
fn a_long_study_is_announced() {
    let desk = Desk::with(ENDLESS);
    let mut running = desk.start(&["run", "s.toml"]);
    std::thread::sleep(Duration::from_secs(2));
    let _ = running.child().kill();
    let ended = running.ends_within(Duration::from_secs(5));
    assert_mentions(&ended.stderr, "about 110,000,000,000 events take about");
}

#[test]
fn retries_that_are_skipped_make_no_study_long() {
    let often = OUTAGES.replace("100d", "2s").replace("outages =", "#").replace("12", "1200000");
    let text = Desk::with(&often).run(&["check", "s.toml"]).succeeds();
    assert_mentions(&text, "about 4,800,000");
    let each = often.replace("\"2s\"", "\"2s\", jitter = \"50%\"");
    let text = Desk::with(&each).run(&["run", "s.toml"]).fails(2);
    assert_mentions(&text, "events | `horizon` | --yes");
}

/// The program with at most so much address space, in KiB.
#[cfg(target_os = "linux")]
fn limited(desk: &Desk, kibibytes: u32, arguments: &str) -> String {
    let program = env!("CARGO_BIN_EXE_distpoint");
    let script = format!("ulimit -v {kibibytes}; exec {program} {arguments}");
    let mut command = std::process::Command::new("sh");
    let ended = command.args(["-c", &script]).current_dir(desk.path(".")).output().expect("sh");
    let text = String::from_utf8(ended.stderr).expect("text");
    assert_eq!(ended.status.code(), Some(2), "{text}");
    text
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_of_the_process_is_known_before_anything_is_simulated() {
    let groups = many(1, 20_000);
    let variants: String = (0..5000).map(|i| format!("[variants.v{i}]\nseed = {i}\n")).collect();
    let variants = format!("{SMALL}\n{variants}");
    for (scenario, what) in [
        (ENDLESS, "2000000 clients"),
        (&groups, "20001 client groups and distribution points"),
        (&variants, "5000 variants"),
    ] {
        let desk = Desk::with(scenario);
        for command in ["run", "check"] {
            let text = limited(&desk, 300_000, &format!("{command} s.toml"));
            assert_mentions(&text, &format!("{what} | GiB | of memory, but only"));
        }
    }
    let shard = "run s.toml -n 9000000 --shard 1/9 -o part.json";
    assert_mentions(
        &limited(&Desk::with(SMALL), 300_000, shard),
        "1,000,000 runs | of memory, but only",
    );
    let sweep = "sweep s.toml --vary 'clients.office.count=1..9000:1'";
    let text = limited(&Desk::with(SMALL), 300_000, sweep);
    assert_mentions(&text, "9000 points | GiB | of memory, but only");
}

/// Clients that give up after three retries; without that limit they would retry every second for a month.
#[test]
fn a_change_that_would_take_hours_is_suggested_but_not_simulated() {
    let text = r#"
name = "give up"
horizon = "30d"
[distribution_points.A]
connection_limit = 1
[clients.g]
count = 20000
arrival = { kind = "burst" }
transfer = { kind = "constant", duration = "1h" }
retry = { policy = "fixed", interval = "1s", max_retries = 3 }
"#;
    let desk = Desk::with(text);
    let shown = desk.start(&["run", "s.toml"]).ends_within(Duration::from_secs(60)).succeeds();
    assert_mentions(&shown, "What this means | give up");
}

/// The default list of points is not written out for each group.
#[test]
fn many_groups_and_points_take_little() {
    let desk = Desk::with(&many(1000, 1000));
    let begin = Instant::now();
    let results = desk.run(&["run", "s.toml", "--format", "json", "-q"]).json();
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    assert!(results["scenario"]["clients"]["g7"]["distribution_points"].is_null());
    let one = "clients.g7.distribution_points=['p3']";
    let results = desk.run(&["run", "s.toml", "--format", "json", "-q", "--set", one]).json();
    assert_eq!(results["scenario"]["clients"]["g7"]["distribution_points"][0], "p3");
}

/// They are neither compared in pairs nor looked at one by one at each instant.
#[test]
fn many_single_outages_take_little() {
    let outage = |n: u64| format!("{{ from = '{}ms', for = '100ms' }},", 400 * n);
    let outages = |order: &mut dyn Iterator<Item = u64>| -> String { order.map(outage).collect() };
    let scenario = |outages: &str| point(&format!("outages = [{outages}]"));
    let desk = Desk::with(&scenario(&outages(&mut (0..200_000).rev())));
    let begin = Instant::now();
    desk.run(&["check", "s.toml"]).succeeds();
    let desk = desk.file("t.toml", scenario(&(outages(&mut (0..200_000)) + &outage(77_000))));
    let text = desk.run(&["check", "t.toml"]).fails(2);
    assert_mentions(&text, "number 200001 of `outages` overlaps number 77001");
    let results = desk.run(&["run", "s.toml", "--format", "json", "-q"]).json();
    assert!(begin.elapsed() < Duration::from_secs(90), "{:?}", begin.elapsed());
    assert!(!results["variants"][0]["metrics"].is_null());
}

#[test]
fn many_unknown_keys_are_reported_soon() {
    let keys: String = (0..20_000).map(|i| format!("k{i} = 1\n")).collect();
    let begin = Instant::now();
    let text = Desk::with(&format!("{SMALL}{keys}")).run(&["check", "s.toml"]).fails(2);
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    assert_mentions(&text, "unknown key `k19999` | 20000 errors");
}

/// Thousands of names, and as many errors about them.
#[test]
fn many_unknown_names_are_reported_soon() {
    let names = many(4000, 2000);
    let points = names.replace("count = 2\n", "count = 2\ndistribution_points = [\"q1234\"]\n");
    let variants: String = (0..2000).map(|i| format!("clients.h{i}.count = 1\n")).collect();
    let variants = format!("{names}[variants.v]\n{variants}");
    let thresholds: Vec<String> = (0..2000).map(|i| format!("\"dp.q{i}.refused == 0\"")).collect();
    let thresholds = format!("thresholds = [{}]\n{names}", thresholds.join(", "));
    for scenario in [points, variants, thresholds] {
        let desk = Desk::with(&scenario);
        let begin = Instant::now();
        let text = desk.run(&["check", "s.toml"]).fails(2);
        assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
        assert_mentions(&text, "2000 errors | did you mean | this scenario has");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_more_threads_are_started_than_there_are_cores() {
    let desk = Desk::with(ENDLESS);
    let mut running = desk.start(&["run", "s.toml", "--threads", "1024", "-q"]);
    std::thread::sleep(Duration::from_secs(1));
    let tasks = format!("/proc/{}/task", running.child().id());
    let tasks = std::fs::read_dir(tasks).expect("it runs").count();
    let cores = std::thread::available_parallelism().expect("cores").get();
    assert!(tasks <= cores + 4, "{tasks} threads on {cores} cores");
}

#[cfg(target_os = "linux")]
#[test]
fn an_input_without_an_end_is_refused() {
    let traced = ENDLESS.replace("count = 2000000\n", "").replace(
        "arrival = { kind = \"uniform\", over = \"10m\" }",
        "arrival = { kind = \"trace\", file = \"/dev/zero\" }",
    );
    let desk = Desk::with(&traced).file("r.json", "{}");
    for command in [
        &["run", "/dev/zero"][..],
        &["check", "/dev/zero"],
        &["run", "s.toml"],
        &["report", "/dev/zero"],
        &["merge", "/dev/zero"],
        &["compare", "/dev/zero", "r.json"],
    ] {
        let text = desk.start(command).ends_within(Duration::from_secs(60)).fails(2);
        assert_mentions(&text, "/dev/zero | MiB, the most that is read, or has no end");
    }
    for command in [&["run", "-"][..], &["report", "-"]] {
        let mut command = desk.command(command);
        command.stdin(std::fs::File::open("/dev/zero").expect("Linux has it"));
        let text = desk.run_command(&mut command).fails(2);
        assert_mentions(&text, "standard input | MiB, the most that is read, or has no end");
    }
}

/// 257 MiB, most of them blanks.
#[test]
fn large_results_are_read() {
    let mut text = serde_json::to_string(&small_results()).expect("results");
    text.push_str(&" ".repeat(257 << 20));
    let desk = Desk::new().file("r.json", text);
    assert!(!desk.run(&["report", "r.json"]).succeeds().is_empty());
}
