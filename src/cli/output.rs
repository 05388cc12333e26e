//! Where reports go: standard output, and files that are whole or not there.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::file_id::behind_links;
use super::{Failure, whole_file};
use crate::diagnostic::quoted_path;
use crate::report::{FORMATS, Format};

/// A file that a report will be written to.
#[derive(Debug)]
pub struct Target {
    /// As the user named it.
    name: PathBuf,
    path: PathBuf,
    format: &'static Format,
}

impl Target {
    /// Checks, before any work is done, that the name selects a format and that a file can be
    /// written there.
    pub fn check(path: &Path) -> Result<Target, Failure> {
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        let Some(format) = Format::of_ending(ending) else {
            let known: Vec<_> =
                FORMATS.iter().map(|known| format!("`.{}`", known.ending)).collect();
            return Err(Failure::Usage(format!(
                "cannot select a format for {}: its name must end in one of {}",
                quoted_path(path),
                known.join(", ")
            )));
        };
        Target::of(path, format)
    }

    fn of(path: &Path, format: &'static Format) -> Result<Target, Failure> {
        // Of a link, what it points to is replaced or made, not the link.
        let name = path.to_owned();
        let path = behind_links(path);
        let target = Target { name, path: path.clone(), format };
        match fs::metadata(&path) {
            Ok(there) if there.is_dir() => Err(target.error("it is a directory")),
            Ok(there) if there.permissions().readonly() => Err(target.error("it is read-only")),
            // A file is replaced by a new one from the same directory; trying to make one there
            // shows whether that will work.
            Ok(there) if there.is_file() => target.try_directory(),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => target.try_directory(),
            Err(error) => Err(target.error(error)),
        }?;
        Ok(target)
    }

    /// Its name, as the user gave it.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// What to write to it.
    pub fn format(&self) -> &'static Format {
        self.format
    }

    /// Whether it is a file or becomes one, and not a pipe or a device.
    pub fn is_file(&self) -> bool {
        fs::metadata(&self.path).map_or(true, |there| there.is_file())
    }

    /// Writes `text`. A file is replaced as a whole, so that a crash leaves the old file or the new one,
    /// but never half of either. What is not a file, such as a pipe, is written to directly.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        let written = if self.is_file() {
            whole_file::write(&self.path, text.as_bytes())
        } else {
            fs::write(&self.path, text)
        };
        written.map_err(|error| self.error(error))
    }

    fn try_directory(&self) -> Result<(), Failure> {
        whole_file::try_beside(&self.path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => self.error("there is no such directory"),
            _ => self.error(error),
        })
    }

    fn error(&self, problem: impl std::fmt::Display) -> Failure {
        Failure::Io(format!("cannot write {}: {problem}", quoted_path(&self.name)))
    }
}

/// Writes a file of any name, whole or not at all.
pub fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    Target::of(path, &FORMATS[0])?.write(text)
}

/// Writes to standard output: to a terminal in colour, unless the user (`NO_COLOR`) or the terminal does
/// not want that; to anything else exactly `text`. If its reader closed it, that is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    fn all(mut to: impl Write, text: &str) -> io::Result<()> {
        to.write_all(text.as_bytes()).and_then(|()| to.flush())
    }
    let stdout = io::stdout().lock();
    let written = match stdout.is_terminal() {
        true => all(anstream::AutoStream::auto(stdout), text),
        false => all(stdout, text),
    };
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Io(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
