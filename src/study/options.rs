//! How a study is run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::stats::metric::Metric;

/// What simulates a study.
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
    /// What simulates it.
    pub engine: Engine,
    /// On how many threads; 0: one for each core. It does not change the results.
    pub threads: usize,
    /// How often each variant is simulated.
    pub replications: Replications,
    /// The variant that the others are compared with; `None`: the first.
    pub reference: Option<String>,
    /// Whether the changes that findings suggest are simulated, if it is the event engine that simulates.
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
    /// Whether the changes that findings suggest are simulated. On tokio they are not: it is there to check
    /// the figures of a study, and is too slow for more.
    pub fn simulates_what_ifs(&self) -> bool {
        self.what_if && self.engine == Engine::Events
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
            keeping: || (),
            progress: Arc::new(|_| ()),
        }
    }
}

/// How often each variant is simulated.
#[derive(Clone, Debug, PartialEq)]
pub enum Replications {
    /// So many times, at least once.
    Fixed(u64),
    /// Until a metric is known precisely.
    Until(Precision),
}

/// A precision to reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// The half-width of the 95% interval, as a share of the mean, in every variant.
    pub relative: f64,
    /// Of which metric.
    pub metric: Metric,
    /// After so many replications it ends in any case.
    pub ceiling: u64,
}

/// How far a study is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Runs simulated.
    pub runs: u64,
    /// Runs that are planned so far.
    pub planned: u64,
    /// Events simulated.
    pub events: u64,
}
