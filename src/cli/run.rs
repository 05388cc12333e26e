//! `distpoint run`: simulates every variant of a scenario and prints them side by side.

use std::path::PathBuf;

use clap::Args;

use super::log_dir::LogDirArgs;
use super::study_args::StudyArgs;
use super::{Exit, Failure, interrupt, stderr};
use crate::scenario::DEFAULT_BUILTIN;
use crate::study;

/// Simulate every variant of a scenario, side by side.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint run                              the KB article's case
  distpoint run retry-policies               another built-in scenario
  distpoint run my.toml -o results.json      keep the results
  distpoint run my.toml --replications 30    with confidence intervals
  distpoint run my.toml --precision 2%       as many runs as that needs
  distpoint run my.toml -n 100 --shard 2/4 -o part-2.json    a quarter of it
  distpoint run my.toml --set clients.office.count=20000
  distpoint run my.toml --log-dir logs --log-clients all     the logs that its clients write
  distpoint run my.toml --set 'distribution_points.*.connection_limit=100'")]
pub struct RunArgs {
    /// A scenario file, the name of a built-in scenario, or `-` for standard input.
    #[arg(default_value = DEFAULT_BUILTIN)]
    scenario: PathBuf,
    #[command(flatten)]
    study: StudyArgs,
    #[command(flatten)]
    logs: LogDirArgs,
}

/// Runs the command.
pub fn run(args: &RunArgs, quiet: bool) -> Result<Exit, Failure> {
    // From here on Ctrl-C ends the program, also while large traces are read.
    let stop = interrupt::flag()?;
    let loaded = args.study.scenario().load(&args.scenario)?;
    stderr::warn(&loaded, quiet);
    let logged = args.logs.variant(&loaded)?;
    let options = args.study.options(stop.clone(), quiet);
    let plan = study::plan(&loaded, &options).map_err(Failure::Study)?;
    let exit = args.study.simulate(&args.scenario, plan, &loaded, &options, quiet)?;
    StudyArgs::note_engine(&options, quiet);
    if let Some(variant) = logged {
        args.logs.write(variant, &stop)?;
    }
    Ok(exit)
}
