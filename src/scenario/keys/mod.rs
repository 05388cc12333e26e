//! What can be written into a scenario file: the tables of keys, one file per table of a scenario.
//!
//! Each key is an entry of a `keys!` or `kinds!` table, from which the reader, the schema and the
//! reference are derived (see [`form`](super::form)). Checks across several keys are ordinary
//! functions that run after the keys are read.

mod arrival;
mod clients;
mod csv_column;
mod file;
mod hours;
mod named;
mod points;
mod queue;
mod rate_limit;
mod rate_profile;
mod recovery;
mod release;
mod repeat;
mod restraints;
mod retry;
mod scenario;
mod sites;
mod tiers;
mod time_distribution;
mod transfer;
mod windows;
mod workaround;

pub use clients::DEFAULT_POLL_INTERVAL;
pub use file::{FileKeys, MAX_SEED, ScenarioKeys, named_tables, overlay_rules, read_study};
pub use hours::{day_and_time_text, parse_day, parse_time, parse_week, read_day_and_time};
pub use release::release_parts;
pub use scenario::read_scenario;
