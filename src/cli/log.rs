//! `distpoint log`: reads what real clients and servers wrote.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::inputs::Inputs;
use super::output::write_file;
use super::output_args::OutputArgs;
use super::scenario_args::ScenarioArgs;
use super::scenario_file::ScenarioFile;
use super::{Exit, Failure, stderr};
use crate::diagnostic::{printable, quoted_path};
use crate::human::count;
use crate::log::{self, Against, Answer, Calibration, LOG_FORMATS, LogFormat, Observed};
use crate::report::{FORMATS, Format};
use crate::scenario::Scenario;

/// Read logs: who is stranded and by which bug, and how loaded a server was.
///
/// Logs of SMS clients (SMSAPM32.log, also in CMTrace's format) show which programs are stranded, by which bug,
/// since when, and the lines that show it. Logs of servers (nginx, Apache, HAProxy, PostgreSQL) show how many
/// connections were open at the same time, arrivals, refusals and retries. Each file is read as a stream, in
/// constant memory; UTF-8, UTF-16 and Windows-1252, also compressed by gzip. A line that is not understood is
/// counted and skipped.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint log SMSAPM32.log
  distpoint log collected/ --fail-on stranded --machines stranded.txt
  distpoint log 'logs/*/SMSAPM32.lo?' -o stranded.csv -o report.html
  distpoint log access.log --limit 200
  distpoint log access.log --scenario now.toml && distpoint run now.toml
  distpoint log access.log --against now.toml -o fit.html
  zcat access.log.*.gz | distpoint log - --format combined --format json")]
pub struct LogArgs {
    /// Logs, directories of logs, patterns such as `logs/**/*.log`, or `-` for standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Write a report to a file (repeatable). The ending of its name selects the format: .json, .csv,
    /// .md, .xml (JUnit), .html, .txt.
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// The format of the logs, where it is not to be recognised, or of what is printed on standard output; given
    /// twice, both.
    #[arg(long, value_name = "FORMAT", value_parser = format_word())]
    format: Vec<Word>,
    /// Exit with code 99 if a program is stranded, and with 97 if no log of a client was read.
    #[arg(long, value_name = "WHAT")]
    fail_on: Option<FailOn>,
    /// Write the names of the clients with a stranded program to this file, one per line; `-` prints them
    /// instead of the report.
    #[arg(long, value_name = "FILE")]
    machines: Option<PathBuf>,
    /// A connection limit to set the connections of a server against.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Write a scenario that was calibrated by the logs to this file, and its traces beside it: arrivals, holding
    /// times, retries, the limit and misreported refusals as they were observed.
    #[arg(long = "scenario", value_name = "FILE.toml")]
    calibrated: Option<PathBuf>,
    /// Simulate a scenario, without its variants, and set the result beside what was observed: a file or the
    /// name of a built-in scenario.
    #[arg(long, value_name = "SCENARIO")]
    against: Option<PathBuf>,
    /// Show lines that are not understood.
    #[arg(long)]
    strict: bool,
}

/// What leads to the exit code 99.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    /// A program that is stranded.
    Stranded,
}

