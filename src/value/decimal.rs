//! Decimal numbers as users write them, without rounding.

use super::error::ValueError;
use super::quantity::Quantity;
use super::text::prefix_len;

/// A decimal number as it was written, `12` or `0.05`: digits, optionally a point and more digits. It
/// has no sign and no exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number<'t> {
    whole: &'t str,
    /// The digits after the point, without trailing zeros.
    fraction: &'t str,
    /// The number of bytes of the text that it takes.
    len: usize,
}

/// Why a number of units is not a whole number of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inexact {
    /// It is not whole.
    NotWhole,
    /// It takes more than 64 bits.
    TooLarge,
}

impl<'t> Number<'t> {
    /// The number that is all of `text`; `None` if the text is anything else.
    pub fn parse(text: &'t str) -> Option<Number<'t>> {
        Number::begin(text).ok().filter(|number| number.len == text.len())
    }

    /// The number that `text` begins with.
    fn begin(text: &'t str) -> Result<Number<'t>, Missing> {
        let digits = |text: &'t str| &text[..prefix_len(text, |c| c.is_ascii_digit())];
        let whole = digits(text);
        if whole.is_empty() {
            return Err(Missing::Number);
        }
        let Some(behind) = text[whole.len()..].strip_prefix('.') else {
            return Ok(Number { whole, fraction: "", len: whole.len() });
        };
        let fraction = digits(behind);
        if fraction.is_empty() {
            return Err(Missing::Fraction { point: whole.len() });
        }
        let len = whole.len() + 1 + fraction.len();
        Ok(Number { whole, fraction: fraction.trim_end_matches('0'), len })
    }

    /// The number at the byte `at` of a text that is to be a `Q`, and where it ends.
    pub(super) fn read<Q: Quantity>(
        text: &'t str,
        at: usize,
    ) -> Result<(Number<'t>, usize), ValueError> {
        let error = match Number::begin(&text[at..]) {
            Ok(number) => return Ok((number, at + number.len)),
            Err(Missing::Fraction { point }) => ValueError::new(
                "a number needs a digit after the point",
                at + point..at + point + 1,
                format!("write `{}` or `{0}.5`", &text[at..at + point]),
            ),
            Err(Missing::Number) => no_number::<Q>(text, at),
        };
        Err(error)
    }

    /// The number of digits after the point, without trailing zeros.
    pub fn decimals(&self) -> usize {
        self.fraction.len()
    }

    /// This number of `unit`s, exactly.
    ///
    /// # Errors
    ///
    /// [`Inexact`] if that is not a whole number, or takes more than 64 bits.
    pub fn times(&self, unit: u64) -> Result<u64, Inexact> {
        let whole = self.whole.parse::<u64>().ok().and_then(|whole| whole.checked_mul(unit));
        let rest = match self.fraction {
            "" => 0,
            // With more digits than 128 bits hold, no multiple by a unit is whole.
            digits => {
                let scaled = digits.parse::<u128>().ok();
                let scaled = scaled.and_then(|digits| digits.checked_mul(u128::from(unit)));
                let scale = 10_u128.checked_pow(digits.len() as u32);
                let (Some(scaled), Some(scale)) = (scaled, scale) else {
                    return Err(Inexact::NotWhole);
                };
                if scaled % scale != 0 {
                    return Err(Inexact::NotWhole);
                }
                // The quotient is below `unit`, because the fraction is below one.
                u64::try_from(scaled / scale).map_err(|_| Inexact::TooLarge)?
            }
        };
        whole.and_then(|whole| whole.checked_add(rest)).ok_or(Inexact::TooLarge)
    }

    /// The floating-point number nearest to this one; infinite if it is too large.
    pub fn to_f64(&self) -> f64 {
        self.divided_by_power_of_ten(0)
    }

    /// The floating-point number nearest to this one divided by 10 to the `power`.
    pub(super) fn divided_by_power_of_ten(&self, power: u32) -> f64 {
        // Dividing after rounding would round twice.
        let text = format!("{}.{}e-{power}", self.whole, self.fraction);
        text.parse().unwrap_or(f64::INFINITY)
    }
}

/// Why a text does not begin with a number.
enum Missing {
    Number,
    /// It lacks the digits after the point at this byte.
    Fraction {
        point: usize,
    },
}

/// The error if a number is expected and the text has none.
fn no_number<Q: Quantity>(text: &str, at: usize) -> ValueError {
    let what = Q::WHAT;
    let Some(found) = text[at..].chars().next() else {
        return ValueError::new(format!("{what} cannot be empty"), 0..at, Q::help());
    };
    match found {
        '-' => {
            let end = text.trim_end().len().max(at + 1);
            ValueError::new(format!("{what} cannot be negative"), at..end, Q::help())
        }
        '.' => {
            let digits = prefix_len(&text[at + 1..], |c| c.is_ascii_digit());
            let help = match &text[at + 1..at + 1 + digits] {
                "" => Q::help(),
                digits => format!("write `0.{digits}`"),
            };
            ValueError::new("a number needs a digit before the point", at..at + 1, help)
        }
        other if other.is_alphabetic() => {
            let word = at..at + prefix_len(&text[at..], char::is_alphabetic);
            ValueError::new(format!("{what} begins with a number"), word, Q::help())
        }
        other => unexpected::<Q>(at, other),
    }
}

/// The error about a character that cannot occur in a `Q`.
pub(super) fn unexpected<Q: Quantity>(at: usize, found: char) -> ValueError {
    ValueError::new(
        format!("unexpected `{}` in {}", found.escape_debug(), Q::WHAT),
        at..at + found.len_utf8(),
        Q::help(),
    )
}

/// `value` divided by 10 to the power `decimals`, as a user would write it: 25 with 2 decimals is `0.25`.
///
/// # Panics
///
/// With more than 19 decimals.
pub fn write_decimal(value: u64, decimals: u32) -> String {
    let scale = 10_u64.pow(decimals);
    let (whole, fraction) = (value / scale, value % scale);
    if fraction == 0 {
        return whole.to_string();
    }
    let fraction = format!("{fraction:0width$}", width = decimals as usize);
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str, unit: u64) -> Result<u64, Inexact> {
        Number::parse(text).expect(text).times(unit)
    }

    #[test]
    fn only_digits_with_at_most_one_point_between_them_are_a_number() {
        for text in ["0", "12", "0.05", "1.50", "00.1"] {
            assert!(Number::parse(text).is_some(), "{text}");
        }
        for text in ["", ".5", "5.", "1.2.3", "-1", "+1", "1e3", "inf", "NaN", "1_000", " 1", "١"]
        {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_of_units_is_exact_or_an_error() {
        assert_eq!(times("1.5", 1000), Ok(1500));
        assert_eq!(times("0.0009765625", 1 << 10), Ok(1));
        assert_eq!(times("1.50000000000000000000000000000000000000000000", 2), Ok(3));
        assert_eq!(times("0.3", 1 << 40), Err(Inexact::NotWhole));
        assert_eq!(times("0.00000000000000000000000000000000000000001", 1), Err(Inexact::NotWhole));
        assert_eq!(times("18446744073709551615", 1), Ok(u64::MAX));
        assert_eq!(times("18446744073709551616", 1), Err(Inexact::TooLarge));
        assert_eq!(times("18446744073709551615", 2), Err(Inexact::TooLarge));
        assert_eq!(times("9223372036854775807.75", 2), Err(Inexact::NotWhole));
        assert_eq!(times("9223372036854775807.5", 2), Ok(u64::MAX));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for (value, decimals, text) in
            [(0, 0, "0"), (25, 2, "0.25"), (1050, 3, "1.05"), (7, 9, "0.000000007"), (120, 1, "12")]
        {
            assert_eq!(write_decimal(value, decimals), text);
            assert_eq!(times(text, 10_u64.pow(decimals)), Ok(value), "{text}");
        }
    }

    #[test]
    fn a_number_becomes_the_nearest_floating_point_number() {
        for text in ["0.1", "33.333333333333336", "123456789.987654321", "5"] {
            let number = Number::parse(text).expect(text);
            assert_eq!(number.to_f64(), text.parse::<f64>().expect(text));
        }
        assert_eq!(Number::parse(&"9".repeat(400)).map(|n| n.to_f64()), Some(f64::INFINITY));
    }
}
