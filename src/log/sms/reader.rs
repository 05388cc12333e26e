//! From lines to records: most records are one line, but messages and trailers may be wrapped.
//!
//! A line with a whole trailer ends a record. Where trailers were cut off, each line that begins with a
//! component begins a record, and a `~` ends one. A line that does neither continues what is open.

use memchr::memmem;

use super::record::{
    self, CLOSING, OPENING, Record, classic, cmtrace, head, trailer, trailer_start,
};
use crate::log::tally::Tally;

/// The most bytes of a record of several lines.
const LONGEST: usize = 256 << 10;

/// The most bytes of a trailer before its last line: it is a module, an instant and a thread.
const LONGEST_TRAILER: usize = 1 << 10;

/// A line of a wrapped date is shorter.
const LONGEST_DATE: usize = 24;

const NO_RECORD: &str = "it neither begins nor ends a record, nor is it between the two";
const NO_END: &str = "the record that begins here has no end";

/// Finds the records in lines.
#[derive(Default)]
pub struct Reader {
    /// The lines of a record that is not complete, joined.
    open: Vec<u8>,
    state: State,
    /// The number of its first line, and of its lines.
    line: u64,
    lines: u64,
    /// Whether the line before is of a record.
    follows: bool,
}

/// What is known of the record that is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// No record is open.
    #[default]
    None,
    /// A message without an end. Whether it is a record all the same: because it begins with a component, or
    /// follows a record.
    Message { is_record: bool },
    /// A message with its `~`: at most a trailer follows.
    Ended,
    /// A trailer, of which more may follow.
    Trailer {
        is_unclosed: bool,
        /// Where it begins.
        at: usize,
    },
    /// A record in CMTrace's format without its end.
    CmTrace,
}

