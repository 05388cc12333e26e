//! Logs: how fast they are read on one core, beside `grep`, and in how much memory.
//!
//! `grep -c` for a string that does not occur is the yardstick: it looks at every byte, and at nothing else.
//! Both take turns, so a machine that is slow for a while spoils no ratio.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Rounds; the median counts.
const ROUNDS: usize = 7;

/// The size of each log, in bytes.
const SIZE: usize = 256 << 20;

/// Writes the lines of a number.
type Lines = fn(&mut String, u64);

fn main() {
    // `cargo test --benches` passes `--test`: it wants to know that it runs, not how fast.
    let is_test = std::env::args().any(|arg| arg == "--test");
    let (rounds, size) = if is_test { (1, 1 << 20) } else { (ROUNDS, SIZE) };
    let directory = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let kinds: [(&str, Lines); 2] = [("SMSAPM32", sms), ("access", access)];
    for (kind, lines) in kinds {
        let path = directory.path().join(format!("{kind}.log"));
        write(&path, size, lines);
        let megabytes = fs::metadata(&path).map_or(0, |there| there.len()) as f64 / 1e6;
        let (mut own, mut grep, mut most) = (Vec::new(), Vec::new(), 0);
        for _ in 0..rounds {
            let (took, memory) = distpoint(&path);
            own.push(took);
            most = most.max(memory);
            grep.extend(grep_for_nothing(&path));
        }
        let own = megabytes / median(own);
        println!(
            "{kind} log of {megabytes:.0} MB: {own:.0} MB/s on one core (wanted: at least 300)"
        );
        if !grep.is_empty() {
            let grep = megabytes / median(grep);
            println!("  grep: {grep:.0} MB/s, {:.1} times as fast", grep / own);
        }
        if most > 0 {
            println!("  memory: {:.0} MB (wanted: below 64)", most as f64 / 1000.0);
        }
    }
}

/// A log of about `size` bytes: `lines` writes some of them for each number.
fn write(path: &Path, size: usize, lines: Lines) {
    let file = File::create(path).unwrap_or_else(|error| panic!("{error}"));
    let (mut file, mut text) = (BufWriter::new(file), String::new());
    let (mut written, mut number) = (0, 0);
    while written < size {
        text.clear();
        (0..1000).for_each(|_| {
            lines(&mut text, number);
            number += 1;
        });
        file.write_all(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        written += text.len();
    }
    file.flush().unwrap_or_else(|error| panic!("{error}"));
}

/// A refused attempt among messages of another thread, ten minutes after the one before.
fn sms(text: &mut String, number: u64) {
    let minutes = number * 10;
    let (day, hour, minute) = (1 + minutes / 1440 % 28, minutes / 60 % 24, minutes % 60);
    let mut line = |component: &str, message: &str, thread: u64| {
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "  {component:<12}: {message}~  $$<APM><Mon Jun {day:02} {hour:02}:{minute:02}:10.804 2000>\
             <thread={thread} (0x{thread:X})>"
        );
    };
    line(
        "SCHED DATA",
        "Return code = 0x47; No more connections can be made to this remote computer at this time because there \
         are already as many connections as the computer can accept.~~; Could not enable program 'setup.exe'.",
        1512,
    );
    line("IPC PIPE", "HANDLE 0x234 IPC Close Event signaled SMS_CLIENT_EVENT_PEA32_CLOSE", 532);
    line("IPC PIPE", "---> Client has disconnected. Shutting down this IPC thread. <--", 532);
    let program = format!("program Setup {} in package Office", number % 5);
    line("SCHED DATA", &format!("Handling an error condition (0x47) for {program}."), 1512);
    line("SCHED DATA", "The error requires that some type of reschedule action be taken.", 1512);
    line("SCHEDULER", "The monitor has indicated that a countdown dialog is not required.", 1512);
}

/// A request of nginx, of which one in 50 is refused.
fn access(text: &mut String, number: u64) {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let second = number / 200;
    let (hour, minute, of_minute) = (second / 3600 % 24, second / 60 % 60, second % 60);
    let (status, took) = if mixed.is_multiple_of(50) { (503, 0) } else { (200, mixed % 900) };
    // Writing into a string cannot fail.
    let _ = writeln!(
        text,
        "10.0.{}.{} - - [16/Nov/2023:{hour:02}:{minute:02}:{of_minute:02} +0000] \"GET /packages/{}/setup.cab \
         HTTP/1.1\" {status} {} \"-\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\" 0.{took:03}",
        mixed >> 8 & 0xff,
        mixed & 0xff,
        mixed % 97,
        mixed % 100_000,
    );
}

/// How long the program takes, in seconds, and the most memory that it was seen to use, in kB.
fn distpoint(path: &Path) -> (f64, u64) {
    let start = Instant::now();
    let child = Command::new(env!("CARGO_BIN_EXE_distpoint"))
        .arg("log")
        .arg(path)
        .stdout(Stdio::null())
        .spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{error}"));
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        let ended = child.try_wait().unwrap_or_else(|error| panic!("{error}"));
        if let Some(ended) = ended {
            assert!(ended.success(), "{ended}");
            return (start.elapsed().as_secs_f64(), most);
        }
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.split_whitespace().next()?.parse().ok());
        most = most.max(peak.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// How long `grep` takes, in seconds; `None` where there is none.
fn grep_for_nothing(path: &Path) -> Option<f64> {
    let start = Instant::now();
    let mut grep = Command::new("grep");
    grep.args(["-c", "no such words"]).arg(path).stdout(Stdio::null());
    grep.status().ok()?;
    Some(start.elapsed().as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
