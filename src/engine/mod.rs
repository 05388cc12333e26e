//! Engines: the worlds that simulate the model's clients on virtual time.
//!
//! * [`event_engine`], the default: a purpose-built executor, exact at equal instants.
//! * [`tokio_engine`]: one tokio task per client on tokio's paused clock, the independent check.

pub mod event_engine;
mod sessions_left;
pub mod tokio_engine;
