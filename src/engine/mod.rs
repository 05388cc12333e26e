//! Engines: the worlds that play the model's clients on virtual time.
//!
//! * [`event_engine`], the default: a purpose-built executor, exact at equal instants.
//!   Where bandwidth is shared, points fail or servers have queues, it hands over to a fuller one.
//! * [`tokio_engine`]: one tokio task a client on tokio's paused clock, the independent check.

#[expect(unsafe_code, reason = "pins futures in place; see the module's documentation")]
mod arena;
mod blocks;
pub mod event_engine;
mod event_queue;
mod executor;
mod full_event_engine;
mod full_tokio_engine;
mod server;
mod sharing;
pub mod tokio_engine;
mod tokio_executor;
mod tokio_point;
mod waiting;
