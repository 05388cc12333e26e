//! The options with which `run` writes logs, as the simulated clients would have written them.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{Failure, interrupt, stderr};
use crate::diagnostic::{quoted, quoted_list, quoted_path};
use crate::human::counted;
use crate::log::{self, Recorded, WRITE_FORMATS, Wanted, WriteFormat};
use crate::scenario::{Loaded, Variant};

/// Options of the logs of clients.
#[derive(Debug, Args)]
pub struct LogDirArgs {
    /// Write the logs of clients, as they would have written them, into this directory: of each an SMSAPM32.log in
    /// a directory of its name. They are those of the first run.
    #[arg(long, value_name = "DIR")]
    log_dir: Option<PathBuf>,
    /// The clients that write logs: `stranded`, `all`, `sample:N`, or names such as `office-00007,office-00012`.
    #[arg(long, value_name = "WHICH", default_value = "stranded", value_parser = wanted, requires = "log_dir")]
    log_clients: Wanted,
    /// The format of the logs: of SMS 2.0, of CMTrace, or one file of JSON lines with the events.
    #[arg(long, value_name = "FORMAT", default_value = "sms", value_parser = format(), requires = "log_dir")]
    log_format: WriteFormat,
    /// Write the records of all clients to one file.
    #[arg(long, requires = "log_dir")]
    log_merged: bool,
    /// The variant whose logs are written, where there are several.
    #[arg(long, value_name = "VARIANT", requires = "log_dir")]
    variant: Option<String>,
}

fn format() -> impl TypedValueParser<Value = WriteFormat> {
    let named = |name: String| {
        let known = WRITE_FORMATS.iter().find(|(known, _)| *known == name);
        known.map(|(_, format)| *format).ok_or("no such format")
    };
    PossibleValuesParser::new(WRITE_FORMATS.map(|(name, _)| name)).try_map(named)
}

fn wanted(text: &str) -> Result<Wanted, String> {
    Ok(match text {
        "stranded" => Wanted::Stranded,
        "all" => Wanted::All,
        _ => match text.strip_prefix("sample:") {
            Some(number) => match number.parse() {
                Ok(number) if number > 0 => Wanted::Sample(number),
                _ => return Err("write a number from 1 on, such as `sample:20`".to_owned()),
            },
            None => Wanted::Named(text.split(',').map(|name| name.trim().to_owned()).collect()),
        },
    })
}

impl LogDirArgs {
    /// The variant whose logs are to be written, if any are.
    ///
    /// # Errors
    ///
    /// Wrong usage: it must be clear which variant it is, it must not have copies, and it must have the clients
    /// that are named.
    pub fn variant<'l>(&self, loaded: &'l Loaded) -> Result<Option<&'l Variant>, Failure> {
        if self.log_dir.is_none() {
            return Ok(None);
        }
        let names = || quoted_list(loaded.variants.iter().map(|variant| variant.name.as_str()));
        let variant = match (&self.variant, &loaded.variants[..]) {
            (None, [only]) => only,
            (None, _) => {
                let problem = format!("--log-dir needs --variant with one of {}", names());
                return Err(Failure::Usage(problem));
            }
            (Some(name), variants) => {
                let found = variants.iter().find(|variant| variant.name == *name);
                found.ok_or_else(|| {
                    let problem =
                        format!("there is no variant {}: it may be {}", quoted(name), names());
                    Failure::Usage(problem)
                })?
            }
        };
        if variant.scenario.copied().next().is_some() {
            let problem = "--log-dir is for scenarios without sites and without copies of points";
            return Err(Failure::Usage(problem.to_owned()));
        }
        self.log_clients.check(&variant.scenario).map_err(Failure::Usage)?;
        Ok(Some(variant))
    }

    /// Simulates the first run of `variant` again, and writes its logs.
    pub fn write(&self, variant: &Variant, stop: &AtomicBool) -> Result<(), Failure> {
        let Some(directory) = &self.log_dir else { return Ok(()) };
        let recorded =
            log::record(&variant.scenario, &self.log_clients, stop).map_err(Failure::Usage)?;
        let _writing = interrupt::uninterrupted();
        let written = self.write_into(directory, &recorded);
        let (number, what) = written.map_err(|(path, error)| {
            Failure::Io(format!("cannot write {}: {error}", quoted_path(path)))
        })?;
        let number = counted(number as f64, what);
        stderr::information(&format!("wrote {number} to {}", quoted_path(directory)));
        Ok(())
    }

    /// Returns how many of what were written; the path of the file that could not be.
    fn write_into(
        &self,
        directory: &Path,
        recorded: &Recorded,
    ) -> Result<(usize, &'static str), (PathBuf, std::io::Error)> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| (path, error)
        };
        fs::create_dir_all(directory).map_err(failed(directory))?;
        let is_json = self.log_format == WriteFormat::JsonLines;
        if is_json || self.log_merged {
            let path = directory.join(if is_json { "events.jsonl" } else { "SMSAPM32.log" });
            let file = fs::File::create(&path).map_err(failed(&path))?;
            let mut file = BufWriter::new(file);
            let written = recorded.merged(self.log_format, &mut file).and_then(|()| file.flush());
            written.map_err(failed(&path))?;
            return Ok((1, "log"));
        }
        let mut number = 0;
        for (name, text) in recorded.of_each(self.log_format) {
            let own = directory.join(name);
            fs::create_dir_all(&own).map_err(failed(&own))?;
            let path = own.join("SMSAPM32.log");
            fs::write(&path, text).map_err(failed(&path))?;
            number += 1;
        }
        Ok((number, "log"))
    }
}
