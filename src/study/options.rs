//! How a study is run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::stats::metric::Metric;

/// The engine that simulates a study.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// The event engine.
    #[default]
    Events,
    /// The tokio engine: one task per client, with tokio's paused clock.
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
    /// The engine that simulates it.
    pub engine: Engine,
    /// The number of threads, at most one per core; 0: one per core. It does not change the results.
    pub threads: usize,
    /// How often each variant is simulated.
    pub replications: Replications,
    /// The variant that the others are compared with; `None`: the first.
    pub reference: Option<String>,
    /// Whether the changes that findings suggest are simulated; only the event engine does so.
    pub what_if: bool,
    /// Becomes true when the user stops the study.
    pub stop: Arc<AtomicBool>,
    /// The simulated time, in ms, of the run that last moved on: how far a single run is.
    pub clock: Arc<AtomicU64>,
    /// Is called when the user has stopped the study and complete replications are kept: to sum them up
    /// may take a while.
    pub keeping: fn(),
    /// Is called with the progress of the study after each run.
    pub progress: Arc<dyn Fn(Progress) + Send + Sync>,
}

impl Options {
    /// Whether the changes that findings suggest are simulated. The tokio engine does not simulate
    /// them: it exists to check the figures of a study and is too slow for more.
    pub fn simulates_what_ifs(&self) -> bool {
        self.what_if && self.engine == Engine::Events
    }

    /// The number of threads that are used, at most one per core.
    pub fn threads(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // More threads than cores only wait for each other.
        if self.threads == 0 { cores } else { self.threads.min(cores) }
    }

    pub(super) fn stopped(&self) -> bool {
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
            clock: Arc::default(),
            keeping: || (),
            progress: Arc::new(|_| ()),
        }
    }
}

/// How often each variant is simulated.
#[derive(Clone, Debug, PartialEq)]
pub enum Replications {
    /// This number of times, at least once.
    Fixed(u64),
    /// Until a metric has a precision.
    Until(Precision),
}

/// A precision to reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// The half-width of the 95% interval, as a share of the mean, in every variant.
    pub relative: f64,
    /// The metric.
    pub metric: Metric,
    /// The greatest number of replications; the study ends there even if the precision is not reached.
    pub ceiling: u64,
}

/// The progress of a study.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Runs simulated.
    pub runs: u64,
    /// Runs that are planned so far, simulated ones included.
    pub planned: u64,
    /// Events of these runs: attempts, and ends of connections.
    pub events: u64,
    /// Attempts among them that were refused and not simulated one by one.
    pub skipped: u64,
    /// The latest horizon of the runs, in ms: where the clock of a run ends at the latest.
    pub horizon: u64,
}
