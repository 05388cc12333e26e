//! `distpoint completions`: prints what a shell needs to complete commands and options.

use clap::{Args, Command};
use clap_complete::Shell;

use super::output::print;
use super::{Exit, Failure};

/// Print the completions of commands and options for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint completions bash \\
      > ~/.local/share/bash-completion/completions/distpoint
  distpoint completions zsh > \"${fpath[1]}/_distpoint\"
  distpoint completions fish > ~/.config/fish/completions/distpoint.fish
  distpoint completions powershell >> $PROFILE")]
pub struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

/// Prints the completions of `program`.
pub fn run(args: &CompletionsArgs, mut program: Command) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "distpoint", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}
