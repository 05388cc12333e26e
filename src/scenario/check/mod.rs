//! Checks of a scenario after it was read: whether a run of it fits into counters and memory,
//! whether it has random input, and which settings have no effect.

pub mod counters;
mod determinism;
pub mod idle;
pub mod memory;
pub mod served;
