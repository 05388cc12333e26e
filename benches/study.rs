//! Studies: how much faster they are on two cores, and what a search costs in runs.
//!
//! Both are ratios of times taken in turns, so a machine that is slow for a while spoils neither.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::hint::black_box;
use std::time::Instant;

use distpoint::scenario::{
    Axis, Builtin, Loaded, Origin, Target, ValueUnit, grid, load, load_grid,
};
use distpoint::study::{Options, Replications, Search, run, size};

/// Rounds; the median of their ratios counts.
const ROUNDS: usize = 9;

fn main() {
    // `cargo test --benches` passes `--test`: it wants to know that it runs, not how fast.
    let rounds = if std::env::args().any(|arg| arg == "--test") { 1 } else { ROUNDS };
    let q268500 = Builtin::named("q268500").map(|builtin| builtin.text).unwrap_or_default();

    let loaded = load(Origin::Text { name: "q268500", text: q268500 }, &[]);
    let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
    // Two variants, 20 replications each: 40 units.
    let study = |threads| seconds(|| play(&loaded, 20, threads));
    let speedup = median((0..rounds).map(|_| {
        let one = study(1);
        one / study(2)
    }));
    println!(
        "a study of 40 units on 2 threads is {speedup:.2} times as fast as on 1 (wanted: 1.8)"
    );

    let cost = median((0..rounds).map(|_| {
        let single = seconds(|| play(&loaded, 1, 2));
        seconds(|| search(q268500)) / single
    }));
    println!(
        "sizing q268500 over 1..500 takes as long as {cost:.0} runs of it (wanted: at most 60)"
    );
}

fn play(loaded: &Loaded, replications: u64, threads: usize) {
    let replications = Replications::Fixed(replications);
    let options = Options { replications, threads, ..Options::default() };
    black_box(run(loaded, &options).unwrap_or_else(|error| panic!("{error}")));
}

fn search(text: &str) {
    let expression = "completion.p95 < 6h".to_owned();
    let target = Target::parse(&expression).unwrap_or_else(|error| panic!("{error:?}"));
    let search = Search {
        key: "distribution_points.*.connection_limit".to_owned(),
        unit: ValueUnit::Number,
        low: 1,
        high: 500,
        step: 1,
        targets: &[(expression, target)],
        objective: None,
        confidence: 0.95,
        ceiling: 1000,
    };
    let options = Options { threads: 2, ..Options::default() };
    let sized = size(&search, &options, |value| {
        let axis = Axis { key: search.key.clone(), values: vec![value.to_owned()] };
        let origin = Origin::Text { name: "q268500", text };
        let loaded = load_grid(origin, &[], &grid(&[axis]));
        Ok(loaded.unwrap_or_else(|error| panic!("{error}")).variants.swap_remove(0))
    });
    let sized = sized.unwrap_or_else(|error| panic!("{error}"));
    assert!(black_box(sized.sizing.chosen).is_some());
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
