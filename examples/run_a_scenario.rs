//! Simulate a scenario and read a metric of its results.
//!
//! ```console
//! $ cargo run --example run_a_scenario
//! ```

#![expect(clippy::print_stdout, reason = "an example prints its results")]

use std::error::Error;

use distpoint::scenario::{Origin, load};
use distpoint::study::{self, Options};

/// 1,000 clients come at once to a server with 50 connections and retry every 10 minutes.
const OFFICE: &str = r#"
    name = "An office"
    [distribution_points.DP01]
    connection_limit = 50
    [clients.office]
    count = 1000
    arrival  = { kind = "burst" }
    transfer = { kind = "constant", duration = "2m" }
"#;

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", answer(&["distribution_points.DP01.connection_limit=100".to_owned()])?);
    Ok(())
}

/// The last completion under the scenario with `assignments`, which are what `--set` takes.
fn answer(assignments: &[String]) -> Result<String, Box<dyn Error>> {
    // All errors of a scenario are in one error, which prints each with its place.
    let loaded = load(Origin::Text { name: "office.toml", text: OFFICE }, assignments)?;
    let results = study::run(&loaded, &Options::default())?;
    // A scenario without variants is one variant. A metric has no value where nothing happened that
    // it could measure, here if nobody completed.
    let makespan = results.variants[0].metrics["makespan"].ok_or("nobody completed")?;
    Ok(format!("The last client is done after {} minutes.", makespan.mean / 60_000.0))
}

#[test]
fn the_last_of_the_waves_ends_when_arithmetic_says() {
    // Waves of 50 or 100 clients, 10 minutes apart, the last of them 2 minutes long.
    let of = |assignments: &[String]| answer(assignments).expect("a right scenario");
    assert_eq!(of(&[]), "The last client is done after 192 minutes.");
    let doubled = ["distribution_points.DP01.connection_limit=100".to_owned()];
    assert_eq!(of(&doubled), "The last client is done after 92 minutes.");
    main().expect("the example runs");
}
