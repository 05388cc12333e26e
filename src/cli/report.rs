//! `distpoint report`: renders results again, without simulating anything.

use std::path::{Path, PathBuf};

use clap::Args;

use super::inputs::Inputs;
use super::output_args::OutputArgs;
use super::{Exit, Failure};
use crate::results::{self, Results};

/// Render the results of an earlier study in other formats.
///
/// Nothing is simulated. Exit code 0 if the report was rendered, even if a threshold is breached: the
/// exit code of the study reported that.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint report results.json
  distpoint report results.json -o report.md -o junit.xml -o table.csv
  distpoint report results.json --format markdown >> \"$GITHUB_STEP_SUMMARY\"
  distpoint run my.toml --format json | distpoint report - -o report.md")]
pub struct ReportArgs {
    /// Results that `-o results.json` wrote; `-` for standard input.
    #[arg(value_name = "RESULTS.json")]
    results: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
}

/// Runs the command.
pub fn run(args: &ReportArgs) -> Result<Exit, Failure> {
    let results = read(&args.results)?;
    let targets = args.output.targets(&Inputs::of([&args.results]))?;
    args.output.write(&targets, false, |format, width| (format.results)(&results, width))?;
    Ok(Exit::Success)
}

/// Reads results from a file, or from standard input if it is `-`.
pub fn read(path: &Path) -> Result<Results, Failure> {
    let read = match path.to_str() {
        Some("-") => results::read("standard input", std::io::stdin().lock()),
        _ => results::read_file(path),
    };
    read.map_err(Failure::Results)
}
