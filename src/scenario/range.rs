//! Ranges of values: `LO..HI` with an optional step behind a colon, of whole numbers (`1..500`),
//! durations (`5m..1h:5m`), decimals (`0..0.1:0.01`) or percentages (`0%..50%:5%`).
//!
//! Everything is counted in whole units (1, 1 ms, 0.01, 1%), so that no value is a rounding error.

use serde::{Deserialize, Serialize};

use super::duration::parse_duration;
use super::grid::AxisError;
use crate::model::Span;

/// A range of values of a key, both ends included as far as the steps reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRange {
    /// What the ends and the step count in.
    pub unit: ValueUnit,
    /// The least value.
    pub low: u64,
    /// The greatest value, if the steps reach it.
    pub high: u64,
    /// From one value to the next; `None` where the text says none.
    pub step: Option<u64>,
}

/// What the values of a range count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueUnit {
    /// Whole numbers.
    Number,
    /// Milliseconds.
    Millis,
    /// Decimals with so many digits behind the point.
    Decimal(u32),
    /// Percentages with so many digits behind the point.
    Percent(u32),
}

/// More digits behind the point than this say nothing.
const MAX_DIGITS: usize = 9;
/// Of durations without a step the range has at most so many.
const MOST_DURATIONS: u64 = 1000;

impl ValueUnit {
    /// A value as it is written in a scenario, without quotes: `50`, `2h 30m`, `0.05`, `12%`.
    pub fn text(self, value: u64) -> String {
        match self {
            ValueUnit::Number => value.to_string(),
            ValueUnit::Millis => Span::from_millis(value).to_string(),
            ValueUnit::Decimal(digits) => decimal(value, digits),
            ValueUnit::Percent(digits) => format!("{}%", decimal(value, digits)),
        }
    }

    /// What a value of 1 means: `1`, `ms`, `0.01`, `1%`.
    pub fn name(self) -> String {
        match self {
            ValueUnit::Millis => "ms".to_owned(),
            other => other.text(1),
        }
    }
}

