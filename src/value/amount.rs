//! Sizes and rates: `40 MB`, `1.5 GiB`; `100 MB/s`, `1 Gbit/s`. One number and one unit.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::decimal::{Inexact, Number};
use super::error::ValueError;
use super::quantity::Quantity;
use super::text::{BLANKS_PATTERN, NUMBER_PATTERN, shortened, skip_blanks};
use super::unit::{Base, PREFIXES, Unit};

/// A number of bytes.
pub type Size = Amount<Bytes>;

/// A rate of transfer, in whole bits per second.
pub type Rate = Amount<BitsPerSecond>;

/// A whole number of the smallest unit of a kind: a [`Size`] or a [`Rate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount<K>(u64, PhantomData<K>);

/// The kind of [`Size`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bytes {}

/// The kind of [`Rate`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BitsPerSecond {}

/// How sizes and rates differ.
pub trait AmountKind: Copy + PartialEq {
    /// The name of the kind in messages: `a size`.
    const WHAT: &'static str;
    /// Amounts of this kind as users write them.
    const EXAMPLES: &'static [&'static str];
    /// The bases of its units; it is written in the last one.
    const BASES: &'static [Base];
    /// The name of the smallest unit in messages.
    const SMALLEST: &'static str;
    /// The largest amount.
    const MAX: u64;
    /// Whether it is also written in units that count in 1024s.
    const IS_WRITTEN_IN_BINARY: bool;

    /// The help for a unit of another kind that is often confused with this kind.
    fn mistaken(word: &str) -> Option<String>;
}

impl AmountKind for Bytes {
    const WHAT: &'static str = "a size";
    const EXAMPLES: &'static [&'static str] = &["40 MB", "512 KiB", "1.5 GB"];
    const BASES: &'static [Base] = &[Base::Bytes];
    const SMALLEST: &'static str = "bytes";
    const MAX: u64 = 1_000_000_000_000_000;
    const IS_WRITTEN_IN_BINARY: bool = true;

    fn mistaken(word: &str) -> Option<String> {
        word.ends_with("/s").then(|| format!("a size is not per second: {}", Size::help()))
    }
}

impl AmountKind for BitsPerSecond {
    const WHAT: &'static str = "a rate";
    const EXAMPLES: &'static [&'static str] = &["100 MB/s", "1 Gbit/s", "56 kbit/s"];
    const BASES: &'static [Base] = &[Base::BytesPerSecond, Base::BitsPerSecond];
    const SMALLEST: &'static str = "bits a second";
    const MAX: u64 = 100_000_000_000_000;
    const IS_WRITTEN_IN_BINARY: bool = false;

    fn mistaken(word: &str) -> Option<String> {
        let rate = Unit::named(&format!("{word}/s"));
        rate.map(|unit| format!("a rate is per second: `{}`", unit.name()))
    }
}

impl Size {
    /// A size of `bytes` bytes.
    pub const fn from_bytes(bytes: u64) -> Size {
        Amount(bytes, PhantomData)
    }

    /// The size nearest to `bytes` bytes, between one and [`Size::MAX`]; NaN becomes
    /// one.
    pub fn from_bytes_f64(bytes: f64) -> Size {
        // The cast saturates: negative and NaN become 0, infinity becomes u64::MAX.
        Size::from_bytes((libm::round(bytes) as u64).clamp(1, Size::MAX.0))
    }

    /// The number of bytes.
    pub const fn as_bytes(self) -> u64 {
        self.0
    }
}

impl Rate {
    /// A rate of `bits` bits per second.
    pub const fn from_bits(bits: u64) -> Rate {
        Amount(bits, PhantomData)
    }

    /// The number of bits per second.
    pub const fn as_bits(self) -> u64 {
        self.0
    }
}

impl<K: AmountKind> Amount<K> {
    /// The largest amount in a scenario: 1 PB, to which larger random draws are reduced, and 100 Tbit/s, which
    /// over 100 years is about 2^78 bits.
    pub const MAX: Amount<K> = Amount(K::MAX, PhantomData);

