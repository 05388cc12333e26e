//! The scenario that `log --scenario` writes, with its traces beside it.

use std::path::{Path, PathBuf};

use super::inputs::Inputs;
use super::output::write_file;
use super::{Failure, stderr};
use crate::diagnostic::quoted_path;
use crate::log::{Answer, Calibration};
use crate::report::what_was_read;

/// Where a calibrated scenario goes.
pub struct ScenarioFile {
    path: PathBuf,
    /// Its name without the ending.
    stem: String,
}

impl ScenarioFile {
    /// The file `path`, which must not be one of the inputs.
    ///
    /// # Errors
    ///
    /// Wrong usage, before any work is done.
    pub fn of(path: &Path, inputs: &Inputs) -> Result<ScenarioFile, Failure> {
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let is_toml = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        let (Some(stem), true) = (stem, is_toml) else {
            let problem = format!(
                "cannot write {}: the name of a scenario must end in `.toml`",
                quoted_path(path)
            );
            return Err(Failure::Usage(problem));
        };
        let file = ScenarioFile { path: path.to_owned(), stem: stem.to_owned() };
        let traces = ["arrivals", "holding"].map(|kind| file.beside(&format!("{stem}.{kind}.csv")));
        let all: Vec<PathBuf> = [file.path.clone()].into_iter().chain(traces).collect();
        let overwritten = inputs.overwritten(&all);
        if overwritten.is_empty() { Ok(file) } else { Err(Failure::Several(overwritten)) }
    }

    /// Writes the scenario and its traces.
    ///
    /// # Errors
    ///
    /// Nothing could be calibrated, or a file could not be written.
    pub fn write(&self, calibration: &Calibration, answer: &Answer) -> Result<(), Failure> {
        let files = calibration.files(&self.stem, &what_was_read(&answer.input));
        let files = files.map_err(|problem| {
            Failure::Io(format!("cannot write {}: {problem}", quoted_path(&self.path)))
        })?;
        let traces = std::iter::once(&files.arrivals).chain(&files.holding);
        for (name, text) in traces {
            write_file(&self.beside(name), text)?;
        }
        write_file(&self.path, &files.scenario)?;
        stderr::information(&format!("wrote {}", quoted_path(&self.path)));
        Ok(())
    }

    /// A file beside it.
    fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }
}
