//! Amounts at the ends of ranges: sizes in whole bytes and rates in whole bits a second, written in the
//! units of the range's ends.

use serde::{Deserialize, Serialize};

use crate::scenario::quantity::{PREFIXES, QuantityError, parse_rate, parse_size};

/// A unit that a size or a rate is written in: `MB`, `Gbit/s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AmountUnit {
    base: Base,
    /// The place of its prefix in [`PREFIXES`].
    prefix: usize,
}

/// What the prefixes stand before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Bytes,
    BytesPerSecond,
    BitsPerSecond,
}

impl Base {
    const ALL: [Base; 3] = [Base::Bytes, Base::BytesPerSecond, Base::BitsPerSecond];

    fn name(self) -> &'static str {
        match self {
            Base::Bytes => "B",
            Base::BytesPerSecond => "B/s",
            Base::BitsPerSecond => "bit/s",
        }
    }

    /// How many bytes or bits a second one of it is.
    fn factor(self) -> u64 {
        match self {
            Base::BytesPerSecond => 8,
            Base::Bytes | Base::BitsPerSecond => 1,
        }
    }
}

/// Values have no more digits behind the point than this: a smaller unit reads better.
const MOST_DECIMALS: u32 = 3;

impl AmountUnit {
    /// The unit of this name.
    pub fn named(name: &str) -> Option<AmountUnit> {
        let units = Base::ALL
            .into_iter()
            .flat_map(|base| (0..PREFIXES.len()).map(move |prefix| AmountUnit { base, prefix }));
        let mut named = units.filter(|unit| unit.name() == name);
        named.next()
    }

    /// `MB`, `Gbit/s`.
    pub fn name(self) -> String {
        format!("{}{}", PREFIXES[self.prefix].0, self.base.name())
    }

    /// Whether it is one of rates.
    pub fn is_rate(self) -> bool {
        self.base != Base::Bytes
    }

    /// How many bytes or bits a second one of it is.
    pub fn factor(self) -> u64 {
        PREFIXES[self.prefix].1 * self.base.factor()
    }

    fn is_binary(self) -> bool {
        PREFIXES[self.prefix].0.ends_with('i')
    }

    /// Whether the other has the same base, and both count in thousands, or both in 1024s.
    fn is_of_the_kind_of(self, other: AmountUnit) -> bool {
        let plain = self.prefix == 0 || other.prefix == 0;
        self.base == other.base && (plain || self.is_binary() == other.is_binary())
    }

    /// Those of the same kind, the greatest first.
    fn kind(self) -> impl Iterator<Item = AmountUnit> {
        let base = self.base;
        let units = (0..PREFIXES.len()).rev().map(move |prefix| AmountUnit { base, prefix });
        units.filter(move |unit| unit.is_of_the_kind_of(self))
    }

    /// So much in this unit, `7.5 MB/s`; `None` if that takes too many digits behind the point.
    fn write(self, value: u64) -> Option<String> {
        let scale = 10_u64.pow(MOST_DECIMALS);
        let (scaled, factor) = (u128::from(value) * u128::from(scale), u128::from(self.factor()));
        let thousandths = u64::try_from(scaled / factor).ok()?;
        let number = super::decimal(thousandths, MOST_DECIMALS);
        (scaled % factor == 0).then(|| format!("{number} {}", self.name()))
    }

    /// The smallest step that is worth a look where an end is in this unit: a thousandth of it, or of
    /// the binary ones a 1024th.
    fn finest(self) -> u64 {
        let thousand = if self.is_binary() { 1024 } else { 1000 };
        (self.factor() / thousand).max(self.base.factor())
    }

    /// The least round step, in bytes or bits a second, with which `range` has at most `most` steps.
    fn round_step(self, range: u64, most: u64, finest: u64) -> u64 {
        let fits = |step: &u64| *step >= finest && range / step <= most;
        let one = self.base.factor();
        if self.is_binary() {
            let mut steps = (0..60).map(|power| one << power);
            return steps.find(fits).unwrap_or(range.max(1));
        }
        let decades = (0..18).flat_map(|power| [1, 2, 5].map(|times| times * 10_u64.pow(power)));
        let mut steps = decades.map(|step| step * one);
        steps.find(fits).unwrap_or(range.max(1))
    }
}

impl TryFrom<String> for AmountUnit {
    type Error = String;

    fn try_from(name: String) -> Result<AmountUnit, String> {
        AmountUnit::named(&name).ok_or_else(|| format!("`{name}` is no unit of sizes or rates"))
    }
}

impl From<AmountUnit> for String {
    fn from(unit: AmountUnit) -> String {
        unit.name()
    }
}

