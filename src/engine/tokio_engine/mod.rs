//! The tokio engine: one tokio task per client, tokio's paused clock, a semaphore as the connection
//! limit.
//!
//! It simulates the same client code as the event engine, always in full detail, and has nothing else
//! in common with it but the definition of rates (whole grains per millisecond) and the timeline of each
//! point. So it checks the event engine: where no two clients act at the same millisecond, both give
//! the same outcome for every single client. At equal instants the order is tokio's, not the model's
//! ([`Order`](crate::model::Order)). It is far slower (`make bench` shows how much).

mod abandoned;
mod for_nobody;
mod run;
mod server;
mod transfers;
mod world;

pub use run::{MAX_HORIZON, run};
