//! What all commands that simulate have in common: their options, and how they use them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use clap::{Args, ValueEnum};

use super::report_args::ReportArgs;
use super::scenario_args::{ScenarioArgs, inputs};
use super::shard::{self, ShardArg};
use super::{Exit, Failure, interrupt, progress, stderr};
use crate::human::span;
use crate::scenario::Loaded;
use crate::stats::metric::{self, Metric};
use crate::study::{self, Engine, Estimate, Options, Plan, Precision, Replications};
use crate::value::Percent;

/// Options of a study.
#[derive(Debug, Args)]
pub struct StudyArgs {
    /// The number of runs of each variant, each with different random numbers.
    #[arg(short = 'n', long, value_name = "N", allow_hyphen_values = true,
          value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    replications: Option<u64>,
    /// Simulate until the 95% interval of a metric is this narrow in every variant: `2%` is 2% of the
    /// mean to each side.
    #[arg(long, value_name = "P%", value_parser = percentage, conflicts_with = "replications")]
    precision: Option<f64>,
    /// The metric that --precision applies to [default: completion.mean].
    #[arg(long, value_name = "METRIC", value_parser = metric::suggest)]
    of: Option<Metric>,
    /// The most runs of each variant, if --precision or the proof of a size would need more.
    #[arg(long, value_name = "N", default_value_t = 1000,
          value_parser = clap::value_parser!(u64).range(2..))]
    max_replications: u64,
    /// The variant to compare the others with [default: the first].
    #[arg(long, value_name = "VARIANT")]
    reference: Option<String>,
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// The number of threads, at most one per core [default: one per core].
    #[arg(long, value_name = "N", allow_hyphen_values = true,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// The engine. `tokio` is an independent check: the same clients on tokio's paused clock, one task
    /// per client, far slower. It does not simulate the changes that findings suggest.
    #[arg(long, value_enum, default_value_t = EngineArg::Events)]
    engine: EngineArg,
    /// Do not simulate the changes that findings suggest. Each change takes one more run per
    /// replication, at most 30.
    #[arg(long)]
    no_what_if: bool,
    /// Simulate only share K of N equal shares of the study, such as one per machine; `distpoint merge`
    /// joins the parts. `auto` takes K and N from a Slurm array; `auto/N` takes K from a Slurm array or
    /// a Kubernetes Indexed Job.
    #[arg(long, value_name = "K/N", value_parser = ShardArg::parse,
          conflicts_with = "precision")]
    shard: Option<ShardArg>,
    /// Simulate even what is more often a mistake than intended: runs of more than 10^12 events, and
    /// sweeps of more than a million points.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    reports: ReportArgs,
}

/// A study that takes longer than this, in ms, is announced with how long it takes.
const LONG_MILLIS: f64 = 600_000.0;

/// The runs that a precision needs at least: what it needs beyond them is not known before.
const FEW: u64 = 10;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum EngineArg {
    Events,
    Tokio,
}

/// A percentage above 0, as a share.
fn percentage(text: &str) -> Result<f64, String> {
    match text.parse().map(Percent::share) {
        Ok(share) if share > 0.0 => Ok(share),
        _ => Err("write a percentage above 0, such as `2%`".to_owned()),
    }
}

impl StudyArgs {
    /// The scenario of the study.
    pub fn scenario(&self) -> &ScenarioArgs {
        &self.scenario
    }

    /// Notes which variants of the scenario are not simulated because a grid replaces them.
    pub fn note_replaced(loaded: &Loaded, quiet: bool) {
        /// The most names in the note.
        const MOST: usize = 3;
        // In quotes, and without control characters.
        let names: Vec<String> =
            loaded.replaced.iter().take(MOST).map(|name| format!("{name:?}")).collect();
        let more = match loaded.replaced.len().saturating_sub(MOST) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        if !quiet && !names.is_empty() {
            stderr::note(&format!(
                "the grid replaces the scenario's variants ({}{more}): to use the settings of one, give \
                 them with --set",
                names.join(", ")
            ));
        }
    }

    /// Refuses options that do not apply to a search, which simulates as many runs as its verdicts need,
    /// or to a search over a grid.
    pub fn check_for_search(&self, grid: bool) -> Result<(), Failure> {
        let given = [
            ("--replications", self.replications.is_some() && !grid),
            ("--shard", self.shard.is_some() && !grid),
            ("--precision", self.precision.is_some()),
            ("--of", self.of.is_some()),
            ("--reference", self.reference.is_some()),
            ("--threshold", self.scenario.has_thresholds()),
        ];
        let help = match given.into_iter().find(|(_, given)| *given) {
            Some((option @ ("--replications" | "--shard"), _)) => format!(
                "{option} does not apply here: `size` simulates as many runs as it needs, at most \
                 --max-replications; with --grid it simulates every value equally often"
            ),
            Some((option, _)) => format!(
                "{option} does not apply here: `size` simulates as many runs as it needs, at most \
                 --max-replications, and its targets are those of --until"
            ),
            None if grid && self.replications.is_none_or(|replications| replications < 2) => {
                "--grid needs the number of runs of each value: give --replications, at least 2, \
                 because one run proves nothing"
                    .to_owned()
            }
            None => return Ok(()),
        };
        Err(Failure::Usage(help))
    }

