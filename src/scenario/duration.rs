//! The durations of scenario files: `"10m"`, `"2h 30m"`, `"1.5s"`.
//!
//! A duration is a sequence of numbers, each with a unit, from the largest unit to the smallest.
//! Everything is computed with integers: a value is either exact in milliseconds or an error.

use std::fmt;
use std::ops::Range;

use crate::model::Span;

/// The longest duration a scenario may name, in milliseconds: 100 years of 365 days.
pub const MAX_MILLIS: u64 = Span::MAX.as_millis();

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;

/// The forms a help line shows.
const EXAMPLES: &str = "write for example `250ms`, `10s`, `10m`, `2h 30m` or `7d`";

/// No fraction with more digits than this, trailing zeros aside, is a whole number of
/// milliseconds: the unit would have to be divisible by 2^11 or 5^11, and no unit is.
const MAX_FRACTION_DIGITS: usize = 10;

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// The wrong part, as a byte range into the text. Always on character boundaries and within
    /// the text; empty if something is missing at that place.
    pub span: Range<usize>,
    /// What would be right.
    pub help: Option<String>,
}

impl fmt::Display for DurationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for DurationError {}

fn error(message: impl Into<String>, span: Range<usize>, help: impl Into<String>) -> DurationError {
    DurationError { message: message.into(), span, help: Some(help.into()) }
}

/// Reads a duration and gives it in whole milliseconds, from 0 to 100 years.
///
/// # Errors
///
/// If the text is empty, a number has no unit or an unknown one, the units do not go from large
/// to small, the value is negative, longer than 100 years, or not a whole number of
/// milliseconds.
pub fn parse_duration(text: &str) -> Result<u64, DurationError> {
    let mut total: u64 = 0;
    let mut previous: Option<u64> = None;
    let mut at = skip_spaces(text, 0);
    if at == text.len() {
        return Err(error("a duration cannot be empty", 0..at, EXAMPLES));
    }
    while at < text.len() {
        let start = at;
        let number = Number::read(text, &mut at)?;
        at = skip_spaces(text, at);
        let unit_start = at;
        at += prefix_len(&text[at..], char::is_alphabetic);
        let word = &text[unit_start..at];
        if word.is_empty() {
            return Err(match text[unit_start..].chars().next() {
                Some(other) if !other.is_ascii_digit() => unexpected(unit_start, other),
                _ => {
                    let help = format!(
                        "`{0}s` is in seconds, `{0}m` in minutes, `{0}h` in hours",
                        &text[start..number.end]
                    );
                    error("a duration needs a unit", start..number.end, help)
                }
            });
        }
        let unit = unit_millis(word).map_err(|help| {
            let message = format!("unknown unit `{}`", shortened(word));
            error(message, unit_start..at, help)
        })?;
        if previous.is_some_and(|previous| previous <= unit) {
            let help = "each unit once, the largest first: `2h 30m`";
            return Err(error("the units of a duration go from large to small", start..at, help));
        }
        previous = Some(unit);
        total = number
            .times(unit)
            .map_err(|problem| problem.explain(start..at))?
            .checked_add(total)
            .filter(|total| *total <= MAX_MILLIS)
            .ok_or_else(|| Inexact::TooLong.explain(start..at))?;
        at = skip_spaces(text, at);
    }
    Ok(total)
}

/// A decimal number as written: `whole.fraction`, the fraction as digits.
struct Number<'t> {
    whole: &'t str,
    fraction: &'t str,
    /// Where the number ends in the text.
    end: usize,
}

/// Why a number of units is not a duration.
enum Inexact {
    NotWhole,
    TooLong,
}

impl Inexact {
    fn explain(&self, span: Range<usize>) -> DurationError {
        match self {
            Self::NotWhole => error(
                "a duration is a whole number of milliseconds",
                span,
                "the shortest duration but zero is `1ms`",
            ),
            Self::TooLong => error(
                "the duration is too long",
                span,
                format!("the longest is 100 years: `{}`", Span::from_millis(MAX_MILLIS)),
            ),
        }
    }
}

