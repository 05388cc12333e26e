//! Instants of the logs of servers.

use std::ops::Range;

use memchr::memchr;

use crate::log::stamp::{Stamp, instant, month, number, time_of_day};

/// The longest text of an instant, and that is kept to be compared with the next one.
const LONGEST: usize = 40;

/// A shorter text has no instant.
const SHORTEST: usize = 11;

/// Reads instants. Most lines of a log have the same instant as the one before, to the second.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    last: Vec<u8>,
    read: Option<Stamp>,
    /// How often the last text came before.
    repeated: u32,
}

impl Clock {
    /// Reads an instant, in ms since 1970; without a zone, UTC is assumed. `None` if the text is none.
    pub fn read(&mut self, text: &[u8]) -> Option<i64> {
        self.repeated = self.repeated.wrapping_add(1);
        if self.last != text {
            self.repeated = 0;
            self.read = any(text);
            self.last.clear();
            self.last.extend_from_slice(&text[..text.len().min(LONGEST)]);
        }
        self.read.map(Stamp::millis)
    }

    /// The instant in the first brackets of a line that have one, and from where to where these are. Other brackets
    /// may be before them: those of a process (`nginx[123]:`), of an address or of a user.
    pub fn in_brackets(&mut self, line: &[u8]) -> Option<(Range<usize>, i64)> {
        // A line of many brackets takes no longer than another one.
        const MOST: usize = 8;
        let mut from = 0;
        for _ in 0..MOST {
            let open = from + memchr(b'[', &line[from..])?;
            let inner = &line[open + 1..line.len().min(open + 1 + LONGEST)];
            let length = memchr(b']', inner).filter(|length| *length >= SHORTEST);
            if let Some(length) = length
                && let Some(at) = self.read(&inner[..length])
            {
                return Some((open..open + length + 2, at));
            }
            from = open + 1;
        }
        None
    }

    /// How far into its second the instant that was read last is taken to be, in ms.
    ///
    /// Many logs have whole seconds only, and a hundred requests that all end at the same instant would be a
    /// hundred connections just before it. So the lines of a second are spread over it: the first stays, and
    /// each further one halves a gap between those before.
    pub fn within_second(&self) -> i64 {
        match self.last.iter().any(|byte| matches!(byte, b'.' | b',')) {
            true => 0,
            false => i64::from(self.repeated.reverse_bits() >> 22) * 1000 / 1024,
        }
    }
}

/// Reads an instant in any of the forms: that of the common log format, ISO 8601, or seconds since 1970.
pub fn any(text: &[u8]) -> Option<Stamp> {
    let text = text.trim_ascii();
    match text.get(..SHORTEST)? {
        [_, _, b'/', .., b'/', _, _, _, _] => common(text),
        [_, _, _, _, b'-' | b'/', _, _, b'-' | b'/', _, _, b'T' | b' '] => iso(text),
        _ => epoch(text).map(|millis| Stamp { local: millis, ahead: Some(0) }),
    }
}

/// `10/Oct/2000:13:55:36 -0700`, as in the common log format; HAProxy's has milliseconds and no zone.
fn common(text: &[u8]) -> Option<Stamp> {
    let date = [number(text.get(7..11)?)?, month(text.get(3..6)?)?, number(text.get(..2)?)?];
    if text.get(6) != Some(&b'/') || text.get(11) != Some(&b':') {
        return None;
    }
    let (time, millis, rest) = time_of_day(text.get(12..)?)?;
    let local = instant(date, time, millis)?;
    Some(Stamp { local, ahead: zone(rest)? })
}

/// `2024-05-01T10:00:00.123+02:00`, also with a blank before the time or the zone.
fn iso(text: &[u8]) -> Option<Stamp> {
    let date = [number(text.get(..4)?)?, number(text.get(5..7)?)?, number(text.get(8..10)?)?];
    let (time, millis, rest) = time_of_day(text.get(11..)?)?;
    let local = instant(date, time, millis)?;
    Some(Stamp { local, ahead: zone(rest)? })
}

/// The minutes of a zone: none, `Z`, `UTC`, `-0700`, `+02:00`, `+02`. Other names are not known to be ahead of
/// UTC or behind it, so their instants are as the clock showed them.
#[expect(clippy::option_option, reason = "no zone is as good as one, and what is none is an error")]
fn zone(text: &[u8]) -> Option<Option<i32>> {
    let text = text.trim_ascii();
    let (sign, digits) = match text {
        [] => return Some(None),
        b"Z" | b"z" | b"UTC" | b"GMT" => return Some(Some(0)),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        name if name.iter().all(u8::is_ascii_alphabetic) => return Some(None),
        _ => return None,
    };
    let (hours, minutes) = match digits {
        [a, b] => ([*a, *b], *b"00"),
        [a, b, c, d] | [a, b, b':', c, d] => ([*a, *b], [*c, *d]),
        _ => return None,
    };
    let minutes = number(&hours)? * 60 + number(&minutes)?;
    (minutes <= 18 * 60).then_some(Some(sign * minutes as i32))
}

