//! Amounts at the ends of ranges: sizes in whole bytes and rates in whole bits per second, written in the
//! units of the range's ends.

use crate::value::{Rate, Size, Unit, ValueError, write_decimal};

/// The most digits after the decimal point: with more of them, a smaller unit is easier to read.
const MOST_DECIMALS: u32 = 3;

/// Whether both units have the same base, and both count in thousands, or both in 1024s.
fn is_like(unit: Unit, other: Unit) -> bool {
    let base = unit.without_prefix();
    let plain = unit == base || other == base;
    base == other.without_prefix() && (plain || unit.is_binary() == other.is_binary())
}

/// The units of the same kind as this one, the largest first.
fn alike(unit: Unit) -> impl Iterator<Item = Unit> {
    unit.siblings().rev().filter(move |other| is_like(*other, unit))
}

/// A value in this unit, `7.5 MB/s`; `None` if that takes too many digits after the point.
fn write(unit: Unit, value: u64) -> Option<String> {
    let scale = 10_u64.pow(MOST_DECIMALS);
    let (scaled, factor) = (u128::from(value) * u128::from(scale), u128::from(unit.factor()));
    let thousandths = u64::try_from(scaled / factor).ok()?;
    let number = write_decimal(thousandths, MOST_DECIMALS);
    (scaled % factor == 0).then(|| format!("{number} {}", unit.name()))
}

/// A value as it is written in a scenario, exactly, with at most three digits after the point. Its unit
/// is the largest in which it is at least 1, among the units of the range's two ends and the units
/// between them of the same kind as the lower end's; otherwise the unit of the lower end, or a smaller
/// one.
pub(super) fn text([low, high]: [Unit; 2], value: u64) -> String {
    let (least, most) =
        (low.factor().min(high.factor()), low.factor().max(high.factor()).min(value));
    let between = alike(low).filter(|unit| *unit != high);
    let mut between: Vec<Unit> =
        between.chain([high]).filter(|unit| (least..=most).contains(&unit.factor())).collect();
    between.sort_by_key(|unit| std::cmp::Reverse(unit.factor()));
    let smaller = alike(low).filter(|unit| unit.factor() <= low.factor());
    let mut written = between.into_iter().chain(smaller).filter_map(|unit| write(unit, value));
    // One bit per second is 0.125 B/s, so there is always a unit.
    written.next().unwrap_or_default()
}

/// Reads a size in bytes or a rate in bits per second, with its unit; `None` if the text is neither.
pub fn read_amount(text: &str) -> Option<(Unit, u64)> {
    read(text)?.ok()
}

/// Reads a size or a rate; `None` if the text looks like neither.
pub(super) fn read(text: &str) -> Option<Result<(Unit, u64), ValueError>> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim();
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    let like = unit.to_lowercase();
    if !number || !like.contains('b') {
        return None;
    }
    let is_rate = like.contains('/') || like.ends_with("ps") || like.contains("bit");
    Some(if is_rate {
        Rate::read(text).map(|(rate, unit)| (unit, rate.as_bits()))
    } else {
        Size::read(text).map(|(size, unit)| (unit, size.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(low: &str, high: &str) -> [Unit; 2] {
        [low, high].map(|name| Unit::named(name).unwrap())
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
            let found = text(units(low, high), value);
            assert_eq!(found, written, "{low}..{high}");
        }
    }

    #[test]
    fn every_value_is_read_back_exactly() {
        for (low, high) in [("MB/s", "MB/s"), ("kbit/s", "GiB/s"), ("B/s", "TB/s")] {
            for shift in 18..64 {
                let value = 0x9e37_79b9_7f4a_7c15_u64 >> shift;
                let written = text(units(low, high), value);
                assert_eq!(written.parse(), Ok(Rate::from_bits(value)), "{written}");
            }
        }
        for (low, high) in [("kB", "GB"), ("MiB", "MiB"), ("MiB", "TB")] {
            for shift in 15..64 {
                let value = 0x9e37_79b9_7f4a_7c15_u64 >> shift;
                let written = text(units(low, high), value);
                assert_eq!(written.parse(), Ok(Size::from_bytes(value)), "{written}");
            }
        }
    }
}
