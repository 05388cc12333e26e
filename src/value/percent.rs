//! Percentages: `7%`, `12.5%`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::decimal::{Number, unexpected};
use super::error::ValueError;
use super::quantity::Quantity;
use super::text::{BLANKS_PATTERN, NUMBER_PATTERN, skip_blanks};

/// A share of a whole, written as a percentage: 0 or more. It may exceed 100%; readers set their own
/// upper limits.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Percent {
    share: f64,
}

impl Percent {
    /// The percentage of a share: 0.07 is 7%. A share is finite and not negative.
    pub const fn from_share(share: f64) -> Percent {
        Percent { share }
    }

    /// The share: 7% is 0.07, the floating-point number nearest to it.
    pub const fn share(self) -> f64 {
        self.share
    }

    /// The number before the sign: 7% is 7.
    pub fn number(self) -> f64 {
        self.digits().parse().unwrap_or(f64::INFINITY)
    }

    /// The number before the sign, in the fewest digits that are read back as the same share.
    fn digits(self) -> String {
        // The shortest decimal of the share, with its point moved two places to the right. Multiplying
        // by 100 would round: 0.07 * 100 is 7.000000000000001.
        let share = self.share.to_string();
        let (whole, fraction) = share.split_once('.').unwrap_or((&share, ""));
        let (shifted, rest) = fraction.split_at(fraction.len().min(2));
        let whole = format!("{whole}{shifted:0<2}");
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        };
        if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
    }
}

impl Quantity for Percent {
    const WHAT: &'static str = "a percentage";
    const EXAMPLES: &'static [&'static str] = &["5%", "12.5%", "100%"];

    fn pattern() -> String {
        format!("^{BLANKS_PATTERN}{NUMBER_PATTERN}{BLANKS_PATTERN}%{BLANKS_PATTERN}$")
    }
}

impl FromStr for Percent {
    type Err = ValueError;

    /// Reads a number and `%`.
    fn from_str(text: &str) -> Result<Percent, ValueError> {
        let start = skip_blanks(text, 0);
        let (number, end) = Number::read::<Percent>(text, start)?;
        let at = skip_blanks(text, end);
        let number_text = &text[start..end];
        match text[at..].chars().next() {
            Some('%') => {}
            Some(other) => return Err(unexpected::<Percent>(at, other)),
            None => {
                let help = format!("write `{number_text}%`");
                return Err(ValueError::new("a percentage needs its sign", start..end, help));
            }
        }
        let behind = skip_blanks(text, at + 1);
        if let Some(other) = text[behind..].chars().next() {
            return Err(unexpected::<Percent>(behind, other));
        }
        let share = number.divided_by_power_of_ten(2);
        if share.is_infinite() {
            let message = "the percentage is too large";
            return Err(ValueError::new(message, start..end, Percent::help()));
        }
        Ok(Percent { share })
    }
}

/// In the fewest digits that are read back as the same share: `7%`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.digits())
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_the_share_nearest_to_it_and_is_written_as_it_was_read() {
        for (text, share, number) in [
            ("0%", 0.0, 0.0),
            ("7%", 0.07, 7.0),
            ("0.1%", 0.001, 0.1),
            ("12.5%", 0.125, 12.5),
            ("29%", 0.29, 29.0),
            ("57%", 0.57, 57.0),
            ("33.333%", 0.33333, 33.333),
            ("100%", 1.0, 100.0),
            ("150%", 1.5, 150.0),
            ("1000000%", 10_000.0, 1e6),
            ("0.0000000000000000000000001%", 1e-27, 1e-25),
        ] {
            let percent: Percent = text.parse().expect(text);
            assert_eq!((percent.share(), percent.number()), (share, number), "{text}");
            assert_eq!(percent.to_string(), text);
        }
        assert_eq!(" 5 % ".parse(), Ok(Percent::from_share(0.05)));
    }

    #[test]
    fn every_share_is_read_back_exactly() {
        let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let share = (state >> 11) as f64 / (1_u64 << 53) as f64;
            let percent = Percent::from_share(share);
            assert_eq!(percent.to_string().parse(), Ok(percent), "{share}");
        }
        for tenths in 0..=1000_u32 {
            let text = format!("{}.{}%", tenths / 10, tenths % 10);
            let text = text.replace(".0%", "%");
            assert_eq!(text.parse::<Percent>().map(|p| p.to_string()), Ok(text.clone()));
        }
    }

    #[test]
    fn points_at_what_is_wrong() {
        for (text, wrong, message) in [
            ("", "", "a percentage cannot be empty"),
            ("5", "5", "a percentage needs its sign"),
            ("-5%", "-5%", "a percentage cannot be negative"),
            ("five%", "five", "a percentage begins with a number"),
            (".5%", ".", "a number needs a digit before the point"),
            ("5.%", ".", "a number needs a digit after the point"),
            ("1e3%", "e", "unexpected `e` in a percentage"),
            ("5%%", "%", "unexpected `%` in a percentage"),
            ("inf%", "inf", "a percentage begins with a number"),
        ] {
            let error = text.parse::<Percent>().expect_err(text);
            assert_eq!((error.message.as_str(), &text[error.span]), (message, wrong), "{text}");
        }
        let error = format!("{}%", "9".repeat(400)).parse::<Percent>().expect_err("too large");
        assert_eq!(error.message, "the percentage is too large");
    }
}
