//! One record of a log of SMS or Configuration Manager, and the grammar of its line.
//!
//! ```text
//! line    = [indent] [COMPONENT padded to 12 ": "] message ["~"] "  $$<" module "><" stamp "><thread=" ... ">"
//! CMTrace = <![LOG[message]LOG]!><time="..." date="..." component="" context="" type="1" thread="" file="">
//! ```
//!
//! Real logs differ from it: trailers are cut off or have a module only, `>>thread=` stands for `><thread=`,
//! blanks are repeated, modules are full paths.

use memchr::memmem;

use super::stamp::{stamp, zoned};
use crate::log::stamp::Stamp;

/// What begins a trailer.
const TRAILER: &[u8] = b"$$<";
/// What begins a record of CMTrace's format.
pub const OPENING: &[u8] = b"<![LOG[";
/// What ends the message of such a record.
pub const CLOSING: &[u8] = b"]LOG]!>";

/// A record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Record<'t> {
    /// The message, without the component before it and the `~` at its end.
    pub message: &'t [u8],
    when: When<'t>,
    /// The thread.
    pub thread: Option<u32>,
    /// The number of its first line in the file, from 1.
    pub line: u64,
}

/// The part of a line that has the instant. It is read only where it is needed.
#[derive(Clone, Copy, Debug, Default)]
enum When<'t> {
    #[default]
    Never,
    Stamp(&'t [u8]),
    DateAndTime(&'t [u8], &'t [u8]),
}

impl Record<'_> {
    /// When it was written; `None` if its line does not have that.
    pub fn stamp(&self) -> Option<Stamp> {
        match self.when {
            When::Never => None,
            When::Stamp(text) => stamp(text),
            When::DateAndTime(date, time) => zoned(date, time),
        }
    }
}

/// Where the trailer of a line begins, with its `$$<`.
pub fn trailer_start(line: &[u8]) -> Option<usize> {
    // Trailers are at the end, and short; what looks like one in a message comes before. Searching for the rare
    // character is several times as fast as for all three.
    let mut end = line.len();
    while let Some(at) = memchr::memrchr(b'$', &line[..end]) {
        let from = at.checked_sub(1)?;
        if line[from..].starts_with(TRAILER) {
            return Some(from);
        }
        end = at;
    }
    None
}

/// A trailer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trailer<'t> {
    stamp: Option<&'t [u8]>,
    thread: Option<u32>,
    /// Whether all of it is there, up to the thread.
    pub is_complete: bool,
    /// Whether it ends within a bracket, so that the rest is on another line.
    pub is_unclosed: bool,
}

/// Reads a trailer from its `$$<` on.
pub fn trailer(text: &[u8]) -> Trailer<'_> {
    let text = &text[TRAILER.len().min(text.len())..];
    let position = |bytes: &[u8], byte: u8| memchr::memchr(byte, bytes);
    let Some(end_of_module) = position(text, b'>') else {
        return Trailer { is_unclosed: true, ..Trailer::default() };
    };
    let rest = &text[end_of_module + 1..];
    let (before, thread) = match thread_in(rest) {
        Some(at) => (&rest[..at], Some(&rest[at + 7..])),
        None => (rest, None),
    };
    let stamp = position(before, b'<').map(|open| &before[open + 1..]);
    let stamp = stamp.map(|stamp| &stamp[..position(stamp, b'>').unwrap_or(stamp.len())]);
    let stamp = stamp.filter(|stamp| !stamp.is_empty());
    let opens = rest.iter().rposition(|byte| *byte == b'<');
    let is_unclosed = match thread {
        Some(thread) => !thread.contains(&b'>'),
        None => opens.is_some_and(|open| !rest[open..].contains(&b'>')),
    };
    let is_old = stamp.is_some_and(|stamp| stamp.ends_with(b"~"));
    Trailer {
        stamp,
        thread: thread.and_then(|thread| number_of_thread(thread, is_old)),
        is_complete: thread.is_some() && !is_unclosed,
        is_unclosed,
    }
}

