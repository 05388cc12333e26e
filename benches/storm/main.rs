//! The storm: N clients arrive uniformly within 10 minutes at a limit of C, hold lognormal(median
//! 2 min, sigma 0.5), and retry every 10 minutes until all are done.
//!
//! Simulated by the event engine with the standard observers, by two hand-written floors, and (at the
//! two smaller sizes) by the tokio world. Then the same with a jitter, which leaves no attempt out, and with a
//! tenth of the connections, which takes ten times the attempts. Absolute times mean little on a shared machine,
//! so the figures are ratios from rounds in which the contenders take turns.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod floor;
mod memory;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use distpoint::engine::{event_engine, tokio_engine};
use distpoint::model::{Replication, Time};
use distpoint::scenario::{Origin, Scenario, load};
use distpoint::stats::{RunStatistics, Standard};

/// Clients and connection limit of each job.
const JOBS: [(u32, u32); 3] = [(10_000, 50), (100_000, 200), (1_000_000, 1000)];
/// The most clients with which tokio takes part.
const TOKIO_CLIENTS: u32 = 100_000;
/// What is wanted; with `DISTPOINT_BENCH_STRICT` set, less is a failure. Of the floor with a queue and a heap, at
/// each size:
const LEAST_OF_FIFO: [f64; 3] = [1.0, 2.0, 1.5];
/// With a jitter each attempt is simulated: of the floor with a calendar, which has no jitter, for each attempt
/// what it was before retries were skipped.
const LEAST_WITH_JITTER: f64 = 0.1;
const LEAST_TIMES_TOKIO: f64 = 150.0;
/// The time at a tenth of the limit, of that at the limit.
const MOST_OF_TENTH: f64 = 2.0;
const MOST_BYTES: f64 = 110.0;
/// Rounds for the table; the median of their ratios counts.
const ROUNDS: usize = 9;

fn main() {
    // Asked by name, this program is the process whose memory is measured.
    if memory::is_measured_process() {
        return memory::simulate();
    }
    check_that_all_agree();
    // `cargo test --benches` passes `--test`: it wants to know that it runs, not how fast.
    if !std::env::args().any(|arg| arg == "--test" || arg == "--list") {
        let met = print_table();
        assert!(met || std::env::var_os("DISTPOINT_BENCH_STRICT").is_none(), "not fast enough");
    }
}

