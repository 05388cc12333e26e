//! The step of a range that does not name one.

use super::range::ValueRange;
use super::unit::RangeUnit;
use crate::value::{Unit, ValueError};

/// A range of durations, rates or sizes without a step has at most this many steps.
const MOST_STEPS: u64 = 1000;

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

impl ValueRange {
    /// The step, or by default: 1 for whole numbers, 1% for percentages, once more per time for frequencies, and for durations, rates and
    /// sizes the smallest round step that gives at most 1,000 steps.
    ///
    /// # Errors
    ///
    /// [`ValueError`] for decimals, which have no default step.
    pub fn step_or_default(&self) -> Result<u64, ValueError> {
        match (self.step, self.unit) {
            (Some(step), _) => Ok(step),
            (None, RangeUnit::Number | RangeUnit::Percent(0) | RangeUnit::Frequency(_)) => Ok(1),
            (None, RangeUnit::Millis) => {
                // At least a second, unless an end has a fraction of a second.
                let whole = [self.low, self.high].iter().all(|end| end.is_multiple_of(SECOND));
                let finest = if whole { SECOND } else { 1 };
                let fits =
                    |step: &u64| *step >= finest && (self.high - self.low) / step <= MOST_STEPS;
                let days = ((self.high - self.low) / MOST_STEPS).div_ceil(24 * HOUR);
                Ok(ROUND.into_iter().find(fits).unwrap_or(days * 24 * HOUR))
            }
            (None, RangeUnit::Amount(ends)) => Ok(self.amount_step(ends, MOST_STEPS)),
            (None, unit) => {
                let [low, high] = [self.low, self.high].map(|value| unit.text(value));
                // Most users mean one more digit than the ends have.
                let step = match unit {
                    RangeUnit::Percent(digits) => RangeUnit::Percent(digits + 1),
                    _ => RangeUnit::Decimal(unit.decimals() + 1),
                };
                let step = step.text(1);
                let message = format!("a range of decimals needs a step: `{low}..{high}:{step}`");
                // A range no longer knows the text that it was read from.
                Err(ValueError::new(message, 0..0, ""))
            }
        }
    }

    /// The smallest round step of rates or sizes that gives at most `most` steps, and at least a
    /// thousandth of the smaller unit of the ends, unless an end is finer than that.
    fn amount_step(&self, [a, b]: [Unit; 2], most: u64) -> u64 {
        let unit = if b.factor() < a.factor() { b } else { a };
        let one = unit.without_prefix().factor();
        let decades = (0..18).flat_map(|power| [1, 2, 5].map(|times| times * 10_u64.pow(power)));
        let (thousand, steps): (u64, Box<dyn Iterator<Item = u64>>) = match unit.is_binary() {
            true => (1024, Box::new((0..60).map(|power| 1 << power))),
            false => (1000, Box::new(decades)),
        };
        let finest = (unit.factor() / thousand).max(one);
        let whole = [self.low, self.high].iter().all(|end| end.is_multiple_of(finest));
        let finest = if whole { finest } else { 1 };
        let range = self.high - self.low;
        let fits = |step: &u64| *step >= finest && range / step <= most;
        steps.map(|step| step * one).find(fits).unwrap_or(range.max(1))
    }

    /// For the message about a range of durations, rates or sizes that needs a step: what the range
    /// consists of, and an example of a step.
    pub(super) fn needs_step(&self) -> Option<(&'static str, String)> {
        match self.unit {
            RangeUnit::Millis => Some(("durations", "5m".to_owned())),
            RangeUnit::Amount(ends) => {
                let what = if ends[0].is_rate() { "rates" } else { "sizes" };
                Some((what, self.unit.text(self.amount_step(ends, 10))))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default_step(text: &str) -> String {
        let range = ValueRange::parse(text).unwrap();
        range.unit.text(range.step_or_default().unwrap())
    }

    #[test]
    fn durations_have_a_round_step_by_default() {
        let cases = [
            ("5m..1h", "5s"),
            ("10s..2m", "1s"),
            ("1h..7d", "30m"),
            ("0s..999ms", "1ms"),
            ("1s..1s", "1s"),
            ("0s..36500d", "37d"),
        ];
        for (text, step) in cases {
            assert_eq!(default_step(text), step, "{text}");
        }
    }

    #[test]
    fn rates_and_sizes_have_a_round_step_by_default() {
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
            assert_eq!(default_step(text), step, "{text}");
        }
    }

    #[test]
    fn decimals_need_a_step() {
        let error = ValueRange::parse("0..0.1").unwrap().step_or_default().unwrap_err();
        assert_eq!(error.to_string(), "a range of decimals needs a step: `0..0.1:0.01`");
    }
}
