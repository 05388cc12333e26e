//! Peak memory, measured in a separate process: this program again, asked to simulate one storm.

use std::process::Command;

use super::{simulate_events, storm};

const JOB: &str = "DISTPOINT_BENCH_STORM";

/// Whether this process is to simulate one storm and print its peak memory.
pub fn is_measured_process() -> bool {
    std::env::var_os(JOB).is_some()
}

/// Simulates the storm that the environment asks for and prints the process's peak memory in KiB.
pub fn simulate() {
    let job = std::env::var(JOB).unwrap_or_default();
    let (clients, limit) = job.split_once(',').expect("two numbers");
    let [clients, limit] = [clients, limit].map(|number| number.parse().expect("a number"));
    let scenario = storm(clients, limit, "0s");
    let outcome = simulate_events(&scenario.replication(0));
    std::hint::black_box(outcome);
    println!("{}", peak_kib().unwrap_or(0));
}

/// The peak memory of `clients` clients above that of a run with one, in bytes per client; `None` if
/// the system does not report it.
pub fn bytes_per_client(clients: u32, limit: u32) -> Option<f64> {
    let peak = |clients| {
        let program = std::env::current_exe().ok()?;
        let output = Command::new(program).env(JOB, format!("{clients},{limit}")).output().ok()?;
        let kib: f64 = String::from_utf8(output.stdout).ok()?.trim().parse().ok()?;
        (kib > 0.0).then_some(kib * 1024.0)
    };
    Some((peak(clients)? - peak(1)?) / f64::from(clients))
}

/// Linux keeps the high-water mark of a process's resident memory.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
