//! Sizes and rates, and how transfers share a distribution point's bandwidth.
//!
//! Everything is a whole number, so that a transfer's remaining work reaches exactly zero and
//! nothing drifts: work is counted in *grains*, 2^-48 of a bit, and rates in grains per millisecond,
//! rounded down. Rates change at whole milliseconds only, as everything does. Rounding loses less
//! than a grain a millisecond; so a transfer counts as done when less than a millionth of a bit is
//! left, and one that takes less than three days never ends a millisecond late for it.

use std::fmt;

use serde::{Serialize, Serializer};

/// Grains of a bit are 2 to this power.
const GRAIN_BITS: u32 = 48;
/// The grains that need not be transferred: a millionth (2^-20) of a bit.
const SLACK: u128 = 1 << 28;

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u64);

/// A rate of transfer: whole bits per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u64);

impl Size {
    /// The largest size that a scenario may name: 1 PB. Longer random draws are cut to it.
    pub const MAX: Size = Size(1_000_000_000_000_000);

    /// A size of `bytes` bytes.
    pub const fn from_bytes(bytes: u64) -> Size {
        Size(bytes)
    }

    /// The size nearest to `bytes` bytes, between one and [`Size::MAX`]; what is not a number
    /// counts as one.
    pub fn from_bytes_f64(bytes: f64) -> Size {
        // The cast saturates: negative and NaN become 0, infinity becomes u64::MAX.
        Size((libm::round(bytes) as u64).clamp(1, Size::MAX.0))
    }

    /// How many bytes it is.
    pub const fn as_bytes(self) -> u64 {
        self.0
    }

    /// The work of a transfer of this size, in grains.
    pub const fn grains(self) -> u128 {
        let grains = (self.0 as u128 * 8) << GRAIN_BITS;
        grains.saturating_sub(SLACK)
    }
}

impl Rate {
    /// The highest rate that a scenario may name, 100 Tbit/s: over 100 years that is some 2^126
    /// grains.
    pub const MAX: Rate = Rate(100_000_000_000_000);

    /// A rate of `bits` bits per second.
    pub const fn from_bits(bits: u64) -> Rate {
        Rate(bits)
    }

    /// How many bits per second it is.
    pub const fn as_bits(self) -> u64 {
        self.0
    }

    /// The rate in grains per millisecond, rounded down, at least 1.
    pub fn grains_per_milli(self) -> u128 {
        self.grains_per_milli_each(1)
    }

    /// What each of `connections` has of the rate, in grains per millisecond, rounded down, at
    /// least 1.
    pub fn grains_per_milli_each(self, connections: u32) -> u128 {
        let all = u128::from(self.0) << GRAIN_BITS;
        (all / (1000 * u128::from(connections))).max(1)
    }
}

/// The share of `grains` that each of `connections` has to carry: like the whole, it is done when
/// less than a millionth of a bit is left.
pub(super) fn grains_each(grains: u128, connections: u32) -> u128 {
    (grains + SLACK).div_ceil(u128::from(connections)).saturating_sub(SLACK)
}

/// What a distribution point can send, all its transfers together.
#[derive(Clone, Debug, PartialEq)]
pub struct Bandwidth {
    /// At its best.
    pub rate: Rate,
    /// The share of `rate` that is left with a number of open connections: (connections, share), with
    /// connections ascending and shares above 0 and at most 1. Between two entries the share lies
    /// on the line between them; before the first and after the last it is theirs. Empty: always
    /// all of it.
    pub efficiency: Vec<(u32, f64)>,
}

impl Bandwidth {
    /// The throughput with `open` connections, in grains per millisecond, at least 1.
    pub fn grains_per_milli(&self, open: u32) -> u128 {
        let full = self.rate.grains_per_milli();
        if self.efficiency.is_empty() {
            return full;
        }
        let share = self.share(open);
        let one = f64::from(1u32 << 31);
        (full * (share * one) as u128 / (1 << 31)).max(1)
    }

