//! The command line: one file per subcommand.
//!
//! Results go to standard output, everything else to standard error. Nothing below this module
//! prints.

mod check;
mod compare;
mod completions;
mod exit;
mod file_id;
mod inputs;
mod interrupt;
mod log;
mod log_dir;
mod man;
mod merge;
mod output;
mod output_args;
mod policies;
mod progress;
mod report;
mod report_args;
mod run;
mod scenario_args;
mod scenario_file;
mod scenarios;
mod schema;
mod shard;
mod signal;
mod size;
mod stderr;
mod study_args;
mod sweep;
mod whole_file;

use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::diagnostic::printable;
pub use exit::{Exit, Failure};

/// Simulates clients that contend for a server with a connection limit and retry.
///
/// It answers: how many connections should I allow, which retry policy is best, and how many
/// advertisements does buggy error handling strand (Microsoft KB article Q268500)?
#[derive(Debug, Parser)]
#[command(name = "distpoint", version, max_term_width = 100, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    verbosity: Verbosity,
}

const AFTER_HELP: &str = "\
Examples:
  distpoint run                          the KB article's case, buggy and fixed
  distpoint scenarios                    the list of built-in scenarios
  distpoint scenarios q268500 > my.toml  a scenario to start from
  distpoint run my.toml --set clients.office.count=20000
  distpoint run my.toml -n 30 -o results.json -o report.md
  distpoint compare base.json results.json

Exit codes:
  0    success
  1    failure of the program, or of its input or output
  2    wrong usage or scenario
  97   inconclusive
  98   regression
  99   threshold breached
  129  hung up (SIGHUP)
  130  interrupted (Ctrl-C)
  143  terminated (SIGTERM)";

#[derive(Debug, Subcommand)]
enum Command {
    Run(Box<run::RunArgs>),
    Sweep(Box<sweep::SweepArgs>),
    Size(Box<size::SizeArgs>),
    Check(check::CheckArgs),
    Merge(merge::MergeArgs),
    Compare(compare::CompareArgs),
    Report(report::ReportArgs),
    Log(log::LogArgs),
    Scenarios(scenarios::ScenariosArgs),
    Policies(policies::PoliciesArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Where help lists the options that every command has.
const AFTER_THE_COMMANDS_OWN: usize = 900;

#[derive(Debug, Args)]
struct Verbosity {
    /// Print more messages to standard error; -vv prints still more. The variable RUST_LOG selects them
    /// in detail.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, conflicts_with = "quiet",
          display_order = AFTER_THE_COMMANDS_OWN)]
    verbose: u8,
    /// Print nothing but errors to standard error.
    #[arg(short, long, global = true, display_order = AFTER_THE_COMMANDS_OWN)]
    quiet: bool,
}

/// Parses the command line, runs the command, and returns the exit code.
pub fn main() -> ExitCode {
    if completions::complete(Cli::command) {
        return Exit::Success.into();
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    start_logging(&cli.verbosity);
    let result = match cli.command {
        Command::Run(args) => run::run(&args, cli.verbosity.quiet),
        Command::Sweep(args) => sweep::run(&args, cli.verbosity.quiet),
        Command::Size(args) => size::run(&args, cli.verbosity.quiet),
        Command::Check(args) => check::run(&args, cli.verbosity.quiet),
        Command::Merge(args) => merge::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Log(args) => log::run(&args),
        Command::Scenarios(args) => scenarios::run(&args),
        Command::Policies(args) => policies::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args, Cli::command()),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.report();
            failure.exit().into()
        }
    }
}

/// Help and version go to standard output and are no failure; the rest is wrong usage.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.to_string();
    if error.use_stderr() && text.split('\n').any(|line| printable(line) != line) {
        // The message quotes arguments, which may have anything in them.
        stderr::note(text.trim_end());
    } else {
        // A closed pipe is a quiet end.
        let _ = error.print();
    }
    if error.use_stderr() { Exit::Usage.into() } else { Exit::Success.into() }
}

fn start_logging(verbosity: &Verbosity) {
    let level = match (verbosity.quiet, verbosity.verbose) {
        (true, _) => LevelFilter::ERROR,
        (_, 0) => LevelFilter::WARN,
        (_, 1) => LevelFilter::INFO,
        (_, 2) => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let refined = std::env::var("RUST_LOG").ok().filter(|directives| !directives.is_empty());
    let refined = refined.and_then(|directives| directives.parse().ok());
    let filter = refined.unwrap_or_else(|| Targets::new().with_default(level));
    let messages = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(stderr::is_styled())
        .without_time()
        .with_target(false);
    tracing_subscriber::registry().with(messages).with(filter).init();
}
