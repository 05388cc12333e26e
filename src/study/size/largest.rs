//! The largest value that meets every target, and the upper end of the band of values that meet them.
//!
//! The search is like that for the [smallest](super::smallest) value, but from the top down: a coarse grid,
//! bisection between the largest value that seems to meet the targets and the next one above that misses
//! them, and the proof of that pair. If no value of the grid seems to meet the targets, the search for the
//! smallest value looks closer first.

use super::sizer::{Found, Sizer};
use super::smallest::PROBE;
use crate::results::ThresholdVerdict;
use crate::study::StudyError;

impl Sizer<'_, '_> {
    pub(super) fn find_largest(&mut self) -> Result<Found, StudyError> {
        if self.simulator.is_none() {
            return Ok(self.scan_down());
        }
        self.simulate_grid()?;
        let candidate = match self.highest_met() {
            Some(at) => at,
            None => match self.find_smallest()? {
                Found::Value(at) => self.highest_met().unwrap_or(at),
                found => return Ok(found),
            },
        };
        let at = self.bisect_up(candidate)?;
        let found = self.ascend(at)?;
        self.monotone = self.is_monotone()?;
        Ok(found)
    }

    /// The answer where every value has all its runs.
    fn scan_down(&self) -> Found {
        let all = || self.simulated.keys().copied();
        let open = |at: &u64| self.verdict(*at) == ThresholdVerdict::Inconclusive;
        let highest = all().rfind(|&at| self.verdict(at) == ThresholdVerdict::Pass);
        match (highest, all().find(|at| open(at) && highest.is_none_or(|highest| *at > highest))) {
            (Some(highest), None) => Found::Value(highest),
            (_, Some(open)) => Found::Undecided(open),
            (None, None) => Found::Nothing(self.nearest().unwrap_or(0)),
        }
    }

    fn highest_met(&self) -> Option<u64> {
        self.simulated.keys().copied().rfind(|&at| self.may_meet(at))
    }

    /// From a value that seems to meet the targets on, the last before one that does not, as far as single
    /// runs show.
    pub(super) fn bisect_up(&mut self, from: u64) -> Result<u64, StudyError> {
        let mut met = from;
        loop {
            met = self.end_of_band(met);
            let above = self.simulated.range(met + 1..).next().map_or(self.last + 1, |(&at, _)| at);
            if above - met <= 1 {
                return Ok(met);
            }
            self.simulate(&[met + (above - met) / 2], PROBE)?;
        }
    }

    /// The last of the simulated values from `at` on that seem to meet the targets without a gap.
    pub(super) fn end_of_band(&self, at: u64) -> u64 {
        let band = self.simulated.range(at..).take_while(|(at, _)| self.may_meet(**at));
        band.last().map_or(at, |(&at, _)| at)
    }

    /// Proves that a value meets the targets and the one above does not. Where more runs reverse a verdict,
    /// the pair moves by one.
    fn ascend(&mut self, mut at: u64) -> Result<Found, StudyError> {
        // A noisy metric must not move the pair to and fro for ever.
        for _ in 0..64 {
            match self.prove(at)? {
                ThresholdVerdict::Inconclusive => return Ok(Found::Undecided(at)),
                ThresholdVerdict::Fail if at == 0 => return Ok(self.nothing(at)),
                ThresholdVerdict::Fail => at -= 1,
                ThresholdVerdict::Pass if at == self.last => return Ok(Found::Value(at)),
                ThresholdVerdict::Pass => match self.prove(at + 1)? {
                    ThresholdVerdict::Fail => return Ok(Found::Value(at)),
                    ThresholdVerdict::Inconclusive => return Ok(Found::Undecided(at + 1)),
                    ThresholdVerdict::Pass => at += 1,
                },
            }
        }
        Ok(Found::Undecided(at))
    }

    /// Whether every value above `at` was simulated and is proven to miss a target.
    pub(super) fn all_fail_above(&self, at: u64) -> bool {
        let failing = self.simulated.range(at + 1..);
        let failing = failing.filter(|(at, _)| self.verdict(**at) == ThresholdVerdict::Fail);
        failing.count() as u64 == self.last - at
    }
}
