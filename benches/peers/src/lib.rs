//! What the contenders have in common: the inputs that all of them play, and what they report.

use std::fs;
use std::time::Instant;

/// How long after a refusal a client tries again, in ms.
pub const RETRY: u64 = 600_000;

/// The clients of a storm, in order of arrival.
pub struct Inputs {
    /// How many connections there are.
    pub limit: usize,
    /// When they arrive, ascending, in ms.
    pub arrivals: Vec<u64>,
    /// How long they hold their connections, in ms.
    pub transfers: Vec<u64>,
}

/// What a simulation comes to.
#[derive(Default)]
pub struct Totals {
    pub attempts: u64,
    /// The sum over all clients of the time from arrival to completion, in ms.
    pub completion: u64,
    /// When the last client completes, in ms.
    pub end: u64,
}

impl Inputs {
    /// Reads the file that the first argument names: lines with the limit, and then an arrival and a transfer each.
    pub fn read() -> Inputs {
        let path = std::env::args().nth(1).expect("the name of the file with the inputs");
        let text = fs::read_to_string(path).expect("a file");
        let mut numbers = text.split_ascii_whitespace().map(|word| word.parse().expect("a number"));
        let limit = numbers.next().expect("the limit") as usize;
        let (mut arrivals, mut transfers) = (Vec::new(), Vec::new());
        while let (Some(arrival), Some(transfer)) = (numbers.next(), numbers.next()) {
            arrivals.push(arrival);
            transfers.push(transfer);
        }
        Inputs { limit, arrivals, transfers }
    }
}

impl Totals {
    /// A client that arrived at `arrival` completes at `end`.
    pub fn complete(&mut self, arrival: u64, end: u64) {
        self.completion += end - arrival;
        self.end = self.end.max(end);
    }
}

/// Simulates the inputs and prints what came of it, the processor time in seconds, and the peak memory in KiB.
pub fn measure(simulate: impl FnOnce(&Inputs) -> Totals) {
    let inputs = Inputs::read();
    let (before, start) = (processor(), Instant::now());
    let totals = simulate(&inputs);
    let seconds = match (before, processor()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed().as_secs_f64(),
    };
    let Totals { attempts, completion, end } = totals;
    println!("{attempts} {completion} {end} {seconds} {}", peak_kib().unwrap_or(0));
}

/// The processor time of this thread so far, in seconds, where Linux reports it.
fn processor() -> Option<f64> {
    // The system counts up to the last time that it looked at the thread.
    std::thread::yield_now();
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// Linux keeps the high-water mark of a process's resident memory.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