/// Where `thread=` is: most often right behind the instant, which ends with the first bracket.
fn thread_in(rest: &[u8]) -> Option<usize> {
    const THREAD: &[u8] = b"thread=";
    let behind = memchr::memchr(b'>', rest).map(|end| end + 2);
    let usual = behind.filter(|at| rest.get(*at..).is_some_and(|text| text.starts_with(THREAD)));
    usual.or_else(|| memmem::find(rest, THREAD))
}

/// `1512 (0x5E8)>`, or of SMS 1.x hexadecimal only: `E0>`.
fn number_of_thread(text: &[u8], is_old: bool) -> Option<u32> {
    let length = text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let digits = std::str::from_utf8(&text[..length]).ok()?;
    let is_hexadecimal = is_old || digits.bytes().any(|byte| !byte.is_ascii_digit());
    u32::from_str_radix(digits, if is_hexadecimal { 16 } else { 10 }).ok()
}

/// Where the message behind the component at the beginning of a line begins; `None` if a line begins with none.
pub fn head(line: &[u8]) -> Option<usize> {
    const LONGEST: usize = 32;
    let indent = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let text = &line[indent..];
    let is_of_name = |byte: &u8| {
        byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b'_')
    };
    let length = text.iter().take(LONGEST).take_while(|byte| is_of_name(byte)).count();
    let name = text[..length].trim_ascii_end();
    let begins = name.first().is_some_and(u8::is_ascii_uppercase);
    let ends = text.get(length) == Some(&b':') && text.get(length + 1).is_none_or(|b| *b == b' ');
    // Words such as `ERROR:` and `STATMSG:` begin messages; components are padded, or are two words.
    let is_component = name.len() < length || name.contains(&b' ') || name == b"SCHEDULER";
    (begins && ends && is_component).then_some(indent + length + 1)
}

/// The record of a text that begins at line `line`: one line, or several that were joined.
pub fn record(text: &[u8], line: u64) -> Record<'_> {
    let at = trailer_start(text);
    let trailer = at.map(|at| trailer(&text[at..])).unwrap_or_default();
    classic(&text[..at.unwrap_or(text.len())], &trailer, line)
}

/// The record of a text before its trailer, and the trailer.
pub fn classic<'t>(text: &'t [u8], trailer: &Trailer<'t>, line: u64) -> Record<'t> {
    let when = trailer.stamp.map_or(When::Never, When::Stamp);
    Record { message: message(text), when, thread: trailer.thread, line }
}

/// The message of a text, without the component before it and the `~` behind it.
fn message(text: &[u8]) -> &[u8] {
    let mut message = text[head(text).unwrap_or(0)..].trim_ascii();
    while let Some(shorter) = message.strip_suffix(b"~") {
        message = shorter.trim_ascii_end();
    }
    message
}

/// The record of a text in CMTrace's format, whose message may have several lines; `None` if it is none.
pub fn cmtrace(text: &[u8], line: u64) -> Option<Record<'_>> {
    let text = text.trim_ascii_start().strip_prefix(OPENING)?;
    let end = memmem::rfind(text, CLOSING)?;
    let attributes = &text[end + CLOSING.len()..];
    let of = |name: &[u8]| attribute(attributes, name);
    let when = match (of(b"date"), of(b"time")) {
        (Some(date), Some(time)) => When::DateAndTime(date, time),
        _ => When::Never,
    };
    let thread = of(b"thread").and_then(|thread| number_of_thread(thread, false));
    Some(Record { message: message(&text[..end]), when, thread, line })
}

