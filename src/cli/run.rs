//! `distpoint run`: simulates every variant of a scenario and prints them side by side.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use clap::{Args, ValueEnum};

use super::output::{Target, print};
use super::{Exit, Failure, interrupt};
use crate::report::Format;
use crate::scenario::{Builtin, DEFAULT_BUILTIN, Loaded, MAX_SEED, Origin, load, parse_duration};
use crate::study::{self, Engine, Options, StudyError};

/// Simulate a scenario: every variant of it, side by side.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint run                              the case of the KB article
  distpoint run retry-policies               another built-in scenario
  distpoint run my.toml -o results.json      keep the results
  distpoint run my.toml --set clients.office.count=20000
  distpoint run my.toml --set 'distribution_points.*.connection_limit=100'")]
pub struct RunArgs {
    /// A scenario file, or the name of a built-in scenario.
    #[arg(default_value = DEFAULT_BUILTIN)]
    scenario: PathBuf,
    #[command(flatten)]
    common: CommonArgs,
}

/// What all commands that simulate have in common.
#[derive(Debug, Args)]
pub struct CommonArgs {
    /// Where the random numbers start, instead of the scenario's own seed.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(..=MAX_SEED))]
    seed: Option<u64>,
    /// Set a key of the scenario, in every variant (repeatable). `*` stands for every name.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// When the simulation ends at the latest, such as `7d`.
    #[arg(long, value_name = "DURATION", value_parser = horizon)]
    horizon: Option<String>,
    /// How many threads to use [default: one for each core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// What plays the simulation. `tokio` is the independent check: the same clients on tokio's
    /// paused clock, one task each, far slower.
    #[arg(long, value_enum, default_value_t = EngineArg::Events)]
    engine: EngineArg,
    /// Write a report to a file (repeatable); its ending says which: .json, .txt.
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum EngineArg {
    Events,
    Tokio,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
}

fn horizon(text: &str) -> Result<String, String> {
    match parse_duration(text) {
        Ok(0) => Err("the horizon must be later than the start".to_owned()),
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(match &error.help {
            Some(help) => format!("{}: {help}", error.message),
            None => error.message,
        }),
    }
}

/// Runs the command.
pub fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let common = &args.common;
    let loaded = load_scenario(&args.scenario, common)?;
    let targets: Vec<Target> =
        common.output.iter().map(|path| Target::check(path)).collect::<Result<_, _>>()?;
    let options = Options {
        engine: match common.engine {
            EngineArg::Events => Engine::Events,
            EngineArg::Tokio => Engine::Tokio,
        },
        threads: common.threads.map_or(0, usize::from),
        stop: interrupt::flag()?,
    };
    let results = study::run(&loaded, &options).map_err(Failure::Study)?;
    for target in &targets {
        // Between two files, too, Ctrl-C is heard.
        if options.stop.load(Ordering::Relaxed) {
            return Err(Failure::Study(StudyError::Interrupted));
        }
        target.write(&target.format().render(&results, None))?;
    }
    let format = match common.format {
        FormatArg::Text => Format::Text,
        FormatArg::Json => Format::Json,
    };
    print(&format.render(&results, terminal_width()))?;
    Ok(Exit::Success)
}

/// Loads a scenario file or, where there is no such file, the built-in scenario of that name.
pub fn load_scenario(scenario: &Path, common: &CommonArgs) -> Result<Loaded, Failure> {
    let mut assignments = common.set.clone();
    assignments.extend(common.seed.map(|seed| format!("seed={seed}")));
    assignments.extend(common.horizon.as_ref().map(|horizon| format!("horizon=\"{horizon}\"")));
    let builtin = scenario.to_str().filter(|_| !scenario.exists()).and_then(Builtin::named);
    let origin = match builtin {
        Some(builtin) => Origin::Text { name: builtin.name, text: builtin.text },
        None => Origin::File(scenario),
    };
    load(origin, &assignments).map_err(Failure::Scenario)
}

/// The width of the terminal, if standard output is one.
fn terminal_width() -> Option<u16> {
    let (width, _) = terminal_size::terminal_size()?;
    std::io::stdout().is_terminal().then_some(width.0)
}