    /// Reads a number and its unit.
    ///
    /// # Errors
    ///
    /// If it is not a number with a unit of this kind, or not from 1 to [`MAX`](Self::MAX) in whole bytes or
    /// bits per second.
    pub fn read(text: &str) -> Result<(Self, Unit), ValueError> {
        let start = skip_blanks(text, 0);
        let (number, end) = Number::read::<Self>(text, start)?;
        let number_at = start..end;
        let unit_start = skip_blanks(text, end);
        let word = text[unit_start..].trim_end_matches([' ', '\t']);
        let Some(unit) = units::<K>().find(|unit| unit.name() == word) else {
            if word.is_empty() {
                let message = format!("{} needs a unit", K::WHAT);
                return Err(ValueError::new(message, number_at, Self::help()));
            }
            let help = K::mistaken(word).or_else(|| suggestion::<K>(word));
            let message = format!("unknown unit `{}`", shortened(word));
            let span = unit_start..unit_start + word.len();
            return Err(ValueError::new(message, span, help.unwrap_or_else(Self::help)));
        };
        match number.times(unit.factor()) {
            Ok(value) if value > 0 && value <= K::MAX => Ok((Amount(value, PhantomData), unit)),
            Err(Inexact::NotWhole) => {
                let message = format!("{} is a whole number of {}", K::WHAT, K::SMALLEST);
                Err(ValueError::new(message, number_at, "write it in a smaller unit"))
            }
            Ok(_) | Err(Inexact::TooLarge) => {
                let least = Amount::<K>(1, PhantomData);
                let message = format!("{} is from {least} to {}", K::WHAT, Self::MAX);
                Err(ValueError::new(message, number_at, Self::help()))
            }
        }
    }
}

impl<K: AmountKind> Quantity for Amount<K> {
    const WHAT: &'static str = K::WHAT;
    const EXAMPLES: &'static [&'static str] = K::EXAMPLES;

    fn pattern() -> String {
        let prefixes = PREFIXES.iter().map(|(prefix, _)| *prefix);
        let prefixes: Vec<&str> = prefixes.filter(|prefix| !prefix.is_empty()).collect();
        let bases: Vec<&str> = K::BASES.iter().map(|base| base.name()).collect();
        format!(
            "^{BLANKS_PATTERN}{NUMBER_PATTERN}{BLANKS_PATTERN}({})?({}){BLANKS_PATTERN}$",
            prefixes.join("|"),
            bases.join("|")
        )
    }
}

impl<K: AmountKind> FromStr for Amount<K> {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::read(text).map(|(amount, _)| amount)
    }
}

/// The exact value, in the largest unit that gives a whole number: of bytes for a size, of bits per second in
/// thousands for a rate.
impl<K: AmountKind> fmt::Display for Amount<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_whole = |unit: &Unit| self.0 > 0 && self.0.is_multiple_of(unit.factor());
        let fits = |unit: &Unit| is_whole(unit) && (K::IS_WRITTEN_IN_BINARY || !unit.is_binary());
        let base = K::BASES[K::BASES.len() - 1];
        let unit = base.units().rev().find(fits).unwrap_or(base.unit());
        write!(f, "{} {}", self.0 / unit.factor(), unit.name())
    }
}

impl<K: AmountKind> Serialize for Amount<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The units of a kind.
fn units<K: AmountKind>() -> impl Iterator<Item = Unit> {
    K::BASES.iter().flat_map(|base| base.units())
}

