//! What became of the lines of an input: each is a record, its continuation, blank, or broken.

use super::input::encoding::{beginning, text};

/// The most broken lines of one input that are kept to be shown.
pub const MOST_SHOWN: usize = 20;

/// The most characters that are kept of one of them.
const LONGEST: usize = 160;

/// The lines of an input by what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines that begin a record.
    pub records: u64,
    /// Further lines of records.
    pub continuations: u64,
    /// Lines without anything but blanks, and those that a format has beside records: comments, headers.
    pub blank: u64,
    /// Lines that are none of these.
    pub broken: u64,
    /// The first broken lines.
    pub shown: Vec<BrokenLine>,
}

/// A line that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BrokenLine {
    /// Its number in its file, from 1.
    pub line: u64,
    /// Its beginning.
    pub text: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Tally {
    /// Counts a record of some lines.
    pub fn record(&mut self, lines: u64) {
        self.records += 1;
        self.continuations += lines - 1;
    }

    /// Counts a blank line.
    pub fn blank(&mut self) {
        self.blank += 1;
    }

    /// Counts broken lines, which begin with line `line`.
    pub fn broken(&mut self, lines: u64, line: u64, bytes: &[u8], problem: &'static str) {
        self.broken += lines;
        if self.shown.len() < MOST_SHOWN {
            // A character has at most four bytes.
            let text = text(beginning(bytes, 4 * LONGEST));
            let text = text.trim().chars().take(LONGEST).collect();
            self.shown.push(BrokenLine { line, text, problem });
        }
    }

    /// All lines.
    pub fn lines(&self) -> u64 {
        self.records + self.continuations + self.blank + self.broken
    }

    /// Adds the lines of another input; the lines to show are not joined.
    pub fn add(&mut self, other: &Tally) {
        self.records += other.records;
        self.continuations += other.continuations;
        self.blank += other.blank;
        self.broken += other.broken;
    }
}
