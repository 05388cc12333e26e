//! Engines: worlds that play the model's clients on virtual time.

mod arena;
pub mod event_engine;
mod event_queue;
