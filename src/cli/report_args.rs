//! What all commands that write results have in common: where results go, in which format, and which
//! exit code they lead to.

use clap::Args;

use super::inputs::Inputs;
use super::output::Target;
use super::output_args::OutputArgs;
use super::{Exit, Failure, signal, stderr};
use crate::human::counted;
use crate::report::{self, Format};
use crate::results::{Results, ThresholdVerdict};
use crate::study::{Shortfall, StudyOutcome};

/// Options of what is written.
#[derive(Debug, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    output: OutputArgs,
}

impl ReportArgs {
    /// What to print on standard output.
    pub fn format(&self) -> &'static Format {
        self.output.format()
    }

    /// Checks where reports will be written, before any work is done. Where some cannot be, the
    /// failures of all of these.
    pub fn targets(&self, inputs: &Inputs) -> Result<Vec<Target>, Failure> {
        self.output.targets(inputs)
    }

    /// Writes the reports of `outcome` and returns its exit code.
    pub fn report(&self, outcome: &StudyOutcome, targets: &[Target]) -> Result<Exit, Failure> {
        let results = &outcome.results;
        // Results that a signal asked for are printed to their end.
        let interrupted_already =
            matches!(outcome.shortfall, Some(Shortfall::Interrupted | Shortfall::FindingsCutShort));
        let written = self
            .output
            .write(targets, interrupted_already, |format, width| (format.results)(results, width));
        if let Some(clients) = report::left_out(results) {
            stderr::warning(&clients);
        }
        let exit = match &outcome.shortfall {
            None => verdict(results),
            Some(Shortfall::Interrupted) => {
                stderr::note(&interrupted(results));
                Exit::interrupted()
            }
            Some(Shortfall::FindingsCutShort) => {
                stderr::note(&format!(
                    "{}: the study is complete, but perhaps not every change that its findings suggest \
                     was simulated",
                    signal::first().past()
                ));
                Exit::interrupted()
            }
            Some(Shortfall::Imprecise(problem)) => {
                stderr::note(problem);
                Exit::Inconclusive
            }
        };
        written.map(|()| exit)
    }
}

/// The exit code that results lead to: that of the search, if there is one, and of the thresholds. A
/// failure takes precedence over an inconclusive verdict.
pub fn verdict(results: &Results) -> Exit {
    let interrupted = results.sizing.as_ref().is_some_and(|sizing| sizing.interrupted);
    let sizing = results.sizing.iter().map(|sizing| sizing.verdict);
    let all = || sizing.clone().chain(results.thresholds.iter().map(|one| one.verdict));
    let any = |verdict| all().any(|one| one == verdict);
    if interrupted {
        Exit::interrupted()
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
        return format!(
            "{}: the search had no answer yet; the results cover its {} of {}",
            signal::first().past(),
            counted(runs as f64, "complete run"),
            counted(sizing.evaluated.len() as f64, "value")
        );
    }
    let complete = counted(results.replications as f64, "complete replication");
    format!("{}: the results cover {complete}", signal::first().past())
}
