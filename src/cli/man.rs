//! `distpoint man`: prints the manual pages, one per command.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use super::output::{print, write_file};
use super::{Exit, Failure};

/// Print the manual pages of all commands, or write them into a directory.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint man | man -l -
  distpoint man --dir ~/.local/share/man/man1")]
pub struct ManArgs {
    /// Write one file per page into this directory, which must exist.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints or writes the manual pages of `program`.
pub fn run(args: &ManArgs, program: Command) -> Result<Exit, Failure> {
    // There is no page of `distpoint help`.
    let mut program = program.disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    collect(&program, "distpoint", &mut pages);
    match &args.dir {
        None => print(&pages.into_iter().map(|(_, page)| page).collect::<String>())?,
        Some(directory) => {
            for (name, page) in pages {
                write_file(&directory.join(format!("{name}.1")), &page)?;
            }
        }
    }
    Ok(Exit::Success)
}

/// Adds the page of a command and those of its subcommands, by name.
fn collect(command: &Command, name: &str, pages: &mut Vec<(String, String)>) {
    let mut page = Vec::new();
    // Writing into memory cannot fail.
    let _ = render(command, &mut page);
    pages.push((name.to_owned(), String::from_utf8_lossy(&page).into_owned()));
    for below in command.get_subcommands() {
        collect(below, &format!("{name}-{}", below.get_name()), pages);
    }
}

fn render(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(command.clone());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    // Line by line: these are commands, not running text.
    if let Some(examples) = command.get_after_help() {
        let examples = examples.to_string();
        let (_, examples) = examples.split_once("Examples:\n").unwrap_or(("", &examples));
        writeln!(page, ".SH EXAMPLES\n.nf\n{}\n.fi", literal(examples))?;
    }
    Ok(())
}

/// A text in roff, escaped so that nothing in it is a request.
fn literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    let lines = escaped.lines().map(|line| match line.starts_with('.') {
        true => format!("\\&{line}"),
        false => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
