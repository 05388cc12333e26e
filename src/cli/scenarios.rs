//! `distpoint scenarios`: lists the built-in scenarios, or prints one.

use std::fmt::Write;

use clap::Args;

use super::output::print;
use super::{Exit, Failure};
use crate::diagnostic;
use crate::scenario::{BUILTIN, Builtin, DEFAULT_BUILTIN};

/// List the built-in scenarios, or print one to start from.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint scenarios
  distpoint scenarios retry-policies > my.toml")]
pub struct ScenariosArgs {
    /// The scenario to print.
    name: Option<String>,
}

/// Runs the command.
pub fn run(args: &ScenariosArgs) -> Result<Exit, Failure> {
    match &args.name {
        None => print(&list())?,
        Some(name) => print(find(name)?.text)?,
    }
    Ok(Exit::Success)
}

fn list() -> String {
    let width = BUILTIN.iter().map(|builtin| builtin.name.len()).max().unwrap_or(0);
    let mut list = String::new();
    for Builtin { name, summary, .. } in BUILTIN {
        let default = if *name == DEFAULT_BUILTIN { " (the default)" } else { "" };
        // Writing into a string cannot fail.
        let _ = writeln!(list, "{name:width$}  {summary}{default}");
    }
    list.push_str("\nRun one:          distpoint run NAME\n");
    list.push_str("Start from one:   distpoint scenarios NAME > my.toml\n");
    list
}

fn find(name: &str) -> Result<&'static Builtin, Failure> {
    Builtin::named(name).ok_or_else(|| {
        let names = BUILTIN.iter().map(|builtin| builtin.name);
        let known = diagnostic::suggestion(name, names, "there are");
        Failure::Usage(format!(
            "there is no built-in scenario {}: {known}",
            diagnostic::quoted(name)
        ))
    })
}
