//! Logs of any format.

use std::io::Cursor;

use distpoint::log::{Answer, LOG_FORMATS, read_stream};

use super::reports::check_answer;

/// The bytes are a log, of the format that is recognised and of each other: every line of it is counted once,
/// and every report of what it shows is well formed.
pub fn check(bytes: &[u8]) {
    let named = LOG_FORMATS.iter().map(|(format, ..)| Some(*format));
    for format in std::iter::once(None).chain(named) {
        let observed = read_stream("any.log", Cursor::new(bytes.to_vec()), format);
        let is_plain =
            !bytes.contains(&0) && !bytes.starts_with(&[0x1f, 0x8b]) && bytes.len() < 100_000;
        let is_utf_16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        let answer = Answer::of(observed, Some(2));
        if format.is_some() && is_plain && !is_utf_16 {
            let without_mark = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let breaks = without_mark.iter().filter(|byte| **byte == b'\n').count();
            let last = usize::from(without_mark.last().is_some_and(|byte| *byte != b'\n'));
            assert_eq!(answer.input.lines, (breaks + last) as u64, "{:?}", answer.input);
        }
        check_answer(&answer);
    }
}