/// The unit that the user most likely meant by an unknown one: another case, or another way to write
/// it.
fn suggestion<K: AmountKind>(word: &str) -> Option<String> {
    let plain = |word: &str| {
        let word = word.to_lowercase();
        let word = word.replace("bytes", "b").replace("byte", "b").replace("bits", "bit");
        word.strip_suffix("ps").map_or(word.clone(), |stem| format!("{stem}/s"))
    };
    let wanted = plain(word);
    let is_meant = |unit: &Unit| {
        let name = plain(&unit.name());
        // `Mb/s` may be either.
        let is_of_bits = unit.base() == Base::BitsPerSecond;
        name == wanted || (is_of_bits && name.replace("bit", "b") == wanted)
    };
    let meant = units::<K>().filter(is_meant).map(|unit| format!("`{}`", unit.name()));
    let meant: Vec<String> = meant.collect();
    (!meant.is_empty()).then(|| format!("did you mean {}?", meant.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_every_unit_and_form() {
        for (text, bytes) in [
            ("1 B", 1),
            ("40 MB", 40_000_000),
            ("1.5kB", 1500),
            (" 512 KiB ", 524_288),
            ("2 GiB", 1 << 31),
            ("0.5 TiB", 1 << 39),
            ("1000 TB", 1_000_000_000_000_000),
            ("1 PB", 1_000_000_000_000_000),
        ] {
            assert_eq!(text.parse(), Ok(Size::from_bytes(bytes)), "{text}");
        }
    }

    #[test]
    fn sizes_are_written_in_the_largest_whole_unit() {
        let sizes = [40_000_000, 41_943_040, 1, 1_234_567, 2_048_000, 1_000_000_000_000_000];
        let sizes = sizes.map(|bytes| Size::from_bytes(bytes).to_string());
        assert_eq!(sizes, ["40 MB", "40 MiB", "1 B", "1234567 B", "2000 KiB", "1 PB"]);
    }

    #[test]
    fn a_written_size_is_read_back() {
        for shift in 14..64 {
            let size = Size::from_bytes(
                (0x9e37_79b9_7f4a_7c15_u64 >> shift).clamp(1, Size::MAX.as_bytes()),
            );
            assert_eq!(size.to_string().parse(), Ok(size));
        }
    }

    #[test]
    fn an_error_of_a_size_points_at_what_is_wrong() {
        for (text, wrong, message, help) in [
            ("", "", "a size cannot be empty", "40 MB"),
            ("40", "40", "a size needs a unit", "40 MB"),
            ("-1 MB", "-1 MB", "a size cannot be negative", "40 MB"),
            ("many MB", "many", "a size begins with a number", "40 MB"),
            ("1.2.3 MB", ".3 MB", "unknown unit `.3 MB`", "40 MB"),
            ("1. MB", ".", "a number needs a digit after the point", "`1.5`"),
            ("1,5 MB", ",5 MB", "unknown unit `,5 MB`", "40 MB"),
            ("4 mb", "mb", "unknown unit `mb`", "did you mean `MB`?"),
            ("4 KB", "KB", "unknown unit `KB`", "did you mean `kB`?"),
            ("4 kiB", "kiB", "unknown unit `kiB`", "did you mean `KiB`?"),
            ("4 MB/s", "MB/s", "unknown unit `MB/s`", "not per second"),
            ("0.5 B", "0.5", "a size is a whole number of bytes", "smaller unit"),
            ("0 MB", "0", "a size is from 1 B to 1 PB", "40 MB"),
            ("1 PiB", "PiB", "unknown unit `PiB`", "40 MB"),
            ("1.1 PB", "1.1", "a size is from 1 B to 1 PB", "40 MB"),
            ("99999999999999999999 TB", "99999999999999999999", "a size is from", "40 MB"),
        ] {
            let error = text.parse::<Size>().expect_err(text);
            assert!(error.message.starts_with(message), "{text}: {}", error.message);
            assert_eq!(&text[error.span.clone()], wrong, "{text}");
            assert!(error.help.contains(help), "{text}: {}", error.help);
        }
    }

    #[test]
    fn rates_are_read_in_every_unit_and_form() {
        for (text, bits) in [
            ("1 bit/s", 1),
            ("33.6 kbit/s", 33_600),
            ("1 Gbit/s", 1_000_000_000),
            ("100MB/s", 800_000_000),
            ("1 MiB/s", 8 << 20),
            ("2 Kibit/s", 2048),
        ] {
            assert_eq!(text.parse(), Ok(Rate::from_bits(bits)), "{text}");
        }
    }

    #[test]
    fn rates_are_written_in_the_largest_whole_unit_of_bits() {
        let rates = [1_000_000_000, 33_600, 800_000_000, 2048]
            .map(|bits| Rate::from_bits(bits).to_string());
        assert_eq!(rates, ["1 Gbit/s", "33600 bit/s", "800 Mbit/s", "2048 bit/s"]);
    }

    #[test]
    fn a_written_rate_is_read_back() {
        for shift in 18..64 {
            let rate = Rate::from_bits((0x9e37_79b9_7f4a_7c15_u64 >> shift).max(1));
            assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }

    #[test]
    fn an_error_of_a_rate_points_at_what_is_wrong() {
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
