//! One record as a line of a log.

use std::fmt::Write;

use crate::log::stamp::Stamp;

/// A format in which logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteFormat {
    /// That of SMS 2.0.
    Sms,
    /// That of Configuration Manager, which CMTrace opens.
    CmTrace,
    /// JSON, a line per event, for other programs.
    JsonLines,
}

/// Every format with its name.
pub const WRITE_FORMATS: [(&str, WriteFormat); 3] = [
    ("sms", WriteFormat::Sms),
    ("cmtrace", WriteFormat::CmTrace),
    ("jsonl", WriteFormat::JsonLines),
];

/// A record of a client's log.
pub struct Record<'t> {
    /// When it is written.
    pub at: Stamp,
    /// The component that writes it.
    pub component: &'t str,
    /// What it writes.
    pub message: &'t str,
    /// The thread.
    pub thread: u32,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Adds the line of a record of SMS 2.0, as in Q268500.
pub fn sms(text: &mut String, record: &Record<'_>) {
    let Record { at, component, message, thread } = record;
    let ([year, month, day], [hour, minute, second], millis) = at.parts();
    // 1970 began on a Thursday.
    let weekday = DAYS[(at.day() + 3).rem_euclid(7) as usize];
    let month = MONTHS[(month - 1).clamp(0, 11) as usize];
    // Writing into a string cannot fail.
    let _ = writeln!(
        text,
        "  {component:<12}: {message}~  $$<APM><{weekday} {month} {day:02} {hour:02}:{minute:02}:{second:02}.{millis:03} \
         {year}><thread={thread} (0x{thread:X})>"
    );
}

/// Adds the line of a record in CMTrace's format.
pub fn cmtrace(text: &mut String, record: &Record<'_>) {
    let Record { at, component, message, thread } = record;
    let ([year, month, day], [hour, minute, second], millis) = at.parts();
    // Writing into a string cannot fail.
    let _ = writeln!(
        text,
        "<![LOG[{message}]LOG]!><time=\"{hour:02}:{minute:02}:{second:02}.{millis:03}+000\" \
         date=\"{month:02}-{day:02}-{year}\" component=\"{component}\" context=\"\" type=\"1\" thread=\"{thread}\" \
         file=\"\">"
    );
}
