//! What is checked once a scenario is read: whether a run of it can be counted and fits into memory,
//! whether anything in it is random, and what in it has no effect.

pub mod counters;
mod determinism;
pub mod idle;
pub mod memory;
pub mod served;