/// The job as a scenario.
fn storm(clients: u32, limit: u32, jitter: &str) -> Scenario {
    let text = format!(
        "name = \"storm\"
        horizon = \"3650d\"
        [distribution_points.A]
        connection_limit = {limit}
        [clients.g]
        count = {clients}
        release = \"sms-2.0-sp3\"
        arrival = {{ kind = \"uniform\", over = \"10m\" }}
        transfer = {{ kind = \"lognormal\", median = \"2m\", sigma = 0.5 }}
        retry = {{ policy = \"fixed\", interval = \"10m\", jitter = \"{jitter}\" }}"
    );
    let loaded = load(Origin::Text { name: "storm", text: &text }, &[]);
    loaded.unwrap_or_else(|error| panic!("{error}")).base
}

fn simulate_events(replication: &Replication<'_>) -> RunStatistics {
    let stop = AtomicBool::new(false);
    let observer = event_engine::run(replication, Standard::new(replication), &stop);
    observer.finish(replication.horizon)
}

fn simulate_tokio(scenario: &Scenario) -> RunStatistics {
    // Tokio's timers reach two years, which the storm does not need.
    let mut scenario = scenario.clone();
    scenario.horizon = tokio_engine::MAX_HORIZON;
    let replication = scenario.replication(0);
    let stop = Arc::new(AtomicBool::new(false));
    let observer = tokio_engine::run(&replication, Standard::new(&replication), &stop);
    observer.expect("tokio starts").finish(replication.horizon)
}

/// The same inputs for the floor: arrivals ascending, and the transfers of those clients.
struct Inputs {
    arrivals: Vec<u64>,
    transfers: Vec<u64>,
}

impl Inputs {
    fn of(replication: &Replication<'_>) -> Inputs {
        let newcomers = replication.newcomers();
        let group = &replication.groups[0];
        let transfer = |index| group.group.transfer.duration(index, &group.streams).as_millis();
        Inputs {
            arrivals: newcomers.iter().map(|client| client.at.as_millis()).collect(),
            transfers: newcomers.iter().map(|client| transfer(client.index)).collect(),
        }
    }

    fn calendar(&self, limit: u32) -> floor::Totals {
        floor::calendar(&self.arrivals, &self.transfers, limit, 600_000)
    }

    fn fifo(&self, limit: u32) -> floor::Totals {
        floor::fifo(&self.arrivals, &self.transfers, limit, 600_000)
    }
}

/// Fails unless the engine and the floors do the same in every job.
fn check_that_all_agree() {
    for (clients, limit) in JOBS {
        let scenario = storm(clients, limit, "0s");
        let replication = scenario.replication(0);
        let inputs = Inputs::of(&replication);
        let run = simulate_events(&replication);
        check(&run, &inputs.calendar(limit), &replication);
        check(&run, &inputs.fifo(limit), &replication);
    }
}

/// The floor simulates the very same events, or it is no floor.
fn check(run: &RunStatistics, floor: &floor::Totals, replication: &Replication<'_>) {
    let point = &run.points[0];
    let completions = run.groups[0].completions.sorted();
    let same = floor::Totals {
        attempts: point.attempts(),
        refused: point.refused,
        completion_sum: completions.iter().map(|&millis| u128::from(millis)).sum(),
        makespan: run.makespan.map_or(0, |span| span.as_millis()),
    };
    assert_eq!(&same, floor, "{:?}", Time::ZERO.max(replication.horizon));
}

/// Prints the tables; returns whether all that is wanted is met.
fn print_table() -> bool {
    let mut misses = Vec::new();
    let mut missed = |what: String, ratio: f64, least: f64| {
        if ratio < least {
            misses.push(format!("{what} {ratio:.2}, not {least}"));
        }
    };
    println!("\nThe storm: medians of {ROUNDS} rounds in which the contenders take turns\n");
    println!(
        "{:>9} {:>6} {:>12} {:>11} {:>17} {:>15} {:>12} {:>15}",
        "clients",
        "limit",
        "attempts",
        "ours M/s",
        "of queue + heap",
        "of the calendar",
        "times tokio",
        "jitter, of cal."
    );
    for ((clients, limit), least) in JOBS.into_iter().zip(LEAST_OF_FIFO) {
        let scenario = storm(clients, limit, "0s");
        let replication = scenario.replication(0);
        let inputs = Inputs::of(&replication);
        let jitter = storm(clients, limit, "20%");
        let jitter = jitter.replication(0);
        let attempts = simulate_events(&replication).points[0].attempts();
        let of_jitter = simulate_events(&jitter).points[0].attempts();
        let rounds = if clients > TOKIO_CLIENTS { 5 } else { ROUNDS };
        let mut times: [Vec<f64>; 5] = Default::default();
        for round in 0..rounds {
            times[0].push(seconds(|| simulate_events(&replication)));
            times[1].push(seconds(|| inputs.fifo(limit)));
            times[2].push(seconds(|| inputs.calendar(limit)));
            times[3].push(seconds(|| simulate_events(&jitter)));
            // Tokio is so slow that two rounds take longer than all the rest.
            if clients <= TOKIO_CLIENTS && round < 2 {
                times[4].push(seconds(|| simulate_tokio(&scenario)));
            }
        }
        let [ours, fifo, calendar, jitter, tokio] = &times;
        let ratio =
            |others: &[f64], us: &[f64]| median(others.iter().zip(us).map(|(o, us)| o / us));
        // For each attempt, as there are a few more or fewer.
        let with_jitter = ratio(calendar, jitter) * of_jitter as f64 / attempts as f64;
        missed(format!("{clients} clients: of queue and heap"), ratio(fifo, ours), least);
        missed(format!("{clients} clients: with jitter"), with_jitter, LEAST_WITH_JITTER);
        if !tokio.is_empty() {
            missed(
                format!("{clients} clients: times tokio"),
                ratio(tokio, ours),
                LEAST_TIMES_TOKIO,
            );
        }
        println!(
            "{clients:>9} {limit:>6} {attempts:>12} {:>11.0} {:>17.2} {:>15.2} {:>12} {with_jitter:>15.2}",
            attempts as f64 / median(ours.iter().copied()) / 1e6,
            ratio(fifo, ours),
            ratio(calendar, ours),
            if tokio.is_empty() { "-".to_owned() } else { format!("{:.0}", ratio(tokio, ours)) },
        );
    }
    let (clients, limit) = JOBS[2];
    let [wide, narrow] = [limit, limit / 10].map(|limit| storm(clients, limit, "0s"));
    let times = (0..3).map(|_| {
        let time = |scenario: &Scenario| seconds(|| simulate_events(&scenario.replication(0)));
        time(&narrow) / time(&wide)
    });
    let tenth = median(times);
    println!("\n{clients} clients at a tenth of the limit take {tenth:.2} times as long");
    missed("a tenth of the limit: times as fast as allowed".to_owned(), MOST_OF_TENTH / tenth, 1.0);
    match memory::bytes_per_client(clients, limit) {
        Some(bytes) => {
            println!("peak memory at {clients} clients: {bytes:.0} bytes per client");
            missed("bytes: of what is allowed".to_owned(), MOST_BYTES / bytes, 1.0);
        }
        None => println!("peak memory: this system does not report it"),
    }
    println!(
        "wanted of the queue and the heap: {LEAST_OF_FIFO:?}; times tokio: {LEAST_TIMES_TOKIO}; a tenth of the \
         limit: at most {MOST_OF_TENTH} times; at most {MOST_BYTES} bytes per client: {}",
        if misses.is_empty() { "all met".to_owned() } else { misses.join("; ") }
    );
    misses.is_empty()
}

fn seconds<T>(simulate: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    black_box(simulate());
    start.elapsed().as_secs_f64()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
