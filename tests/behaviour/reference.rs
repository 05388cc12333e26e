//! A second, naive simulator of the plain case, and a trace of our own to compare on.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::harness::{assert_metrics, metric, run, scenario};

/// 300 clients: arrivals within 10 minutes and lognormal transfers, made for this test.
const TRACE: &str = include_str!("storm-300.csv");

/// Simulates one distribution point with retries every `retry` ms from a binary heap.
fn naive(clients: &[(u64, u64)], limit: usize, retry: u64) -> Vec<(u64, u64)> {
    let mut heap: BinaryHeap<Reverse<(u64, u8, usize, usize)>> = BinaryHeap::new();
    let mut order = 0;
    let mut by_arrival: Vec<usize> = (0..clients.len()).collect();
    by_arrival.sort_by_key(|&client| clients[client].0);
    for client in by_arrival {
        heap.push(Reverse((clients[client].0, 1, order, client)));
        order += 1;
    }
    let mut outcome = vec![(0, 0); clients.len()];
    let mut open = 0;
    while let Some(Reverse((now, kind, _, client))) = heap.pop() {
        let next = if kind == 0 {
            open -= 1;
            outcome[client].1 = now - clients[client].0;
            continue;
        } else if open < limit {
            open += 1;
            (now + clients[client].1, 0)
        } else {
            (now + retry, 1)
        };
        outcome[client].0 += 1;
        heap.push(Reverse((next.0, next.1, order, client)));
        order += 1;
    }
    outcome
}

fn clients() -> Vec<(u64, u64)> {
    let rows = TRACE.lines().skip(1);
    rows.map(|row| {
        let (arrival, transfer) = row.split_once(',').expect("two columns");
        (arrival.parse().expect("a number"), transfer.parse().expect("a number"))
    })
    .collect()
}

#[test]
fn a_trace_gives_what_a_naive_simulator_gives_for_every_client() {
    let clients = clients();
    let file = tempfile_with(TRACE);
    for limit in [1, 2, 5, 20, 100] {
        let scenario = scenario(&format!(
            "name = \"trace\"
            [distribution_points.A]
            connection_limit = {limit}
            [clients.g]
            arrival = {{ kind = \"trace\", file = '{path}', column = \"arrival_ms\" }}
            transfer = {{ kind = \"trace\", file = '{path}', column = \"transfer_ms\" }}",
            path = file.path().display()
        ));
        let run = run(&scenario);
        let expected = naive(&clients, limit, 600_000);
        let attempts: u64 = expected.iter().map(|(attempts, _)| attempts).sum();
        let mut completions: Vec<u64> = expected.iter().map(|(_, lasted)| *lasted).collect();
        completions.sort_unstable();
        let ends = clients.iter().zip(&expected).map(|(client, (_, lasted))| client.0 + lasted);
        let first = clients.iter().map(|client| client.0).min().expect("clients");
        let rank = |percent: usize| completions[(300 * percent).div_ceil(100) - 1] as f64;
        let max_attempts = expected.iter().map(|(attempts, _)| *attempts).max().expect("clients");
        assert_metrics(
            &run,
            &[
                ("completed", 300.0),
                ("attempts", attempts as f64),
                ("attempts.max", max_attempts as f64),
                ("makespan", (ends.max().expect("clients") - first) as f64),
                ("completion.p50", rank(50)),
                ("completion.p95", rank(95)),
                ("completion.max", rank(100)),
            ],
        );
        let observed = run.groups[0].completions.sorted();
        assert_eq!(observed, completions);
    }
}

#[test]
fn the_trace_gives_the_figures_it_gave_when_it_was_made() {
    // Computed once by a program that shares nothing with this one but the trace.
    let file = tempfile_with(TRACE);
    let scenario = scenario(&format!(
        "name = \"trace\"
        [distribution_points.A]
        connection_limit = 5
        [clients.g]
        arrival = {{ kind = \"trace\", file = '{path}', column = \"arrival_ms\" }}
        transfer = {{ kind = \"trace\", file = '{path}', column = \"transfer_ms\" }}",
        path = file.path().display()
    ));
    let run = run(&scenario);
    assert_metrics(&run, GOLDEN);
    assert_eq!(metric(&run, "refused"), metric(&run, "attempts") - 300.0);
}

const GOLDEN: &[(&str, f64)] = &[
    ("attempts", 2382.0),
    ("attempts.max", 18.0),
    ("makespan", 10889097.0),
    ("completion.mean", 4309441.183333334),
    ("completion.p50", 4296612.0),
    ("completion.p95", 9096098.0),
    ("completion.max", 10392517.0),
];

fn tempfile_with(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".csv").tempfile().expect("a temporary file");
    std::fs::write(file.path(), text).expect("it can be written");
    file
}
