//! Checks of a scenario after it was read: whether a run of it fits into counters and memory, how much
//! it takes, whether it has random input, and which settings have no effect.

pub mod available;
pub mod counters;
mod determinism;
mod events;
pub mod idle;
pub mod memory;
pub mod served;
pub mod sites;
