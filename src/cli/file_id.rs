//! Which file a name stands for: two names of one file are found out by the file's device and number.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Which file a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileId {
    place: Place,
    /// The name in the directory `place`, if the file is not there yet.
    new: Option<OsString>,
}

/// More links in a row are taken for a circle.
const MOST_LINKS: usize = 40;

/// The path of the file that a name stands for, which may not be there yet: links are followed, also to where
/// nothing is.
pub fn behind_links(path: &Path) -> PathBuf {
    if let Ok(there) = fs::canonicalize(path) {
        return there;
    }
    let mut behind = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&behind) else { return behind };
        // A relative link counts from the directory that it is in.
        behind = behind.parent().unwrap_or(Path::new("")).join(target);
    }
    path.to_owned()
}

/// A device and the number of a file on it.
#[cfg(unix)]
type Place = (u64, u64);

/// An absolute path without links.
#[cfg(not(unix))]
type Place = PathBuf;

impl FileId {
    /// The file or pipe of this name, or the one that would be made there. `None` for other devices,
    /// such as `/dev/null`, which several can use at once, and where there is no such directory.
    pub fn of(path: &Path) -> Option<FileId> {
        if let Ok(there) = fs::metadata(path) {
            return place(path, &there).map(|place| FileId { place, new: None });
        }
        let path = behind_links(path);
        let name = path.file_name()?.to_owned();
        let directory = match path.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let there = fs::metadata(&directory).ok()?;
        Some(FileId { place: place(&directory, &there)?, new: Some(name) })
    }

    /// The file that standard input is redirected from.
    pub fn of_stdin() -> Option<FileId> {
        redirected(std::io::stdin())
    }

    /// The file that standard output is redirected to.
    pub fn of_stdout() -> Option<FileId> {
        redirected(std::io::stdout())
    }
}

#[cfg(unix)]
fn place(_path: &Path, there: &fs::Metadata) -> Option<Place> {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let shared = there.file_type().is_char_device() || there.file_type().is_block_device();
    (!shared).then(|| (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn place(path: &Path, _there: &fs::Metadata) -> Option<Place> {
    fs::canonicalize(path).ok()
}

/// The regular file that a standard stream is redirected from or to.
#[cfg(unix)]
fn redirected(stream: impl std::os::fd::AsFd) -> Option<FileId> {
    let file = fs::File::from(stream.as_fd().try_clone_to_owned().ok()?);
    let there = file.metadata().ok()?;
    let place = place(Path::new(""), &there).filter(|_| there.is_file())?;
    Some(FileId { place, new: None })
}

/// Other systems do not name the file behind a stream.
#[cfg(not(unix))]
fn redirected<S>(_stream: S) -> Option<FileId> {
    None
}
