//! Sizes: `40 MB`, `1.5 GiB`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::error::ValueError;
use super::quantity::Quantity;
use super::unit::{self, Base, Kind, Unit};

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u64);

const KIND: Kind = Kind {
    bases: &[Base::Bytes],
    inexact: "a size is a whole number of bytes",
    max: Size::MAX.0,
    out_of_range: || format!("a size is from 1 B to {}", Size::MAX),
    mistaken: |word| {
        word.ends_with("/s").then(|| format!("a size is not per second: {}", Size::help()))
    },
};

impl Size {
    /// The largest size in a scenario, 1 PB. Larger random draws are reduced to it.
    pub const MAX: Size = Size(1_000_000_000_000_000);

    /// A size of `bytes` bytes.
    pub const fn from_bytes(bytes: u64) -> Size {
        Size(bytes)
    }

    /// The size nearest to `bytes` bytes, between one and [`Size::MAX`]; NaN becomes
    /// one.
    pub fn from_bytes_f64(bytes: f64) -> Size {
        // The cast saturates: negative and NaN become 0, infinity becomes u64::MAX.
        Size((libm::round(bytes) as u64).clamp(1, Size::MAX.0))
    }

    /// The number of bytes.
    pub const fn as_bytes(self) -> u64 {
        self.0
    }

    /// Reads a size and its unit.
    ///
    /// # Errors
    ///
    /// If it is not a number with a unit of size, or not from 1 byte to 1 PB in whole bytes.
    pub fn read(text: &str) -> Result<(Size, Unit), ValueError> {
        unit::read::<Size>(text, &KIND).map(|(bytes, unit)| (Size(bytes), unit))
    }
}

impl Quantity for Size {
    const WHAT: &'static str = "a size";
    const EXAMPLES: &'static [&'static str] = &["40 MB", "512 KiB", "1.5 GB"];

    fn pattern() -> String {
        unit::pattern(KIND.bases)
    }
}

impl FromStr for Size {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Size, ValueError> {
        Size::read(text).map(|(size, _)| size)
    }
}

/// The exact value, in the largest unit that gives a whole number.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&unit::write(self.0, Base::Bytes, true))
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_unit_and_form() {
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
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
    }

    #[test]
    fn sizes_are_written_in_the_largest_whole_unit() {
        let sizes = [40_000_000, 41_943_040, 1, 1_234_567, 2_048_000, 1_000_000_000_000_000];
        let sizes = sizes.map(|bytes| Size(bytes).to_string());
        assert_eq!(sizes, ["40 MB", "40 MiB", "1 B", "1234567 B", "2000 KiB", "1 PB"]);
    }

    #[test]
    fn what_is_written_is_read_back() {
        for shift in 14..64 {
            let size = Size((0x9e37_79b9_7f4a_7c15_u64 >> shift).clamp(1, Size::MAX.0));
            assert_eq!(size.to_string().parse(), Ok(size));
        }
    }

    #[test]
    fn points_at_what_is_wrong() {
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
}
