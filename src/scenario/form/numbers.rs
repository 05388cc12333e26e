//! Numbers, and their ranges.

use std::fmt::Display;
use std::ops::RangeInclusive;

use super::super::document::Value;
use super::field::Field;
use crate::diagnostic::{Diagnostic, quoted};
use crate::value::Percent;

impl Field<'_> {
    /// A whole number in a range, of any integer type: `integer_in(1..=u64::MAX)`.
    ///
    /// TOML has numbers up to 2^63 - 1. A range that ends there or above counts as open.
    pub fn integer_in<T>(self, range: RangeInclusive<T>) -> Option<T>
    where
        T: Copy + Display + PartialOrd + TryFrom<i64>,
    {
        let Value::Integer(number) = *self.value() else {
            return self.expected("a whole number", number_help(self.value()));
        };
        match T::try_from(number) {
            Ok(number) if range.contains(&number) => Some(number),
            _ => {
                let (least, most) = (range.start(), range.end());
                let open = T::try_from(i64::MAX).is_ok_and(|max| *most >= max);
                let limits = if open {
                    format!("at least {least}")
                } else {
                    format!("from {least} to {most}")
                };
                self.out_of_range(&limits, &number.to_string())
            }
        }
    }

    /// A probability: a number from 0 to 1, both included.
    pub fn probability(self) -> Option<f64> {
        self.number("a number from 0 to 1", "from 0 to 1", |number| (0.0..=1.0).contains(&number))
    }

    /// A finite number above 0.
    pub fn positive(self) -> Option<f64> {
        self.number("a number above 0", "above 0", |number| number > 0.0)
    }

    /// A finite number of at least 0.
    pub fn non_negative(self) -> Option<f64> {
        self.number("a number of at least 0", "at least 0", |number| number >= 0.0)
    }

    fn number(self, wanted: &str, limits: &str, valid: impl Fn(f64) -> bool) -> Option<f64> {
        let number = match *self.value() {
            // Whole numbers above 2^53 are rounded, as if they were written with `.0`.
            Value::Integer(number) => number as f64,
            Value::Float(number) => number,
            _ => return self.expected(wanted, number_help(self.value())),
        };
        if number.is_finite() && valid(number) {
            // Without the sign of `-0.0`.
            return Some(number + 0.0);
        }
        let shown = match *self.value() {
            Value::Integer(number) => number.to_string(),
            _ => number.to_string().to_lowercase(),
        };
        self.out_of_range(limits, &shown)
    }

    fn out_of_range<T>(&self, limits: &str, found: &str) -> Option<T> {
        let message = format!("{} must be {limits}, found {found}", quoted(self.key()));
        self.reject(Diagnostic::error(message).label(format!("must be {limits}")))
    }
}

/// What to write instead, if a number is expected and the value is a number in quotes or nearly one.
fn number_help(value: &Value) -> Option<String> {
    let Value::String(text) = value else {
        return None;
    };
    if let Ok(percent) = text.parse::<Percent>() {
        return Some(format!("write `{}`", percent.share()));
    }
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | ' ' | ',' | '\'');
    let digits: String = text.split([' ', ',', '\'']).collect();
    let number = digits.replace('_', "").parse::<f64>();
    (text.chars().all(is_digit) && number.is_ok()).then(|| format!("write `{digits}`"))
}
