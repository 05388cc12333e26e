//! The units of sizes and rates: `MB`, `KiB/s`, `Gbit/s`; and how a number with one of them is read.
//!
//! One number and one unit. `B` is a byte and `bit` a bit; `k`, `M`, `G`, `T`, `P` are powers of 1000 and
//! `Ki`, `Mi`, `Gi`, `Ti` of 1024.

use serde::{Deserialize, Serialize};

use super::decimal::{Inexact, Number};
use super::error::ValueError;
use super::quantity::Quantity;
use super::text::{BLANKS_PATTERN, NUMBER_PATTERN, shortened, skip_blanks};

/// A unit that a size or a rate is written in: `MB`, `Gbit/s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Unit {
    base: Base,
    /// The place of its prefix in [`PREFIXES`].
    prefix: usize,
}

/// The units that take prefixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Bytes,
    BytesPerSecond,
    BitsPerSecond,
}

/// The prefixes and their factors, in ascending order.
const PREFIXES: [(&str, u64); 10] = [
    ("", 1),
    ("k", 1_000),
    ("Ki", 1 << 10),
    ("M", 1_000_000),
    ("Mi", 1 << 20),
    ("G", 1_000_000_000),
    ("Gi", 1 << 30),
    ("T", 1_000_000_000_000),
    ("Ti", 1 << 40),
    ("P", 1_000_000_000_000_000),
];

impl Base {
    const ALL: [Base; 3] = [Base::Bytes, Base::BytesPerSecond, Base::BitsPerSecond];

    fn name(self) -> &'static str {
        match self {
            Base::Bytes => "B",
            Base::BytesPerSecond => "B/s",
            Base::BitsPerSecond => "bit/s",
        }
    }

    /// The number of bytes, or of bits per second, in one of it.
    fn factor(self) -> u64 {
        match self {
            Base::BytesPerSecond => 8,
            Base::Bytes | Base::BitsPerSecond => 1,
        }
    }

    /// Its units in ascending order.
    fn units(self) -> impl DoubleEndedIterator<Item = Unit> {
        (0..PREFIXES.len()).map(move |prefix| Unit { base: self, prefix })
    }
}

impl Unit {
    /// The unit of this name.
    pub fn named(name: &str) -> Option<Unit> {
        Base::ALL.into_iter().flat_map(Base::units).find(|unit| unit.name() == name)
    }

    /// `MB`, `Gbit/s`.
    pub fn name(self) -> String {
        format!("{}{}", PREFIXES[self.prefix].0, self.base.name())
    }

    /// Whether it is a unit of rates, not of sizes.
    pub fn is_rate(self) -> bool {
        self.base != Base::Bytes
    }

    /// The number of bytes, or of bits per second, in one of it.
    pub fn factor(self) -> u64 {
        PREFIXES[self.prefix].1 * self.base.factor()
    }

    /// Whether it counts in 1024s.
    pub fn is_binary(self) -> bool {
        PREFIXES[self.prefix].0.ends_with('i')
    }

    /// The unit without its prefix: `MB/s` gives `B/s`.
    pub fn without_prefix(self) -> Unit {
        Unit { prefix: 0, ..self }
    }

    /// Every unit of the same base (`B`, `B/s` or `bit/s`), the smallest first.
    pub fn siblings(self) -> impl DoubleEndedIterator<Item = Unit> {
        self.base.units()
    }
}

impl TryFrom<String> for Unit {
    type Error = String;

