//! Logs: reading what real clients and servers wrote.

mod access;
mod against;
mod answer;
mod calibrate;
mod client;
mod concurrency;
mod events;
mod format;
mod input;
mod observed;
mod one;
mod program;
mod read;
mod sms;
mod spread;
mod stamp;
mod tally;
mod told;
mod write;

pub use against::{Against, Fit, Pair, Side};
pub use answer::{Answer, Arrivals, Clients, InputRead, Moment, Retries, SCHEMA, Server};
pub use calibrate::{Calibration, Estimate, Holding, Lognormal, Retry, ScenarioFiles};
pub use concurrency::{AgainstLimit, Concurrency};
pub use format::{LOG_FORMATS, LogFormat};
pub use program::{Bug, Counts, Diagnosis, Evidence, Outcome, ProgramLog};
pub use read::{Observed, STDIN, read, read_stream};
pub use spread::Spread;
pub use write::{Recorded, WRITE_FORMATS, Wanted, WriteFormat, record};
