//! Ranges of values: `LO..HI` with an optional step after a colon, of whole numbers (`1..500`),
//! durations (`5m..1h:5m`), decimals (`0..0.1:0.01`), percentages (`0%..50%:5%`), rates
//! (`5MB/s..50MB/s:5MB/s`), sizes (`10MB..1GB:10MB`) or frequencies (`5/s..60/s`).
//!
//! Everything is counted in whole units (1, 1 ms, 0.01, 1%, 1 bit/s, 1 B, 1/s), so that no value is a
//! rounding error.

use super::amount;
use super::unit::{RangeUnit, read_decimal};
use crate::value::{Frequency, Span, ValueError};

/// A range of values of a key. The lower end is included, and the upper end if the steps reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRange {
    /// The unit of the ends and the step.
    pub unit: RangeUnit,
    /// The smallest value.
    pub low: u64,
    /// The largest value, if the steps reach it.
    pub high: u64,
    /// The distance from one value to the next; `None` if the text has none.
    pub step: Option<u64>,
}

impl ValueRange {
    /// Reads `LO..HI` or `LO..HI:STEP`.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if the text has another form, or the range is reversed.
    pub fn parse(text: &str) -> Result<ValueRange, ValueError> {
        let wrong = |message: String| ValueError::of(text, message, "");
        let Some((low, rest)) = text.split_once("..") else {
            return Err(ValueError::of(text, format!("`{text}` is not a range"), "write `LO..HI`"));
        };
        let (high, step) = match rest.split_once(':') {
            Some((high, step)) => (high.trim(), Some(step.trim())),
            None => (rest.trim(), None),
        };
        let low = low.trim();
        let (from, to) = (End::parse(low)?, End::parse(high)?);
        let step = step.map(End::parse).transpose()?;
        // Values are written in the units of the ends, so the unit of the upper end comes last.
        let mut others = step.iter().chain([&to]);
        let common = others.try_fold(from.unit, |unit, end| unit.common(end.unit));
        let Some(unit) = common else {
            return Err(wrong(format!(
                "both ends and the step of `{low}..{rest}` must be numbers, or all durations, all \
                 percentages, all rates, all frequencies, or all sizes"
            )));
        };
        let in_units =
            |end: &End| end.in_units(unit).ok_or_else(|| wrong(format!("`{text}` is too large")));
        let (from, to) = (in_units(&from)?, in_units(&to)?);
        let step = step.as_ref().map(in_units).transpose()?;
        if from > to {
            return Err(ValueError::of(
                text,
                format!("the range {low}..{high} is reversed"),
                format!("write {high}..{low}"),
            ));
        }
        if step == Some(0) {
            return Err(wrong("the step of a range must be more than 0".to_owned()));
        }
        Ok(ValueRange { unit, low: from, high: to, step })
    }
}

/// A number as it is written at an end of a range.
struct End {
    unit: RangeUnit,
    value: u64,
}

impl End {
    fn parse(text: &str) -> Result<End, ValueError> {
        let end = |unit, value| Ok(End { unit, value });
        if let Some(number) = text.strip_suffix('%')
            && let Some((value, digits)) = read_decimal(number.trim_end())
        {
            return end(RangeUnit::Percent(digits), value);
        }
        match (read_decimal(text), text.parse::<Span>()) {
            (Some((value, 0)), _) => end(RangeUnit::Number, value),
            (Some((value, digits)), _) => end(RangeUnit::Decimal(digits), value),
            (None, Ok(span)) => end(RangeUnit::Millis, span.as_millis()),
            (None, Err(_)) => match (amount::read(text), text.parse::<Frequency>()) {
                (Some(Ok((unit, value))), _) => end(RangeUnit::Amount([unit; 2]), value),
                (Some(Err(error)), _) => Err(explained(text, &error)),
                (None, Ok(frequency)) => {
                    let per = frequency.per().as_millis();
                    end(RangeUnit::Frequency(per), frequency.number())
                }
                (None, Err(error)) if is_like_a_frequency(text) => Err(explained(text, &error)),
                (None, Err(_)) => Err(ValueError::of(
                    text,
                    format!(
                        "`{text}` is neither a whole number, a decimal or a percentage, nor a duration \
                     such as `10m`, a rate such as `10MB/s`, a frequency such as `10/s` or a size such \
                     as `40MB`"
                    ),
                    "",
                )),
            },
        }
    }

