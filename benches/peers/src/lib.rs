//! What the contenders have in common: the inputs that all of them play, and what they report.

use std::fs;
use std::io::{BufReader, Read, Write};

use distpoint::scenario::{Origin, Scenario, load};
use serde::{Deserialize, Serialize};

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
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Totals {
    pub attempts: u64,
    /// The sum over all clients of the time from arrival to completion, in ms.
    pub completion: u64,
    /// When the last client completes, in ms.
    pub end: u64,
}

impl Inputs {
    /// Reads the file that the first argument names: numbers of 8 bytes each, the limit, the number of clients, and
    /// then an arrival and a transfer each.
    pub fn read() -> Inputs {
        let path = std::env::args().nth(1).expect("the name of the file with the inputs");
        let mut file = BufReader::new(fs::File::open(path).expect("a file"));
        let mut number = || {
            let mut bytes = [0; 8];
            file.read_exact(&mut bytes).expect("a number");
            u64::from_le_bytes(bytes)
        };
        let (limit, clients) = (number() as usize, number() as usize);
        // Of the right size at once: what is let go of would be memory that a contender seems not to need.
        let mut inputs = Inputs {
            limit,
            arrivals: Vec::with_capacity(clients),
            transfers: Vec::with_capacity(clients),
        };
        for _ in 0..clients {
            inputs.arrivals.push(number());
            inputs.transfers.push(number());
        }
        inputs
    }

    /// Writes such a file.
    pub fn write(&self, mut to: impl Write) -> std::io::Result<()> {
        let mut number = |number: u64| to.write_all(&number.to_le_bytes());
        number(self.limit as u64)?;
        number(self.arrivals.len() as u64)?;
        for (&arrival, &transfer) in self.arrivals.iter().zip(&self.transfers) {
            number(arrival)?;
            number(transfer)?;
        }
        Ok(())
    }
}

impl Totals {
    /// A client that arrived at `arrival` completes at `end`.
    pub fn complete(&mut self, arrival: u64, end: u64) {
        self.completion += end - arrival;
        self.end = self.end.max(end);
    }
}

/// The storm as a scenario.
pub fn scenario(clients: usize, limit: usize) -> Scenario {
    let text = format!(
        "name = \"storm\"\nhorizon = \"3650d\"\n\
         distribution_points.A.connection_limit = {limit}\n\
         [clients.g]\ncount = {clients}\n\
         arrival = {{ kind = \"uniform\", over = \"10m\" }}\n\
         transfer = {{ kind = \"lognormal\", median = \"2m\", sigma = 0.5 }}\n\
         retry = {{ policy = \"fixed\", interval = \"{RETRY}ms\" }}\n"
    );
    let loaded = load(Origin::Text { name: "storm", text: &text }, &[]);
    loaded.unwrap_or_else(|error| panic!("{error}")).base
}

/// Simulates, and prints what came of it, the processor time in seconds, and by how much the peak of memory is above
/// what there was before, in KiB.
pub fn measure(simulate: impl FnOnce() -> Totals) {
    let (memory, time) = (kib("VmRSS:"), processor());
    let totals = simulate();
    let seconds = processor() - time;
    let Totals { attempts, completion, end } = totals;
    println!("{attempts} {completion} {end} {seconds} {}", kib("VmHWM:") as i64 - memory as i64);
}

/// The processor time of all threads of this process so far, in seconds.
fn processor() -> f64 {
    // The system counts up to the last time that it looked at the thread.
    std::thread::yield_now();
    let tasks = fs::read_dir("/proc/self/task").expect("Linux lists threads").flatten();
    let of = |task: fs::DirEntry| -> Option<f64> {
        let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    };
    tasks.filter_map(of).sum::<f64>() / 1e9
}

/// An amount of memory of this process that Linux reports, in KiB.
fn kib(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux reports memory");
    let line = status.lines().find(|line| line.starts_with(name)).expect("it is reported");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
