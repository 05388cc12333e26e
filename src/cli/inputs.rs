//! The inputs of a command, which none of its outputs may replace.

use std::path::{Path, PathBuf};

use super::Failure;
use super::file_id::FileId;
use crate::diagnostic::quoted_path;

/// The inputs of a command.
#[derive(Debug, Default)]
pub struct Inputs {
    files: Vec<PathBuf>,
}

impl Inputs {
    /// These files; `-` is standard input.
    pub fn of<P: AsRef<Path>>(files: impl IntoIterator<Item = P>) -> Inputs {
        Inputs { files: files.into_iter().map(|file| file.as_ref().to_owned()).collect() }
    }

    /// Adds files.
    pub fn and<P: AsRef<Path>>(mut self, files: impl IntoIterator<Item = P>) -> Inputs {
        self.files.extend(Inputs::of(files).files);
        self
    }

    /// The failures of the `outputs` that are an input, another output, or the file to which standard
    /// output is redirected.
    pub fn overwritten(&self, outputs: &[PathBuf]) -> Vec<Failure> {
        let id = |file: &PathBuf| match file.to_str() {
            Some("-") => FileId::of_stdin(),
            _ => FileId::of(file),
        };
        let inputs: Vec<FileId> = self.files.iter().filter_map(id).collect();
        let stdout = FileId::of_stdout();
        let mut failures = Vec::new();
        if stdout.as_ref().is_some_and(|stdout| inputs.contains(stdout)) {
            let problem = "standard output goes to a file that is an input of this command";
            failures.push(Failure::Usage(problem.to_owned()));
        }
        let mut earlier: Vec<(FileId, &Path)> = Vec::new();
        for output in outputs {
            let Some(id) = FileId::of(output) else { continue };
            let same = earlier.iter().find(|(known, _)| *known == id);
            let problem = match same {
                _ if inputs.contains(&id) => "it is an input of this command".to_owned(),
                _ if stdout.as_ref() == Some(&id) => "standard output goes to it, too".to_owned(),
                Some((_, same)) => format!("it is the same file as {}", quoted_path(same)),
                None => {
                    earlier.push((id, output));
                    continue;
                }
            };
            let name = quoted_path(output);
            failures.push(Failure::Usage(format!("cannot write {name}: {problem}")));
        }
        failures
    }
}