impl<'t> Number<'t> {
    /// Reads a number at `at` and moves `at` behind it.
    fn read(text: &'t str, at: &mut usize) -> Result<Self, DurationError> {
        let start = *at;
        let whole_len = prefix_len(&text[start..], |c| c.is_ascii_digit());
        if whole_len == 0 {
            return Err(match text[start..].chars().next() {
                Some('-') => error(
                    "a duration cannot be negative",
                    start..text.trim_end().len().max(start + 1),
                    EXAMPLES,
                ),
                Some(other) if other.is_alphabetic() => {
                    let word = start..start + prefix_len(&text[start..], char::is_alphabetic);
                    error("a duration begins with a number", word, EXAMPLES)
                }
                Some('.') => error(
                    "a number needs a digit before the point",
                    start..start + 1,
                    "write `0.5s` for half a second",
                ),
                Some(other) => unexpected(start, other),
                None => error("a duration cannot be empty", start..start, EXAMPLES),
            });
        }
        let whole = &text[start..start + whole_len];
        let mut end = start + whole_len;
        let mut fraction = "";
        if text[end..].starts_with('.') {
            let len = prefix_len(&text[end + 1..], |c| c.is_ascii_digit());
            if len == 0 {
                return Err(error(
                    "a number needs a digit after the point",
                    end..end + 1,
                    "write `1.5s` or `1s`",
                ));
            }
            fraction = &text[end + 1..end + 1 + len];
            end += 1 + len;
        }
        *at = end;
        Ok(Self { whole, fraction, end })
    }

    /// This number of `unit` milliseconds, exactly.
    fn times(&self, unit: u64) -> Result<u64, Inexact> {
        let whole = self
            .whole
            .parse::<u64>()
            .ok()
            .and_then(|whole| whole.checked_mul(unit))
            .ok_or(Inexact::TooLong)?;
        let digits = self.fraction.trim_end_matches('0');
        if digits.is_empty() {
            return Ok(whole);
        }
        if digits.len() > MAX_FRACTION_DIGITS {
            return Err(Inexact::NotWhole);
        }
        let scale = digits.bytes().fold(1_u128, |scale, _| scale * 10);
        let scaled = digits.bytes().fold(0, |value, digit| value * 10 + u128::from(digit - b'0'))
            * u128::from(unit);
        if scaled % scale != 0 {
            return Err(Inexact::NotWhole);
        }
        // The quotient is below `unit`, for the fraction is below one.
        let part = u64::try_from(scaled / scale).map_err(|_| Inexact::TooLong)?;
        whole.checked_add(part).ok_or(Inexact::TooLong)
    }
}

/// The milliseconds of a unit, or a help line that names the right one.
fn unit_millis(word: &str) -> Result<u64, String> {
    Ok(match word {
        "ms" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "secs" | "second" | "seconds" => SECOND,
        "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
        "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => WEEK,
        _ => {
            let lower = word.to_lowercase();
            return Err(match lower.as_str() {
                "us" | "µs" | "μs" | "ns" | "micros" | "nanos" => {
                    "the smallest unit is `ms`".to_owned()
                }
                "mo" | "mon" | "month" | "months" => "write days: `30d`".to_owned(),
                "y" | "yr" | "yrs" | "year" | "years" => "write days: `365d`".to_owned(),
                _ if lower != word && unit_millis(&lower).is_ok() => {
                    format!("units are in lower case: `{lower}`")
                }
                _ => "the units are `ms`, `s`, `m`, `h`, `d` and `w`".to_owned(),
            });
        }
    })
}

fn unexpected(at: usize, found: char) -> DurationError {
    error(
        format!("unexpected `{}` in a duration", found.escape_debug()),
        at..at + found.len_utf8(),
        EXAMPLES,
    )
}

fn shortened(word: &str) -> String {
    if word.chars().count() <= 20 {
        return word.to_owned();
    }
    word.chars().take(17).chain("...".chars()).collect()
}