impl Reader {
    /// Reads the line of number `number`. Records that are complete are handed to `each`.
    pub fn line(
        &mut self,
        line: &[u8],
        number: u64,
        tally: &mut Tally,
        each: &mut impl FnMut(&Record<'_>),
    ) {
        if is_beside(line) {
            // The rest of a trailer may follow; of anything else, it ends what is open.
            if !matches!(self.state, State::Trailer { is_unclosed: true, .. } | State::CmTrace) {
                self.end(tally, each);
                self.follows = false;
            }
            if self.state != State::CmTrace {
                return tally.blank();
            }
        }
        if self.state == State::None || !self.continues(line, tally, each) {
            self.begin(line, number, tally, each);
        }
        self.follows = !matches!(self.state, State::Message { is_record: false });
    }

    /// Ends the record that is open, if there is one: the input is at its end.
    pub fn end(&mut self, tally: &mut Tally, each: &mut impl FnMut(&Record<'_>)) {
        match self.state {
            State::None => return,
            State::Message { is_record: false } => {
                tally.broken(self.lines, self.line, &self.open, NO_RECORD);
            }
            State::CmTrace => tally.broken(self.lines, self.line, &self.open, NO_END),
            _ => {
                tally.record(self.lines);
                each(&record::record(&self.open, self.line));
            }
        }
        self.state = State::None;
    }

    /// A line that begins a record, as far as anything does.
    fn begin(
        &mut self,
        line: &[u8],
        number: u64,
        tally: &mut Tally,
        each: &mut impl FnMut(&Record<'_>),
    ) {
        if let Some(at) = trailer_start(line) {
            let trailer = trailer(&line[at..]);
            if trailer.is_complete {
                tally.record(1);
                each(&classic(&line[..at], &trailer, number));
            } else {
                let is_unclosed = trailer.is_unclosed;
                self.open(line, number, State::Trailer { is_unclosed, at });
            }
            return;
        }
        let text = line.trim_ascii();
        if text.starts_with(OPENING) {
            match cmtrace(line, number) {
                Some(record) => {
                    tally.record(1);
                    each(&record);
                }
                None => self.open(line, number, State::CmTrace),
            }
        } else if text.ends_with(b"~") {
            self.open(line, number, State::Ended);
        } else {
            let is_record = self.follows || head(line).is_some();
            self.open(line, number, State::Message { is_record });
        }
    }

    fn open(&mut self, line: &[u8], number: u64, state: State) {
        self.open.clear();
        self.open.extend_from_slice(line);
        (self.state, self.line, self.lines) = (state, number, 1);
    }

    /// Adds a line to the record that is open; returns whether it belongs to it. Otherwise the record is ended.
    fn continues(
        &mut self,
        line: &[u8],
        tally: &mut Tally,
        each: &mut impl FnMut(&Record<'_>),
    ) -> bool {
        let text = line.trim_ascii();
        let is_too_long = self.open.len() + line.len() > LONGEST;
        let belongs = !is_too_long
            && match self.state {
                State::None => false,
                State::CmTrace => !text.starts_with(OPENING),
                _ if text.starts_with(OPENING) => false,
                State::Message { .. } => head(line).is_none(),
                // Wrapped behind one of the `~` within a message, or before the trailer.
                State::Ended => text.starts_with(b"$$<") || text.starts_with(b";"),
                State::Trailer { at, .. } if self.open.len() - at > LONGEST_TRAILER => false,
                State::Trailer { is_unclosed, .. } => {
                    let is_rest = text.starts_with(b"<")
                        || text.starts_with(b">")
                        || memmem::find(text, b"thread=").is_some()
                        || (is_unclosed && (text.contains(&b'>') || text.len() < LONGEST_DATE));
                    is_rest && trailer_start(text).is_none() && head(line).is_none()
                }
            };
        if !belongs {
            self.end(tally, each);
            return false;
        }
        let is_cmtrace = self.state == State::CmTrace;
        if !is_cmtrace {
            self.open.truncate(self.open.trim_ascii_end().len());
        }
        self.open.push(if is_cmtrace { b'\n' } else { b' ' });
        self.open.extend_from_slice(if is_cmtrace { line } else { text });
        self.lines += 1;
        if is_cmtrace {
            // Only what is new can have the end, perhaps with the bytes before it.
            let from = self.open.len().saturating_sub(line.len() + CLOSING.len());
            if memmem::find(&self.open[from..], CLOSING).is_some()
                && let Some(record) = cmtrace(&self.open, self.line)
            {
                tally.record(self.lines);
                each(&record);
                self.state = State::None;
            }
            return true;
        }
        let of_text = self.open.len() - text.len();
        let at = match self.state {
            State::Trailer { at, .. } => Some(at),
            _ => trailer_start(text).map(|at| of_text + at),
        };
        if let Some(at) = at {
            let trailer = trailer(&self.open[at..]);
            if trailer.is_complete {
                tally.record(self.lines);
                each(&classic(&self.open[..at], &trailer, self.line));
                self.state = State::None;
            } else {
                self.state = State::Trailer { is_unclosed: trailer.is_unclosed, at };
            }
        } else if text.ends_with(b"~") {
            self.state = State::Ended;
        }
        true
    }
}

/// Whether a line is none of the log: a blank one, or what articles write between excerpts, such as
/// `--Later--`.
fn is_beside(line: &[u8]) -> bool {
    let text = line.trim_ascii();
    text.is_empty()
        || text.eq_ignore_ascii_case(b"<BR/>")
        || (text.len() > 4 && text.starts_with(b"--") && text.ends_with(b"--"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message of each record, and what became of the lines.
    fn read(text: &str) -> (Vec<String>, Tally) {
        let (mut reader, mut tally, mut messages) =
            (Reader::default(), Tally::default(), Vec::new());
        let mut each = |record: &Record<'_>| {
            messages.push(String::from_utf8_lossy(record.message).into_owned());
        };
        for (at, line) in text.lines().enumerate() {
            reader.line(line.as_bytes(), at as u64 + 1, &mut tally, &mut each);
        }
        reader.end(&mut tally, &mut each);
        assert_eq!(tally.lines(), text.lines().count() as u64, "{tally:?}");
        (messages, tally)
    }

    #[test]
    fn a_wrapped_message_is_one_record() {
        let (messages, tally) = read(
            "SCHEDULER: ERROR: Unable to connect to CAP - assuming\nnetwork is slow~  \
             $$<APM><Mon Nov 15 08:38:12.050 1999><thread=4 (0x4)>\n\
             SCHEDULER: Not scheduling job~\n$$<APM><Mon Nov 15 08:38:12.050 1999><thread=4 (0x4)>\n",
        );
        let wanted =
            ["ERROR: Unable to connect to CAP - assuming network is slow", "Not scheduling job"];
        assert_eq!(messages, wanted);
        assert_eq!((tally.records, tally.continuations, tally.broken), (2, 2, 0));
    }

    #[test]
    fn a_wrapped_trailer_belongs_to_its_record() {
        let (messages, tally) = read(
            "   Adding group: X...   $$<SMS_LOADER><Tue\nNov 04 13:07:31 1997~><thread=6F>\n\
             one  $$<SMS_X><Mon Aug 21 10:12:30.296 2000 Pacific\nDaylight Time><thread=297\n(0x129)>\n\
             two~  $$<SMS_X><Fri Jul 14 08:37:37.180 2000 Eastern Daylight Time>\n<thread=9 (0x9)>\n\
             three $$<SMS_SITE>\nfour $$<SMS_SITE>\nfive~ $$<X.EXE><Thu Jul\n27\n<BR/>\n20:40:04.529 2000>\
             <thread=208 (0xD0)>\nsix without an end\n",
        );
        assert_eq!(
            messages,
            ["Adding group: X...", "one", "two", "three", "four", "five", "six without an end"]
        );
        assert_eq!((tally.records, tally.continuations, tally.blank, tally.broken), (7, 6, 1, 0));
    }

    #[test]
    fn without_trailers_components_begin_records() {
        let (messages, tally) = read(
            "SCHED DATA  : Return code = 0x80070043; The name cannot be \nfound.~~; ERROR: no path.  \n\
             SCHED DATA  : program Manual \nTest in package A.~ \n\n--Later--\n\nSCHEDULER   : Unscheduling~\n",
        );
        let wanted = [
            "Return code = 0x80070043; The name cannot be found.~~; ERROR: no path.",
            "program Manual Test in package A.",
            "Unscheduling",
        ];
        assert_eq!(messages, wanted);
        // The word between the excerpts is none of the log.
        assert_eq!((tally.records, tally.continuations, tally.blank, tally.broken), (3, 2, 3, 0));
    }

    #[test]
    fn what_is_no_record_is_broken_and_shown() {
        let (messages, tally) = read("only words\n\nmore words\nSCHED DATA  : Real.~\n");
        assert_eq!(messages, ["Real."]);
        assert_eq!(tally.broken, 2);
        assert_eq!(tally.shown[0].text, "only words");
        assert_eq!(tally.shown[1].line, 3);
    }

    #[test]
    fn a_message_of_cmtrace_may_have_several_lines() {
        let attributes = "time=\"08:25:31.391+240\" date=\"08-16-2020\" thread=\"7\">";
        let text = format!(
            "<![LOG[one\n\ntwo]LOG]!><{attributes}\n<![LOG[three]LOG]!><{attributes}\n<![LOG[cut\n\
             <![LOG[four]LOG]!><{attributes}\n"
        );
        let (messages, tally) = read(&text);
        assert_eq!(messages, ["one\n\ntwo", "three", "four"]);
        assert_eq!((tally.records, tally.continuations, tally.broken), (3, 2, 1));
    }

    #[test]
    fn many_lines_without_an_end_take_linear_time_and_little_memory() {
        let (messages, tally) = read(&"words without an end\n".repeat(100_000));
        assert!(messages.is_empty());
        assert_eq!(tally.broken, 100_000);
    }
}
