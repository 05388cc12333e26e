//! The units of sizes and rates: `MB`, `KiB/s`, `Gbit/s`.
//!
//! `B` is a byte and `bit` a bit; `k`, `M`, `G`, `T`, `P` are powers of 1000 and
//! `Ki`, `Mi`, `Gi`, `Ti` of 1024.

use serde::{Deserialize, Serialize};

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
pub enum Base {
    Bytes,
    BytesPerSecond,
    BitsPerSecond,
}

/// The prefixes and their factors, in ascending order.
pub(super) const PREFIXES: [(&str, u64); 10] = [
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

    /// `B`, `B/s`, `bit/s`.
    pub(super) fn name(self) -> &'static str {
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

    /// The unit without a prefix.
    pub(super) fn unit(self) -> Unit {
        Unit { base: self, prefix: 0 }
    }

    /// Its units in ascending order.
    pub(super) fn units(self) -> impl DoubleEndedIterator<Item = Unit> {
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

    /// `B`, `B/s` or `bit/s`.
    pub(super) fn base(self) -> Base {
        self.base
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
        self.base.unit()
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
