//! The smallest value that meets every target.
//!
//! # How it searches
//!
//! 1. One run at each of a few values across the range (a *coarse grid*; the least value last, and
//!    only if it comes to it: the smallest servers take the longest to simulate).
//! 2. If the targets are met from some grid value on and missed below it, the answer lies between
//!    two neighbours, and bisection finds two adjacent values, one missing and one meeting. If they
//!    are met here and there, the gap below the lowest value that meets them is gridded in turn.
//! 3. These two are then played again and again, on the same random numbers, until their intervals
//!    decide: the one meets every target, the one below misses one. If more runs turn a verdict, the
//!    pair moves by one. If the ceiling is reached first, the answer is inconclusive.
//!
//! Where no value seems to meet the targets, the one that comes nearest is played until it is sure
//! to miss them.

use super::{FIRST_PROOF, Found, Sizer};
use crate::results::ThresholdVerdict;
use crate::scenario::Variant;
use crate::study::StudyError;

/// Values of the coarse grid.
const GRID: u64 = 8;
/// Runs of a value in the first two steps.
const PROBE: u64 = 1;

impl<V: Fn(&str) -> Result<Variant, StudyError>> Sizer<'_, '_, V> {
    pub(super) fn find_smallest(&mut self) -> Result<Found, StudyError> {
        let found = self.descend()?;
        if let Found::Value(at) = found
            && at < self.last
        {
            // What the next value above would give, for whoever reads it.
            self.play(&[at + 1], FIRST_PROOF)?;
        }
        Ok(found)
    }

    fn descend(&mut self) -> Result<Found, StudyError> {
        let mut at = match self.bracket()? {
            Some(at) => at,
            None => {
                let at = self.nearest().unwrap_or(self.last);
                if self.prove(at)? == ThresholdVerdict::Fail {
                    return Ok(Found::Nothing(at));
                }
                at
            }
        };
        // Each round moves by one or decides; a noisy metric must not keep it going to and fro.
        for _ in 0..64 {
            match self.prove(at)? {
                ThresholdVerdict::Inconclusive => return Ok(Found::Undecided(at)),
                ThresholdVerdict::Fail if at == self.last => return Ok(Found::Nothing(at)),
                ThresholdVerdict::Fail => at += 1,
                ThresholdVerdict::Pass if at == 0 => return Ok(Found::Value(at)),
                ThresholdVerdict::Pass => match self.prove(at - 1)? {
                    ThresholdVerdict::Fail => return Ok(Found::Value(at)),
                    ThresholdVerdict::Inconclusive => return Ok(Found::Undecided(at - 1)),
                    ThresholdVerdict::Pass => at -= 1,
                },
            }
        }
        Ok(Found::Undecided(at))
    }

    /// The lowest value that seems to meet the targets, by few runs; `None` if none does.
    fn bracket(&mut self) -> Result<Option<u64>, StudyError> {
        let (mut low, mut high) = (0, self.last);
        let mut best = None;
        loop {
            // From the top down, without the lowest value of the range.
            let step = (high - low).div_ceil(GRID).max(1);
            let mut grid: Vec<u64> = (0..=GRID)
                .filter_map(|i| high.checked_sub(i * step))
                .filter(|&v| v > low)
                .collect();
            self.play(&grid, PROBE)?;
            grid.reverse();
            let met: Vec<bool> = grid.iter().map(|&at| self.seems_met(at)).collect();
            let Some(lowest) = met.iter().position(|met| *met) else {
                // Nothing above `low`; perhaps `low` itself.
                if best.is_none() && self.probe(low)? {
                    best = Some(low);
                }
                return Ok(best);
            };
            best = Some(grid[lowest]);
            let below = if lowest == 0 { low } else { grid[lowest - 1] };
            let monotone = met[lowest..].iter().all(|met| *met);
            if monotone {
                return self.bisect(below, grid[lowest], lowest == 0).map(Some);
            }
            if grid[lowest] - below <= 1 {
                return Ok(best);
            }
            (low, high) = (below, grid[lowest] - 1);
        }
    }

    /// Halves the range until `high`, which meets the targets, is next to a value that does not.
    fn bisect(&mut self, low: u64, high: u64, low_is_open: bool) -> Result<u64, StudyError> {
        let (mut missing, mut meeting) = (low, high);
        while meeting - missing > 1 {
            let middle = missing + (meeting - missing) / 2;
            if self.probe(middle)? {
                meeting = middle;
            } else {
                missing = middle;
            }
        }
        // The lowest value of the range has not been played yet.
        if low_is_open && missing == low && meeting > low && self.probe(low)? {
            meeting = low;
        }
        Ok(meeting)
    }

    /// Whether the means of a few runs meet every target.
    fn probe(&mut self, at: u64) -> Result<bool, StudyError> {
        self.play(&[at], PROBE)?;
        Ok(self.seems_met(at))
    }
}