    /// The value in a unit with at least as many digits, or in one of as many times in a multiple of the time.
    fn in_units(&self, unit: RangeUnit) -> Option<u64> {
        let factor = match (self.unit, unit) {
            (RangeUnit::Frequency(own), RangeUnit::Frequency(per)) => per / own,
            (own, unit) => 10_u64.checked_pow(unit.decimals() - own.decimals())?,
        };
        let most = match unit {
            RangeUnit::Frequency(_) => Frequency::MOST,
            _ => u64::MAX,
        };
        self.value.checked_mul(factor).filter(|value| *value <= most)
    }
}

fn is_like_a_frequency(text: &str) -> bool {
    text.contains('/') && text.starts_with(|c: char| c.is_ascii_digit())
}

/// An error in an end of a range, in a sentence that names the end.
fn explained(text: &str, error: &ValueError) -> ValueError {
    ValueError::of(text, format!("`{text}`: {}; {}", error.message, error.help), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> (String, String, String) {
        let range = ValueRange::parse(text).unwrap();
        let step = range.step_or_default().unwrap();
        let [low, high, step] = [range.low, range.high, step].map(|value| range.unit.text(value));
        (low, high, step)
    }

    #[test]
    fn ends_and_step_are_of_one_kind() {
        let cases = [
            ("1..500", ("1", "500", "1")),
            ("10..200:10", ("10", "200", "10")),
            ("5m..1h:5m", ("5m", "1h", "5m")),
            ("0..0.1:0.025", ("0", "0.1", "0.025")),
            ("0.50..2:0.5", ("0.5", "2", "0.5")),
            ("0%..50%", ("0%", "50%", "1%")),
            ("0%..1.5%:0.5%", ("0%", "1.5%", "0.5%")),
            ("5MB/s..50MB/s:5MB/s", ("5 MB/s", "50 MB/s", "5 MB/s")),
            ("56 kbit/s .. 1 MB/s : 1 kB/s", ("56 kbit/s", "1 MB/s", "8 kbit/s")),
            ("0.5GB..2GB:100MB", ("0.5 GB", "2 GB", "0.1 GB")),
            ("5/s..60/s", ("5/s", "60/s", "1/s")),
            ("10/s .. 30/s : 10/s", ("10/s", "30/s", "10/s")),
            ("100/6h..500/6h:100/6h", ("100/6h", "500/6h", "100/6h")),
            // Whole numbers of times, in the shortest time in which all are.
            ("0.5/s..2/s:0.5/s", ("1/2s", "4/2s", "1/2s")),
            ("30/m..1/s:10/m", ("30/m", "60/m", "10/m")),
        ];
        for (text, (low, high, step)) in cases {
            assert_eq!(written(text), (low.into(), high.into(), step.into()), "{text}");
        }
    }

    #[test]
    fn wrong_ranges_say_what_would_be_right() {
        let cases = [
            ("9..1", "reversed: write 1..9"),
            ("1..9:0", "more than 0"),
            ("1..9m", "all durations"),
            ("1%..9", "all percentages"),
            ("x..9", "neither a whole number"),
            ("-1..9", "neither a whole number"),
            ("1..", "neither a whole number"),
            ("5", "write `LO..HI`"),
            ("5MB..50MB/s", "all rates, all frequencies, or all sizes"),
            ("5..50MB/s", "all rates, all frequencies, or all sizes"),
            ("5/s..50", "all frequencies"),
            ("5/s..50MB/s", "all frequencies"),
            ("0/s..5/s", "a frequency is above zero"),
            ("5/s..9/parsec", "unknown unit `parsec`"),
            ("9/s..5/s", "reversed: write 5/s..9/s"),
            ("1/s..1000000000/ms", "too large"),
            ("5Mbps..50Mbps", "did you mean `MB/s` or `Mbit/s`?"),
            ("5mb..50mb", "did you mean `MB`?"),
            ("0MB/s..5MB/s", "a rate is from 1 bit/s to"),
            ("1MB..2MB:0MB", "a size is from 1 B to"),
            ("50MB/s..5MB/s", "reversed: write 5MB/s..50MB/s"),
            ("0..18446744073709551615:0.1", "too large"),
        ];
        for (text, message) in cases {
            let error = ValueRange::parse(text).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
