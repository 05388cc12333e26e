//! The program as its users meet it: what it accepts, what it refuses, and what
//! it leaves behind. `house` is about its source instead; another test program would cost another link.

mod bad_input;
mod checking;
mod commands;
mod documents;
mod evidence;
mod generated;
mod harness;
mod house;
mod interrupt;
#[path = "../shared/junit_rules.rs"]
mod junit_rules;
mod limits;
mod logs;
#[path = "../shared/markup.rs"]
mod markup;
mod names;
mod nobody;
mod outputs;
mod report_commands;
mod reports;
mod results;
mod sentences;
mod shards;
#[cfg(unix)]
mod terminal;
mod wording;
