//! What all commands that write results have in common: where they go, in which form, and what the
//! exit code says of them.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::output::{Target, print};
use super::{Exit, Failure, interrupt};
use crate::report::Format;
use crate::results::{Results, ThresholdVerdict};
use crate::study::{Outcome, Shortfall};

/// Options of what is written.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Write a report to a file (repeatable); its ending says which: .json, .csv, .txt, .html.
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
    Csv,
}

impl FormatArg {
    fn format(self) -> Format {
        match self {
            FormatArg::Text => Format::Text,
            FormatArg::Json => Format::Json,
            FormatArg::Csv => Format::Csv,
        }
    }
}

impl ReportArgs {
    /// What to print on standard output.
    pub fn format(&self) -> Format {
        self.format.format()
    }

    /// Checks where reports will be written, before any work is done. Where some cannot be, the
    /// failures of all of these.
    pub fn targets(&self) -> Result<Vec<Target>, Failure> {
        let _trying = interrupt::uninterrupted();
        let mut targets = Vec::new();
        let mut failures = Vec::new();
        for path in &self.output {
            match Target::check(path) {
                Ok(target) => targets.push(target),
                Err(failure) => failures.push(failure),
            }
        }
        if failures.is_empty() { Ok(targets) } else { Err(Failure::Several(failures)) }
    }

    /// Writes the reports of `outcome` and says how it ended.
    pub fn report(&self, outcome: &Outcome, targets: &[Target]) -> Result<Exit, Failure> {
        let results = &outcome.results;
        let uninterrupted = interrupt::uninterrupted();
        for target in targets {
            target.write(&target.format().render(results, None))?;
        }
        // Results that Ctrl-C asked for are printed to their end, whatever that takes; else it ends
        // the program also where nobody reads on.
        let interrupted_already = matches!(outcome.shortfall, Some(Shortfall::Interrupted));
        let _printing = interrupted_already.then_some(uninterrupted);
        print(&self.format().render(results, terminal_width()))?;
        Ok(match &outcome.shortfall {
            None => verdict(results),
            Some(Shortfall::Interrupted) => {
                super::note(&interrupted(results));
                Exit::Interrupted
            }
            Some(Shortfall::Imprecise(problem)) => {
                super::note(problem);
                Exit::Inconclusive
            }
        })
    }
}

/// The exit code that results lead to: that of a search, or of the thresholds, of which a failure counts
/// more than doubt.
pub fn verdict(results: &Results) -> Exit {
    let interrupted = results.sizing.as_ref().is_some_and(|sizing| sizing.interrupted);
    let sizing = results.sizing.iter().map(|sizing| sizing.verdict);
    let all = || sizing.clone().chain(results.thresholds.iter().map(|one| one.verdict));
    let any = |verdict| all().any(|one| one == verdict);
    if interrupted {
        Exit::Interrupted
    } else if any(ThresholdVerdict::Fail) {
        Exit::Breached
    } else if any(ThresholdVerdict::Inconclusive) {
        Exit::Inconclusive
    } else {
        Exit::Success
    }
}

fn interrupted(results: &Results) -> String {
    if let Some(sizing) = &results.sizing {
        let runs: u64 = sizing.evaluated.iter().map(|value| value.replications).sum();
        let (values, plural) = (sizing.evaluated.len(), if runs == 1 { "" } else { "s" });
        return format!(
            "interrupted: the search had no answer yet; the results are of its {runs} complete \
             run{plural} of {values} values"
        );
    }
    let plural = if results.replications == 1 { "" } else { "s" };
    format!("interrupted: the results are of {} complete replication{plural}", results.replications)
}

/// The width of the terminal, if standard output is one.
fn terminal_width() -> Option<u16> {
    let (width, _) = terminal_size::terminal_size()?;
    std::io::stdout().is_terminal().then_some(width.0)
}
