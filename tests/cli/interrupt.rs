//! Ctrl-C.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::Desk;

/// Starts a run of hours, presses Ctrl-C after `delay` of simulation, and looks at how it ends.
#[track_caller]
fn interrupted(desk: &Desk, delay: Duration, options: &[&str]) {
    let arguments: Vec<&str> =
        ["run", "s.toml", "-v", "-o", "r.json"].iter().chain(options).copied().collect();
    let before = desk.listing();
    let mut running = desk.start(&arguments);
    let mut stderr = BufReader::new(running.child().stderr.take().expect("a pipe"));
    let mut line = String::new();
    while !line.contains("simulating") {
        line.clear();
        assert_ne!(stderr.read_line(&mut line).expect("text"), 0, "it ended");
    }
    std::thread::sleep(delay);
    let pressed = Instant::now();
    let pid = running.child().id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill").success());
    let ended = running.ends_within(Duration::from_secs(1));
    assert!(pressed.elapsed() < Duration::from_secs(1));
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(130), ""));
    let last = stderr.lines().last().expect("a line").expect("text");
    assert_eq!(last, "error: interrupted");
    assert_eq!(desk.listing(), before, "a file is left");
}

fn endless() -> Desk {
    Desk::with(include_str!("../fixtures/endless.toml"))
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