fn decimal(value: u64, digits: u32) -> String {
    let scale = 10_u64.pow(digits);
    let (whole, fraction) = (value / scale, value % scale);
    if fraction == 0 {
        return whole.to_string();
    }
    let fraction = format!("{fraction:0width$}", width = digits as usize);
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

impl ValueRange {
    /// Reads `LO..HI` or `LO..HI:STEP`.
    ///
    /// # Errors
    ///
    /// [`AxisError`] where the text is none, or the range is reversed.
    pub fn parse(text: &str) -> Result<ValueRange, AxisError> {
        let Some((low, rest)) = text.split_once("..") else {
            return Err(AxisError::new(format!("`{text}` is no range: write `LO..HI`")));
        };
        let (high, step) = match rest.split_once(':') {
            Some((high, step)) => (high.trim(), Some(step.trim())),
            None => (rest.trim(), None),
        };
        let low = low.trim();
        let (from, to) = (End::parse(low)?, End::parse(high)?);
        let step = step.map(End::parse).transpose()?;
        let ends = [Some(&from), Some(&to), step.as_ref()];
        let Some(unit) = common_unit(ends.into_iter().flatten()) else {
            return Err(AxisError::new(format!(
                "both ends and the step of `{low}..{rest}` must be numbers, or all durations, or \
                 all percentages"
            )));
        };
        let in_units = |end: &End| {
            end.in_units(unit).ok_or_else(|| AxisError::new(format!("`{text}` is too large")))
        };
        let (from, to) = (in_units(&from)?, in_units(&to)?);
        let step = step.as_ref().map(in_units).transpose()?;
        if from > to {
            return Err(AxisError::new(format!(
                "the range {low}..{high} is reversed: write {high}..{low}"
            )));
        }
        if step == Some(0) {
            return Err(AxisError::new("the step of a range must be more than 0".to_owned()));
        }
        Ok(ValueRange { unit, low: from, high: to, step })
    }

    /// The step, or where none was given the one that goes without saying: 1 of whole numbers, 1%, and
    /// of durations the shortest round time that makes at most 1,000 steps.
    ///
    /// # Errors
    ///
    /// [`AxisError`] where no step goes without saying.
    pub fn step_or_default(&self) -> Result<u64, AxisError> {
        match (self.step, self.unit) {
            (Some(step), _) => Ok(step),
            (None, ValueUnit::Number | ValueUnit::Percent(0)) => Ok(1),
            (None, ValueUnit::Millis) => {
                // A second at least, unless an end has a part of one.
                let whole = [self.low, self.high].iter().all(|end| end.is_multiple_of(SECOND));
                let finest = if whole { SECOND } else { 1 };
                let fits =
                    |step: &u64| *step >= finest && (self.high - self.low) / step <= MOST_DURATIONS;
                let days = ((self.high - self.low) / MOST_DURATIONS).div_ceil(24 * HOUR);
                Ok(ROUND.into_iter().find(fits).unwrap_or(days * 24 * HOUR))
            }
            (None, unit) => {
                let [low, high] = [self.low, self.high].map(|value| unit.text(value));
                // A digit more than the ends have is what is most often meant.
                let step = match unit {
                    ValueUnit::Percent(digits) => ValueUnit::Percent(digits + 1),
                    _ => ValueUnit::Decimal(digits(unit) + 1),
                };
                let step = step.text(1);
                Err(AxisError::new(format!(
                    "a range of decimals needs a step: `{low}..{high}:{step}`"
                )))
            }
        }
    }
}

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// Times that people think in, in ms.
const ROUND: [u64; 16] = [
    1,
    10,
    100,
    SECOND,
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    24 * HOUR,
];

/// A number as it is written at an end of a range.
struct End {
    unit: ValueUnit,
    value: u64,
}

impl End {
    fn parse(text: &str) -> Result<End, AxisError> {
        let end = |unit, value| Ok(End { unit, value });
        if let Some(number) = text.strip_suffix('%')
            && let Some((value, digits)) = read_decimal(number.trim_end())
        {
            return end(ValueUnit::Percent(digits), value);
        }
        match (read_decimal(text), parse_duration(text)) {
            (Some((value, 0)), _) => end(ValueUnit::Number, value),
            (Some((value, digits)), _) => end(ValueUnit::Decimal(digits), value),
            (None, Ok(millis)) => end(ValueUnit::Millis, millis),
            (None, Err(_)) => Err(AxisError::new(format!(
                "`{text}` is neither a whole number, a decimal or a percentage, nor a duration such \
                 as `10m`"
            ))),
        }
    }

    /// The value in a unit with at least as many digits.
    fn in_units(&self, unit: ValueUnit) -> Option<u64> {
        self.value.checked_mul(10_u64.checked_pow(digits(unit) - digits(self.unit))?)
    }
}

fn digits(unit: ValueUnit) -> u32 {
    match unit {
        ValueUnit::Number | ValueUnit::Millis => 0,
        ValueUnit::Decimal(digits) | ValueUnit::Percent(digits) => digits,
    }
}

/// The unit that all ends can be written in.
fn common_unit<'e>(ends: impl Iterator<Item = &'e End>) -> Option<ValueUnit> {
    let pair = |a: ValueUnit, b: ValueUnit| {
        let most = digits(a).max(digits(b));
        match (a, b) {
            (ValueUnit::Percent(_), ValueUnit::Percent(_)) => Some(ValueUnit::Percent(most)),
            (ValueUnit::Millis, ValueUnit::Millis) => Some(ValueUnit::Millis),
            (ValueUnit::Number, ValueUnit::Number) => Some(ValueUnit::Number),
            (
                ValueUnit::Number | ValueUnit::Decimal(_),
                ValueUnit::Number | ValueUnit::Decimal(_),
            ) => Some(ValueUnit::Decimal(most)),
            _ => None,
        }
    };
    let mut units = ends.map(|end| end.unit);
    let first = units.next()?;
    units.try_fold(first, pair)
}

/// `12` or `0.05`, as a whole number of its last digit, and how many digits are behind the point.
fn read_decimal(text: &str) -> Option<(u64, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let point = text.contains('.');
    if whole.is_empty() || point && fraction.is_empty() || !number(whole) || !number(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > MAX_DIGITS {
        return None;
    }
    Some((format!("{whole}{fraction}").parse().ok()?, fraction.len() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (String, String, String) {
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
        ];
        for (text, (low, high, step)) in cases {
            assert_eq!(told(text), (low.into(), high.into(), step.into()), "{text}");
        }
    }

    #[test]
    fn durations_have_a_round_step_of_their_own() {
        let cases = [
            ("5m..1h", "5s"),
            ("10s..2m", "1s"),
            ("1h..7d", "30m"),
            ("0s..999ms", "1ms"),
            ("1s..1s", "1s"),
            ("0s..36500d", "37d"),
        ];
        for (text, step) in cases {
            assert_eq!(told(text).2, step, "{text}");
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
            ("0..18446744073709551615:0.1", "too large"),
        ];
        for (text, message) in cases {
            let error = ValueRange::parse(text).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
        let error = ValueRange::parse("0..0.1").unwrap().step_or_default().unwrap_err();
        assert!(error.to_string().contains("needs a step: `0..0.1:0.01`"), "{error}");
    }
}
