//! Frequencies: `10/s`, `100/min`, `0.5/s`, `100/6h`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::decimal::{Inexact, Number, unexpected};
use super::duration::Span;
use super::error::ValueError;
use super::quantity::Quantity;
use super::text::{BLANKS_PATTERN, NUMBER_PATTERN, skip_blanks};

/// How often something happens: a number of times per time, above 0. Exact: at most
/// [`Frequency::MOST`] times per so many milliseconds, both whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frequency {
    number: u64,
    per: Span,
}

impl Frequency {
    /// The largest number before the slash, and the most digits after its point are six.
    pub const MOST: u64 = 1_000_000_000;

    /// `number` times in each `per`; both above 0.
    pub fn new(number: u64, per: Span) -> Frequency {
        Frequency { number, per }
    }

    /// The number of times in each [`per`](Self::per).
    pub fn number(self) -> u64 {
        self.number
    }

    /// The time in which something happens that [`number`](Self::number) of times.
    pub fn per(self) -> Span {
        self.per
    }

    /// How often it happens in a millisecond on average.
    pub fn per_milli(self) -> f64 {
        self.number as f64 / self.per.as_millis_f64()
    }
}

impl Quantity for Frequency {
    const WHAT: &'static str = "a frequency";
    const EXAMPLES: &'static [&'static str] = &["10/s", "100/min", "5000/h"];

    fn pattern() -> String {
        let span = Span::pattern();
        let span = span.trim_start_matches('^').trim_end_matches('$');
        let (blanks, number) = (BLANKS_PATTERN, NUMBER_PATTERN);
        let units =
            "(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)";
        format!("^{blanks}{number}{blanks}/({blanks}{units}{blanks}|{span})$")
    }
}

impl FromStr for Frequency {
    type Err = ValueError;

    /// Reads a number, a slash, and a unit of time or a duration.
    fn from_str(text: &str) -> Result<Frequency, ValueError> {
        let start = skip_blanks(text, 0);
        let (number, end) = Number::read::<Frequency>(text, start)?;
        let slash = skip_blanks(text, end);
        match text[slash..].chars().next() {
            Some('/') => {}
            Some(other) => return Err(unexpected::<Frequency>(slash, other)),
            None => {
                let help = format!("write for example `{}/s`", &text[start..end]);
                return Err(ValueError::new("a frequency is per time", start..end, help));
            }
        }
        let per = per(text, slash + 1)?;
        // Up to six decimals, kept exact: 0.5/s is once in 2 s, as a million times half of that.
        let millionths = match number.times(1_000_000) {
            Ok(0) => {
                let message = "a frequency is above zero";
                return Err(ValueError::new(message, start..end, Frequency::help()));
            }
            Ok(millionths) if millionths <= Frequency::MOST * 1_000_000 => millionths,
            Err(Inexact::NotWhole) => {
                let message = "a frequency has at most six digits after the point";
                let help = "write it per a longer time: `1/30d`";
                return Err(ValueError::new(message, start..end, help));
            }
            Ok(_) | Err(Inexact::TooLarge) => {
                let help = format!("the number is at most {}", Frequency::MOST);
                return Err(ValueError::new("the frequency is too large", start..end, help));
            }
        };
        let divisor = greatest_common_divisor(millionths, 1_000_000);
        let (number, times) = (millionths / divisor, 1_000_000 / divisor);
        let longer = per.as_millis().checked_mul(times).map(Span::from_millis);
        match longer.filter(|longer| *longer <= Span::MAX) {
            Some(per) => Ok(Frequency { number, per }),
            None => {
                let help = format!("the least is once in 100 years: `1/{}`", Span::MAX);
                Err(ValueError::new("the frequency is too small", start..end, help))
            }
        }
    }
}

/// The unit or the duration at the byte `at` of `text`, to its end.
fn per(text: &str, at: usize) -> Result<Span, ValueError> {
    let start = skip_blanks(text, at);
    let is_unit = text[start..].starts_with(char::is_alphabetic);
    // A unit alone is one of it.
    let (read, before) = match is_unit {
        true => (format!("1{}", &text[start..]), 1),
        false => (text[at..].to_owned(), 0),
    };
    let offset = if is_unit { start } else { at };
    let span = read.parse::<Span>().map_err(|error| {
        let ValueError { message, span, help } = error;
        let place = |at: usize| offset + at.saturating_sub(before).min(text.len() - offset);
        ValueError::new(message, place(span.start)..place(span.end), help)
    })?;
    if span == Span::ZERO {
        let message = "a frequency is per time, which is not zero";
        return Err(ValueError::new(message, at..text.len(), Frequency::help()));
    }
    Ok(span)
}

/// The greatest number that divides both; of 0 and a number, that number.
pub(crate) fn greatest_common_divisor(one: u64, two: u64) -> u64 {
    if two == 0 { one } else { greatest_common_divisor(two, one % two) }
}

/// With the unit alone where it is per one of it: `10/s`.
impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per = self.per.to_string();
        let unit = per.strip_prefix('1').filter(|rest| rest.chars().all(char::is_alphabetic));
        write!(f, "{}/{}", self.number, unit.unwrap_or(&per))
    }
}

impl Serialize for Frequency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Frequency {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_frequency_is_a_number_per_unit_or_per_duration() {
        let secs = Span::from_secs;
        for (text, number, per) in [
            ("10/s", 10, secs(1)),
            (" 10 / sec ", 10, secs(1)),
            ("100/min", 100, secs(60)),
            ("100/m", 100, secs(60)),
            ("5000/hour", 5000, secs(3600)),
            ("100/6h", 100, secs(21_600)),
            ("100/2h 30m", 100, secs(9000)),
            ("0.5/s", 1, secs(2)),
            ("1.5/s", 3, secs(2)),
            ("0.001/ms", 1, secs(1)),
        ] {
            assert_eq!(read(text), Frequency::new(number, per), "{text}");
        }
    }

    #[test]
    fn a_frequency_is_read_back_as_it_is_written() {
        for (text, written) in [
            ("10/s", "10/s"),
            ("100/min", "100/m"),
            ("100/6h", "100/6h"),
            ("0.5/s", "1/2s"),
            ("10/1h 30m", "10/1h 30m"),
        ] {
            let frequency = read(text);
            assert_eq!(frequency.to_string(), written);
            assert_eq!(read(written), frequency);
        }
    }

    #[test]
    fn errors_point_at_what_is_wrong() {
        for (text, place, message) in [
            ("10", 0..2, "a frequency is per time"),
            ("10 MB/s", 3..4, "unexpected `M` in a frequency"),
            ("0/s", 0..1, "a frequency is above zero"),
            ("10/parsec", 3..9, "unknown unit `parsec`"),
            ("10/0s", 3..5, "a frequency is per time, which is not zero"),
            ("10/", 3..3, "a duration cannot be empty"),
            ("0.0000001/s", 0..9, "a frequency has at most six digits after the point"),
            ("0.000001/100d", 0..8, "the frequency is too small"),
            ("10000000000/s", 0..11, "the frequency is too large"),
        ] {
            let error = text.parse::<Frequency>().expect_err(text);
            assert_eq!((error.span, error.message.as_str()), (place, message), "{text}");
        }
    }
}
