//! Ranges of values: `LO..HI` with an optional step behind a colon, of whole numbers (`1..500`),
//! durations (`5m..1h:5m`), decimals (`0..0.1:0.01`), percentages (`0%..50%:5%`), rates
//! (`5MB/s..50MB/s:5MB/s`) or sizes (`10MB..1GB:10MB`).
//!
//! Everything is counted in whole units (1, 1 ms, 0.01, 1%, 1 bit/s, 1 B), so that no value is a
//! rounding error.

mod amount;

use serde::{Deserialize, Serialize};

use super::grid::AxisError;
use crate::value::{Number, Span, Unit, write_decimal};

pub use amount::read_amount;

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
    /// Bits a second, or bytes, that were written in these units at the lower and the upper end.
    Amount([Unit; 2]),
}

/// More digits behind the point than this say nothing.
const MAX_DIGITS: usize = 9;
/// A range of durations, rates or sizes without a step has at most so many.
const MOST_STEPS: u64 = 1000;

impl ValueUnit {
    /// The unit of this [`name`](Self::name), whose values are written in the units `written_in` if they
    /// are rates or sizes; `None` if there is none.
    pub fn named(name: &str, written_in: Option<&[String; 2]>) -> Option<ValueUnit> {
        let number = name.strip_suffix('%').unwrap_or(name);
        match (name, read_decimal(number)) {
            ("1", _) => Some(ValueUnit::Number),
            ("ms", _) => Some(ValueUnit::Millis),
            (_, Some((1, digits))) if name.ends_with('%') => Some(ValueUnit::Percent(digits)),
            (_, Some((1, digits))) => Some(ValueUnit::Decimal(digits)),
            _ => {
                let unit = Unit::named(name)?;
                let ends = written_in.map(|ends| ends.each_ref().map(|end| Unit::named(end)));
                let of_a_kind =
                    |end: &Option<Unit>| end.is_some_and(|e| e.is_rate() == unit.is_rate());
                Some(ValueUnit::Amount(match ends.filter(|ends| ends.iter().all(of_a_kind)) {
                    Some([Some(low), Some(high)]) => [low, high],
                    _ => [unit, unit],
                }))
            }
        }
    }

    /// The units that the ends of a range of rates or sizes were written in.
    pub fn written_in(self) -> Option<[String; 2]> {
        match self {
            ValueUnit::Amount(ends) => Some(ends.map(Unit::name)),
            _ => None,
        }
    }

    /// A value as it is written in a scenario, without quotes: `50`, `2h 30m`, `0.05`, `12%`, `5 MB/s`.
    pub fn text(self, value: u64) -> String {
        match self {
            ValueUnit::Number => value.to_string(),
            ValueUnit::Millis => Span::from_millis(value).to_string(),
            ValueUnit::Decimal(digits) => write_decimal(value, digits),
            ValueUnit::Percent(digits) => format!("{}%", write_decimal(value, digits)),
            ValueUnit::Amount(ends) => amount::text(ends, value),
        }
    }