    /// Whether the user confirmed what is more often a mistake than intended.
    pub fn is_confirmed(&self) -> bool {
        self.yes
    }

    /// Refuses a study that does not fit into memory or takes far too long, and notes how long a long
    /// study takes.
    ///
    /// # Errors
    ///
    /// [`Failure::Study`] with what to change.
    pub fn check_estimate(
        &self,
        loaded: &Loaded,
        options: &Options,
        quiet: bool,
        shards: u64,
    ) -> Result<(), Failure> {
        let replications = match &options.replications {
            Replications::Fixed(replications) => *replications,
            Replications::Until(precision) => precision.ceiling.min(FEW),
        };
        let (variants, what_if) = (&loaded.variants, options.simulates_what_ifs());
        let estimate = Estimate::new(variants, replications, options.engine, what_if).share(shards);
        let estimate = if self.shard.is_some() { estimate.stored() } else { estimate };
        estimate.check(self.yes).map_err(Failure::Study)?;
        let millis = estimate.millis(options.threads());
        if !quiet && millis > LONG_MILLIS {
            stderr::note(&format!(
                "{} events take about {}; `distpoint check` estimates without simulating",
                estimate.events_in_words(),
                span(millis)
            ));
        }
        Ok(())
    }

    /// How many runs a value gets at most.
    pub fn max_replications(&self) -> u64 {
        self.max_replications
    }

    /// The options of the study, which ends when `stop` becomes true. Progress is shown unless `quiet`.
    pub fn options(&self, stop: Arc<AtomicBool>, quiet: bool) -> Options {
        let replications = match self.precision {
            None => Replications::Fixed(self.replications.unwrap_or(1)),
            Some(relative) => Replications::Until(Precision {
                relative,
                metric: self.of.unwrap_or(metric::COMPLETION_MEAN),
                ceiling: self.max_replications,
            }),
        };
        let clock: Arc<AtomicU64> = Arc::default();
        Options {
            engine: match self.engine {
                EngineArg::Events => Engine::Events,
                EngineArg::Tokio => Engine::Tokio,
            },
            threads: self.threads.map_or(0, usize::from),
            replications,
            reference: self.reference.clone(),
            what_if: !self.no_what_if,
            stop,
            progress: if quiet { Arc::new(|_| ()) } else { progress::bar(Arc::clone(&clock)) },
            clock,
            keeping: interrupt::keep,
        }
    }

    /// Notes what a study on tokio leaves out.
    pub fn note_engine(options: &Options, quiet: bool) {
        if !quiet && options.what_if && !options.simulates_what_ifs() {
            stderr::note(
                "the tokio engine does not simulate the changes that findings suggest; --engine events does",
            );
        }
    }

    /// What is written, and where.
    pub fn reports(&self) -> &ReportArgs {
        &self.reports
    }

    /// Simulates the study `plan` of `loaded`, or the share of it that the user asked for, and writes
    /// the results. `loaded` came from `scenario`, which no output may replace.
    pub fn simulate(
        &self,
        scenario: &Path,
        plan: Plan,
        loaded: &Loaded,
        options: &Options,
        quiet: bool,
    ) -> Result<Exit, Failure> {
        if self.of.is_some() && self.precision.is_none() {
            let help = "--of names the metric for --precision: give --precision, too";
            return Err(Failure::Usage(help.to_owned()));
        }
        let variants = plan.variants.len();
        tracing::info!(variants, engine = options.engine.name(), "simulating");
        let inputs = inputs(scenario, loaded);
        if let Some(shard) = self.shard {
            let shard = shard.resolve().map_err(Failure::Usage)?;
            let targets = shard::targets(&self.reports, &inputs)?;
            self.check_estimate(loaded, options, quiet, shard.count)?;
            return shard::run(plan, shard, loaded, options, &self.reports, &targets);
        }
        let targets = self.reports.targets(&inputs)?;
        self.check_estimate(loaded, options, quiet, 1)?;
        let outcome = study::run_plan(&plan, loaded, options).map_err(Failure::Study)?;
        self.reports.report(&outcome, &targets)
    }
}
