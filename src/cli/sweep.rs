//! `distpoint sweep`: simulates a grid of values of one or more keys.

use std::path::PathBuf;

use clap::Args;

use super::study_args::StudyArgs;
use super::{Exit, Failure, interrupt, stderr};
use crate::diagnostic::quoted;
use crate::results::Sweep;
use crate::scenario::{Axis, grid, grid_size, too_much_memory, variant_bytes};
use crate::study;

/// Vary keys of a scenario over a grid, and tabulate the results.
///
/// The grid replaces the scenario's variants. To use the settings of a variant, give them with --set.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint sweep q268500 \\
      --vary 'distribution_points.*.connection_limit=10..200:10'
  distpoint sweep my.toml -n 30 -o sweep.csv \\
      --vary clients.office.retry.interval=5m,10m,30m
  distpoint sweep my.toml --vary clients.office.count=1000,5000 \\
      --vary distribution_points.DP01.connection_limit=50,100")]
pub struct SweepArgs {
    /// A scenario file, the name of a built-in scenario, or `-` for standard input.
    scenario: PathBuf,
    /// A key and its values: a list such as `50,100,200` or `5m,10m,30m`, or a range with a step such
    /// as `10..200:10`, `5m..1h:5m`, `10MB/s..100MB/s:10MB/s` or `10/s..30/s:10/s`. Repeatable: every combination is
    /// simulated. Commas within brackets, braces and quotes belong to a value.
    #[arg(long, value_name = "KEY=SPEC", required = true, value_parser = Axis::parse)]
    vary: Vec<Axis>,
    #[command(flatten)]
    study: StudyArgs,
}

/// Larger grids are more often a mistake than intended.
const MAX_POINTS: u128 = 1_000_000;

/// Runs the command.
pub fn run(args: &SweepArgs, quiet: bool) -> Result<Exit, Failure> {
    let stop = interrupt::flag()?;
    let points = grid_size(&args.vary);
    if points > MAX_POINTS && !args.study.is_confirmed() {
        return Err(Failure::Usage(format!(
            "the grid has {points} points: use wider steps, or confirm the grid with --yes"
        )));
    }
    let keys: Vec<&str> = args.vary.iter().map(|axis| axis.key.as_str()).collect();
    if let Some(twice) = (1..keys.len()).find(|&i| keys[..i].contains(&keys[i])) {
        return Err(Failure::Usage(format!(
            "{} is varied twice: give all its values to one --vary",
            quoted(keys[twice])
        )));
    }
    let fits = |bytes_per_point: f64| {
        let bytes = points as f64 * bytes_per_point;
        match too_much_memory(&format!("the results of {points} points"), bytes) {
            None => Ok(()),
            Some(problem) => Err(Failure::Usage(format!(
                "{problem}: use wider steps, or sweep a part of the grid at a time"
            ))),
        }
    };
    fits(variant_bytes(0))?;
    // The first point shows what is wrong with a key; a million points would repeat it a million times.
    let grid = grid(&args.vary);
    let first = args.study.scenario().load_grid(&args.scenario, &grid[..1])?;
    fits(variant_bytes(first.base.parts()))?;
    let loaded = args.study.scenario().load_grid(&args.scenario, &grid)?;
    stderr::warn(&loaded, quiet);
    StudyArgs::note_replaced(&loaded, quiet);
    let options = args.study.options(stop, quiet);
    let mut plan = study::plan(&loaded, &options).map_err(Failure::Study)?;
    plan.sweep = Some(Sweep {
        keys: args.vary.iter().map(|axis| axis.key.clone()).collect(),
        values: grid.into_iter().map(|point| point.values).collect(),
    });
    args.study.simulate(&args.scenario, plan, &loaded, &options, quiet)
}