    /// What a value of 1 means: `1`, `ms`, `0.01`, `1%`, `bit/s`, `B`.
    pub fn name(self) -> String {
        match self {
            ValueUnit::Millis => "ms".to_owned(),
            ValueUnit::Amount([low, _]) => if low.is_rate() { "bit/s" } else { "B" }.to_owned(),
            other => other.text(1),
        }
    }
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
                "both ends and the step of `{low}..{rest}` must be numbers, or all durations, all \
                 percentages, all rates, or all sizes"
            )));
        };
        // Values are written in the units of the ends; the step's does not count.
        let unit = match (from.unit, to.unit) {
            (ValueUnit::Amount([low, _]), ValueUnit::Amount([high, _])) => {
                ValueUnit::Amount([low, high])
            }
            _ => unit,
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
    /// of durations, rates and sizes the least round one that makes at most 1,000 steps.
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
                    |step: &u64| *step >= finest && (self.high - self.low) / step <= MOST_STEPS;
                let days = ((self.high - self.low) / MOST_STEPS).div_ceil(24 * HOUR);
                Ok(ROUND.into_iter().find(fits).unwrap_or(days * 24 * HOUR))
            }
            (None, ValueUnit::Amount(ends)) => Ok(self.amount_step(ends, MOST_STEPS)),
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

    fn amount_step(&self, ends: [Unit; 2], most: u64) -> u64 {
        amount::step(ends, [self.low, self.high], most)
    }

    /// What a message tells to write in place of a range of durations, rates or sizes that needs a step:
    /// what it is of, and an example of a step.
    pub(super) fn needs_step(&self) -> Option<(&'static str, String)> {
        match self.unit {
            ValueUnit::Millis => Some(("durations", "5m".to_owned())),
            ValueUnit::Amount(ends) => {
                let what = if ends[0].is_rate() { "rates" } else { "sizes" };
                Some((what, self.unit.text(self.amount_step(ends, 10))))
            }
            _ => None,
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
        match (read_decimal(text), text.parse::<Span>()) {
            (Some((value, 0)), _) => end(ValueUnit::Number, value),
            (Some((value, digits)), _) => end(ValueUnit::Decimal(digits), value),
            (None, Ok(span)) => end(ValueUnit::Millis, span.as_millis()),
            (None, Err(_)) => match amount::read(text) {
                Some(Ok((unit, value))) => end(ValueUnit::Amount([unit; 2]), value),
                Some(Err(error)) => {
                    Err(AxisError::new(format!("`{text}`: {}; {}", error.message, error.help)))
                }
                None => Err(AxisError::new(format!(
                    "`{text}` is neither a whole number, a decimal or a percentage, nor a duration \
                     such as `10m`, a rate such as `10MB/s` or a size such as `40MB`"
                ))),
            },
        }
    }

    /// The value in a unit with at least as many digits.
    fn in_units(&self, unit: ValueUnit) -> Option<u64> {
        self.value.checked_mul(10_u64.checked_pow(digits(unit) - digits(self.unit))?)
    }
}

fn digits(unit: ValueUnit) -> u32 {
    match unit {
        ValueUnit::Number | ValueUnit::Millis | ValueUnit::Amount(_) => 0,
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
            (ValueUnit::Amount([low, _]), ValueUnit::Amount([high, _]))
                if low.is_rate() == high.is_rate() =>
            {
                Some(a)
            }
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
    let number = Number::parse(text).filter(|number| number.decimals() <= MAX_DIGITS)?;
    let digits = number.decimals() as u32;
    Some((number.times(10_u64.pow(digits)).ok()?, digits))
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
            ("5MB/s..50MB/s:5MB/s", ("5 MB/s", "50 MB/s", "5 MB/s")),
            ("56 kbit/s .. 1 MB/s : 1 kB/s", ("56 kbit/s", "1 MB/s", "8 kbit/s")),
            ("0.5GB..2GB:100MB", ("0.5 GB", "2 GB", "0.1 GB")),
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
    fn rates_and_sizes_have_a_round_step_of_their_own() {
        let cases = [
            ("5MB/s..50MB/s", "0.05 MB/s"),
            ("1Gbit/s..10Gbit/s", "0.01 Gbit/s"),
            ("100kB/s..1GB/s", "1 MB/s"),
            ("5MB/s..5.1MB/s", "0.001 MB/s"),
            ("5MB/s..5000001B/s", "1 B/s"),
            ("1B..10B", "1 B"),
            ("1MB..1MB", "0.001 MB"),
            ("1MiB..1GiB", "2 MiB"),
            ("1bit/s..100Tbit/s", "100 Gbit/s"),
            ("1B..1000TB", "1 TB"),
        ];
        for (text, step) in cases {
            assert_eq!(told(text).2, step, "{text}");
        }
    }

    #[test]
    fn a_unit_is_found_by_its_name() {
        for text in ["1..5", "1s..5s", "0..0.1:0.01", "0%..5%", "1kB..5MB", "1MB/s..1Gbit/s"] {
            let unit = ValueRange::parse(text).unwrap().unit;
            let found = ValueUnit::named(&unit.name(), unit.written_in().as_ref());
            assert_eq!(found, Some(unit), "{text}");
        }
        assert_eq!(ValueUnit::named("minutes", None), None);
        let mixed = ["MB".to_owned(), "MB/s".to_owned()];
        let rates = ValueUnit::named("bit/s", Some(&mixed)).unwrap();
        assert_eq!(rates.text(8000), "8000 bit/s");
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
            ("5MB..50MB/s", "all rates, or all sizes"),
            ("5..50MB/s", "all rates, or all sizes"),
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
        let error = ValueRange::parse("0..0.1").unwrap().step_or_default().unwrap_err();
        assert!(error.to_string().contains("needs a step: `0..0.1:0.01`"), "{error}");
    }
}
