//! The sizes and rates of scenario files: `"40 MB"`, `"1.5 GiB"`, `"100 MB/s"`, `"1 Gbit/s"`.
//!
//! One number and one unit. `B` is a byte and `bit` a bit; `k`, `M`, `G`, `T`, `P` are powers of 1000 and
//! `Ki`, `Mi`, `Gi`, `Ti` of 1024. Everything is computed with integers: a value is either exact, in
//! whole bytes or in whole bits a second, or an error.

use std::ops::Range;

use crate::model::{Rate, Size};

/// Why a text is not a size or a rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// The wrong part, as a byte range into the text, on character boundaries.
    pub span: Range<usize>,
    /// What would be right.
    pub help: String,
}

/// A unit's prefix and what it multiplies with.
pub(super) const PREFIXES: [(&str, u64); 10] = [
    ("", 1),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
    ("P", 1_000_000_000_000_000),
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
];

const SIZE_EXAMPLES: &str = "write for example `\"40 MB\"`, `\"512 KiB\"` or `\"1.5 GB\"`";
const RATE_EXAMPLES: &str = "write for example `\"100 MB/s\"`, `\"1 Gbit/s\"` or `\"56 kbit/s\"`";

/// Reads a size; zero is none.
///
/// # Errors
///
/// If it is not a number with a unit of size, or not from 1 byte to 1 PB in whole bytes.
pub fn parse_size(text: &str) -> Result<Size, QuantityError> {
    let quantity = Quantity::split(text, "a size", SIZE_EXAMPLES)?;
    let Some(unit) = quantity.unit.strip_suffix('B').and_then(prefix) else {
        let help = match quantity.unit {
            "" => SIZE_EXAMPLES.to_owned(),
            unit if unit.ends_with("/s") => format!("a size is not per second: {SIZE_EXAMPLES}"),
            unit => suggestion(unit, &["B"]).unwrap_or_else(|| SIZE_EXAMPLES.to_owned()),
        };
        return Err(quantity.wrong_unit("a size", help));
    };
    let bytes = quantity.times(unit, 1, "a size is a whole number of bytes")?;
    if bytes == 0 || bytes > Size::MAX.as_bytes() {
        let message = format!("a size is from 1 B to {}", Size::MAX);
        return Err(quantity.error(message, quantity.number.clone(), SIZE_EXAMPLES));
    }
    Ok(Size::from_bytes(bytes))
}

/// Reads a rate; zero is none.
///
/// # Errors
///
/// If it is not a number with a unit of rate, or not from 1 bit/s to 100 Tbit/s in whole bits.
pub fn parse_rate(text: &str) -> Result<Rate, QuantityError> {
    let quantity = Quantity::split(text, "a rate", RATE_EXAMPLES)?;
    let unit = |unit: &str| {
        let unit = unit.strip_suffix("/s")?;
        let bits = unit.strip_suffix("bit").and_then(prefix).map(|prefix| (prefix, 1));
        bits.or_else(|| Some((unit.strip_suffix('B').and_then(prefix)?, 8)))
    };
    let Some((unit, bits)) = unit(quantity.unit) else {
        let help = match quantity.unit {
            "" => RATE_EXAMPLES.to_owned(),
            word if unit(&format!("{word}/s")).is_some() => {
                format!("a rate is per second: `{word}/s`")
            }
            word => suggestion(word, &["B/s", "bit/s"]).unwrap_or_else(|| RATE_EXAMPLES.to_owned()),
        };
        return Err(quantity.wrong_unit("a rate", help));
    };
    let bits = quantity.times(unit, bits, "a rate is a whole number of bits a second")?;
    if bits == 0 || bits > Rate::MAX.as_bits() {
        let message = format!("a rate is from 1 bit/s to {}", Rate::MAX);
        return Err(quantity.error(message, quantity.number.clone(), RATE_EXAMPLES));
    }
    Ok(Rate::from_bits(bits))
}