fn prefix_len(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

fn skip_spaces(text: &str, at: usize) -> usize {
    at + prefix_len(&text[at..], |c| c == ' ' || c == '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_unit_and_form() {
        for (text, millis) in [
            ("10m", 10 * MINUTE),
            ("2h 30m", 2 * HOUR + 30 * MINUTE),
            ("1h30m", HOUR + 30 * MINUTE),
            ("1.5s", 1_500),
            ("250ms", 250),
            ("7d", 7 * DAY),
            ("1w", 7 * DAY),
            ("0s", 0),
            ("0.0000000000000s", 0),
            ("0.001s", 1),
            ("1.50000000000000000000s", 1_500),
            ("0.0009765625w", 590_625),
            ("  3 hours 1 min ", 3 * HOUR + MINUTE),
            ("36500d", MAX_MILLIS),
        ] {
            assert_eq!(parse_duration(text), Ok(millis), "{text}");
        }
    }

    #[test]
    fn points_at_what_is_wrong() {
        for (text, wrong, message) in [
            ("", "", "a duration cannot be empty"),
            ("  ", "  ", "a duration cannot be empty"),
            ("10", "10", "a duration needs a unit"),
            ("2h 30", "30", "a duration needs a unit"),
            ("2h 30 15s", "30", "a duration needs a unit"),
            ("-5m", "-5m", "a duration cannot be negative"),
            ("NaN", "NaN", "a duration begins with a number"),
            ("inf", "inf", "a duration begins with a number"),
            ("10M", "M", "unknown unit `M`"),
            ("5 parsecs", "parsecs", "unknown unit `parsecs`"),
            ("3us", "us", "unknown unit `us`"),
            (".5s", ".", "a number needs a digit before the point"),
            ("1.s", ".", "a number needs a digit after the point"),
            ("1,5s", ",", "unexpected `,` in a duration"),
            ("1e3s", "e", "unknown unit `e`"),
            ("+1s", "+", "unexpected `+` in a duration"),
            ("30m 2h", "2h", "the units of a duration go from large to small"),
            ("1h 60min 1m", "1m", "the units of a duration go from large to small"),
            ("1.5ms", "1.5ms", "a duration is a whole number of milliseconds"),
            ("1h 0.00000000001s", "0.00000000001s", "a duration is a whole number of milliseconds"),
            ("36500d 1ms", "1ms", "the duration is too long"),
            ("99999999999999999999d", "99999999999999999999d", "the duration is too long"),
            ("18446744073709551615w", "18446744073709551615w", "the duration is too long"),
            ("1h 2·m", "·", "unexpected `·` in a duration"),
        ] {
            let error = parse_duration(text).expect_err(text);
            assert_eq!(error.message, message, "{text}");
            assert_eq!(&text[error.span.clone()], wrong, "{text}");
            assert!(error.help.is_some(), "{text}");
        }
    }

    #[test]
    fn formats_in_the_shortest_form() {
        for (millis, text) in [
            (0, "0s"),
            (10 * MINUTE, "10m"),
            (2 * HOUR + 30 * MINUTE, "2h 30m"),
            (1_500, "1s 500ms"),
            (WEEK, "7d"),
            (DAY + 1, "1d 1ms"),
        ] {
            assert_eq!(Span::from_millis(millis).to_string(), text);
        }
    }

    #[test]
    fn what_is_formatted_is_read_back() {
        let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
        for round in 0..20_000_u32 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // Shifts give short durations their share.
            let millis = (state % (MAX_MILLIS + 1)) >> (round % 40);
            assert_eq!(parse_duration(&Span::from_millis(millis).to_string()), Ok(millis));
        }
        assert_eq!(parse_duration(&Span::from_millis(MAX_MILLIS).to_string()), Ok(MAX_MILLIS));
    }

    #[test]
    fn no_text_makes_it_panic() {
        let pieces =
            ["1", "0", ".", "5", "m", "s", "h", "d", " ", "-", "ß", "\u{0}", "999999999999", "µ"];
        let mut state: u64 = 88_172_645_463_325_252;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..state % 9 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                text.push_str(pieces[(state % pieces.len() as u64) as usize]);
            }
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if let Err(error) = parse_duration(&text) {
                assert!(text.get(error.span).is_some(), "{text:?}");
            }
        }
    }
}
