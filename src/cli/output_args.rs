//! The options that select where reports go, the same for every command that writes reports.

use std::borrow::Cow;
use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::inputs::Inputs;
use super::output::{Target, print};
use super::{Failure, interrupt, stderr};
use crate::diagnostic::quoted_path;
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
    /// Reports into the files `output`, and one of the format `format` on standard output.
    pub fn of(output: Vec<PathBuf>, format: &'static Format) -> OutputArgs {
        OutputArgs { output, format }
    }

    /// Writes the reports that `render` makes to `targets`, and `printed` to standard output.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_files(
        &self,
        targets: &[Target],
        render: impl Fn(&Format, Option<u16>) -> String,
        printed: &str,
    ) -> Result<(), Failure> {
        let text = |target: &Target| render(target.format(), None).into();
        write_all(targets, false, text, || Some(printed.into()))
    }

    /// The format of what is printed on standard output.
    pub fn format(&self) -> &'static Format {
        self.format
    }

    /// Checks where reports will be written, before any work is done. Where some cannot be, the
    /// failures of all of these.
    pub fn targets(&self, inputs: &Inputs) -> Result<Vec<Target>, Failure> {
        let _trying = interrupt::uninterrupted();
        let mut targets = Vec::new();
        let mut failures = Vec::new();
        for path in &self.output {
            match Target::check(path) {
                Ok(target) => targets.push(target),
                Err(failure) => failures.push(failure),
            }
        }
        failures.extend(inputs.overwritten(&self.output));
        if failures.is_empty() { Ok(targets) } else { Err(Failure::Several(failures)) }
    }

    /// Writes the reports that `render` makes to `targets`, and one to standard output. No signal ends
    /// the program while it writes files. Pipes and standard output may have a reader that has stopped
    /// reading, so a signal ends the program there; if `whole`, only a second one does.
    ///
    /// # Errors
    ///
    /// The failures of all reports that could not be written, after all others were.
    pub fn write(
        &self,
        targets: &[Target],
        whole: bool,
        render: impl Fn(&Format, Option<u16>) -> String,
    ) -> Result<(), Failure> {
        let text = |target: &Target| render(target.format(), None).into();
        let printed = || Some(render(self.format, terminal_width()).into());
        write_all(targets, whole, text, printed)
    }
}

/// Writes the `text` of each of `targets`, prints what `printed` gives, and notes which files were written.
///
/// # Errors
///
/// The failures of all that could not be written, after everything else was.
pub fn write_all<'t>(
    targets: &[Target],
    whole: bool,
    text: impl Fn(&Target) -> Cow<'t, str>,
    printed: impl FnOnce() -> Option<Cow<'t, str>>,
) -> Result<(), Failure> {
    if whole {
        interrupt::keep();
    }
    let uninterrupted = interrupt::uninterrupted();
    if !whole {
        interrupt::release();
    }
    let (files, pipes): (Vec<&Target>, _) = targets.iter().partition(|target| target.is_file());
    let write = |target: &Target| target.write(&text(target)).err();
    let mut failures = Vec::new();
    let mut written = Vec::new();
    for target in files {
        match write(target) {
            Some(failure) => failures.push(failure),
            None => written.push(quoted_path(target.name())),
        }
    }
    drop(uninterrupted);
    failures.extend(pipes.into_iter().filter_map(write));
    failures.extend(printed().and_then(|text| print(&text).err()));
    for name in written {
        stderr::information(&format!("wrote {name}"));
    }
    if failures.is_empty() { Ok(()) } else { Err(Failure::Several(failures)) }
}

/// The width of the terminal, if standard output is one.
fn terminal_width() -> Option<u16> {
    let (width, _) = terminal_size::terminal_size()?;
    std::io::stdout().is_terminal().then_some(width.0)
}
