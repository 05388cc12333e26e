//! Files that are whole or not there, also if the program is killed while it writes one.
//!
//! On Linux a text goes into a file without a name, which the system removes if the program is killed.
//! Only when it is complete does it get its name. A name that is taken can only be replaced by a rename,
//! for which the complete file needs another name for some microseconds: a kill in just that moment leaves
//! the old file in place and a whole `.distpoint-...` beside it. Where the system or the file system has no
//! unnamed files, the text is written into such a named file from the start.

use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Makes `text` the content of the file `path`, which is replaced if it is there.
///
/// # Errors
///
/// The error of the system; then the old file is still there.
pub fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if let Ok(mut file) = unnamed::create(directory(path)) {
        file.write_all(text)?;
        file.sync_all()?;
        if unnamed::name(&file, path).is_ok() {
            return Ok(());
        }
        // The name is taken, or the system cannot give one.
        if let Ok(named) = builder().make_in(directory(path), |name| unnamed::name(&file, name)) {
            named.persist(path)?;
            return Ok(());
        }
    }
    let mut file = named(directory(path))?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Tries whether a file can be made beside `path`, and leaves nothing behind.
///
/// # Errors
///
/// The error of the system.
pub fn try_beside(path: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if unnamed::create(directory(path)).is_ok() {
        return Ok(());
    }
    named(directory(path)).map(drop)
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

fn named(directory: &Path) -> io::Result<NamedTempFile> {
    builder().tempfile_in(directory)
}

fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".distpoint-");
    // The permissions of a new file; those of a temporary file exclude all but its owner.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Files without a name.
#[cfg(target_os = "linux")]
mod unnamed {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};

    /// A new file without a name, on the file system of `directory`.
    pub fn create(directory: &Path) -> io::Result<File> {
        let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
        Ok(open(directory, flags, Mode::from_raw_mode(0o666))?.into())
    }

    /// Gives `file` the name `path`, if that is free.
    pub fn name(file: &File, path: &Path) -> io::Result<()> {
        let own = format!("/proc/self/fd/{}", file.as_raw_fd());
        Ok(linkat(CWD, own, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }
}
