//! Which files to read: those that are named, those below directories, and those that match patterns.
//!
//! Directories are walked while their files are read, so that no list of names is ever held: a directory may
//! have a million files.

use std::collections::HashSet;
use std::fs::{self, ReadDir};
use std::path::{Path, PathBuf};

use super::glob::Glob;
use crate::diagnostic::quoted_path;

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File {
        /// Its path.
        path: PathBuf,
        /// Whether the user named it, and did not just name a directory or a pattern.
        is_named: bool,
    },
}

/// The inputs that `names` lead to, one after the other. What cannot be followed is an error that says what
/// and why.
pub fn inputs(names: &[PathBuf]) -> Inputs<'_> {
    Inputs { names: names.iter(), walk: None, seen: HashSet::new() }
}

/// See [`inputs`].
pub struct Inputs<'n> {
    names: std::slice::Iter<'n, PathBuf>,
    walk: Option<Walk>,
    /// The files and directories that were named so far, behind links.
    seen: HashSet<PathBuf>,
}

impl Iterator for Inputs<'_> {
    type Item = Result<Input, String>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(next) = self.walk.as_mut().and_then(Walk::next) {
                return Some(next);
            }
            self.walk = None;
            let name = self.names.next()?;
            if name.to_str() == Some("-") {
                return Some(Ok(Input::Stdin));
            }
            match self.named(name) {
                Ok(None) => {}
                Ok(Some(input)) => return Some(Ok(input)),
                Err(problem) => {
                    return Some(Err(format!("cannot read {}: {problem}", quoted_path(name))));
                }
            }
        }
    }
}

impl Inputs<'_> {
    /// The file of a name, or `None` and perhaps a walk.
    fn named(&mut self, name: &Path) -> Result<Option<Input>, String> {
        let there = match fs::metadata(name) {
            Ok(there) => there,
            Err(error) => match Glob::of(name) {
                Some(glob) => {
                    let walk = Walk::of(glob.base.clone(), Some((glob, name.to_owned())));
                    self.walk = Some(walk.map_err(|error| format!("{error} (it is a pattern)"))?);
                    return Ok(None);
                }
                None => return Err(error.to_string()),
            },
        };
        // Named twice, for example by two patterns of the shell, it is read once.
        let can_be_read_again = there.is_file() || there.is_dir();
        if can_be_read_again && fs::canonicalize(name).is_ok_and(|path| !self.seen.insert(path)) {
            return Ok(None);
        }
        if there.is_dir() {
            self.walk = Some(Walk::of(name.to_owned(), None).map_err(|error| error.to_string())?);
            return Ok(None);
        }
        Ok(Some(Input::File { path: name.to_owned(), is_named: true }))
    }
}

/// The files below a directory.
struct Walk {
    /// The pattern and how it was written, if the files must match one.
    glob: Option<(Glob, PathBuf)>,
    base: PathBuf,
    /// The directories that are open, from the outermost to the innermost.
    open: Vec<ReadDir>,
    /// Directories that were entered, behind links: what is below them is read without any link.
    roots: Vec<PathBuf>,
    /// Whether the pattern matched anything.
    has_matched: bool,
}

impl Walk {
    fn of(base: PathBuf, glob: Option<(Glob, PathBuf)>) -> std::io::Result<Walk> {
        let here = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
        let (open, roots) = (vec![fs::read_dir(here)?], fs::canonicalize(here).into_iter());
        Ok(Walk { glob, open, roots: roots.collect(), base, has_matched: false })
    }

    fn next(&mut self) -> Option<Result<Input, String>> {
        while let Some(directory) = self.open.last_mut() {
            let entry = match directory.next() {
                Some(Ok(entry)) => entry,
                Some(Err(error)) => return Some(Err(format!("cannot read a directory: {error}"))),
                None => {
                    self.open.pop();
                    continue;
                }
            };
            // `read_dir` of `.` has it in front of every name; a pattern without a directory has not.
            let path = entry.path();
            let path = match self.base.as_os_str().is_empty() {
                true => path.strip_prefix(".").map_or(path.clone(), Path::to_owned),
                false => path,
            };
            match self.entry(&path) {
                Ok(None) => {}
                Ok(Some(input)) => return Some(Ok(input)),
                Err(problem) => {
                    return Some(Err(format!("cannot read {}: {problem}", quoted_path(&path))));
                }
            }
        }
        let unmatched = self.glob.take().filter(|_| !self.has_matched);
        let pattern = |(_, name)| Err(format!("no file matches {}", quoted_path(name)));
        unmatched.map(pattern)
    }

