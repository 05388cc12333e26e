//! The units of the values of a range.

use serde::{Deserialize, Serialize};

use super::amount;
use crate::value::{Frequency, Number, Span, Unit, write_decimal};

/// The unit of the values of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RangeUnit {
    /// Whole numbers.
    Number,
    /// Milliseconds.
    Millis,
    /// Decimals with this number of digits after the point.
    Decimal(u32),
    /// Percentages with this number of digits after the point.
    Percent(u32),
    /// Bits per second, or bytes, that were written in these units at the lower and the upper end.
    Amount([Unit; 2]),
    /// Times in so many milliseconds.
    Frequency(u64),
}

/// The most digits after the point that a value may have.
const MAX_DIGITS: usize = 9;

impl RangeUnit {
    /// The unit of this [`name`](Self::name), whose values are written in the units `written_in` if they
    /// are rates or sizes; `None` if there is none.
    pub fn named(name: &str, written_in: Option<&[String; 2]>) -> Option<RangeUnit> {
        let number = name.strip_suffix('%').unwrap_or(name);
        match (name, read_decimal(number)) {
            ("1", _) => Some(RangeUnit::Number),
            ("ms", _) => Some(RangeUnit::Millis),
            (_, Some((1, digits))) if name.ends_with('%') => Some(RangeUnit::Percent(digits)),
            (_, Some((1, digits))) => Some(RangeUnit::Decimal(digits)),
            _ if name.contains('/') && name.starts_with('1') => {
                let one = name.parse::<Frequency>().ok().filter(|one| one.number() == 1)?;
                Some(RangeUnit::Frequency(one.per().as_millis()))
            }
            _ => {
                let unit = Unit::named(name)?;
                let ends = written_in.map(|ends| ends.each_ref().map(|end| Unit::named(end)));
                let of_a_kind =
                    |end: &Option<Unit>| end.is_some_and(|e| e.is_rate() == unit.is_rate());
                Some(RangeUnit::Amount(match ends.filter(|ends| ends.iter().all(of_a_kind)) {
                    Some([Some(low), Some(high)]) => [low, high],
                    _ => [unit, unit],
                }))
            }
        }
    }

    /// The units that the ends of a range of rates or sizes were written in.
    pub fn written_in(self) -> Option<[String; 2]> {
        match self {
            RangeUnit::Amount(ends) => Some(ends.map(Unit::name)),
            _ => None,
        }
    }

    /// A value as it is written in a scenario, without quotes: `50`, `2h 30m`, `0.05`, `12%`, `5 MB/s`, `10/s`.
    pub fn text(self, value: u64) -> String {
        match self {
            RangeUnit::Number => value.to_string(),
            RangeUnit::Millis => Span::from_millis(value).to_string(),
            RangeUnit::Decimal(digits) => write_decimal(value, digits),
            RangeUnit::Percent(digits) => format!("{}%", write_decimal(value, digits)),
            RangeUnit::Amount(ends) => amount::text(ends, value),
            RangeUnit::Frequency(millis) => {
                Frequency::new(value, Span::from_millis(millis)).to_string()
            }
        }
    }

    /// What a value of 1 means: `1`, `ms`, `0.01`, `1%`, `bit/s`, `B`, `1/s`.
    pub fn name(self) -> String {
        match self {
            RangeUnit::Millis => "ms".to_owned(),
            RangeUnit::Amount([low, _]) => if low.is_rate() { "bit/s" } else { "B" }.to_owned(),
            other => other.text(1),
        }
    }

    /// The number of digits that its values have after the point.
    pub(super) fn decimals(self) -> u32 {
        match self {
            RangeUnit::Number
            | RangeUnit::Millis
            | RangeUnit::Amount(_)
            | RangeUnit::Frequency(_) => 0,
            RangeUnit::Decimal(decimals) | RangeUnit::Percent(decimals) => decimals,
        }
    }

    /// The unit in which values of both can be written; those of rates and sizes have the lower end of this
    /// one and the upper end of the other.
    pub(super) fn common(self, other: RangeUnit) -> Option<RangeUnit> {
        let most = self.decimals().max(other.decimals());
        match (self, other) {
            (RangeUnit::Percent(_), RangeUnit::Percent(_)) => Some(RangeUnit::Percent(most)),
            (RangeUnit::Millis, RangeUnit::Millis) => Some(RangeUnit::Millis),
            (RangeUnit::Number, RangeUnit::Number) => Some(RangeUnit::Number),
            (RangeUnit::Amount([low, _]), RangeUnit::Amount([_, high])) => {
                (low.is_rate() == high.is_rate()).then_some(RangeUnit::Amount([low, high]))
            }
            (RangeUnit::Frequency(one), RangeUnit::Frequency(other)) => {
                common_multiple(one, other).map(RangeUnit::Frequency)
            }
            (
                RangeUnit::Number | RangeUnit::Decimal(_),
                RangeUnit::Number | RangeUnit::Decimal(_),
            ) => Some(RangeUnit::Decimal(most)),
            _ => None,
        }
    }
}

/// The shortest time in ms that is a multiple of both; `None` if it is longer than times are.
fn common_multiple(one: u64, other: u64) -> Option<u64> {
    let (mut divisor, mut rest) = (one, other);
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (one / divisor).checked_mul(other).filter(|multiple| *multiple <= Span::MAX.as_millis())
}

/// `12` or `0.05`, as a whole number of its last digit, and the number of digits after the point.
pub(super) fn read_decimal(text: &str) -> Option<(u64, u32)> {
    let number = Number::parse(text).filter(|number| number.decimals() <= MAX_DIGITS)?;
    let digits = number.decimals() as u32;
    Some((number.times(10_u64.pow(digits)).ok()?, digits))
}

#[cfg(test)]
mod tests {
    use super::super::ValueRange;
    use super::*;

    #[test]
    fn a_unit_is_found_by_its_name() {
        for text in [
            "1..5",
            "1s..5s",
            "0..0.1:0.01",
            "0%..5%",
            "1kB..5MB",
            "1MB/s..1Gbit/s",
            "5/s..60/s",
            "0.5/m..2/m",
        ] {
            let unit = ValueRange::parse(text).unwrap().unit;
            let found = RangeUnit::named(&unit.name(), unit.written_in().as_ref());
            assert_eq!(found, Some(unit), "{text}");
        }
        assert_eq!(RangeUnit::named("minutes", None), None);
        let mixed = ["MB".to_owned(), "MB/s".to_owned()];
        let rates = RangeUnit::named("bit/s", Some(&mixed)).unwrap();
        assert_eq!(rates.text(8000), "8000 bit/s");
    }
}
