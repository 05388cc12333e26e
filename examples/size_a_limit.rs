//! Find how many connections it takes: simulate a grid of limits and look where a target is met.
//!
//! ```console
//! $ cargo run --example size_a_limit
//! ```
//!
//! `distpoint size` does more: it chooses which values to simulate, and adds runs until the answer
//! is sure.

#![expect(clippy::print_stdout, reason = "an example prints its results")]

use std::error::Error;

use distpoint::scenario::{Axis, BUILTIN, Origin, grid, load_grid};
use distpoint::study::{self, Options, Replications};

/// 95% of the clients are to be done within this time, in milliseconds.
const TARGET: f64 = 4.0 * 3_600_000.0;

fn main() -> Result<(), Box<dyn Error>> {
    let (table, smallest) = answer()?;
    print!("{table}");
    match smallest {
        Some(limit) => println!("It takes {limit} connections."),
        None => println!("No limit of these is enough."),
    }
    Ok(())
}

/// A line for each limit, and the smallest that meets the target.
fn answer() -> Result<(String, Option<String>), Box<dyn Error>> {
    let builtin = BUILTIN.iter().find(|builtin| builtin.name == "q268500").ok_or("not built in")?;
    let axis = Axis::parse("distribution_points.*.connection_limit=30..70:10")?;
    // Each point of the grid becomes a variant; all of them see the same random numbers.
    let loaded = load_grid(
        Origin::Text { name: builtin.name, text: builtin.text },
        &["clients.office.release=sms-2.0-sp3".to_owned()],
        &grid(std::slice::from_ref(&axis)),
    )?;
    let options = Options { replications: Replications::Fixed(5), ..Options::default() };
    let results = study::run(&loaded, &options)?;

    let (mut table, mut smallest) = (String::new(), None);
    for (limit, variant) in axis.values.iter().zip(&results.variants) {
        let time = variant.metrics["completion.p95"].ok_or("nobody completed")?;
        let [low, high] = time.ci95.ok_or("one replication has no interval")?;
        let hours = |millis: f64| millis / 3_600_000.0;
        table += &format!(
            "limit {limit}: 95% are done within {:.2} h (95% interval {:.2} to {:.2})\n",
            hours(time.mean),
            hours(low),
            hours(high)
        );
        // The whole interval has to meet the target, as in a threshold.
        if high < TARGET && smallest.is_none() {
            smallest = Some(limit.clone());
        }
    }
    Ok((table, smallest))
}

#[test]
fn more_connections_take_less_time_and_the_first_in_time_is_chosen() {
    let (table, smallest) = answer().expect("a right scenario");
    assert_eq!(table.lines().count(), 5, "{table}");
    assert!(table.starts_with("limit 30: 95% are done within "), "{table}");
    assert_eq!(smallest.as_deref(), Some("50"), "{table}");
    main().expect("the example runs");
}
