//! Studies: every variant of a scenario, played as often as it takes, and summed up.
//!
//! The work is cut into *units*, one replication of one variant each, which share nothing and run
//! on all cores. They are summed up replication by replication, whatever order they finish in, so
//! the results do not depend on the number of threads; and the sums do not grow with the number of
//! replications.

mod accumulate;
mod compare;
mod curves;
mod findings;
mod merge;
mod part;
mod plan;
mod replicate;
mod shard;
mod size;
mod steady;
mod threshold;
mod unit;
mod what_if;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::results::{Results, SCHEMA, Sweep};
use crate::scenario::Loaded;
use crate::stats::Imbalance;
pub use compare::verdict;
pub use merge::merge;
pub use part::{PART_SCHEMA, Part, run_shard};
pub use plan::{Plan, PlannedVariant};
pub use replicate::{Precision, Progress, Replications, Shortfall};
pub use shard::Shard;
pub use size::{Objective, Search, Sized, SizingPlan, size};
pub use unit::play;

/// What plays a study.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// The event engine.
    #[default]
    Events,
    /// Tokio's paused clock.
    Tokio,
}

impl Engine {
    /// The engine of that name.
    pub fn named(name: &str) -> Option<Engine> {
        [Engine::Events, Engine::Tokio].into_iter().find(|engine| engine.name() == name)
    }

    /// The name on the command line and in results.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Events => "events",
            Engine::Tokio => "tokio",
        }
    }
}

/// How a study is run.
#[derive(Clone)]
pub struct Options {
    /// What plays it.
    pub engine: Engine,
    /// On how many threads; 0: one for each core. It does not change the results.
    pub threads: usize,
    /// How often each variant is played.
    pub replications: Replications,
    /// The variant that the others are compared with; `None`: the first.
    pub reference: Option<String>,
    /// Whether the changes that findings suggest are played, if it is the event engine that plays.
    pub what_if: bool,
    /// Becomes true when the user wants it to end.
    pub stop: Arc<AtomicBool>,
    /// Is called when the user has stopped the study and there is something to keep: summing it up
    /// may take a while.
    pub keeping: fn(),
    /// Is told how far the study is.
    pub progress: Arc<dyn Fn(Progress) + Send + Sync>,
}

impl Options {
    /// Whether the changes that findings suggest are played. On tokio they are not: it is there to check
    /// the figures of a study, and is too slow for more.
    pub fn plays_what_ifs(&self) -> bool {
        self.what_if && self.engine == Engine::Events
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            engine: Engine::Events,
            threads: 0,
            replications: Replications::Fixed(1),
            reference: None,
            what_if: false,
            stop: Arc::default(),
            keeping: || (),
            progress: Arc::new(|_| ()),
        }
    }
}

/// Why a study has no results.
#[derive(Debug)]
pub enum StudyError {
    /// The user stopped it before the first replication was complete.
    Interrupted,
    /// What was asked for cannot be played.
    Unplayable(String),
    /// A run lost count of its clients: a bug.
    Imbalance(Imbalance),
    /// The system refused what the study needs.
    System(String),
}

impl fmt::Display for StudyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StudyError::Interrupted => f.write_str("interrupted"),
            StudyError::Unplayable(problem) | StudyError::System(problem) => f.write_str(problem),
            StudyError::Imbalance(imbalance) => imbalance.fmt(f),
        }
    }
}

impl std::error::Error for StudyError {}

/// What a study came to, and whether it is all that was asked for.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The results, of as many replications as they say.
    pub results: Results,
    /// What is missing from what was asked for, if anything.
    pub shortfall: Option<Shortfall>,
}

/// Plays every variant of `loaded` and sums it up. See [`run_whole`] for what is kept if the user
/// stops it.
///
/// # Errors
///
/// [`StudyError`] if it was stopped or fell short in another way.
pub fn run(loaded: &Loaded, options: &Options) -> Result<Results, StudyError> {
    let outcome = run_whole(loaded, options)?;
    match outcome.shortfall {
        Some(Shortfall::Interrupted) => Err(StudyError::Interrupted),
        Some(Shortfall::Imprecise(problem)) => Err(StudyError::Unplayable(problem)),
        None => Ok(outcome.results),
    }
}

/// Plays every variant of `loaded` and sums it up; what was complete when the user stopped it is
/// kept.
///
/// # Errors
///
/// [`StudyError`] if there is nothing to keep.
pub fn run_whole(loaded: &Loaded, options: &Options) -> Result<Outcome, StudyError> {
    run_plan(&plan(loaded, options)?, loaded, options)
}

/// The plan that [`run_plan`] plays.
///
/// # Errors
///
/// [`StudyError`] if the variant to compare with does not exist.
pub fn plan(loaded: &Loaded, options: &Options) -> Result<Plan, StudyError> {
    let plan = Plan::new(loaded, options.engine, options.reference.as_deref())?;
    Ok(Plan { what_if: options.plays_what_ifs(), ..plan })
}

/// Plays every variant of `loaded`, whose plan is `plan`, as [`run_whole`] does.
///
/// # Errors
///
/// [`StudyError`] if there is nothing to keep.
pub fn run_plan(plan: &Plan, loaded: &Loaded, options: &Options) -> Result<Outcome, StudyError> {
    let (sums, shortfall) = replicate::replicate(&loaded.variants, plan.sums(), options)?;
    Ok(Outcome { results: plan.results(sums, &loaded.directory, options)?, shortfall })
}

impl Sized {
    /// The search as results, whose variants are the values that were played. `plan` is that of the
    /// scenario that they change.
    pub fn into_results(self, plan: &Plan) -> Results {
        let replications = self.sizing.evaluated.iter().map(|value| value.replications).max();
        Results {
            schema: SCHEMA.to_owned(),
            tool: plan.tool.clone(),
            seed: plan.seed,
            replications: replications.unwrap_or(0),
            engine: plan.engine.clone(),
            scenario: plan.scenario.clone(),
            sweep: Some(Sweep {
                keys: vec![self.sizing.key.clone()],
                values: self.sizing.evaluated.iter().map(|v| vec![v.text.clone()]).collect(),
            }),
            variants: self
                .played
                .iter()
                .filter_map(|(planned, sums)| Some(sums.variants.first()?.finish(planned)))
                .collect(),
            sizing: Some(self.sizing),
            comparisons: Vec::new(),
            thresholds: Vec::new(),
            findings: Vec::new(),
        }
    }
}
