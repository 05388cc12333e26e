//! The behaviour of the simulator against known answers and itself. `tests/validation` has the theory.

mod connections;
mod conservation;
mod determinism;
mod evidence;
mod fleet;
mod harness;
mod known_answers;
mod reference;
mod scenarios;
mod sharing;
mod stranding;
mod trouble;
mod worlds_agree;
mod written;
