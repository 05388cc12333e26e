//! Processes that are measured: this program again, asked to simulate a scenario.

use std::process::{Command, Stdio};
use std::time::Instant;

use distpoint::scenario::{Origin, load};
use distpoint::study::{self, Options};

const SCENARIO: &str = "DISTPOINT_BENCH_SCENARIO";
const REPLICATIONS: &str = "DISTPOINT_BENCH_REPLICATIONS";

/// What a process took.
pub struct Measured {
    /// In seconds, without the start of the process.
    pub wall: f64,
    /// Of all threads, in seconds, without the start either.
    pub processor: f64,
    /// Its peak memory.
    pub bytes: f64,
    pub clients: f64,
    pub attempts: f64,
    /// Of these, not simulated one by one.
    pub skipped: f64,
}

/// Whether this process is one that is measured.
pub fn is_measured() -> bool {
    std::env::var_os(SCENARIO).is_some()
}

/// Simulates `scenario` in a process of its own.
pub fn measure(scenario: &str, replications: u64, threads: usize) -> Measured {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program)
        .env(SCENARIO, scenario)
        .env(REPLICATIONS, replications.to_string())
        .env("RAYON_NUM_THREADS", threads.to_string())
        .stderr(Stdio::inherit())
        .output()
        .expect("it starts");
    let text = String::from_utf8(output.stdout).expect("text");
    let values: Vec<f64> =
        text.split_whitespace().map(|value| value.parse().expect("a number")).collect();
    let [wall, processor, bytes, clients, attempts, skipped] = values[..] else {
        panic!("it printed {text:?}");
    };
    Measured { wall, processor, bytes, clients, attempts, skipped }
}

/// Simulates the scenario that the environment has and prints what it took.
pub fn simulate() {
    use rayon::prelude::*;

    let text = std::env::var(SCENARIO).unwrap_or_default();
    let replications: u64 = std::env::var(REPLICATIONS).map_or(1, |it| it.parse().expect("number"));
    let loaded = load(Origin::Text { name: "scale", text: &text }, &[]);
    let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
    let (before, start) = (processor(), Instant::now());
    let runs: Vec<(usize, u64)> = (0..replications)
        .flat_map(|replication| {
            (0..loaded.variants.len()).map(move |variant| (variant, replication))
        })
        .collect();
    let all = runs.into_par_iter().map(|(variant, replication)| {
        let scenario = &loaded.variants[variant].scenario;
        let run = study::simulate(scenario, replication, &Options::default());
        let run = run.unwrap_or_else(|error| panic!("{error}"));
        let arrived: u64 = run.groups.iter().map(|group| group.arrived).sum();
        let attempts: u64 = run.points.iter().map(|point| point.attempts()).sum();
        [arrived, attempts, run.skipped]
    });
    let sum = |one: [u64; 3], other: [u64; 3]| [0, 1, 2].map(|i| one[i] + other[i]);
    let [clients, attempts, skipped] = all.reduce(|| [0; 3], sum);
    let wall = start.elapsed().as_secs_f64();
    let spent = processor() - before;
    println!("{wall} {spent} {} {clients} {attempts} {skipped}", peak_bytes());
}

/// The processor time of this process so far, in seconds; 0 where the system does not report it.
fn processor() -> f64 {
    // The system counts up to the last time that it looked at the thread.
    std::thread::yield_now();
    // In nanoseconds, of each thread that still runs.
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of = |task: std::fs::DirEntry| -> Option<f64> {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    };
    tasks.filter_map(of).sum::<f64>() / 1e9
}

/// Linux keeps the high-water mark of a process's resident memory.
fn peak_bytes() -> u64 {
    let kib = || {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    kib().unwrap_or(0) * 1024
}
