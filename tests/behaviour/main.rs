//! The behaviour of the simulator against known answers, theory, and itself.

mod connections;
mod conservation;
mod determinism;
mod evidence;
mod fleet;
mod harness;
mod known_answers;
mod outages;
mod reference;
mod scenarios;
mod sharing;
mod stranding;
mod theory;
mod worlds_agree;
mod written;
