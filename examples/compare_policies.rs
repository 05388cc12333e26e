//! Compare two retry policies and write a report of one's own about them.
//!
//! ```console
//! $ cargo run --example compare_policies
//! ```

#![expect(clippy::print_stdout, reason = "an example prints its results")]

use std::error::Error;

use distpoint::results::{Results, Verdict};
use distpoint::scenario::{Origin, load};
use distpoint::study::{self, Options, Replications};

/// The same clients under two policies; the first variant is the reference.
const SCENARIO: &str = r#"
    name = "Does jitter help?"
    [distribution_points.SERVER]
    connection_limit = 50
    [clients.storm]
    count = 1000
    arrival  = { kind = "uniform", over = "1m" }
    transfer = { kind = "lognormal", median = "2m", sigma = 0.5 }
    [variants."every 10 min"]
    clients.storm.retry = { policy = "fixed", interval = "10m" }
    [variants."10 min +-50%"]
    clients.storm.retry = { policy = "fixed", interval = "10m", jitter = "50%" }
"#;

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", report(&simulate()?));
    Ok(())
}

fn simulate() -> Result<Results, Box<dyn Error>> {
    let loaded = load(Origin::Text { name: "jitter.toml", text: SCENARIO }, &[])?;
    let options = Options { replications: Replications::Fixed(10), ..Options::default() };
    Ok(study::run(&loaded, &options)?)
}

/// A sentence for each metric in which a variant differs from the reference.
///
/// `distpoint::report::FORMATS` has the reports of the program; they are made from [`Results`] as
/// this one is.
fn report(results: &Results) -> String {
    let mut text = String::new();
    for comparison in &results.comparisons {
        for metric in ["makespan", "completion.p95", "attempts.mean", "stranded"] {
            // Metrics without a value have no difference.
            let Some(Some(difference)) = comparison.metrics.get(metric) else { continue };
            let verdict = match difference.verdict {
                Verdict::Better => "better",
                Verdict::Worse => "worse",
                // The interval contains zero, or the metric is neither good nor bad.
                _ => continue,
            };
            let percent = difference.relative.map_or(f64::NAN, |relative| 100.0 * relative.abs());
            text += &format!(
                "{metric}: `{}` is {verdict} than `{}` by {percent:.0}%\n",
                comparison.variant, comparison.reference
            );
        }
    }
    text
}

#[test]
fn jitter_is_better_in_all_that_differs() {
    let text = report(&simulate().expect("a right scenario"));
    let better = |metric: &str| format!("{metric}: `10 min +-50%` is better than `every 10 min`");
    for (line, metric) in text.lines().zip(["makespan", "completion.p95", "attempts.mean"]) {
        assert!(line.starts_with(&better(metric)), "{text}");
    }
    assert_eq!(text.lines().count(), 3, "nobody is stranded in either:\n{text}");
    main().expect("the example runs");
}
