//! One message of PostgreSQL as a line: as text behind `log_line_prefix`, as CSV (`csvlog`) or JSON (`jsonlog`).

use std::borrow::Cow;

use memchr::memchr;
use memchr::memmem::find;
use serde::Deserialize;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'l> {
    /// What has the instant, perhaps among other things.
    pub when: Cow<'l, [u8]>,
    /// The number of the process.
    pub process: Option<u32>,
    /// `LOG`, `FATAL` and others.
    pub severity: Cow<'l, [u8]>,
    /// The SQLSTATE; empty if the line does not have it.
    pub state: Cow<'l, [u8]>,
    /// What it says.
    pub text: Cow<'l, [u8]>,
}

const SEVERITIES: [&[u8]; 10] = [
    b"LOG",
    b"FATAL",
    b"ERROR",
    b"DETAIL",
    b"WARNING",
    b"STATEMENT",
    b"HINT",
    b"PANIC",
    b"NOTICE",
    b"CONTEXT",
];

/// The message of a line; `None` if it is none.
pub fn read(line: &[u8]) -> Option<Message<'_>> {
    plain(line).or_else(|| csv(line)).or_else(|| json(line))
}

/// `2024-05-01 10:00:00.123 UTC [77] LOG:  words`, with the state before the words if `log_error_verbosity` is
/// `verbose`.
fn plain(line: &[u8]) -> Option<Message<'_>> {
    // The prefix is short, and the colon of a severity has two blanks behind it.
    let start = &line[..line.len().min(256)];
    let colon = find(start, b":  ")?;
    let from =
        start[..colon].iter().rposition(|byte| !byte.is_ascii_uppercase()).map_or(0, |at| at + 1);
    let severity = &line[from..colon];
    if !SEVERITIES.contains(&severity) {
        return None;
    }
    let (prefix, text) = (&line[..from], line[colon + 3..].trim_ascii_end());
    let (state, text) = match text.split_at_checked(5) {
        Some((state, rest)) if is_state(state) && rest.starts_with(b": ") => (state, &rest[2..]),
        _ => (&b""[..], text),
    };
    Some(Message {
        when: prefix.into(),
        process: process(prefix),
        severity: severity.into(),
        state: state.into(),
        text: text.into(),
    })
}

fn is_state(text: &[u8]) -> bool {
    text.len() == 5
        && text.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && text.iter().any(u8::is_ascii_digit)
}

/// The number of the process: `[77]`, with a dot `[77.1]` or a dash `[77-1]` before the line of the session.
fn process(prefix: &[u8]) -> Option<u32> {
    // Other brackets may have the instant.
    memchr::memchr_iter(b'[', prefix).find_map(|open| {
        let rest = &prefix[open + 1..];
        let inner = &rest[..memchr::memchr(b']', rest)?];
        let mut parts = inner.splitn(2, |byte| matches!(byte, b'.' | b'-'));
        let process = crate::log::stamp::number(parts.next()?);
        process.filter(|_| parts.next().is_none_or(|line| line.iter().all(u8::is_ascii_digit)))
    })
}

/// The columns of `csvlog`: instant, user, database, process, ... severity, state, message.
fn csv(line: &[u8]) -> Option<Message<'_>> {
    if !line.first()?.is_ascii_digit() {
        return None;
    }
    let mut cells = [&b""[..]; 14];
    let mut rest = line;
    for cell in &mut cells {
        let (own, after) = cell_of(rest);
        (*cell, rest) = (own, after?);
    }
    let (severity, state) = (cells[11], cells[12]);
    if !(SEVERITIES.contains(&severity) && is_state(state)) {
        return None;
    }
    Some(Message {
        when: cells[0].into(),
        process: crate::log::stamp::number(cells[3]),
        severity: severity.into(),
        state: state.into(),
        text: cells[13].into(),
    })
}

