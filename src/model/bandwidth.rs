//! Sizes and rates, and how transfers share a distribution point's bandwidth.
//!
//! Everything is a whole number, so that a transfer's remaining work reaches exactly zero and
//! nothing drifts: work is counted in *grains*, 2^-48 of a bit, and rates in grains a millisecond,
//! rounded down. Rates change at whole milliseconds only, as everything does. Rounding loses less
//! than a grain a millisecond; so a transfer counts as done when less than a millionth of a bit is
//! left, and one that takes less than three days never ends a millisecond late for it.

use crate::value::{Rate, Size};

/// Grains of a bit are 2 to this power.
const GRAIN_BITS: u32 = 48;
/// The grains that need not be transferred: a millionth (2^-20) of a bit.
const SLACK: u128 = 1 << 28;

impl Size {
    /// The work of a transfer of this size, in grains.
    pub const fn grains(self) -> u128 {
        let grains = (self.as_bytes() as u128 * 8) << GRAIN_BITS;
        grains.saturating_sub(SLACK)
    }
}

impl Rate {
    /// The rate in grains a millisecond, rounded down, at least 1.
    pub fn grains_per_milli(self) -> u128 {
        self.grains_per_milli_each(1)
    }

    /// What each of `connections` has of the rate, in grains a millisecond, rounded down, at
    /// least 1.
    pub fn grains_per_milli_each(self, connections: u32) -> u128 {
        let all = u128::from(self.as_bits()) << GRAIN_BITS;
        (all / (1000 * u128::from(connections))).max(1)
    }
}

/// The part of a work of `grains` that each of `connections` has to do: like the whole, it is done
/// when less than a millionth of a bit is left.
pub(super) fn grains_each(grains: u128, connections: u32) -> u128 {
    (grains + SLACK).div_ceil(u128::from(connections)).saturating_sub(SLACK)
}

/// What a distribution point can send, all its transfers together.
#[derive(Clone, Debug, PartialEq)]
pub struct Bandwidth {
    /// At its best.
    pub rate: Rate,
    /// The share of `rate` that is left with so many open connections: (connections, share), with
    /// connections ascending and shares above 0 and at most 1. Between two entries the share lies
    /// on the line between them; before the first and after the last it is theirs. Empty: always
    /// all of it.
    pub efficiency: Vec<(u32, f64)>,
}

impl Bandwidth {
    /// The throughput with `open` connections, in grains a millisecond, at least 1.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_times_its_time_is_its_size_to_a_grain_a_millisecond() {
        // 1 Mbit/s for a second is 125,000 bytes.
        let sent = Rate::from_bits(1_000_000).grains_per_milli() * 1000;
        assert_eq!(sent - Size::from_bytes(125_000).grains(), SLACK);
        let sent = Rate::from_bits(1).grains_per_milli() * 8000;
        assert!(sent - Size::from_bytes(1).grains() > SLACK - 8000);
    }

    #[test]
    fn parts_at_their_part_of_the_rate_take_as_long_as_the_whole() {
        let (rate, size) = (Rate::from_bits(10_000_000), Size::from_bytes(10_000_000));
        for connections in [1, 2, 3, 7, 1000] {
            let part = grains_each(size.grains(), connections);
            let millis = part.div_ceil(rate.grains_per_milli_each(connections));
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
}
