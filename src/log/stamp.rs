//! Instants of logs: a local time, and how far it is from UTC where the log has that.

use std::fmt;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// An instant as a log has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Milliseconds since the beginning of 1970 on the clock of the log.
    pub local: i64,
    /// By how many minutes that clock is ahead of UTC, if the log has it.
    pub ahead: Option<i32>,
}

impl Stamp {
    /// Milliseconds since the beginning of 1970, UTC; of a log without a zone, as if its clock showed UTC.
    pub fn millis(self) -> i64 {
        self.local - i64::from(self.ahead.unwrap_or(0)) * 60_000
    }

    /// Days from the beginning of 1970.
    pub fn day(self) -> i64 {
        self.local.div_euclid(DAY)
    }

    /// Its date, its time of day, and milliseconds.
    pub fn parts(self) -> ([i64; 3], [i64; 3], i64) {
        let time = self.local.rem_euclid(DAY);
        let (year, month, day) = civil(self.day());
        let of_day = [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60];
        ([year, month, day], of_day, time % 1000)
    }
}

/// ISO 8601, without a zone if there is none.
impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ([year, month, day], [hour, minute, second], millis) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}")?;
        match self.ahead {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(ahead) => {
                let (sign, of) = (if ahead < 0 { '-' } else { '+' }, ahead.unsigned_abs());
                write!(f, "{sign}{:02}:{:02}", of / 60, of % 60)
            }
        }
    }
}

/// The milliseconds from the beginning of 1970 to a date and a time of day; `None` if there is no such
/// instant. Leap seconds count as the second after them.
pub fn instant(date: [u32; 3], time: [u32; 3], millis: u32) -> Option<i64> {
    let [year, month, day] = date;
    let [hour, minute, second] = time;
    let is_date = (1601..=9999).contains(&year) && (1..=12).contains(&month);
    if !is_date || day == 0 || day > days_of(year, month) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 || millis > 999 {
        return None;
    }
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    Some(days(year, month, day) * DAY + seconds * 1000 + i64::from(millis))
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970 to a date of the Gregorian calendar: years begin in March, so that the leap day is
/// their last one.
fn days(year: u32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let month = i64::from((month + 9) % 12);
    let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

/// The date that is `days` after the beginning of 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// The number of a month by its English abbreviation.
pub fn month(name: &[u8]) -> Option<u32> {
    const NAMES: [&[u8; 3]; 12] = [
        b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
        b"dec",
    ];
    let name = name.get(..3)?;
    let place = NAMES.iter().position(|known| name.eq_ignore_ascii_case(*known))?;
    Some(place as u32 + 1)
}

/// The number that is all of `digits`; `None` of anything else, or of more than nine digits.
pub fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    let mut number = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + u32::from(digit);
    }
    Some(number)
}

/// The milliseconds of the digits of a fraction of a second; what is finer is cut off.
pub fn millis(fraction: &[u8]) -> Option<u32> {
    if fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |place: usize| fraction.get(place).map_or(0, |byte| u32::from(byte - b'0'));
    Some(digit(0) * 100 + digit(1) * 10 + digit(2))
}

/// Hours, minutes and seconds, and the milliseconds of a fraction behind a point or a comma, and what follows.
pub fn time_of_day(text: &[u8]) -> Option<([u32; 3], u32, &[u8])> {
    let part = |from: usize, end: usize| number(text.get(from..end)?);
    // The hour may have one digit.
    let colon = text.iter().take(3).position(|byte| *byte == b':')?;
    let time = [part(0, colon)?, part(colon + 1, colon + 3)?, part(colon + 4, colon + 6)?];
    if text.get(colon + 3) != Some(&b':') {
        return None;
    }
    let rest = text.get(colon + 6..)?;
    let [b'.' | b',', fraction @ ..] = rest else { return Some((time, 0, rest)) };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    Some((time, millis(&fraction[..digits])?, &fraction[digits..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_days_are_inverse() {
        for day in (-100_000..2_000_000).step_by(97) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year as u32, month as u32, of_month as u32), day);
        }
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2000, 2, 29), 11_016);
    }

    #[test]
    fn a_stamp_is_written_as_iso_8601() {
        let local = instant([2000, 5, 16], [13, 17, 10], 804).expect("an instant");
        let shown = |ahead| Stamp { local, ahead }.to_string();
        assert_eq!(shown(None), "2000-05-16T13:17:10.804");
        assert_eq!(shown(Some(0)), "2000-05-16T13:17:10.804Z");
        assert_eq!(shown(Some(-210)), "2000-05-16T13:17:10.804-03:30");
        assert_eq!(Stamp { local, ahead: Some(60) }.millis(), local - 3_600_000);
    }

    #[test]
    fn no_instant_is_no_instant() {
        assert_eq!(instant([1999, 2, 29], [0; 3], 0), None);
        assert_eq!(instant([2000, 13, 1], [0; 3], 0), None);
        assert_eq!(instant([2000, 1, 1], [24, 0, 0], 0), None);
        assert!(instant([2016, 12, 31], [23, 59, 60], 0).is_some());
    }

    #[test]
    fn times_of_day_have_fractions_or_none() {
        assert_eq!(time_of_day(b"13:17:10.804-60"), Some(([13, 17, 10], 804, &b"-60"[..])));
        assert_eq!(time_of_day(b"1:03:34"), Some(([1, 3, 34], 0, &b""[..])));
        assert_eq!(time_of_day(b"01:03:34,5Z"), Some(([1, 3, 34], 500, &b"Z"[..])));
        for text in ["", "1", "1:2:3", "13:17", "ab:cd:ef", "13:17-10", "13:17:10."] {
            assert_eq!(time_of_day(text.as_bytes()), None, "{text}");
        }
    }
}