    fn try_from(name: String) -> Result<Unit, String> {
        Unit::named(&name).ok_or_else(|| format!("`{name}` is no unit of sizes or rates"))
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> String {
        unit.name()
    }
}

/// How sizes and rates differ when they are read.
pub(super) struct Kind {
    /// The bases of their units.
    pub bases: &'static [Base],
    /// The error about an amount that is not a whole number of the smallest unit.
    pub inexact: &'static str,
    /// The largest value, in bytes or bits per second, and the error about a value above it, or about zero.
    pub max: u64,
    pub out_of_range: fn() -> String,
    /// The help for a unit of another kind that is often confused with this kind.
    pub mistaken: fn(&str) -> Option<String>,
}

/// Reads a number and a unit: gives the value in bytes or bits per second, and the unit.
pub(super) fn read<Q: Quantity>(text: &str, kind: &Kind) -> Result<(u64, Unit), ValueError> {
    let start = skip_blanks(text, 0);
    let (number, end) = Number::read::<Q>(text, start)?;
    let number_at = start..end;
    let unit_start = skip_blanks(text, end);
    let word = text[unit_start..].trim_end_matches([' ', '\t']);
    let mut units = kind.bases.iter().flat_map(|base| base.units());
    let Some(unit) = units.find(|unit| unit.name() == word) else {
        if word.is_empty() {
            let message = format!("{} needs a unit", Q::WHAT);
            return Err(ValueError::new(message, number_at, Q::help()));
        }
        let help = (kind.mistaken)(word).or_else(|| suggestion(word, kind.bases));
        let message = format!("unknown unit `{}`", shortened(word));
        let span = unit_start..unit_start + word.len();
        return Err(ValueError::new(message, span, help.unwrap_or_else(Q::help)));
    };
    match number.times(unit.factor()) {
        Ok(value) if value > 0 && value <= kind.max => Ok((value, unit)),
        Err(Inexact::NotWhole) => {
            Err(ValueError::new(kind.inexact, number_at, "write it in a smaller unit"))
        }
        Ok(_) | Err(Inexact::TooLarge) => {
            Err(ValueError::new((kind.out_of_range)(), number_at, Q::help()))
        }
    }
}

/// The unit that the user most likely meant by an unknown one: another case, or another way to write
/// it.
fn suggestion(word: &str, bases: &[Base]) -> Option<String> {
    let plain = |word: &str| {
        let word = word.to_lowercase();
        let word = word.replace("bytes", "b").replace("byte", "b").replace("bits", "bit");
        word.strip_suffix("ps").map_or(word.clone(), |stem| format!("{stem}/s"))
    };
    let wanted = plain(word);
    let meant = |unit: &Unit| {
        let name = plain(&unit.name());
        // `Mb/s` may be either.
        name == wanted || (unit.base == Base::BitsPerSecond && name.replace("bit", "b") == wanted)
    };
    let units = bases.iter().flat_map(|base| base.units()).filter(meant);
    let meant: Vec<String> = units.map(|unit| format!("`{}`", unit.name())).collect();
    (!meant.is_empty()).then(|| format!("did you mean {}?", meant.join(" or ")))
}

/// The exact value, in the largest unit of `base` that gives a whole number; `binary` is whether the
/// units that count in 1024s are included.
pub(super) fn write(value: u64, base: Base, binary: bool) -> String {
    let fits = |unit: &Unit| {
        unit.prefix == 0
            || value > 0 && value.is_multiple_of(unit.factor()) && (binary || !unit.is_binary())
    };
    let unit = base.units().rev().find(fits).unwrap_or(Unit { base, prefix: 0 });
    format!("{} {}", value / unit.factor(), unit.name())
}

/// The pattern of a number and a unit.
pub(super) fn pattern(bases: &[Base]) -> String {
    let prefixes: Vec<&str> =
        PREFIXES.iter().map(|(prefix, _)| *prefix).filter(|prefix| !prefix.is_empty()).collect();
    let bases: Vec<&str> = bases.iter().map(|base| base.name()).collect();
    format!(
        "^{BLANKS_PATTERN}{NUMBER_PATTERN}{BLANKS_PATTERN}({})?({}){BLANKS_PATTERN}$",
        prefixes.join("|"),
        bases.join("|")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_found_by_its_name() {
        for unit in Base::ALL.into_iter().flat_map(Base::units) {
            assert_eq!(Unit::named(&unit.name()), Some(unit));
        }
        assert_eq!(Unit::named("mb"), None);
    }

    #[test]
    fn prefixes_ascend() {
        assert!(PREFIXES.is_sorted_by_key(|(_, factor)| *factor));
    }
}
