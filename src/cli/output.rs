//! Where reports go: standard output, and files that are whole or not there.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::Failure;
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
                "cannot select a format for `{}`: its name must end in one of {}",
                path.display(),
                known.join(", ")
            )));
        };
        Target::of(path, format)
    }

    fn of(path: &Path, format: &'static Format) -> Result<Target, Failure> {
        // Of a link, what it points to is replaced, not the link.
        let name = path.to_owned();
        let path = fs::canonicalize(path).unwrap_or_else(|_| name.clone());
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

    /// Writes `text`: into a new file that then takes the place of the old one, so that a crash
    /// leaves the old file or the new one, but never half of either. What is not a file, such as a pipe, is
    /// written to directly.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        let plain = fs::metadata(&self.path).map_or(true, |there| there.is_file());
        let written = if plain {
            self.new_file().and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.as_file().sync_all()?;
                file.persist(&self.path)?;
                Ok(())
            })
        } else {
            fs::write(&self.path, text)
        };
        written.map_err(|error| self.error(error))
    }

    fn try_directory(&self) -> Result<(), Failure> {
        // It is removed again at once: a long study must not leave it behind if it is killed.
        self.new_file().map(drop).map_err(|error| match error.kind() {
            ErrorKind::NotFound => self.error("there is no such directory"),
            _ => self.error(error),
        })
    }

    fn new_file(&self) -> io::Result<tempfile::NamedTempFile> {
        let directory = match self.path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".distpoint-");
        // The permissions of a new file; those of a temporary file exclude all but its owner.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(directory)
    }

    fn error(&self, problem: impl std::fmt::Display) -> Failure {
        Failure::Io(format!("cannot write `{}`: {problem}", self.name.display()))
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