fn prefix(word: &str) -> Option<u64> {
    PREFIXES.iter().find(|(name, _)| *name == word).map(|(_, factor)| *factor)
}

/// What was most likely meant by a unit that is none: another case, or another way to write it.
fn suggestion(word: &str, bases: &[&str]) -> Option<String> {
    let plain = |word: &str| {
        let word = word.to_lowercase();
        let word = word.replace("bytes", "b").replace("byte", "b").replace("bits", "bit");
        word.strip_suffix("ps").map_or(word.clone(), |stem| format!("{stem}/s"))
    };
    let wanted = plain(word);
    let units = bases.iter().flat_map(|base| {
        PREFIXES.iter().map(move |(prefix, _)| (format!("{prefix}{base}"), *base))
    });
    let meant = |(unit, base): &(String, &str)| {
        // `Mb/s` may be either.
        let short = plain(unit).replace("bit", "b");
        plain(unit) == wanted || (*base == "bit/s" && short == wanted)
    };
    let meant: Vec<String> = units.filter(meant).map(|(unit, _)| format!("`{unit}`")).collect();
    (!meant.is_empty()).then(|| format!("did you mean {}?", meant.join(" or ")))
}

/// A number and a unit, as they were written.
struct Quantity<'t> {
    whole: &'t str,
    fraction: &'t str,
    number: Range<usize>,
    unit: &'t str,
    unit_at: Range<usize>,
}

