//! Reads logs in parallel, each as a stream, and sums up what they have.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rayon::iter::{ParallelBridge, ParallelIterator};

use super::format::LogFormat;
use super::input::files::{Input, inputs};
use super::input::source::{self, Source};
use super::observed::lengths::Lengths;
use super::observed::load::Load;
use super::observed::programs::Programs;
use super::one::{self, Content, One};
use super::tally::{BrokenLine, Tally};
use crate::diagnostic::quoted_path;

/// The most problems, broken lines and names of files that are kept; the others are counted.
const MOST_KEPT: usize = 1000;

/// How standard input is named.
pub const STDIN: &str = "standard input";

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Observed {
    /// How many logs of each format there were.
    pub formats: BTreeMap<LogFormat, u64>,
    /// Their bytes, decompressed.
    pub bytes: u64,
    /// What became of their lines.
    pub tally: Tally,
    /// Broken lines, each with the name of its file.
    pub broken: Kept<(String, BrokenLine)>,
    /// Files below directories whose format is not known.
    pub unrecognised: Kept<String>,
    /// What could not be read, and why.
    pub problems: Kept<String>,
    /// The programs of clients.
    pub programs: Programs,
    /// Times between an attempt of a client that failed and the next one.
    pub gaps: Lengths,
    /// Times from the first attempt of a program of a client until it completed.
    pub journeys: Lengths,
    /// The attempts of clients, as requests of a server.
    pub attempts: Load,
    /// The requests of servers.
    pub load: Load,
}

/// Some of many things, and how many there are.
#[derive(Clone, Debug)]
pub struct Kept<T> {
    /// The first of them, in their order.
    pub kept: Vec<T>,
    /// How many there are.
    pub number: u64,
}

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept { kept: Vec::new(), number: 0 }
    }
}

impl<T: Ord> Kept<T> {
    fn push(&mut self, one: T) {
        self.number += 1;
        self.kept.push(one);
        self.limit(2 * MOST_KEPT);
    }

    fn merge(&mut self, other: Kept<T>) {
        self.number += other.number;
        self.kept.extend(other.kept);
        self.limit(MOST_KEPT);
    }

    /// Keeps the least of them if there are more than `most`, so that it does not matter who came first.
    fn limit(&mut self, most: usize) {
        if self.kept.len() > most {
            self.kept.sort();
            self.kept.truncate(MOST_KEPT);
        }
    }
}

/// Reads the logs that `names` lead to: files, directories, patterns, and `-` for standard input; all of the
/// format `format`, or each of the one that is recognised. What cannot be read is a problem, and the rest is
/// read.
pub fn read(names: &[PathBuf], format: Option<LogFormat>) -> Observed {
    let of_each = inputs(names).par_bridge().fold(Observed::default, |mut observed, input| {
        match input {
            Ok(input) => observed.input(&input, format),
            Err(problem) => observed.problems.push(problem),
        }
        observed
    });
    let mut observed = of_each.reduce(Observed::default, |mut one, other| {
        one.merge(other);
        one
    });
    observed.problems.kept.sort();
    observed.unrecognised.kept.sort();
    observed.broken.kept.sort_by(|(a, one), (b, other)| (a, one.line).cmp(&(b, other.line)));
    observed
}

/// Reads one log from memory or a stream, which `name` is the name of.
pub fn read_stream(
    name: &str,
    input: impl io::Read + Send + 'static,
    format: Option<LogFormat>,
) -> Observed {
    let mut observed = Observed::default();
    observed.source(source::of(input), Path::new(name), format, true);
    observed
}

impl Observed {
    fn input(&mut self, input: &Input, format: Option<LogFormat>) {
        match input {
            Input::Stdin => self.source(source::of(io::stdin()), Path::new(STDIN), format, true),
            Input::File { path, is_named } => {
                self.source(source::open(path), path, format, *is_named);
            }
        }
    }

    fn source(
        &mut self,
        source: io::Result<Source>,
        name: &Path,
        format: Option<LogFormat>,
        is_named: bool,
    ) {
        let problem = |error: io::Error| format!("cannot read {}: {error}", quoted_path(name));
        let mut source = match source {
            Ok(source) => source,
            Err(error) => return self.problems.push(problem(error)),
        };
        let start = match source.peek() {
            Ok(start) => start,
            Err(error) => return self.problems.push(problem(error)),
        };
        let is_empty = start.trim_ascii().is_empty();
        let Some(format) = format.or_else(|| LogFormat::recognise(start)) else {
            // Among many files there are others; a name that the user wrote means a log.
            match is_named && !is_empty {
                true => {
                    let path = quoted_path(name);
                    self.problems.push(match source::other_compression(start) {
                        Some(how) => format!(
                            "cannot read {path}: it is compressed by {how}; decompress it first, or to standard input"
                        ),
                        None => format!(
                            "cannot read {path}: its first lines are of no known format; name it with `--format`"
                        ),
                    });
                }
                false => self.unrecognised.push(name.to_string_lossy().into_owned()),
            }
            return;
        };
        let (one, ended) = one::read(&mut source, name, format);
        self.one(one, name);
        if let Err(error) = ended {
            let after = format!("{} (what is before line {} counts)", error, source.number() + 1);
            self.problems.push(format!("cannot read all of {}: {after}", quoted_path(name)));
        }
    }

    fn one(&mut self, one: One, name: &Path) {
        *self.formats.entry(one.format).or_default() += 1;
        self.bytes += one.bytes;
        self.tally.add(&one.tally);
        let name = name.to_string_lossy();
        self.broken.number += one.tally.broken - one.tally.shown.len() as u64;
        one.tally
            .shown
            .into_iter()
            .for_each(|line| self.broken.push((name.clone().into_owned(), line)));
        match one.content {
            Content::Client(mut told) => {
                told.add_to(&mut self.attempts);
                self.programs.merge(told.programs);
                self.gaps.merge(told.gaps);
                self.journeys.merge(told.journeys);
            }
            Content::Server(load) => self.load.merge(*load),
        }
    }

    fn merge(&mut self, other: Observed) {
        for (format, number) in other.formats {
            *self.formats.entry(format).or_default() += number;
        }
        self.bytes += other.bytes;
        self.tally.add(&other.tally);
        self.broken.merge(other.broken);
        self.unrecognised.merge(other.unrecognised);
        self.problems.merge(other.problems);
        self.programs.merge(other.programs);
        self.gaps.merge(other.gaps);
        self.journeys.merge(other.journeys);
        self.attempts.merge(other.attempts);
        self.load.merge(other.load);
    }
}
