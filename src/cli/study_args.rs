//! What all commands that simulate have in common: their options, and how they use them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueEnum};

use super::inputs::Inputs;
use super::report_args::ReportArgs;
use super::shard::{self, ShardArg};
use super::{Exit, Failure, interrupt, progress, stderr};
use crate::scenario::{Builtin, GridPoint, LoadError, Loaded, Origin, load, load_grid};
use crate::stats::metric::{self, Metric};
use crate::study::{self, Engine, Options, Plan, Precision, Replications};
use crate::value::{Percent, Span};

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
    /// A threshold that every variant has to meet, such as `completion.p95 < 24h`, in addition to those
    /// of the scenario (repeatable). A final `@ NAME` limits it to one variant.
    #[arg(long, value_name = "METRIC OP VALUE")]
    threshold: Vec<String>,
    /// The seed of the random numbers, instead of the scenario's seed.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true,
          value_parser = clap::value_parser!(i64).range(0..))]
    seed: Option<i64>,
    /// Set a key of the scenario, in every variant (repeatable). `*` matches every name.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The time at which the simulation ends at the latest, such as `7d`.
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = horizon)]
    horizon: Option<String>,
    /// The number of threads [default: one per core].
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
    #[command(flatten)]
    reports: ReportArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum EngineArg {
    Events,
    Tokio,
}

fn horizon(text: &str) -> Result<String, String> {
    match text.parse() {
        Ok(Span::ZERO) => Err("the horizon must be later than the start".to_owned()),
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// A percentage above 0, as a share.
fn percentage(text: &str) -> Result<f64, String> {
    match text.parse().map(Percent::share) {
        Ok(share) if share > 0.0 => Ok(share),
        _ => Err("write a percentage above 0, such as `2%`".to_owned()),
    }
}

impl StudyArgs {
    /// Loads a scenario file or, where there is no such file, the built-in scenario of that name.
    pub fn load(&self, scenario: &Path) -> Result<Loaded, Failure> {
        self.load_with(scenario, load)
    }

    /// Loads a scenario with the points of a grid in place of its variants.
    pub fn load_grid(&self, scenario: &Path, grid: &[GridPoint]) -> Result<Loaded, Failure> {
        self.load_with(scenario, |origin, assignments| load_grid(origin, assignments, grid))
    }

    fn load_with(
        &self,
        scenario: &Path,
        load: impl FnOnce(Origin<'_>, &[String]) -> Result<Loaded, LoadError>,
    ) -> Result<Loaded, Failure> {
        let mut assignments = self.set.clone();
        assignments.extend(self.seed.map(|seed| format!("seed={seed}")));
        assignments.extend(self.horizon.as_ref().map(|horizon| format!("horizon=\"{horizon}\"")));
        let builtin = scenario.to_str().filter(|_| !scenario.exists()).and_then(Builtin::named);
        let origin = match builtin {
            Some(builtin) => Origin::Text { name: builtin.name, text: builtin.text },
            None => Origin::File(scenario),
        };
        let mut loaded = load(origin, &assignments).map_err(Failure::Scenario)?;
        loaded.add_thresholds(&self.threshold).map_err(Failure::Scenario)?;
        Ok(loaded)
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
            ("--threshold", !self.threshold.is_empty()),
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
            keeping: interrupt::keep,
            progress: if quiet { Arc::new(|_| ()) } else { progress::bar() },
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

    /// The files that a study of `loaded`, which came from `scenario`, reads.
    pub fn inputs(scenario: &Path, loaded: &Loaded) -> Inputs {
        Inputs::of([scenario]).and(loaded.trace_files())
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
    ) -> Result<Exit, Failure> {
        if self.of.is_some() && self.precision.is_none() {
            let help = "--of names the metric for --precision: give --precision, too";
            return Err(Failure::Usage(help.to_owned()));
        }
        let variants = plan.variants.len();
        tracing::info!(variants, engine = options.engine.name(), "simulating");
        let inputs = StudyArgs::inputs(scenario, loaded);
        if let Some(shard) = self.shard {
            let shard = shard.resolve().map_err(Failure::Usage)?;
            let targets = shard::targets(&self.reports, &inputs)?;
            return shard::run(plan, shard, loaded, options, &self.reports, &targets);
        }
        let targets = self.reports.targets(&inputs)?;
        let outcome = study::run_plan(&plan, loaded, options).map_err(Failure::Study)?;
        self.reports.report(&outcome, &targets)
    }
}
