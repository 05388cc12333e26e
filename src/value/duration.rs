//! Durations: `10m`, `2h 30m`, `1.5s`.
//!
//! A duration is a sequence of numbers, each with a unit, from the largest unit to the smallest.
//! All computations use integers: a value is either exact in milliseconds or an error.

use std::fmt;
use std::ops::Add;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::decimal::{Inexact, Number, unexpected};
use super::error::ValueError;
use super::quantity::Quantity;
use super::text::{BLANKS_PATTERN, NUMBER_PATTERN, prefix_len, shortened, skip_blanks};

/// A length of virtual time: whole milliseconds.
///
/// Scenario files write it with units (`"10m"`, `"2h 30m"`) and allow at most
/// [`Span::MAX`], so that no sum of an instant and a span can overflow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

impl Span {
    /// A span of zero.
    pub const ZERO: Span = Span(0);
    /// The shortest span that makes the clock move: one millisecond.
    pub const MILLISECOND: Span = Span(1);
    /// The longest span in a scenario, 100 years of 365 days. Longer random draws are reduced
    /// to it.
    pub const MAX: Span = Span(100 * 365 * 24 * 60 * 60 * 1000);

    /// A span of `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Span {
        Span(millis)
    }

    /// A span of `seconds` seconds.
    pub const fn from_secs(seconds: u64) -> Span {
        Span(seconds * 1000)
    }

    /// A span of `minutes` minutes.
    pub const fn from_mins(minutes: u64) -> Span {
        Span::from_secs(minutes * 60)
    }

    /// A span of `days` days of 24 hours.
    pub const fn from_days(days: u64) -> Span {
        Span::from_mins(days * 24 * 60)
    }

    /// The span nearest to `millis` milliseconds, between zero and [`Span::MAX`]; NaN becomes
    /// zero.
    pub fn from_millis_f64(millis: f64) -> Span {
        // The cast saturates: negative and NaN become 0, infinity becomes u64::MAX.
        Span(libm::round(millis) as u64).min(Span::MAX)
    }

    /// Its length in milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Its length in milliseconds, as a floating-point number for statistics.
    pub const fn as_millis_f64(self) -> f64 {
        self.0 as f64
    }
}

impl Add for Span {
    type Output = Span;

    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

struct TimeUnit {
    /// Its names; the first is the one in which it is written.
    names: &'static [&'static str],
    millis: u64,
    /// Whether durations are written in it.
    written: bool,
}

/// All units, from the largest to the smallest.
const UNITS: [TimeUnit; 6] = [
    TimeUnit { names: &["w", "week", "weeks"], millis: 604_800_000, written: false },
    TimeUnit { names: &["d", "day", "days"], millis: 86_400_000, written: true },
    TimeUnit { names: &["h", "hr", "hrs", "hour", "hours"], millis: 3_600_000, written: true },
    TimeUnit { names: &["m", "min", "mins", "minute", "minutes"], millis: 60_000, written: true },
    TimeUnit { names: &["s", "sec", "secs", "second", "seconds"], millis: 1_000, written: true },
    TimeUnit { names: &["ms", "millisecond", "milliseconds"], millis: 1, written: true },
];

impl TimeUnit {
    fn named(word: &str) -> Option<&'static TimeUnit> {
        UNITS.iter().find(|unit| unit.names.contains(&word))
    }
}

impl Quantity for Span {
    const WHAT: &'static str = "a duration";
    const EXAMPLES: &'static [&'static str] = &["250ms", "10s", "10m", "2h 30m", "7d"];

    fn pattern() -> String {
        let part = |unit: &TimeUnit| {
            let names = unit.names.join("|");
            format!("({NUMBER_PATTERN}{BLANKS_PATTERN}({names}){BLANKS_PATTERN})?")
        };
        let parts: String = UNITS.iter().map(part).collect();
        // Each unit may be absent, but not all of them.
        format!("^{BLANKS_PATTERN}(?=[0-9]){parts}$")
    }
}

impl FromStr for Span {
    type Err = ValueError;