/// A value as a scenario writes it, exactly, with three digits behind the point at most. It is in the
/// greatest unit of which it is one at least: one of the two of the range's ends, or one between them of
/// the kind of the lower end's; else in that of the lower end, or in a smaller one.
pub(super) fn text([low, high]: [AmountUnit; 2], value: u64) -> String {
    let (least, most) =
        (low.factor().min(high.factor()), low.factor().max(high.factor()).min(value));
    let between = low.kind().filter(|unit| *unit != high);
    let mut between: Vec<AmountUnit> =
        between.chain([high]).filter(|unit| (least..=most).contains(&unit.factor())).collect();
    between.sort_by_key(|unit| std::cmp::Reverse(unit.factor()));
    let smaller = low.kind().filter(|unit| unit.factor() <= low.factor());
    let mut written = between.into_iter().chain(smaller).filter_map(|unit| unit.write(value));
    // A bit a second is 0.125 B/s, so that there is always one.
    written.next().unwrap_or_default()
}

/// The step of a range from `low` to `high` without one: the least round one that makes at most `most`
/// steps, and a thousandth of the lesser unit at least, unless an end is finer than that.
pub(super) fn step(units: [AmountUnit; 2], [low, high]: [u64; 2], most: u64) -> u64 {
    let [a, b] = units;
    let unit = if b.factor() < a.factor() { b } else { a };
    let finest = unit.finest();
    let whole = low.is_multiple_of(finest) && high.is_multiple_of(finest);
    unit.round_step(high - low, most, if whole { finest } else { 1 })
}

/// Reads a size in bytes or a rate in bits a second, with its unit; `None` if the text is neither.
pub fn read_amount(text: &str) -> Option<(AmountUnit, u64)> {
    read(text)?.ok()
}

/// Reads a size or a rate; `None` if the text is like neither.
pub(super) fn read(text: &str) -> Option<Result<(AmountUnit, u64), QuantityError>> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim();
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    let like = unit.to_lowercase();
    if !number || !like.contains('b') {
        return None;
    }
    let is_rate = like.contains('/') || like.ends_with("ps") || like.contains("bit");
    let value = if is_rate {
        parse_rate(text).map(|rate| rate.as_bits())
    } else {
        parse_size(text).map(|size| size.as_bytes())
    };
    match (value, AmountUnit::named(unit)) {
        (Ok(value), Some(unit)) => Some(Ok((unit, value))),
        // What could be read has a unit.
        (Ok(_), None) => None,
        (Err(error), _) => Some(Err(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(low: &str, high: &str) -> [AmountUnit; 2] {
        [low, high].map(|name| AmountUnit::named(name).unwrap())
    }

    #[test]
    fn a_value_is_in_the_unit_of_the_ends_where_that_is_short() {
        let cases = [
            (("MB/s", "MB/s"), 40_000_000, "5 MB/s"),
            (("MB/s", "MB/s"), 4_000_000, "0.5 MB/s"),
            (("MB/s", "MB/s"), 80_000_000_000, "10000 MB/s"),
            (("MB/s", "MB/s"), 40_000_400, "5000.05 kB/s"),
            (("MB/s", "MB/s"), 1, "0.125 B/s"),
            (("kB/s", "GB/s"), 40_000_000, "5 MB/s"),
            (("kB/s", "GB/s"), 4_000, "0.5 kB/s"),
            (("kbit/s", "MB/s"), 56_000, "56 kbit/s"),
            (("kbit/s", "MB/s"), 8_000_000, "1 MB/s"),
            (("Mbit/s", "kbit/s"), 2_500_000, "2.5 Mbit/s"),
            (("B", "B"), 1_000_000, "1000000 B"),
            (("MiB", "MiB"), 1_572_864, "1.5 MiB"),
            (("MiB", "GiB"), 1_572_864, "1.5 MiB"),
            // 976.5625 KiB
            (("MiB", "MiB"), 1_000_000, "1000000 B"),
        ];
        for ((low, high), value, written) in cases {
            let told = text(units(low, high), value);
            assert_eq!(told, written, "{low}..{high}");
        }
    }

    #[test]
    fn every_value_is_read_back_exactly() {
        for (low, high) in [("MB/s", "MB/s"), ("kbit/s", "GiB/s"), ("B/s", "TB/s")] {
            for shift in 18..64 {
                let value = 0x9e37_79b9_7f4a_7c15_u64 >> shift;
                let written = text(units(low, high), value);
                assert_eq!(parse_rate(&written).unwrap().as_bits(), value, "{written}");
            }
        }
        for (low, high) in [("kB", "GB"), ("MiB", "MiB"), ("MiB", "TB")] {
            for shift in 15..64 {
                let value = 0x9e37_79b9_7f4a_7c15_u64 >> shift;
                let written = text(units(low, high), value);
                assert_eq!(parse_size(&written).unwrap().as_bytes(), value, "{written}");
            }
        }
    }

    #[test]
    fn every_unit_is_found_by_its_name() {
        for name in ["B", "MB", "TiB", "B/s", "kB/s", "GiB/s", "bit/s", "Mbit/s"] {
            assert_eq!(AmountUnit::named(name).map(AmountUnit::name).as_deref(), Some(name));
        }
        assert_eq!(AmountUnit::named("mb"), None);
    }
}
