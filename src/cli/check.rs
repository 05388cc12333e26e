//! `distpoint check`: validates a scenario without simulating it.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;

use super::output::print;
use super::scenario_args::ScenarioArgs;
use super::{Exit, Failure, stderr};
use crate::diagnostic::printable;
use crate::study::{Engine, Estimate, Options};

/// Check a scenario, and estimate what simulating it takes.
///
/// Nothing is simulated. Exit code 2 with all errors if the scenario is wrong or too large for this machine.
/// Otherwise it prints what would be simulated: variants, clients, runs, events, memory and time. Events and
/// time are estimates, right within about a factor of five.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint check my.toml
  distpoint check my.toml --set clients.office.count=2000000 -n 100
  generate-scenario | distpoint check -")]
pub struct CheckArgs {
    /// A scenario file, the name of a built-in scenario, or `-` for standard input.
    scenario: PathBuf,
    /// The number of runs of each variant.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    replications: u64,
    #[command(flatten)]
    options: ScenarioArgs,
}

/// Runs the command.
pub fn run(args: &CheckArgs, quiet: bool) -> Result<Exit, Failure> {
    let loaded = args.options.load(&args.scenario)?;
    stderr::warn(&loaded, quiet);
    let options = Options::default();
    let estimate = Estimate::new(&loaded.variants, args.replications, Engine::Events, false);
    estimate.check(false).map_err(Failure::Study)?;
    let points = loaded.base.distribution_points.len().to_string();
    let groups = loaded.base.clients.len().to_string();
    let parts = [("distribution points", points), ("client groups", groups)];
    let mut text = format!("{}\n\n", printable(&loaded.base.name));
    for (name, figure) in parts.into_iter().chain(estimate.figures(options.threads())) {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{name:<21}{figure}");
    }
    print(&text)?;
    Ok(Exit::Success)
}