/// The first cell without its quotes, and what is behind the comma after it, if there is one. Two quotes within a cell
/// stay two.
fn cell_of(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    let Some(inner) = text.strip_prefix(b"\"") else {
        return match memchr(b',', text) {
            Some(comma) => (&text[..comma], Some(&text[comma + 1..])),
            None => (text, None),
        };
    };
    let mut from = 0;
    while let Some(quote) = memchr(b'"', &inner[from..]).map(|quote| from + quote) {
        match inner.get(quote + 1) {
            Some(b'"') => from = quote + 2,
            Some(b',') => return (&inner[..quote], Some(&inner[quote + 2..])),
            _ => return (&inner[..quote], None),
        }
    }
    (inner, None)
}

#[derive(Deserialize)]
struct Fields<'l> {
    #[serde(borrow)]
    timestamp: Cow<'l, str>,
    pid: Option<u32>,
    #[serde(borrow)]
    error_severity: Cow<'l, str>,
    #[serde(default)]
    state_code: Cow<'l, str>,
    #[serde(borrow)]
    message: Cow<'l, str>,
}

fn json(line: &[u8]) -> Option<Message<'_>> {
    if line.first() != Some(&b'{') {
        return None;
    }
    let fields: Fields<'_> = serde_json::from_slice(line).ok()?;
    let bytes = |text: Cow<'_, str>| Cow::Owned(text.into_owned().into_bytes());
    SEVERITIES.contains(&fields.error_severity.as_bytes()).then(|| Message {
        when: bytes(fields.timestamp),
        process: fields.pid,
        severity: bytes(fields.error_severity),
        state: bytes(fields.state_code),
        text: bytes(fields.message),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_is_not_the_instant() {
        for (prefix, number) in [
            ("2024-05-01 10:00:02 UTC [77] ", Some(77)),
            ("[2024-05-01 10:00:02 UTC] [77] ", Some(77)),
            ("db postgres[77]: [3-1] ", Some(77)),
            ("[77-3] app@app[1]", Some(77)),
            ("[2024-05-01 10:00:02 UTC] [", None),
        ] {
            assert_eq!(process(prefix.as_bytes()), number, "{prefix}");
        }
    }

    #[test]
    fn a_message_is_the_same_in_every_destination() {
        let words = "too many connections for role \"app\"";
        for line in [
            format!("2024-05-01 10:00:01.123 UTC [77] FATAL:  {words}"),
            format!("2024-05-01 10:00:01.123 UTC [77] FATAL:  53300: {words}"),
            "2024-05-01 10:00:01.123 UTC,\"a\"\"b,\",\"app\",77,\"10.0.0.5:54321\",6631f5a0.4d,2,\"\",2024-05-01 \
             10:00:00 UTC,,0,FATAL,53300,\"too many connections for role \"\"app\"\"\",,,,,,,,,\"\",\"client backend\",,0"
                .to_owned(),
            "{\"timestamp\":\"2024-05-01 10:00:01.123 UTC\",\"pid\":77,\"error_severity\":\"FATAL\",\
             \"state_code\":\"53300\",\"message\":\"too many connections for role \\\"app\\\"\"}"
                .to_owned(),
        ] {
            let message = read(line.as_bytes()).unwrap_or_else(|| panic!("{line}"));
            assert!(message.when.starts_with(b"2024-05-01 10:00:01.123 UTC"), "{line}");
            assert_eq!((message.process, &*message.severity), (Some(77), &b"FATAL"[..]), "{line}");
            let text = String::from_utf8_lossy(&message.text).replace("\"\"", "\"");
            assert_eq!(text, words, "{line}");
        }
    }

    #[test]
    fn another_line_is_no_message() {
        for line in [
            "",
            "{}",
            "2024-05-01 10:00:01,2,3",
            "2024-05-01 10:00:01 WORDS:  x",
            "2024-05-01 10:00:01.123 UTC,a,b,77,d,e,f,g,h,i,j,FATAL,no state,words,x",
            "2024-05-01 10:00:01.123 UTC,\"a",
        ] {
            assert_eq!(read(line.as_bytes()), None, "{line}");
        }
    }
}
