//! The event engine: the model's clients on a virtual clock, exact at equal instants.
//!
//! The executor polls the clients in the order of their events; the world gives them time and
//! distribution points. Retries that are refused are not simulated (`orbit`) where that is exact. For a plain
//! scenario, whose points have a connection limit and nothing else, all that only other scenarios need is
//! compiled away.

#[expect(unsafe_code, reason = "pins futures in place; see the module's documentation")]
mod arena;
mod at_servers;
mod executor;
mod orbit;
mod plain_server;
mod queue;
mod server;
mod turns;
mod waiting;
mod world;

pub use executor::{run, run_each_attempt, run_in_full, run_with_clock};
pub use orbit::{in_common, skippable_retries};