    /// The share of the rate that is left with `open` connections.
    fn share(&self, open: u32) -> f64 {
        let table = &self.efficiency;
        let after = table.partition_point(|&(connections, _)| connections < open);
        match (after.checked_sub(1).map(|before| table[before]), table.get(after)) {
            (None, None) => 1.0,
            (None, Some(&(_, share))) | (Some((_, share)), None) => share,
            (Some((low, from)), Some(&(high, to))) => {
                from + (to - from) * (f64::from(open - low) / f64::from(high - low))
            }
        }
    }
}

/// As scenario files write it, exactly, in the largest unit that gives a whole number.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [
            (1_000_000_000_000_000, "PB"),
            (1 << 40, "TiB"),
            (1_000_000_000_000, "TB"),
            (1 << 30, "GiB"),
            (1_000_000_000, "GB"),
            (1 << 20, "MiB"),
            (1_000_000, "MB"),
            (1 << 10, "KiB"),
            (1000, "kB"),
        ];
        in_largest_unit(f, self.0, &units, "B")
    }
}

/// As scenario files write it, exactly, in the largest unit that gives a whole number.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [
            (1_000_000_000_000, "Tbit/s"),
            (1_000_000_000, "Gbit/s"),
            (1_000_000, "Mbit/s"),
            (1000, "kbit/s"),
        ];
        in_largest_unit(f, self.0, &units, "bit/s")
    }
}

fn in_largest_unit(
    f: &mut fmt::Formatter<'_>,
    number: u64,
    units: &[(u64, &str)],
    one: &str,
) -> fmt::Result {
    match units.iter().find(|(unit, _)| number > 0 && number.is_multiple_of(*unit)) {
        Some((unit, name)) => write!(f, "{} {name}", number / unit),
        None => write!(f, "{number} {one}"),
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
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
    fn a_rate_times_its_time_is_its_size_to_a_grain_per_millisecond() {
        // 1 Mbit/s for a second is 125,000 bytes.
        let sent = Rate::from_bits(1_000_000).grains_per_milli() * 1000;
        assert_eq!(sent - Size::from_bytes(125_000).grains(), SLACK);
        let sent = Rate::from_bits(1).grains_per_milli() * 8000;
        assert!(sent - Size::from_bytes(1).grains() > SLACK - 8000);
    }

    #[test]
    fn shares_at_their_share_of_the_rate_take_as_long_as_the_whole() {
        let (rate, size) = (Rate::from_bits(10_000_000), Size::from_bytes(10_000_000));
        for connections in [1, 2, 3, 7, 1000] {
            let share = grains_each(size.grains(), connections);
            let millis = share.div_ceil(rate.grains_per_milli_each(connections));
            assert_eq!(millis, 8000, "{connections} connections");
        }
    }

    #[test]
    fn efficiency_is_linear_between_its_entries_and_level_outside() {
        let rate = Rate::from_bits(8_000_000);
        let bandwidth = Bandwidth { rate, efficiency: vec![(10, 1.0), (20, 0.5)] };
        let full = rate.grains_per_milli();
        let shares = [1, 10, 12, 15, 20, 500].map(|open| bandwidth.grains_per_milli(open));
        assert_eq!((shares[0], shares[1], shares[3]), (full, full, full * 3 / 4));
        assert_eq!((shares[4], shares[5]), (full / 2, full / 2));
        assert!(shares[2].abs_diff(full * 9 / 10) < full >> 28);
    }

    #[test]
    fn sizes_and_rates_are_written_in_the_largest_whole_unit() {
        let sizes = [40_000_000, 41_943_040, 1, 1_234_567, 2_048_000];
        let sizes = sizes.map(|bytes| Size::from_bytes(bytes).to_string());
        assert_eq!(sizes, ["40 MB", "40 MiB", "1 B", "1234567 B", "2000 KiB"]);
        let rates = [1_000_000_000, 33_600, 800_000_000].map(|bits| Rate(bits).to_string());
        assert_eq!(rates, ["1 Gbit/s", "33600 bit/s", "800 Mbit/s"]);
    }
}
