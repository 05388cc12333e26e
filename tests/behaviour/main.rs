//! The behaviour of the simulator against known answers and itself. `tests/validation` has the theory.

#[path = "../shared/checks/mod.rs"]
mod checks;
mod collapse;
mod components;
mod connections;
mod conservation;
mod determinism;
mod evidence;
mod fleet;
mod harness;
mod inputs;
#[path = "../shared/junit_rules.rs"]
mod junit_rules;
mod known_answers;
mod limits;
mod load;
mod logs;
#[path = "../shared/markup.rs"]
mod markup;
mod metamorphic;
mod naive;
mod outages;
mod policies;
mod reference;
mod restraints;
mod scenarios;
mod sharing;
mod skipping;
mod stranding;
mod windows;
mod worlds_agree;
mod written;
