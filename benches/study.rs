//! Studies: how much faster they are on two cores, and what a search costs in runs.
//!
//! All are ratios of times taken in turns, so a machine that is slow for a while spoils none. Where
//! others use the cores, two threads do not get two of them: the processor time then shows what the
//! second thread costs.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::hint::black_box;
use std::time::Instant;

use distpoint::scenario::{Axis, Builtin, Loaded, Origin, Target, grid, load, load_grid};
use distpoint::study::{Options, Replications, Search, SearchRange, run, size};

/// Rounds; the median of their ratios counts.
const ROUNDS: usize = 9;

fn main() {
    // `cargo test --benches` passes `--test`: it wants to know that it runs, not how fast.
    let rounds = if std::env::args().any(|arg| arg == "--test") { 1 } else { ROUNDS };
    let q268500 = Builtin::named("q268500").map(|builtin| builtin.text).unwrap_or_default();

    let loaded = load(Origin::Text { name: "q268500", text: q268500 }, &[]);
    let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
    // Two variants, 20 replications each: 40 units.
    let study = |threads| Took::by(|| simulate(&loaded, 20, threads));
    let pairs: Vec<[Took; 2]> = (0..2 * rounds).map(|_| [study(1), study(2)]).collect();
    let ratio = median(pairs.iter().map(|[one, two]| one.wall / two.wall));
    let best = |threads: usize| pairs.iter().map(|p| p[threads].wall).fold(f64::INFINITY, f64::min);
    println!(
        "a study of 40 units on 2 threads is {ratio:.2} times as fast as on 1 by the median, {:.2} by \
         the best of {} (wanted: 1.8)",
        best(0) / best(1),
        pairs.len()
    );
    let processor = |threads: usize| pairs.iter().filter_map(|p| p[threads].processor).sum::<f64>();
    if processor(0) > 0.0 {
        // Other programs that use the cores make the study wait, but cost it no processor time.
        println!(
            "2 threads take {:.2} of the processor time of 1 (1.00: nothing is lost but waiting)",
            processor(1) / processor(0)
        );
    }

    let cost = median((0..rounds).map(|_| {
        let single = Took::by(|| simulate(&loaded, 1, 2)).wall;
        Took::by(|| search(q268500)).wall / single
    }));
    println!(
        "sizing q268500 over 1..500 takes as long as {cost:.0} runs of it (wanted: at most 60)"
    );
}

fn simulate(loaded: &Loaded, replications: u64, threads: usize) {
    let replications = Replications::Fixed(replications);
    let options = Options { replications, threads, ..Options::default() };
    black_box(run(loaded, &options).unwrap_or_else(|error| panic!("{error}")));
}

fn search(text: &str) {
    let expression = "completion.p95 < 6h".to_owned();
    let target = Target::parse(&expression).unwrap_or_else(|error| panic!("{error:?}"));
    let range = SearchRange::parse("distribution_points.*.connection_limit=1..500");
    let range = range.unwrap_or_else(|error| panic!("{error}"));
    let search = Search {
        range,
        targets: &[(expression, target)],
        objective: None,
        largest: false,
        confidence: 0.95,
        ceiling: 1000,
    };
    let options = Options { threads: 2, ..Options::default() };
    let sized = size(&search, &options, |value| {
        let axis = Axis { key: search.range.key.clone(), values: vec![value.to_owned()] };
        let origin = Origin::Text { name: "q268500", text };
        let loaded = load_grid(origin, &[], &grid(&[axis]));
        Ok(loaded.unwrap_or_else(|error| panic!("{error}")).variants.swap_remove(0))
    });
    let sized = sized.unwrap_or_else(|error| panic!("{error}"));
    assert!(black_box(sized.sizing.chosen).is_some());
}

/// How long something took.
struct Took {
    /// In seconds.
    wall: f64,
    /// Over all threads, in ticks; `None` where the system does not report it.
    processor: Option<f64>,
}

impl Took {
    fn by(work: impl FnOnce()) -> Took {
        let (start, before) = (Instant::now(), processor());
        work();
        let wall = start.elapsed().as_secs_f64();
        Took { wall, processor: processor().zip(before).map(|(after, before)| after - before) }
    }
}

/// The processor time of this process so far, in ticks of the Linux kernel.
fn processor() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may contain blanks. User and system time are the
    // 12th and the 13th field behind it (proc_pid_stat(5)).
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    Some(fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