/// The value of `name="value"` among attributes.
fn attribute<'t>(attributes: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    let mut rest = attributes;
    loop {
        let at = memmem::find(rest, name)?;
        let before = at.checked_sub(1).map(|before| rest[before]);
        let behind = &rest[at + name.len()..];
        match behind.strip_prefix(b"=\"") {
            Some(value) if before.is_none_or(|byte| !byte.is_ascii_alphanumeric()) => {
                return Some(&value[..memchr::memchr(b'"', value)?]);
            }
            _ => rest = behind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> (String, Option<u32>, Option<String>) {
        let record = record(line.as_bytes(), 1);
        let message = String::from_utf8_lossy(record.message).into_owned();
        (message, record.thread, record.stamp().map(|stamp| stamp.to_string()))
    }

    #[test]
    fn a_line_has_a_message_a_stamp_and_a_thread() {
        let line = "  SCHED DATA  : Setting job status to 0xd.~  $$<APM><Tue May 16 13:17:10.854 2000>\
                    <thread=1512 (0x5E8)>";
        let (message, thread, stamp) = shown(line);
        assert_eq!((message.as_str(), thread), ("Setting job status to 0xd.", Some(1512)));
        assert_eq!(stamp.as_deref(), Some("2000-05-16T13:17:10.854"));
    }

    #[test]
    fn trailers_may_be_worse_than_the_grammar() {
        for (trailer, thread, has_stamp) in [
            ("$$<APM ><Thu Apr 22    09:36:15.685 1999><thread=561 (0x231)>", Some(561), true),
            ("$$<APM><Thu Apr 22 09:36:15.716 1999>>thread=561 (0x231)>", Some(561), true),
            (
                "$$<APM><Mon Nov 15 08:38:12.050 1999><thread=4199866221 (0xFA54DF6D)>",
                Some(4_199_866_221),
                true,
            ),
            ("$$<SMS_X><Tue Nov 10 17:56:25 1998~><thread=112>", Some(0x112), true),
            ("$$<SMS_X><Mon Dec 04 15:41:50 1995~><thread=E0>", Some(0xe0), true),
            (
                "$$<C:\\WINNT\\MS\\CLISVCL.EXE><Mon Nov 15 16:54:10.253 1999><thread=52 (0x34)><BR/>",
                Some(52),
                true,
            ),
            ("$$<SMS_OFFER_MANAGER>...<thread=1720 (0x6B8)> ~SQL Msg", Some(1720), false),
            ("$$<CliEx32.dll>", None, false),
            ("$$<APM><Tue May 16 13:17", None, false),
            ("$$<", None, false),
        ] {
            let (message, read, stamp) = shown(&format!("  message~  {trailer}"));
            assert_eq!(
                (message.as_str(), read, stamp.is_some()),
                ("message", thread, has_stamp),
                "{trailer}"
            );
        }
    }

    #[test]
    fn a_message_is_no_component() {
        for line in
            ["ERROR: no", "STATMSG: ID=5", "D:\\SMS\\inboxes", "Job: x", "a B : c", "12:30 : x", ""]
        {
            assert!(head(line.as_bytes()).is_none(), "{line}");
        }
        assert_eq!(head(b"\tIPC SERVER  : x"), Some(14));
        assert_eq!(head(b"SCHEDULER: ERROR: x"), Some(10));
    }

    #[test]
    fn a_record_of_cmtrace_has_attributes() {
        let text = b"<![LOG[two\nlines]LOG]!><time=\"08:25:31.391+240\" date=\"08-16-2020\" component=\"X\" \
                     context=\"\" type=\"1\" thread=\"77\" file=\"a.cpp:1\">";
        let record = cmtrace(text, 3).expect("it is one");
        assert_eq!(record.message, b"two\nlines");
        assert_eq!((record.thread, record.line), (Some(77), 3));
        let stamp = record.stamp().map(|stamp| stamp.to_string());
        assert_eq!(stamp.as_deref(), Some("2020-08-16T08:25:31.391-04:00"));
        assert!(cmtrace(b"<![LOG[cut off", 1).is_none());
    }
}
