//! The stamps of SMS and Configuration Manager.
//!
//! ```text
//! Tue May 16 13:17:10.804 2000                         SMS 2.0
//! Fri Dec 10 01:12:40.304 1999 Pacific Standard Time   a server of SMS 2.0
//! Tue Nov 10 17:56:25 1998~                            SMS 1.x
//! 11-30-2022 01:03:34.179-60                           later; UTC is the time and these minutes
//! ```

use crate::log::stamp::{Stamp, instant, month, number, time_of_day};

/// Reads a stamp; blanks may be repeated. `None` if the text is none.
pub fn stamp(text: &[u8]) -> Option<Stamp> {
    let text = text.trim_ascii();
    if text.first()?.is_ascii_digit() {
        return later(text);
    }
    let mut words =
        text.split(|byte| matches!(byte, b' ' | b'\t' | b'~')).filter(|w| !w.is_empty());
    let first = words.next()?;
    // The day of the week may be missing.
    let (month, day) = match month(first) {
        Some(month) => (month, words.next()?),
        None => (month(words.next()?)?, words.next()?),
    };
    let (time, millis, rest) = time_of_day(words.next()?)?;
    let date = [number(words.next()?)?, month, number(day)?];
    let local = instant(date, time, millis).filter(|_| rest.is_empty())?;
    Some(Stamp { local, ahead: None })
}

/// `11-30-2022 01:03:34.179-60`, and the same without a bias.
fn later(text: &[u8]) -> Option<Stamp> {
    let (date, time) = text.split_at(text.iter().position(|byte| *byte == b' ')?);
    zoned(date, time.trim_ascii())
}

/// A date such as `11-30-2022` and a time of day with a bias, as in the attributes of CMTrace's format.
pub fn zoned(date: &[u8], time: &[u8]) -> Option<Stamp> {
    let mut parts = date.split(|byte| *byte == b'-');
    let mut part = || number(parts.next()?);
    let [month, day, year] = [part()?, part()?, part()?];
    let (time, millis, rest) = time_of_day(time)?;
    let local = instant([year, month, day], time, millis)?;
    // Scripts that write such logs put a plus before any bias: `+-60`.
    let rest = rest.strip_prefix(b"+").filter(|rest| rest.starts_with(b"-")).unwrap_or(rest);
    let ahead = match rest {
        [] => None,
        [sign @ (b'+' | b'-'), minutes @ ..] => {
            let minutes = number(minutes)? as i32;
            // UTC is the local time and the bias.
            Some(if *sign == b'+' { -minutes } else { minutes }).filter(|_| minutes <= 1080)
        }
        _ => return None,
    };
    Some(Stamp { local, ahead })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_every_version_are_read() {
        for (text, shown) in [
            ("Tue May 16 13:17:10.804 2000", "2000-05-16T13:17:10.804"),
            ("Thu Apr 22          09:36:15.685 1999", "1999-04-22T09:36:15.685"),
            ("Fri Dec 10 01:12:40.304 1999 Pacific Standard Time", "1999-12-10T01:12:40.304"),
            ("Tue Nov 10 17:56:25 1998~", "1998-11-10T17:56:25.000"),
            ("11-30-2022 01:03:34.179-60", "2022-11-30T01:03:34.179+01:00"),
            ("08-16-2020 08:25:31.391+240", "2020-08-16T08:25:31.391-04:00"),
            ("08-16-2020 08:25:31.3911+-60", "2020-08-16T08:25:31.391+01:00"),
            ("08-16-2020 08:25:31.391", "2020-08-16T08:25:31.391"),
        ] {
            assert_eq!(stamp(text.as_bytes()).map(|s| s.to_string()).as_deref(), Some(shown));
        }
        for text in ["", "Tue", "Tue May 16", "Tue May 16 13:17 2000", "5", "13-30-2022 01:03:34"] {
            assert_eq!(stamp(text.as_bytes()), None, "{text}");
        }
    }
}
