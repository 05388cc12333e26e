//! Numbers in the cells of times, and their magnitude.

use super::time_words::Nanos;

/// The least number of nanoseconds since 1970 that is taken for an instant, in 2001, and the number that
/// is too large for one, in 2286.
pub const INSTANTS: std::ops::Range<Nanos> = 1_000_000_000_000_000_000..10_000_000_000_000_000_000;

/// A number as logs write it: `12`, `0.5`, `1.7e9`, perhaps with a sign.
pub struct Decimal<'t> {
    /// Whether it has a minus sign.
    pub is_negative: bool,
    /// Digits, perhaps with a point among or beside them.
    digits: &'t str,
    exponent: Option<i32>,
}

impl<'t> Decimal<'t> {
    /// The number that is all of `text`; `None` if the text is anything else.
    pub fn read(text: &'t str) -> Option<Decimal<'t>> {
        let (is_negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (digits, exponent) = match rest.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, Some(exponent.parse().ok()?)),
            None => (rest, None),
        };
        let is_number = digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && digits.matches('.').count() <= 1
            && digits.contains(|c: char| c.is_ascii_digit());
        is_number.then_some(Decimal { is_negative, digits, exponent })
    }

    /// This number of `unit`s in nanoseconds, rounded; saturates.
    pub fn times(&self, unit: Nanos) -> Nanos {
        let (whole, fraction) = self.digits.split_once('.').unwrap_or((self.digits, ""));
        // More digits than that are finer than a nanosecond of any unit.
        let fraction = &fraction[..fraction.len().min(18)];
        let exact = || {
            let digits = format!("0{whole}{fraction}").parse::<Nanos>().ok()?;
            let scale = 10_i128.pow(fraction.len() as u32);
            Some(digits.checked_mul(unit)?.checked_add(scale / 2)? / scale)
        };
        let exponent = self.exponent.unwrap_or(0);
        let rounded = || {
            let number =
                format!("{}e{exponent}", self.digits).parse::<f64>().unwrap_or(f64::INFINITY);
            // The cast saturates.
            (number * unit as f64) as Nanos
        };
        if exponent == 0 { exact().unwrap_or(Nanos::MAX) } else { rounded() }
    }

    /// The unit in which this number of units since 1970 is a time from 2001 to 2286, if there is one.
    pub fn unit_since_1970(&self) -> Option<Nanos> {
        let units = [1_000_000_000, 1_000_000, 1_000, 1];
        units.into_iter().find(|unit| INSTANTS.contains(&self.times(*unit)) && !self.is_negative)
    }
}
