//! What one thread does about an attempt that failed, from the return code to the decision.

use crate::log::input::encoding::{beginning, text};
use crate::log::program::Evidence;
use crate::log::stamp::Stamp;

/// The most lines of evidence of one episode, and the most bytes of one of them.
const MOST_EVIDENCE: usize = 10;
const LONGEST_EVIDENCE: usize = 300;

/// The name of a program and of its package, as bytes.
pub type Name = (Vec<u8>, Vec<u8>);

/// What one thread does about an attempt that failed.
#[derive(Default)]
pub struct Episode {
    /// The thread, if the log has it.
    pub thread: Option<u32>,
    /// The code with which the attempt ended.
    pub code: Option<u32>,
    /// The file of the program, and the program, once a message names them.
    pub file: Vec<u8>,
    /// See `file`.
    pub program: Option<Name>,
    /// The code of the action that was decided.
    pub action: Option<u32>,
    /// Whether the code was not recognised.
    pub is_unrecognised: bool,
    /// Whether the network was taken for too slow.
    pub is_too_slow: bool,
    /// Whether no distribution point was found.
    pub is_nowhere: bool,
    /// Whether the attempt is counted.
    pub is_counted: bool,
    /// When it began.
    pub stamp: Option<Stamp>,
    /// The number of its first record.
    pub from: u64,
    /// The lines that show it.
    pub evidence: Lines,
}

/// Lines of evidence. Their texts lie behind each other, because most are never shown.
#[derive(Clone, Default)]
pub struct Lines {
    /// The number of each line, and where its text ends.
    lines: Vec<(u64, usize)>,
    texts: Vec<u8>,
}

impl Lines {
    /// Adds a line, unless there are many.
    pub fn push(&mut self, line: u64, message: &[u8]) {
        // The last one is the decision, which is never left out.
        if self.lines.len() == MOST_EVIDENCE {
            self.lines.pop();
        }
        self.texts.truncate(self.lines.last().map_or(0, |(_, end)| *end));
        self.texts.extend_from_slice(beginning(message, LONGEST_EVIDENCE));
        self.lines.push((line, self.texts.len()));
    }

    /// The lines as text.
    pub fn shown(&self) -> Vec<Evidence> {
        let begins = std::iter::once(0).chain(self.lines.iter().map(|(_, end)| *end));
        let show = |(begin, (line, end)): (usize, &(u64, usize))| Evidence {
            line: *line,
            text: words(&self.texts[begin..*end]),
        };
        begins.zip(&self.lines).map(show).collect()
    }
}

/// Some bytes as text, with one blank where there are several.
pub fn words(bytes: &[u8]) -> String {
    let text = text(bytes);
    if text.contains("  ") || text.contains(['\n', '\t']) {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    text.trim().to_owned()
}
