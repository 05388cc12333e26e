//! The options that say where reports go, the same for every command that has any.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::output::{Target, print};
use super::{Failure, interrupt};
use crate::report::{FORMATS, Format, Renderer};

/// Where reports go.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Write a report to a file (repeatable); its ending says which: .json, .csv, .md, .xml
    /// (JUnit), .html, .txt.
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// What to print on standard output.
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
    /// What to print on standard output.
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
    /// `whole`, Ctrl-C does not end the program before that is done, whatever it takes; else it ends
    /// it also where nobody reads on.
    pub fn write(
        &self,
        targets: &[Target],
        whole: bool,
        render: impl Fn(&dyn Renderer, Option<u16>) -> String,
    ) -> Result<(), Failure> {
        let uninterrupted = interrupt::uninterrupted();
        for target in targets {
            target.write(&render(target.format().renderer, None))?;
        }
        let _printing = whole.then_some(uninterrupted);
        print(&render(self.format.renderer, terminal_width()))
    }
}

/// The width of the terminal, if standard output is one.
fn terminal_width() -> Option<u16> {
    let (width, _) = terminal_size::terminal_size()?;
    std::io::stdout().is_terminal().then_some(width.0)
}
