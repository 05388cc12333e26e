//! The program as its users meet it: what it accepts, what it refuses and in which words, and what
//! it leaves behind.

mod bad_input;
mod commands;
mod documents;
mod evidence;
mod files;
mod fleet;
mod harness;
mod idle;
mod interrupt;
mod laws;
mod reports;
mod results;
mod shards;
mod traces;
mod trouble;
