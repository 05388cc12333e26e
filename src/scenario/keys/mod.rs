//! What can be written into a scenario file: the tables of keys, a file for each part of a scenario.
//!
//! Each key is an entry of a `keys!` or `choice!` table, from which all that is said of it is
//! derived (see [`form`](super::form)). What concerns several keys are ordinary functions that run
//! once they are read.

mod arrival;
mod clients;
mod csv_column;
mod hours;
mod points;
mod release;
mod retry;
mod scenario;
mod tiers;
mod transfer;
mod windows;
mod workaround;

pub use clients::DEFAULT_POLL_INTERVAL;
pub use release::release_parts;
pub use scenario::{MAX_SEED, ScenarioKeys, read_scenario};
