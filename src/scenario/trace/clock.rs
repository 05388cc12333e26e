//! Lengths of time as clocks, programs and accounting tools write them: `1:09:48`, `2-01:24:56`, `1m30.5s`.

use super::decimal::Decimal;
use super::time_words::Nanos;
use super::unit::of_word;
use crate::value::Span;

const SECOND: Nanos = 1_000_000_000;
const MINUTE: Nanos = 60 * SECOND;
const HOUR: Nanos = 60 * MINUTE;
const DAY: Nanos = 24 * HOUR;

/// Reads `H:MM:SS`, `MM:SS.fff`, and `D-HH:MM:SS`, `D-HH:MM` and `D days, HH:MM:SS` in nanoseconds; `None`
/// if the text is nothing like that.
///
/// # Errors
///
/// What is wrong: two numbers may be hours and minutes or minutes and seconds, and a part may be too large.
pub fn clock(text: &str) -> Option<Result<Nanos, &'static str>> {
    let (days, time) = days(text)?;
    let parts: Vec<&str> = time.split(':').collect();
    let (seconds, whole) = parts.split_last()?;
    let (seconds, fraction) =
        seconds.split_once('.').map_or((*seconds, None), |(s, f)| (s, Some(f)));
    let digits = |part: &&str| {
        !part.is_empty() && part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if whole.is_empty() || ![seconds].iter().chain(whole).chain(&fraction).all(digits) {
        return None;
    }
    let number = |part: &str| part.parse::<Nanos>().unwrap_or_default();
    let nanos = fraction.map_or(0, |digits| number(&format!("{digits:0<9}")));
    let [hours, minutes, seconds] = match (whole, days, fraction) {
        ([hours, minutes], _, _) => [number(hours), number(minutes), number(seconds)],
        // Slurm writes `D-HH:MM`, and `MM:SS.mmm` for times of a processor.
        ([hours], Some(_), None) => [number(hours), number(seconds), 0],
        ([minutes], None, Some(_)) => [0, number(minutes), number(seconds)],
        ([_], None, None) => {
            return Some(Err("it may be hours and minutes, or minutes and seconds"));
        }
        _ => return Some(Err("it has too many parts")),
    };
    if minutes > 59 || seconds > 59 || (days.is_some() && hours > 23) {
        return Some(Err("a part of it is too large"));
    }
    let days = days.unwrap_or(0);
    Some(Ok(days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + nanos))
}

/// The number of days that a text begins with, if it does, and the rest.
fn days(text: &str) -> Option<(Option<Nanos>, &str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 || digits > 9 {
        return None;
    }
    let (number, rest) = text.split_at(digits);
    let days = number.parse().ok()?;
    if let Some(time) = rest.strip_prefix('-') {
        return Some((Some(days), time));
    }
    let word = rest.trim_start();
    match word.strip_prefix("days").or_else(|| word.strip_prefix("day")) {
        Some(time) => Some((Some(days), time.trim_start_matches([',', ' ']))),
        None => Some((None, text)),
    }
}

/// Reads numbers with units, from the largest to the smallest: `250us`, `1m30.5s`, `2 h 5 min`. The sum is rounded
/// to nanoseconds.
pub fn with_units(text: &str) -> Option<Nanos> {
    let (mut rest, mut sum, mut above) = (text.trim(), 0, Nanos::MAX);
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (digits, behind) = rest.split_at(number);
        let behind = behind.trim_start();
        let word = behind.find(|c: char| !c.is_alphabetic()).unwrap_or(behind.len());
        let unit = of_word(&behind[..word]).filter(|unit| *unit < above)?;
        sum += Decimal::read(digits)?.times(unit).min(200 * 365 * DAY);
        (rest, above) = (behind[word..].trim_start(), unit);
    }
    (!text.trim().is_empty()).then_some(sum)
}

/// Reads a duration of ISO 8601: `PT5M30S`, `P1DT2H`. Years and months have no fixed length.
pub fn iso_duration(text: &str) -> Option<Span> {
    let (date, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((date, time)) => (date, time),
        None => (text.strip_prefix('P')?, ""),
    };
    let is_of = |part: &str, units: &str| {
        part.chars().all(|c| c.is_ascii_digit() || c == '.' || units.contains(c))
    };
    if !is_of(date, "WD") || !is_of(time, "HMS") {
        return None;
    }
    format!("{date}{time}").to_lowercase().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_show_days_hours_minutes_and_seconds() {
        for (text, nanos) in [
            ("1:09:48", HOUR + 9 * MINUTE + 48 * SECOND),
            ("01:09:48", HOUR + 9 * MINUTE + 48 * SECOND),
            ("2-01:24:56", 2 * DAY + HOUR + 24 * MINUTE + 56 * SECOND),
            ("1-00:00:00", DAY),
            ("1-02:03", DAY + 2 * HOUR + 3 * MINUTE),
            ("100:00:00", 100 * HOUR),
            ("00:03.456", 3 * SECOND + 456_000_000),
            ("0:00:01.5", SECOND + 500_000_000),
            ("1 day, 2:03:04", DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND),
            ("0 days 00:01:23.456000", MINUTE + 23 * SECOND + 456_000_000),
        ] {
            assert_eq!(clock(text), Some(Ok(nanos)), "{text}");
        }
    }

    #[test]
    fn what_is_no_clock_or_an_unclear_one_is_not_read() {
        for text in ["", "5", "90s", "2023-11-16", "1:", ":1:2", "a:b:c", "1:-2:3", "1,5", "2-01"] {
            assert_eq!(clock(text), None, "{text}");
        }
        for text in ["1:30", "1:60:00", "1:00:60", "1-24:00:00", "1:2:3:4"] {
            assert!(matches!(clock(text), Some(Err(_))), "{text}");
        }
    }

    #[test]
    fn numbers_with_units_may_be_finer_than_a_millisecond() {
        for (text, nanos) in [
            ("250us", 250_000),
            ("1.5 ms", 1_500_000),
            ("12µs", 12_000),
            ("1m30.5s", MINUTE + 30 * SECOND + 500_000_000),
            ("2 h 5 min", 2 * HOUR + 5 * MINUTE),
            ("1h2m3.000000004s", HOUR + 2 * MINUTE + 3 * SECOND + 4),
            ("2w", 14 * DAY),
        ] {
            assert_eq!(with_units(text), Some(nanos), "{text}");
        }
        for text in
            ["", "5", "s", "1s 2m", "1s1s", "5 parsecs", "1.2.3s", "-5s", "1,5s", "5S", ".s"]
        {
            assert_eq!(with_units(text), None, "{text}");
        }
        assert!(
            with_units("99999999999999999999999d").is_some_and(|nanos| nanos > 100 * 365 * DAY)
        );
    }

    #[test]
    fn durations_of_iso_8601_are_read_without_months_and_years() {
        for (text, seconds) in
            [("PT5M30S", 330), ("P1DT2H", 93_600), ("P2W", 1_209_600), ("PT0.5M", 30)]
        {
            assert_eq!(iso_duration(text), Some(Span::from_secs(seconds)), "{text}");
        }
        for text in ["P1M", "P1Y", "P", "PT", "5M", "PT5", "P5H"] {
            assert_eq!(iso_duration(text), None, "{text}");
        }
    }
}
