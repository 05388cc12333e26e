//! What a study takes: events, memory and time, estimated before anything is simulated.

use super::error::StudyError;
use super::options::Engine;
use crate::human::{count, span};
use crate::scenario::{Variant, gibibytes, too_much_memory, variant_bytes};

/// A run of more events takes hours on any machine, and is more often a mistake than intended.
pub const MOST_EVENTS: f64 = 1e12;

/// Events that a core simulates in a second, in plain scenarios and in others: half of what `make bench`
/// measures, as many events are more than a retry.
const EVENTS_PER_SECOND: [f64; 2] = [20e6, 8e6];

/// The same on tokio.
const EVENTS_PER_SECOND_ON_TOKIO: f64 = 5e5;

/// The bytes that the metrics of a run, a group or a point take while they are stored: themselves, and their
/// JSON.
const STORED_BYTES: f64 = 1000.0;

/// About how many changes findings suggest; each takes as much as a variant.
const CHANGES: f64 = 4.0;

/// What a study takes, estimated before anything is simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The number of variants.
    pub variants: usize,
    /// The number of runs: replications of variants.
    pub runs: f64,
    /// The clients of the largest run.
    pub clients: f64,
    /// The client groups and distribution points of the largest variant.
    pub parts: usize,
    /// The events of the longest run.
    pub events_of_a_run: f64,
    /// The events of all runs.
    pub events: f64,
    /// The bytes of memory that one run takes.
    pub run_bytes: f64,
    /// The bytes of memory that the sums and results take.
    pub result_bytes: f64,
    /// The processor time of all runs, in seconds.
    pub seconds: f64,
}

impl Estimate {
    /// What `replications` runs of each of `variants` take on `engine`; with `what_if`, also the changes
    /// that findings suggest.
    pub fn new(variants: &[Variant], replications: u64, engine: Engine, what_if: bool) -> Estimate {
        let replications = replications as f64;
        let mut estimate = Estimate {
            variants: variants.len(),
            runs: replications * variants.len() as f64,
            clients: 0.0,
            parts: 0,
            events_of_a_run: 0.0,
            events: 0.0,
            run_bytes: 0.0,
            result_bytes: 0.0,
            seconds: 0.0,
        };
        for Variant { scenario, .. } in variants {
            let events = match engine {
                Engine::Tokio => scenario.expected_events_of_each_attempt(),
                Engine::Events => scenario.expected_events(),
            };
            let [plain, full] = EVENTS_PER_SECOND;
            let per_second = match engine {
                Engine::Tokio => EVENTS_PER_SECOND_ON_TOKIO,
                Engine::Events if scenario.replication(0).is_plain() => plain,
                Engine::Events => full,
            };
            estimate.clients = estimate.clients.max(scenario.expected_clients());
            estimate.parts = estimate.parts.max(scenario.parts());
            estimate.events_of_a_run = estimate.events_of_a_run.max(events);
            estimate.events += events * replications;
            estimate.seconds += events * replications / per_second;
            estimate.run_bytes = estimate.run_bytes.max(scenario.expected_bytes());
            estimate.result_bytes += variant_bytes(scenario.parts());
        }
        if what_if {
            estimate.result_bytes += CHANGES * variant_bytes(estimate.parts);
        }
        estimate
    }

    /// The estimate of one of `shards` equal shares of the study.
    pub fn share(self, shards: u64) -> Estimate {
        let of = shards.max(1) as f64;
        Estimate {
            runs: self.runs / of,
            events: self.events / of,
            seconds: self.seconds / of,
            ..self
        }
    }

    /// The estimate of a share that is stored run by run, to be merged.
    pub fn stored(self) -> Estimate {
        let stored = self.runs * (1 + self.parts) as f64 * STORED_BYTES;
        Estimate { result_bytes: self.result_bytes + stored, ..self }
    }

    /// The events of all runs: `about 110,000,000,000`.
    pub fn events_in_words(&self) -> String {
        format!("about {}", count(rounded(self.events)))
    }

    /// All memory, in bytes, with one run at a time.
    pub fn bytes(&self) -> f64 {
        self.run_bytes + self.result_bytes
    }

    /// Checks that the study can be simulated: it fits into memory, and no run is longer than
    /// 10^12 events, unless that is `confirmed`.
    ///
    /// # Errors
    ///
    /// [`StudyError::InvalidRequest`] with what to change.
    pub fn check(&self, confirmed: bool) -> Result<(), StudyError> {
        let what = match (self.variants, self.parts) {
            _ if self.runs > 1e5 && self.result_bytes > self.runs * STORED_BYTES => {
                format!("the metrics of {} runs would", count(self.runs))
            }
            (1, parts) => {
                format!("a study with {parts} client groups and distribution points would")
            }
            (variants, parts) => format!(
                "{variants} variants, each with {parts} client groups and distribution points, would"
            ),
        };
        if let Some(problem) = too_much_memory(&what, self.bytes()) {
            return Err(StudyError::InvalidRequest(format!(
                "{problem}: simulate some of the variants at a time, or fewer groups with a larger `count`"
            )));
        }
        if self.events_of_a_run > MOST_EVENTS && !confirmed {
            return Err(StudyError::InvalidRequest(format!(
                "a run would have about {} events, which take about {}: shorten `horizon`, make retries, \
                 outages or limit changes rarer, or confirm the run with --yes",
                count(rounded(self.events_of_a_run)),
                span(1000.0 * self.seconds / self.runs.max(1.0))
            )));
        }
        Ok(())
    }

    /// The time that the study takes on `threads` threads, in ms.
    pub fn millis(&self, threads: usize) -> f64 {
        let at_once = (threads.max(1) as f64).min(self.runs.max(1.0));
        1000.0 * self.seconds / at_once
    }

    /// What the study takes on `threads` threads: the names of the figures, and the figures.
    pub fn figures(&self, threads: usize) -> Vec<(&'static str, String)> {
        let time = match self.millis(threads) {
            short if short < 1000.0 => "less than a second".to_owned(),
            long => format!("about {}", span(long)),
        };
        let memory = match self.bytes() / f64::from(1 << 20) {
            mebibytes if mebibytes < 100.0 => format!("about {:.0} MiB", mebibytes.max(1.0)),
            _ => format!("about {}", gibibytes(self.bytes())),
        };
        vec![
            ("variants", count(self.variants as f64)),
            ("clients", count(self.clients.round())),
            ("runs", count(self.runs)),
            ("events", self.events_in_words()),
            ("memory", memory),
            ("time", time),
        ]
    }
}

/// Two digits of a number: an estimate has no more.
fn rounded(number: f64) -> f64 {
    if number < 10.0 {
        return number.ceil();
    }
    let unit = 10f64.powi(libm::log10(number) as i32 - 1);
    (number / unit).round() * unit
}
