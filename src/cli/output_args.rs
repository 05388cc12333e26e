//! The options that select where reports go, the same for every command that writes reports.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::output::{Target, print};
use super::{Failure, interrupt};
use crate::report::{FORMATS, Format};

/// Where reports go.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Write a report to a file (repeatable). The ending of its name selects the format: .json, .csv,
    /// .md, .xml (JUnit), .html, .txt.
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// The format of what is printed on standard output.
    #[arg(long, value_name = "FORMAT", default_value = FORMATS[0].name, value_parser = format())]
    format: &'static Format,
}

/// The names of the formats, and their endings.
fn format() -> impl TypedValueParser<Value = &'static Format> {
    let names = FORMATS.iter().map(|format| {
        let name = PossibleValue::new(format.name);
        if format.ending == format.name { name } else { name.alias(format.ending) }
    });
    let known = |name: String| Format::named(&name).ok_or("no such format");
    PossibleValuesParser::new(names).try_map(known)
}

impl OutputArgs {
    /// The format of what is printed on standard output.
    pub fn format(&self) -> &'static Format {
        self.format
    }

    /// Checks where reports will be written, before any work is done. Where some cannot be, the
    /// failures of all of these.
    pub fn targets(&self) -> Result<Vec<Target>, Failure> {
        let _trying = interrupt::uninterrupted();
        let mut targets = Vec::new();
        let mut failures = Vec::new();
        for path in &self.output {
            match Target::check(path) {
                Ok(target) => targets.push(target),
                Err(failure) => failures.push(failure),
            }
        }
        if failures.is_empty() { Ok(targets) } else { Err(Failure::Several(failures)) }
    }

    /// Writes the reports that `render` makes to `targets`, and one to standard output. If
    /// `whole`, Ctrl-C does not end the program before that is done, however long it takes; otherwise
    /// Ctrl-C ends the program even if a reader of standard output has stopped reading.
    pub fn write(
        &self,
        targets: &[Target],
        whole: bool,
        render: impl Fn(&Format, Option<u16>) -> String,
    ) -> Result<(), Failure> {
        let uninterrupted = interrupt::uninterrupted();
        for target in targets {
            target.write(&render(target.format(), None))?;
        }
        let _printing = whole.then_some(uninterrupted);
        print(&render(self.format, terminal_width()))
    }
}

/// The width of the terminal, if standard output is one.
fn terminal_width() -> Option<u16> {
    let (width, _) = terminal_size::terminal_size()?;
    std::io::stdout().is_terminal().then_some(width.0)
}
