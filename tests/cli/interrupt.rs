//! Ctrl-C and the other signals that ask the program to end.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::{ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value::Null;

use crate::harness::{Desk, ENDLESS, Running, SMALL, assert_mentions};

/// Starts a run of hours, presses Ctrl-C after `delay` of simulation, and looks at how it ends.
#[track_caller]
fn interrupted(desk: &Desk, delay: Duration, options: &[&str]) {
    let arguments: Vec<&str> =
        ["run", "s.toml", "-v", "-o", "r.json"].iter().chain(options).copied().collect();
    let before = desk.listing();
    let mut running = desk.start(&arguments);
    let stderr = wait_for("simulating", &mut running);
    std::thread::sleep(delay);
    let pressed = Instant::now();
    send("-INT", running.child().id());
    let ended = running.ends_within(Duration::from_secs(1));
    assert!(pressed.elapsed() < Duration::from_secs(1));
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(130), ""));
    let last = stderr.lines().last().expect("a line").expect("text");
    assert_eq!(last, "error: interrupted");
    assert_eq!(desk.listing(), before, "a file is left");
}

fn endless() -> Desk {
    Desk::with(ENDLESS)
}

#[test]
fn it_ends_within_a_second_and_leaves_no_file() {
    interrupted(&endless(), Duration::from_millis(500), &[]);
}

#[test]
fn it_ends_while_the_clients_are_being_set_up() {
    interrupted(&endless(), Duration::ZERO, &[]);
}

#[test]
fn the_file_that_was_there_stays_as_it_was() {
    let desk = endless().file("r.json", "old");
    interrupted(&desk, Duration::from_millis(500), &["--format", "json"]);
    assert_eq!(desk.read("r.json"), "old");
}

#[test]
fn tokio_ends_within_a_second_too() {
    let desk = endless().file("r.json", "old");
    interrupted(&desk, Duration::from_millis(500), &["--engine", "tokio"]);
    assert_eq!(desk.read("r.json"), "old");
}

/// Starts a study that would take hours of many short runs, presses Ctrl-C when some are complete,
/// and gives what it leaves behind: the results in `r.json`, and its last line on standard error.
#[track_caller]
fn kept(arguments: &[&str]) -> (serde_json::Value, String) {
    // A busy machine needs longer than an idle one until every variant or value has been run.
    for seconds in [1.5, 6.0, 24.0] {
        let (text, last) = interrupted_after(Duration::from_secs_f64(seconds), arguments);
        if text != "old" {
            return (serde_json::from_str(&text).expect("the file is whole"), last);
        }
    }
    panic!("nothing was kept");
}

/// The text of `r.json`, which was `old`, and the last line on standard error after an interrupted
/// study.
#[track_caller]
fn interrupted_after(delay: Duration, arguments: &[&str]) -> (String, String) {
    let desk = Desk::with(SMALL).file("r.json", "old");
    let before = desk.listing();
    let more = ["-o", "r.json", "--threads", "2"];
    let mut running = desk.start(&[arguments, &more[..]].concat());
    std::thread::sleep(delay);
    send("-INT", running.child().id());
    let ended = running.ends_within(Duration::from_secs(5));
    assert_eq!(ended.code, Some(130), "{}", ended.stderr);
    assert_eq!(desk.listing(), before, "another file is left");
    (desk.read("r.json"), ended.stderr.lines().last().expect("a line").replace(',', ""))
}

#[test]
fn a_long_run_keeps_its_complete_replications() {
    let (results, last) = kept(&["run", "s.toml", "-n", "10000000"]);
    let complete = results["replications"].as_u64().expect("a number");
    assert!(complete > 0);
    assert_mentions(&last, &format!("interrupted | {complete}"));
}

/// Starts a study of many short runs, sends it `signal`, and gives its exit code, its last line on
/// standard error, and a report of what it leaves behind.
#[track_caller]
fn stopped_by(signal: &str, report: &str) -> (Option<i32>, String, String) {
    let desk = Desk::with(SMALL);
    for seconds in [1.5, 6.0, 24.0] {
        let output = ["-o", report, "-o", "r.json"];
        let mut running = desk
            .start(&[&["run", "s.toml", "-n", "10000000", "--threads", "2"][..], &output].concat());
        std::thread::sleep(Duration::from_secs_f64(seconds));
        send(signal, running.child().id());
        let ended = running.ends_within(Duration::from_secs(5));
        if desk.path(report).exists() {
            let last = ended.stderr.lines().last().expect("a line").to_owned();
            return (ended.code, last, desk.read(report));
        }
    }
    panic!("nothing was kept");
}

fn send(signal: &str, process: u32) {
    let process = process.to_string();
    assert!(Command::new("kill").args([signal, &process]).status().expect("kill").success());
}

fn is_hang_up_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 != 0)
}

#[cfg(target_os = "linux")]
#[test]
fn under_nohup_a_hang_up_ends_nothing() {
    let desk = Desk::with(ENDLESS);
    let program = env!("CARGO_BIN_EXE_distpoint");
    let mut command = Command::new("nohup");
    command.args([program, "run", "s.toml", "-q"]).current_dir(desk.path("."));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("nohup");
    std::thread::sleep(Duration::from_secs(1));
    send("-HUP", child.id());
    std::thread::sleep(Duration::from_secs(1));
    assert!(child.try_wait().expect("a child").is_none(), "it ended");
    send("-TERM", child.id());
    assert_eq!(child.wait().expect("it ends").code(), Some(143));
}