    /// Reads numbers with units, from 0 to 100 years in total.
    fn from_str(text: &str) -> Result<Span, ValueError> {
        let mut total: u64 = 0;
        let mut previous: Option<u64> = None;
        let mut at = skip_blanks(text, 0);
        loop {
            let start = at;
            let (number, number_end) = Number::read::<Span>(text, start)?;
            let unit_start = skip_blanks(text, number_end);
            at = unit_start + prefix_len(&text[unit_start..], char::is_alphabetic);
            let word = &text[unit_start..at];
            if word.is_empty() {
                return Err(match text[unit_start..].chars().next() {
                    Some(other) if !other.is_ascii_digit() => unexpected::<Span>(unit_start, other),
                    _ => {
                        let help = format!(
                            "`{0}s` is in seconds, `{0}m` in minutes, `{0}h` in hours",
                            &text[start..number_end]
                        );
                        ValueError::new("a duration needs a unit", start..number_end, help)
                    }
                });
            }
            let Some(TimeUnit { millis: unit, .. }) = TimeUnit::named(word) else {
                let message = format!("unknown unit `{}`", shortened(word));
                return Err(ValueError::new(message, unit_start..at, right_unit(word)));
            };
            if previous.is_some_and(|previous| previous <= *unit) {
                let message = "the units of a duration go from large to small";
                let help = "each unit once, the largest first: `2h 30m`";
                return Err(ValueError::new(message, start..at, help));
            }
            previous = Some(*unit);
            let sum = number.times(*unit).map(|millis| total.saturating_add(millis));
            total = match sum {
                Ok(sum) if sum <= Span::MAX.as_millis() => sum,
                Err(Inexact::NotWhole) => {
                    let message = "a duration is a whole number of milliseconds";
                    let help = "the shortest duration above zero is `1ms`";
                    return Err(ValueError::new(message, start..at, help));
                }
                Ok(_) | Err(Inexact::TooLarge) => {
                    let help = format!("the longest is 100 years: `{}`", Span::MAX);
                    return Err(ValueError::new("the duration is too long", start..at, help));
                }
            };
            at = skip_blanks(text, at);
            if at == text.len() {
                return Ok(Span::from_millis(total));
            }
        }
    }
}

/// The help for a word that is not a unit.
fn right_unit(word: &str) -> String {
    let lower = word.to_lowercase();
    match lower.as_str() {
        "us" | "µs" | "μs" | "ns" | "micros" | "nanos" => "the smallest unit is `ms`".to_owned(),
        "mo" | "mon" | "month" | "months" => "write days: `30d`".to_owned(),
        "y" | "yr" | "yrs" | "year" | "years" => "write days: `365d`".to_owned(),
        _ if TimeUnit::named(&lower).is_some() => format!("units are in lower case: `{lower}`"),
        _ => "the units are `ms`, `s`, `m`, `h`, `d` and `w`".to_owned(),
    }
}

/// In the fewest units: `2h 30m`, `1s 500ms`, `0s`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Span::ZERO {
            return f.write_str("0s");
        }
        let mut rest = self.as_millis();
        let mut separator = "";
        for TimeUnit { names, millis, .. } in UNITS.iter().filter(|unit| unit.written) {
            if rest >= *millis {
                write!(f, "{separator}{}{}", rest / millis, names[0])?;
                rest %= millis;
                separator = " ";
            }
        }
        Ok(())
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ms", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000;
    const MINUTE: u64 = 60 * SECOND;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    const WEEK: u64 = 7 * DAY;
    const MAX_MILLIS: u64 = Span::MAX.as_millis();

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
            assert_eq!(text.parse(), Ok(Span::from_millis(millis)), "{text}");
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
            let error = text.parse::<Span>().expect_err(text);
            assert_eq!(error.message, message, "{text}");
            assert_eq!(&text[error.span.clone()], wrong, "{text}");
            assert!(!error.help.is_empty(), "{text}");
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
            let span = Span::from_millis((state % (MAX_MILLIS + 1)) >> (round % 40));
            assert_eq!(span.to_string().parse(), Ok(span));
        }
        assert_eq!(Span::MAX.to_string().parse(), Ok(Span::MAX));
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
            if let Err(error) = text.parse::<Span>() {
                assert!(text.get(error.span).is_some(), "{text:?}");
            }
        }
    }
}
