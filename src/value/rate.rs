//! Rates of transfer: `100 MB/s`, `1 Gbit/s`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::error::ValueError;
use super::quantity::Quantity;
use super::unit::{self, Base, Kind, Unit};

/// A rate of transfer, in whole bits per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u64);

const KIND: Kind = Kind {
    bases: &[Base::BytesPerSecond, Base::BitsPerSecond],
    inexact: "a rate is a whole number of bits a second",
    max: Rate::MAX.0,
    out_of_range: || format!("a rate is from 1 bit/s to {}", Rate::MAX),
    mistaken: |word| {
        let rate = Unit::named(&format!("{word}/s"));
        rate.map(|unit| format!("a rate is per second: `{}`", unit.name()))
    },
};

impl Rate {
    /// The highest rate in a scenario, 100 Tbit/s: over 100 years that is about 2^78 bits.
    pub const MAX: Rate = Rate(100_000_000_000_000);

    /// A rate of `bits` bits per second.
    pub const fn from_bits(bits: u64) -> Rate {
        Rate(bits)
    }

    /// The number of bits per second.
    pub const fn as_bits(self) -> u64 {
        self.0
    }

    /// Reads a rate and its unit.
    ///
    /// # Errors
    ///
    /// If it is not a number with a unit of rate, or not from 1 bit/s to 100 Tbit/s in whole bits.
    pub fn read(text: &str) -> Result<(Rate, Unit), ValueError> {
        unit::read::<Rate>(text, &KIND).map(|(bits, unit)| (Rate(bits), unit))
    }
}

impl Quantity for Rate {
    const WHAT: &'static str = "a rate";
    const EXAMPLES: &'static [&'static str] = &["100 MB/s", "1 Gbit/s", "56 kbit/s"];

    fn pattern() -> String {
        unit::pattern(KIND.bases)
    }
}

impl FromStr for Rate {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Rate, ValueError> {
        Rate::read(text).map(|(rate, _)| rate)
    }
}

/// The exact value, in the largest unit of bits that gives a whole number.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&unit::write(self.0, Base::BitsPerSecond, false))
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_unit_and_form() {
        for (text, bits) in [
            ("1 bit/s", 1),
            ("33.6 kbit/s", 33_600),
            ("1 Gbit/s", 1_000_000_000),
            ("100MB/s", 800_000_000),
            ("1 MiB/s", 8 << 20),
            ("2 Kibit/s", 2048),
        ] {
            assert_eq!(text.parse(), Ok(Rate(bits)), "{text}");
        }
    }

    #[test]
    fn rates_are_written_in_the_largest_whole_unit_of_bits() {
        let rates = [1_000_000_000, 33_600, 800_000_000, 2048].map(|bits| Rate(bits).to_string());
        assert_eq!(rates, ["1 Gbit/s", "33600 bit/s", "800 Mbit/s", "2048 bit/s"]);
    }

    #[test]
    fn what_is_written_is_read_back() {
        for shift in 18..64 {
            let rate = Rate((0x9e37_79b9_7f4a_7c15_u64 >> shift).max(1));
            assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }

    #[test]
    fn points_at_what_is_wrong() {
        for (text, wrong, message, help) in [
            ("100", "100", "a rate needs a unit", "MB/s"),
            ("100 MB", "MB", "unknown unit `MB`", "a rate is per second: `MB/s`"),
            ("100 Mbps", "Mbps", "unknown unit `Mbps`", "did you mean `MB/s` or `Mbit/s`?"),
            ("100 mbit/s", "mbit/s", "unknown unit `mbit/s`", "did you mean `Mbit/s`?"),
            ("0 bit/s", "0", "a rate is from 1 bit/s to", "MB/s"),
            ("0.1 bit/s", "0.1", "a rate is a whole number of bits a second", "smaller"),
        ] {
            let error = text.parse::<Rate>().expect_err(text);
            assert!(error.message.starts_with(message), "{text}: {}", error.message);
            assert_eq!(&text[error.span.clone()], wrong, "{text}");
            assert!(error.help.contains(help), "{text}: {}", error.help);
        }
    }
}