#[test]
fn each_signal_has_its_exit_code_and_keeps_what_is_complete() {
    let all = [("-TERM", 143, "terminated"), ("-HUP", 129, "hung up")];
    // Under `nohup` SIGHUP is ignored, by the program as well.
    for (signal, code, word) in &all[..if is_hang_up_ignored() { 1 } else { 2 }] {
        let (ended, last, _) = stopped_by(signal, "r.txt");
        assert_eq!(ended, Some(*code), "{signal}");
        assert_mentions(&last, &format!("{word} | complete replications"));
    }
}

#[test]
fn every_report_of_an_interrupted_study_says_so() {
    let (_, _, junit) = stopped_by("-INT", "r.xml");
    assert!(junit.contains("type=\"interrupted\""), "{junit}");
    let (code, _, text) = stopped_by("-INT", "r.txt");
    assert_eq!(code, Some(130));
    assert_mentions(&text, "The study was interrupted | complete replications");
}

/// Waits until the program reports `text` on standard error.
fn wait_for(text: &str, running: &mut Running) -> BufReader<ChildStderr> {
    let mut stderr = BufReader::new(running.child().stderr.take().expect("a pipe"));
    let mut line = String::new();
    while !line.contains(text) {
        line.clear();
        assert_ne!(stderr.read_line(&mut line).expect("text"), 0, "it ended");
    }
    stderr
}

#[test]
fn a_study_is_kept_when_a_signal_comes_while_its_findings_are_prepared() {
    let text = SMALL.replace("count = 100", "count = 8000");
    let desk = Desk::with(&text.replace("horizon = \"1d\"", "horizon = \"365d\""));
    // With jitter each retry is simulated, so the changes take a while.
    let jitter = "clients.office.retry={ policy = 'fixed', interval = '10m', jitter = '10%' }";
    let mut running = desk.start(&["run", "s.toml", "-v", "-o", "r.json", "--set", jitter]);
    let stderr = wait_for("simulating the changes", &mut running);
    send("-INT", running.child().id());
    let ended = running.ends_within(Duration::from_secs(20));
    assert_eq!(ended.code, Some(130));
    let last = stderr.lines().last().expect("a line").expect("text");
    assert_mentions(&last, "interrupted: the study is complete | findings");
    assert!(ended.stdout.starts_with("A small storm"), "{}", ended.stdout);
    let results: serde_json::Value = serde_json::from_str(&desk.read("r.json")).expect("JSON");
    assert_eq!(results["interrupted"], Null);
    assert!(!results["findings"].as_array().expect("findings").is_empty());
}

/// Nobody reads the pipe, so the program waits until the signal comes.
#[test]
fn a_signal_ends_a_write_to_a_pipe_that_nobody_reads() {
    let desk = Desk::with(SMALL);
    let pipe = desk.path("r.txt");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let mut running = desk.start(&["run", "s.toml", "-o", "r.txt", "-o", "r.json"]);
    let begin = Instant::now();
    while !desk.path("r.json").exists() {
        assert!(begin.elapsed() < Duration::from_secs(60), "the file is not written");
        std::thread::sleep(Duration::from_millis(20));
    }
    send("-TERM", running.child().id());
    let ended = running.ends_within(Duration::from_secs(5));
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(143), "error: terminated\n"));
}

#[test]
fn a_long_sweep_keeps_the_same_replications_of_each_point() {
    let vary = "distribution_points.*.connection_limit=5,10,15";
    let (results, last) = kept(&["sweep", "s.toml", "--vary", vary, "-n", "10000000"]);
    let complete = results["replications"].as_u64().expect("a number");
    assert!(complete > 0);
    assert_mentions(&last, &format!("interrupted | {complete}"));
    assert_eq!(results["variants"].as_array().expect("variants").len(), 3);
}

#[test]
fn a_long_search_keeps_what_it_has_simulated_and_has_no_answer() {
    // Seeds differ by luck only, and so few clients strand that it takes very many runs to be sure of that.
    let size = ["size", "s.toml", "--vary", "seed=1..3", "--minimise", "stranded"];
    let rare = ["--set", "clients.office.misreport_probability=0.001"];
    let buggy = ["--set", "clients.office.release=sms-2.0-sp2"];
    let long = ["--max-replications", "10000000", "--confidence", "99.9999%"];
    let (results, last) = kept(&[&size[..], &rare, &buggy, &long].concat());
    let sizing = &results["sizing"];
    assert_eq!((&sizing["chosen"], &sizing["verdict"]), (&Null, &"inconclusive".into()));
    assert_eq!(sizing["interrupted"], true);
    let runs = sizing["evaluated"].as_array().expect("values").iter();
    let runs: u64 = runs.map(|value| value["replications"].as_u64().expect("a number")).sum();
    assert_mentions(&last, &format!("interrupted | {runs}"));
}
