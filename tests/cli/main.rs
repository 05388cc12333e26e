//! The program as its users meet it: what it accepts, what it refuses, and what
//! it leaves behind.

mod bad_input;
mod commands;
mod evidence;
mod files;
mod harness;
mod interrupt;
mod reports;
mod results;
mod shards;
mod wording;