/// Seconds since 1970, perhaps with a fraction, or milliseconds, by their magnitude. In ms.
pub fn epoch(text: &[u8]) -> Option<i64> {
    let (whole, fraction) = match text.iter().position(|byte| *byte == b'.') {
        Some(point) => (&text[..point], &text[point + 1..]),
        None => (text, &b""[..]),
    };
    let number = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<i64>().ok();
    let all_digits = whole.iter().all(u8::is_ascii_digit);
    match whole.len() {
        10 if all_digits => {
            let millis = match fraction {
                [] => 0,
                digits => crate::log::stamp::millis(digits)?,
            };
            Some(number(whole)? * 1000 + i64::from(millis))
        }
        13 if all_digits && fraction.iter().all(u8::is_ascii_digit) => number(whole),
        // Micro- and nanoseconds.
        16 if all_digits && fraction.is_empty() => Some(number(whole)? / 1000),
        19 if all_digits && fraction.is_empty() => Some(number(whole)? / 1_000_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_every_form() {
        for (text, shown) in [
            ("10/Oct/2000:13:55:36 -0700", "2000-10-10T13:55:36.000-07:00"),
            ("06/Feb/2009:12:14:14.655", "2009-02-06T12:14:14.655"),
            ("2024-05-01T10:00:00+02:00", "2024-05-01T10:00:00.000+02:00"),
            ("2024-05-01T10:00:00.123456Z", "2024-05-01T10:00:00.123Z"),
            ("2024-05-01 10:00:00.123 UTC", "2024-05-01T10:00:00.123Z"),
            ("2024-05-01 10:00:00,5 CET", "2024-05-01T10:00:00.500"),
            ("2024-05-01 10:00:00-03", "2024-05-01T10:00:00.000-03:00"),
            ("1700158623.979", "2023-11-16T18:17:03.979Z"),
            ("1700158623979", "2023-11-16T18:17:03.979Z"),
        ] {
            assert_eq!(
                any(text.as_bytes()).map(|s| s.to_string()).as_deref(),
                Some(shown),
                "{text}"
            );
        }
        for text in
            ["", "-", "10/Oct/2000", "2024-05-01", "10/Xyz/2000:13:55:36 -0700", "12345678901"]
        {
            assert_eq!(any(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_text_that_is_repeated_is_the_same_instant() {
        let mut clock = Clock::default();
        let first = clock.read(b"10/Oct/2000:13:55:36 +0000");
        assert_eq!(clock.read(b"10/Oct/2000:13:55:36 +0000"), first);
        assert_eq!(clock.read(b"10/Oct/2000:13:55:37 +0000"), first.map(|at| at + 1000));
        assert_eq!(clock.read(b"-"), None);
    }

    #[test]
    fn an_instant_in_brackets_is_found_behind_others() {
        let read = |line: &str| Clock::default().in_brackets(line.as_bytes());
        let at = 1_233_922_454_655;
        assert_eq!(read("[::1] [] [06/Feb/2009:12:14:14.655] x"), Some((9..35, at)));
        assert_eq!(read("haproxy[14389]: [06/Feb/2009:12:14:14.655]"), Some((16..42, at)));
        for line in ["", "[", "[06/Feb/2009", "]06/Feb/2009:12:14:14.655[", &"[".repeat(1 << 18)] {
            assert_eq!(read(line), None);
        }
        let many = "[".repeat(1 << 17) + &"]".repeat(1 << 17);
        assert_eq!(read(&many), None);
    }

    #[test]
    fn the_lines_of_a_second_are_spread_over_it() {
        let mut clock = Clock::default();
        let mut read = |text: &str| {
            clock.read(text.as_bytes());
            clock.within_second()
        };
        let second = "10/Oct/2000:13:55:36 +0000";
        assert_eq!([second; 5].map(&mut read), [0, 500, 250, 750, 125]);
        assert_eq!(read("10/Oct/2000:13:55:37 +0000"), 0);
        let exact = "06/Feb/2009:12:14:14.655";
        assert_eq!([exact; 2].map(&mut read), [0, 0]);
    }
}
