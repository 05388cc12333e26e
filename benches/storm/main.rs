//! The storm: N clients arrive uniformly within 10 minutes at a limit of C, hold lognormal(median
//! 2 min, sigma 0.5), and retry every 10 minutes until all are done.
//!
//! Simulated by the event engine with the standard observers, by the hand-written floor, and (at the
//! two smaller sizes) by the tokio world. Absolute times mean little on a shared machine, so the
//! figures are ratios from rounds in which the contenders take turns.

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
/// What is wanted; with `DISTPOINT_BENCH_STRICT` set, less is a failure.
const LEAST_OF_FLOOR: f64 = 0.35;
const LEAST_TIMES_TOKIO: f64 = 30.0;
const MOST_BYTES: f64 = 160.0;
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
fn storm(clients: u32, limit: u32) -> Scenario {
    let text = format!(
        "name = \"storm\"
        horizon = \"3650d\"
        [distribution_points.A]
        connection_limit = {limit}
        [clients.g]
        count = {clients}
        release = \"sms-2.0-sp3\"
        arrival = {{ kind = \"uniform\", over = \"10m\" }}
        transfer = {{ kind = \"lognormal\", median = \"2m\", sigma = 0.5 }}"
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

    fn simulate(&self, limit: u32) -> floor::Totals {
        floor::storm(&self.arrivals, &self.transfers, limit, 600_000)
    }
}

/// Fails unless the engine and the floor do the same in every job.
fn check_that_all_agree() {
    for (clients, limit) in JOBS {
        let scenario = storm(clients, limit);
        let replication = scenario.replication(0);
        check(
            &simulate_events(&replication),
            &Inputs::of(&replication).simulate(limit),
            &replication,
        );
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

/// Prints the table; returns whether all that is wanted is met.
fn print_table() -> bool {
    let mut misses = Vec::new();
    println!("\nThe storm: medians of {ROUNDS} rounds in which the contenders take turns");
    println!(
        "{:>9} {:>12} {:>10} {:>10} {:>10} {:>12} {:>12}",
        "clients", "events", "events M/s", "floor M/s", "tokio M/s", "of the floor", "times tokio"
    );
    for (clients, limit) in JOBS {
        let scenario = storm(clients, limit);
        let replication = scenario.replication(0);
        let inputs = Inputs::of(&replication);
        let events = simulate_events(&replication).events();
        let with_tokio = clients <= TOKIO_CLIENTS;
        let rounds = if clients > TOKIO_CLIENTS { 5 } else { ROUNDS };
        let (mut ours, mut floors, mut tokios) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..rounds {
            ours.push(seconds(|| simulate_events(&replication)));
            floors.push(seconds(|| inputs.simulate(limit)));
            // Tokio is so slow that three rounds take longer than all the rest.
            if with_tokio && round < 3 {
                tokios.push(seconds(|| simulate_tokio(&scenario)));
            }
        }
        let ratio = |others: &[f64]| median(others.iter().zip(&ours).map(|(o, us)| o / us));
        let rate = |times: &[f64]| events as f64 / median(times.iter().copied()) / 1e6;
        let tokio = |text: String| if with_tokio { text } else { "-".to_owned() };
        let mut missed = |what: &str, ratio: f64, least: f64| {
            if ratio < least {
                misses.push(format!("{clients} clients: {what} {ratio:.2}, not {least}"));
            }
        };
        missed("of the floor", ratio(&floors), LEAST_OF_FLOOR);
        if with_tokio {
            missed("times tokio", ratio(&tokios), LEAST_TIMES_TOKIO);
        }
        println!(
            "{clients:>9} {events:>12} {:>10.1} {:>10.1} {:>10} {:>12.2} {:>12}",
            rate(&ours),
            rate(&floors),
            tokio(format!("{:.2}", rate(&tokios))),
            ratio(&floors),
            tokio(format!("{:.0}", ratio(&tokios))),
        );
    }
    let (clients, limit) = JOBS[2];
    match memory::bytes_per_client(clients, limit) {
        Some(bytes) => {
            println!("peak memory at {clients} clients: {bytes:.0} bytes per client");
            if bytes > MOST_BYTES {
                misses.push(format!("{bytes:.0} bytes per client, not {MOST_BYTES:.0}"));
            }
        }
        None => println!("peak memory: this system does not report it"),
    }
    println!(
        "wanted: {LEAST_OF_FLOOR} of the floor, {LEAST_TIMES_TOKIO} times tokio, at most \
         {MOST_BYTES} bytes per client: {}",
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
