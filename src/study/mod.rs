//! Studies: every variant of a scenario, played and summed up.
//!
//! The work is cut into units, one replication of one variant each, which share nothing and run
//! on all cores. They are summed up in the order of the plan, whatever order they finish in, so
//! the results do not depend on the number of threads.

mod accumulate;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use rayon::prelude::*;

use crate::engine::{event_engine, tokio_engine};
use crate::model::Time;
use crate::results::{Results, SCHEMA, Tool};
use crate::scenario::{Loaded, Scenario, Variant};
use crate::stats::{Imbalance, RunOutcome, Standard};
use accumulate::VariantAccumulator;

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
    /// The name on the command line and in results.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Events => "events",
            Engine::Tokio => "tokio",
        }
    }
}

/// How a study is run. None of it changes the results, but for the engine at equal instants.
#[derive(Clone, Debug)]
pub struct Options {
    /// What plays it.
    pub engine: Engine,
    /// On how many threads; 0: one for each core.
    pub threads: usize,
    /// Becomes true when the user wants it to end.
    pub stop: Arc<AtomicBool>,
}

impl Default for Options {
    fn default() -> Options {
        Options { engine: Engine::Events, threads: 0, stop: Arc::default() }
    }
}

/// Why a study has no results.
#[derive(Debug)]
pub enum StudyError {
    /// The user stopped it.
    Interrupted,
    /// The scenario is more than the engine can play.
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

/// Plays every variant of `loaded` and sums it up.
///
/// # Errors
///
/// [`StudyError`], without any partial result.
pub fn run(loaded: &Loaded, options: &Options) -> Result<Results, StudyError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .build()
        .map_err(|error| StudyError::System(format!("cannot start threads: {error}")))?;
    let outcomes: Vec<_> = pool.install(|| {
        loaded.variants.par_iter().map(|variant| play_variant(variant, options)).collect()
    });
    let mut variants = Vec::with_capacity(loaded.variants.len());
    for (variant, outcome) in loaded.variants.iter().zip(outcomes) {
        let mut accumulator = VariantAccumulator::default();
        accumulator.add(outcome?);
        variants.push(accumulator.finish(variant));
    }
    Ok(Results {
        schema: SCHEMA.to_owned(),
        tool: Tool::this(),
        seed: loaded.base.seed,
        replications: 1,
        engine: options.engine.name().to_owned(),
        scenario: loaded.base.to_json(),
        variants,
        comparisons: Vec::new(),
        thresholds: Vec::new(),
        findings: Vec::new(),
    })
}

fn play_variant(variant: &Variant, options: &Options) -> Result<RunOutcome, StudyError> {
    let started = Instant::now();
    let outcome = play(&variant.scenario, 0, options)?;
    let seconds = started.elapsed().as_secs_f64();
    tracing::info!(
        variant = variant.name,
        events = outcome.events(),
        seconds,
        events_per_second = outcome.events() as f64 / seconds,
        "played"
    );
    Ok(outcome)
}

/// Plays one replication of `scenario` and checks that nothing was lost.
///
/// # Errors
///
/// [`StudyError`] if it was stopped, cannot be played, or lost count.
pub fn play(
    scenario: &Scenario,
    replication: u64,
    options: &Options,
) -> Result<RunOutcome, StudyError> {
    let replication = scenario.replication(replication);
    let observer = Standard::new(&replication);
    let observer = match options.engine {
        Engine::Events => event_engine::run(&replication, observer, &options.stop),
        Engine::Tokio if scenario.horizon > tokio_engine::MAX_HORIZON => {
            return Err(StudyError::Unplayable(format!(
                "the tokio engine plays at most {}, but the horizon is {}",
                tokio_engine::MAX_HORIZON,
                scenario.horizon
            )));
        }
        Engine::Tokio => tokio_engine::run(&replication, observer, &options.stop)
            .map_err(|error| StudyError::System(format!("cannot start tokio: {error}")))?,
    };
    if options.stop.load(Ordering::Relaxed) {
        return Err(StudyError::Interrupted);
    }
    let outcome = observer.finish(Time::ZERO + scenario.horizon);
    outcome.check().map_err(StudyError::Imbalance)?;
    Ok(outcome)
}