    /// The file of an entry; `None` for a directory, which is entered, and for what is left out.
    fn entry(&mut self, path: &Path) -> Result<Option<Input>, String> {
        let mut there = fs::symlink_metadata(path).map_err(|error| error.to_string())?;
        if there.is_symlink() {
            let target = fs::canonicalize(path).map_err(|error| error.to_string())?;
            if let Some(known) = self.roots.iter().find(|root| target.starts_with(root)) {
                // What it leads to is read where it is.
                let own = path.parent().and_then(|parent| fs::canonicalize(parent).ok());
                let is_loop = own.is_some_and(|own| own.starts_with(&target));
                let known = quoted_path(if is_loop { &target } else { known });
                return match is_loop {
                    true => Err(format!("this link leads back to {known}, which it is in")),
                    false => Ok(None),
                };
            }
            there = fs::metadata(path).map_err(|error| error.to_string())?;
            if there.is_dir() {
                self.roots.push(target);
            }
        }
        let below = path.strip_prefix(&self.base).unwrap_or(path);
        if there.is_dir() {
            let depth = below.components().count();
            if self.glob.as_ref().is_none_or(|(glob, _)| glob.reaches(depth)) {
                self.open.push(fs::read_dir(path).map_err(|error| error.to_string())?);
            }
            return Ok(None);
        }
        // Reading a pipe or a device that merely lies there could wait for ever.
        if !there.is_file() || self.glob.as_ref().is_some_and(|(glob, _)| !glob.matches(below)) {
            return Ok(None);
        }
        self.has_matched = true;
        Ok(Some(Input::File { path: path.to_owned(), is_named: false }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(base: &Path, names: &[&str]) -> (Vec<String>, Vec<String>) {
        let names: Vec<PathBuf> = names.iter().map(|name| base.join(name)).collect();
        let (mut files, mut problems) = (Vec::new(), Vec::new());
        for input in inputs(&names) {
            match input {
                Ok(Input::File { path, .. }) => {
                    let below = path.strip_prefix(base).expect("below the base");
                    files.push(below.to_string_lossy().replace('\\', "/"));
                }
                Ok(Input::Stdin) => files.push("-".to_owned()),
                Err(problem) => problems.push(problem),
            }
        }
        files.sort();
        (files, problems)
    }

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let base = tempfile::tempdir().expect("a temporary directory");
        for file in files {
            let path = base.path().join(file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a writable directory");
            fs::write(path, "").expect("a writable directory");
        }
        base
    }

    #[test]
    fn directories_and_patterns_lead_to_their_files() {
        let base = tree(&["a/1.log", "a/b/2.log", "a/b/3.txt", "c.log"]);
        let (files, problems) = read(base.path(), &["a", "c.log", "c.log"]);
        assert_eq!(files, ["a/1.log", "a/b/2.log", "a/b/3.txt", "c.log"]);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(read(base.path(), &["a/*.log"]).0, ["a/1.log"]);
        assert_eq!(read(base.path(), &["**/*.log"]).0, ["a/1.log", "a/b/2.log", "c.log"]);
    }

    #[test]
    fn what_is_not_there_is_an_error_and_the_rest_is_read() {
        let base = tree(&["c.log"]);
        let (files, problems) = read(base.path(), &["missing.log", "*.txt", "c.log"]);
        assert_eq!(files, ["c.log"]);
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].contains("missing.log"), "{problems:?}");
        assert!(problems[1].starts_with("no file matches"), "{problems:?}");
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_back_end_and_files_behind_links_are_read_once() {
        use std::os::unix::fs::symlink;
        let base = tree(&["logs/a/1.log", "elsewhere/2.log"]);
        let logs = base.path().join("logs");
        symlink(&logs, logs.join("a/back")).expect("a link");
        symlink(logs.join("a/1.log"), logs.join("newest.log")).expect("a link");
        symlink(base.path().join("elsewhere"), logs.join("more")).expect("a link");
        symlink(base.path().join("nowhere"), logs.join("broken")).expect("a link");
        let (files, problems) = read(base.path(), &["logs"]);
        assert_eq!(files, ["logs/a/1.log", "logs/more/2.log"]);
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems.iter().any(|problem| problem.contains("leads back to")), "{problems:?}");
    }
}
