//! What all commands that simulate have in common: their options, and how they use them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueEnum};

use super::report_args::ReportArgs;
use super::shard::{self, ShardArg};
use super::{Exit, Failure, interrupt, progress};
use crate::scenario::{Builtin, GridPoint, LoadError, Loaded, Origin, load, load_grid};
use crate::stats::metric::{self, Metric};
use crate::study::{self, Engine, Options, Plan, Precision, Replications};
use crate::value::{Percent, Span};

/// Options of a study.
#[derive(Debug, Args)]
pub struct StudyArgs {
    /// How often to play each variant, with other random numbers each time.
    #[arg(short = 'n', long, value_name = "N", allow_hyphen_values = true,
          value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    replications: Option<u64>,
    /// Play on until the 95% interval of a metric is this narrow in every variant, such as `2%` to
    /// each side.
    #[arg(long, value_name = "P%", value_parser = percentage, conflicts_with = "replications")]
    precision: Option<f64>,
    /// The metric that --precision looks at [default: completion.mean].
    #[arg(long, value_name = "METRIC", value_parser = metric::suggest)]
    of: Option<Metric>,
    /// After so many replications --precision, or the proof of a size, gives up.
    #[arg(long, value_name = "N", default_value_t = 1000,
          value_parser = clap::value_parser!(u64).range(2..))]
    max_replications: u64,
    /// The variant that the others are compared with [default: the first].
    #[arg(long, value_name = "VARIANT")]
    reference: Option<String>,
    /// What every variant has to meet, such as `completion.p95 < 24h`; `@ NAME` behind it makes it
    /// about one variant (repeatable). In addition to the scenario's own.
    #[arg(long, value_name = "METRIC OP VALUE")]
    threshold: Vec<String>,
    /// Where the random numbers start, instead of the scenario's own seed.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true,
          value_parser = clap::value_parser!(i64).range(0..))]
    seed: Option<i64>,
    /// Set a key of the scenario, in every variant (repeatable). `*` stands for every name.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// When the simulation ends at the latest, such as `7d`.
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = horizon)]
    horizon: Option<String>,
    /// How many threads to use [default: one for each core].
    #[arg(long, value_name = "N", allow_hyphen_values = true,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// What plays the simulation. `tokio` is the independent check: the same clients on tokio's
    /// paused clock, one task each, far slower; it does not play the changes that findings suggest.
    #[arg(long, value_enum, default_value_t = EngineArg::Events)]
    engine: EngineArg,
    /// Do not play the changes that findings suggest. They take a run more for each finding and
    /// replication, of at most 30.
    #[arg(long)]
    no_what_if: bool,
    /// Play only one of N equal shares of the study, on one of N machines; `distpoint merge` joins
    /// what they write. `auto` takes share and number from a Slurm array, `auto/N` the share from a
    /// Slurm array or a Kubernetes Indexed Job.
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

    /// Tells of the variants of the scenario that are not played because a grid takes their place.
    pub fn note_replaced(loaded: &Loaded, quiet: bool) {
        /// More names than this nobody reads.
        const MOST: usize = 3;
        // In quotes, and with nothing that a terminal heeds.
        let names: Vec<String> =
            loaded.replaced.iter().take(MOST).map(|name| format!("{name:?}")).collect();
        let more = match loaded.replaced.len().saturating_sub(MOST) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        if !quiet && !names.is_empty() {
            super::note(&format!(
                "the scenario's variants are not played ({}{more}): what one of them sets, give with --set",
                names.join(", ")
            ));
        }
    }

    /// Refuses what says nothing to a search, which plays as many runs as its verdicts take, or to one
    /// over a grid.
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
                "{option} does not apply here: `size` plays as many runs as it takes, at most \
                 --max-replications; with --grid it plays every value equally often"
            ),
            Some((option, _)) => format!(
                "{option} does not apply here: `size` plays as many runs as it takes, at most \
                 --max-replications, and --until says what to meet"
            ),
            None if grid && self.replications.is_none_or(|replications| replications < 2) => {
                "--grid needs to know how often to play each value: give --replications, at least 2, \
                 for one run proves nothing"
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

    /// How the study is to be run: until `stop` at most. Progress is shown unless `quiet`.
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

    /// Says what is left out of a study on tokio.
    pub fn note_engine(options: &Options, quiet: bool) {
        if !quiet && options.what_if && !options.plays_what_ifs() {
            super::note(
                "the tokio engine does not play the changes that findings suggest; --engine events does",
            );
        }
    }

    /// What is written, and where.
    pub fn reports(&self) -> &ReportArgs {
        &self.reports
    }

    /// Plays the study `plan` of `loaded`, or the share of it that the user asked for, and writes
    /// what it comes to.
    pub fn play(&self, plan: Plan, loaded: &Loaded, options: &Options) -> Result<Exit, Failure> {
        if self.of.is_some() && self.precision.is_none() {
            let help = "--of says which metric --precision looks at: give --precision, too";
            return Err(Failure::Usage(help.to_owned()));
        }
        let variants = plan.variants.len();
        tracing::info!(variants, engine = options.engine.name(), "simulating");
        if let Some(shard) = self.shard {
            let shard = shard.resolve().map_err(Failure::Usage)?;
            let targets = shard::targets(&self.reports)?;
            return shard::run(plan, shard, loaded, options, &self.reports, &targets);
        }
        let targets = self.reports.targets()?;
        let outcome = study::run_plan(&plan, loaded, options).map_err(Failure::Study)?;
        self.reports.report(&outcome, &targets)
    }
}