/// A word for a format.
#[derive(Clone, Copy, Debug)]
enum Word {
    Log(LogFormat),
    Report(&'static Format),
}

/// The names of formats of reports and of logs.
fn format_word() -> impl TypedValueParser<Value = Word> {
    let reports = FORMATS.iter().map(|format| {
        let name = PossibleValue::new(format.name);
        if format.ending == format.name { name } else { name.alias(format.ending) }
    });
    let logs = LOG_FORMATS.iter().map(|(_, name, more)| PossibleValue::new(*name).aliases(*more));
    let known = |name: String| {
        let report = Format::named(&name).map(Word::Report);
        report.or_else(|| LogFormat::named(&name).map(Word::Log)).ok_or("no such format")
    };
    PossibleValuesParser::new(reports.chain(logs)).try_map(known)
}

/// Runs the command.
pub fn run(args: &LogArgs) -> Result<Exit, Failure> {
    let (format, of_report) = formats(&args.format)?;
    let output = OutputArgs::of(args.output.clone(), of_report);
    let inputs = Inputs::of(args.files.iter().filter(|file| !file.is_dir()));
    let targets = output.targets(&inputs)?;
    let scenario =
        args.calibrated.as_ref().map(|file| ScenarioFile::of(file, &inputs)).transpose()?;
    let against = args.against.as_ref().map(|file| load_against(file)).transpose()?;
    let printed = args.machines.as_deref() == Some(Path::new("-"));
    if let Some(file) = args.machines.as_ref().filter(|_| !printed) {
        let overwritten = inputs.overwritten(std::slice::from_ref(file));
        if !overwritten.is_empty() {
            return Err(Failure::Several(overwritten));
        }
    }
    let observed = log::read(&args.files, format);
    if args.strict {
        show_broken(&observed);
    }
    let calibrated = scenario.map(|file| (file, Calibration::of(&observed)));
    let against = against.and_then(|scenario| {
        // No signal is watched: one ends the program at once.
        let beside = Against::of(&scenario, &observed, &AtomicBool::new(false));
        if beside.is_none() {
            stderr::warning(
                "the logs have no attempt with an instant, so nothing is simulated beside them",
            );
        }
        beside
    });
    let answer = Answer::of(observed, args.limit.map(u64::from));
    let answer = Answer { against, ..answer };
    report_problems(&answer);
    let machines = machines(&answer);
    let written = match printed {
        true => {
            output.write_files(&targets, |format, width| (format.log)(&answer, width), &machines)
        }
        false => output.write(&targets, false, |format, width| (format.log)(&answer, width)),
    };
    let written = match args.machines.as_ref().filter(|_| !printed) {
        Some(file) => written.and(write_file(file, &machines)),
        None => written,
    };
    written?;
    if let Some((file, calibration)) = &calibrated {
        file.write(calibration, &answer)?;
    }
    Ok(verdict(&answer, args.fail_on))
}

/// The scenario to set beside the logs.
fn load_against(file: &Path) -> Result<Scenario, Failure> {
    let scenario = ScenarioArgs::default().load(file)?.base;
    if scenario.copied().next().is_some() {
        let problem = "--against is for scenarios without sites and without copies of points";
        return Err(Failure::Usage(problem.to_owned()));
    }
    Ok(scenario)
}

/// The format of the logs, and that of what is printed.
fn formats(words: &[Word]) -> Result<(Option<LogFormat>, &'static Format), Failure> {
    let (mut of_logs, mut of_report) = (None, None);
    for word in words {
        let is_second = match word {
            Word::Log(format) => of_logs.replace(*format).is_some(),
            Word::Report(format) => of_report.replace(*format).is_some(),
        };
        if is_second {
            let problem = "`--format` names the format of the logs and that of what is printed, each only once";
            return Err(Failure::Usage(problem.to_owned()));
        }
    }
    Ok((of_logs, of_report.unwrap_or(&FORMATS[0])))
}

/// The clients with a stranded program, one per line.
fn machines(answer: &Answer) -> String {
    let machines = answer.clients.iter().flat_map(|clients| &clients.machines);
    machines.map(|machine| printable(machine) + "\n").collect()
}

/// Shows the first lines that are not understood.
fn show_broken(observed: &Observed) {
    for (file, line) in &observed.broken.kept {
        let place = format!("{}:{}", quoted_path(Path::new(file)), line.line);
        stderr::note(&format!("{place}: {}: {}", line.problem, printable(&line.text)));
    }
    let more = observed.broken.number.saturating_sub(observed.broken.kept.len() as u64);
    if more > 0 {
        let note = format!("and {} more lines that are not understood", count(more as f64));
        stderr::note(&note);
    }
}

fn report_problems(answer: &Answer) {
    const MOST: usize = 20;
    for problem in answer.input.problems.iter().take(MOST) {
        stderr::note(&format!("error: {problem}"));
    }
    let more = answer.input.unreadable.saturating_sub(MOST as u64);
    if more > 0 {
        let more = count(more as f64);
        stderr::note(&format!(
            "error: {more} more inputs cannot be read; the JSON report lists the first of them"
        ));
    }
}

/// What is proven comes before what could not be read.
fn verdict(answer: &Answer, fail_on: Option<FailOn>) -> Exit {
    let stranded = answer.clients.as_ref().map(|clients| (clients.programs, clients.stranded));
    match (fail_on, stranded) {
        (Some(FailOn::Stranded), Some((_, 1..))) => Exit::Breached,
        _ if answer.input.unreadable > 0 => Exit::Failure,
        (Some(FailOn::Stranded), None | Some((0, _))) => {
            stderr::note(
                "no log names a program of a client, so nothing shows that none is stranded",
            );
            Exit::Inconclusive
        }
        _ => Exit::Success,
    }
}