impl<'t> Quantity<'t> {
    fn split(text: &'t str, what: &str, examples: &str) -> Result<Quantity<'t>, QuantityError> {
        let wrong = |message: String, span: Range<usize>| {
            Err(QuantityError { message, span, help: examples.to_owned() })
        };
        let start = text.len() - text.trim_start().len();
        let end = text.trim_end().len().max(start);
        let trimmed = &text[start..end];
        if trimmed.is_empty() {
            return wrong(format!("{what} cannot be empty"), 0..text.len());
        }
        let len = trimmed.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(trimmed.len());
        let number = start..start + len;
        let (whole, fraction) = match text[number.clone()].split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (&text[number.clone()], None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || fraction.is_some_and(|fraction| !digits(fraction)) {
            let span = if len == 0 { start..end } else { number };
            let problem = if trimmed.starts_with('-') {
                "cannot be negative"
            } else {
                "begins with a number"
            };
            return wrong(format!("{what} {problem}"), span);
        }
        let unit = trimmed[len..].trim_start();
        let unit_at = end - unit.len()..end;
        Ok(Quantity { whole, fraction: fraction.unwrap_or(""), number, unit, unit_at })
    }

    fn error(&self, message: impl Into<String>, span: Range<usize>, help: &str) -> QuantityError {
        QuantityError { message: message.into(), span, help: help.to_owned() }
    }

    fn wrong_unit(&self, what: &str, help: String) -> QuantityError {
        match self.unit {
            "" => self.error(format!("{what} needs a unit"), self.number.clone(), &help),
            unit => {
                let shown: String = unit.chars().take(20).collect();
                self.error(format!("unknown unit `{shown}`"), self.unit_at.clone(), &help)
            }
        }
    }

    /// The number of `unit` times `factor`, exactly; a value beyond 64 bits is the greatest.
    fn times(&self, unit: u64, factor: u64, inexact: &str) -> Result<u64, QuantityError> {
        let unit = u128::from(unit) * u128::from(factor);
        let digits = self.fraction.trim_end_matches('0');
        let scale = 10u128.checked_pow(digits.len() as u32);
        let part = digits.parse::<u128>().unwrap_or(0);
        let part = match scale {
            // More digits than any unit has factors of 2 and 5.
            None => None,
            Some(scale) => {
                part.checked_mul(unit).filter(|part| part % scale == 0).map(|part| part / scale)
            }
        };
        let Some(part) = part else {
            return Err(self.error(inexact, self.number.clone(), "write it in a smaller unit"));
        };
        let whole = self.whole.parse::<u64>().ok().map(u128::from);
        let whole = whole.and_then(|whole| whole.checked_mul(unit)).unwrap_or(u128::MAX);
        Ok(u64::try_from(whole.saturating_add(part)).unwrap_or(u64::MAX))
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
            assert_eq!(parse_size(text), Ok(Size::from_bytes(bytes)), "{text}");
        }
        for (text, bits) in [
            ("1 bit/s", 1),
            ("33.6 kbit/s", 33_600),
            ("1 Gbit/s", 1_000_000_000),
            ("100MB/s", 800_000_000),
            ("1 MiB/s", 8 << 20),
            ("2 Kibit/s", 2048),
        ] {
            assert_eq!(parse_rate(text), Ok(Rate::from_bits(bits)), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for bits in 0..50 {
            let number = (0x9e37_79b9_7f4a_7c15_u64 >> (14 + bits)).clamp(16, Size::MAX.as_bytes());
            let (size, rate) = (Size::from_bytes(number), Rate::from_bits(number >> 4));
            assert_eq!(parse_size(&size.to_string()), Ok(size));
            assert_eq!(parse_rate(&rate.to_string()), Ok(rate));
        }
    }

    #[test]
    fn points_at_what_is_wrong() {
        for (text, wrong, message, help) in [
            ("", "", "a size cannot be empty", "40 MB"),
            ("40", "40", "a size needs a unit", "40 MB"),
            ("-1 MB", "-1 MB", "a size cannot be negative", "40 MB"),
            ("many MB", "many MB", "a size begins with a number", "40 MB"),
            ("1.2.3 MB", "1.2.3", "a size begins with a number", "40 MB"),
            ("1. MB", "1.", "a size begins with a number", "40 MB"),
            ("1,5 MB", ",5 MB", "unknown unit `,5 MB`", "40 MB"),
            ("4 mb", "mb", "unknown unit `mb`", "did you mean `MB`?"),
            ("4 KB", "KB", "unknown unit `KB`", "did you mean `kB`?"),
            ("4 MB/s", "MB/s", "unknown unit `MB/s`", "not per second"),
            ("0.5 B", "0.5", "a size is a whole number of bytes", "smaller unit"),
            ("0 MB", "0", "a size is from 1 B to 1 PB", "40 MB"),
            ("1 PiB", "PiB", "unknown unit `PiB`", "40 MB"),
            ("1.1 PB", "1.1", "a size is from 1 B to 1 PB", "40 MB"),
            ("99999999999999999999 TB", "99999999999999999999", "a size is from", "40 MB"),
        ] {
            let error = parse_size(text).expect_err(text);
            assert!(error.message.starts_with(message), "{text}: {}", error.message);
            assert_eq!(&text[error.span.clone()], wrong, "{text}");
            assert!(error.help.contains(help), "{text}: {}", error.help);
        }
        for (text, wrong, message, help) in [
            ("100", "100", "a rate needs a unit", "MB/s"),
            ("100 MB", "MB", "unknown unit `MB`", "a rate is per second: `MB/s`"),
            ("100 Mbps", "Mbps", "unknown unit `Mbps`", "did you mean `MB/s` or `Mbit/s`?"),
            ("100 mbit/s", "mbit/s", "unknown unit `mbit/s`", "did you mean `Mbit/s`?"),
            ("0 bit/s", "0", "a rate is from 1 bit/s to", "MB/s"),
            ("0.1 bit/s", "0.1", "a rate is a whole number of bits a second", "smaller"),
        ] {
            let error = parse_rate(text).expect_err(text);
            assert!(error.message.starts_with(message), "{text}: {}", error.message);
            assert_eq!(&text[error.span.clone()], wrong, "{text}");
            assert!(error.help.contains(help), "{text}: {}", error.help);
        }
    }
}
