//! The smallest value that meets every target.
//!
//! # How it searches
//!
//! 1. One run at each of a few values across the range (a *coarse grid*; without the least value:
//!    the smallest servers take the longest to simulate).
//! 2. If the metrics of the targets only rise or only fall along the values that were simulated
//!    ([`shape`](super::shape)), each value shows on which side of it the answer lies, and bisection
//!    finds two adjacent values: one that misses a target and one that meets all. Otherwise gaps are
//!    halved in rounds: the gap below the lowest value that meets the targets, the gaps beside the
//!    values that come nearest to meeting them, and the widest gaps, up to [`REFINEMENT`] values.
//! 3. These two values are then simulated repeatedly, on the same random numbers, until their
//!    intervals decide that one meets every target and the one below misses a target. If more runs
//!    reverse a verdict, the pair moves by one. If the ceiling is reached first, the answer is
//!    inconclusive, and the neighbours of the undecided value are proven to narrow it down.
//!
//! If no value seems to meet the targets, the nearest value is simulated until it is shown to miss them.
//! The answer is that none meets them only if the metrics are monotone or every value was simulated.

use std::collections::BTreeSet;

use super::shape::Side;
use super::sizer::{FIRST_PROOF, Found, Sizer};
use crate::results::ThresholdVerdict;
use crate::study::StudyError;

/// Values of the coarse grid.
const GRID: u64 = 8;
/// Values of the coarse grid of a deterministic scenario, where one run of each is enough. Without
/// randomness the curves of clients in lockstep have the steepest steps.
const FINE_GRID: u64 = 32;
/// Runs of a value in the first two steps.
pub(super) const PROBE: u64 = 1;
/// How many more values are simulated where the curve goes up and down.
const REFINEMENT: usize = 64;
/// How many values of a round are beside the nearest, and how many in the widest gaps.
const ROUND: [usize; 2] = [3, 4];
/// How many neighbours of an undecided value are proven on each side.
const NEIGHBOURS: u64 = 3;

impl Sizer<'_, '_> {
    pub(super) fn find_smallest(&mut self) -> Result<Found, StudyError> {
        if self.simulator.is_none() {
            return Ok(self.scan());
        }
        self.simulate_grid()?;
        let mut budget = REFINEMENT;
        loop {
            let before = self.monotone;
            let candidate = self.seek(&mut budget)?;
            let found = self.descend(candidate)?;
            // The values simulated for the proof may show more of the shape.
            self.monotone = self.is_monotone()?;
            if self.monotone || !before || budget == 0 {
                if let Found::Value(at) = found
                    && at < self.last
                {
                    // The report shows the next value above for comparison.
                    self.simulate(
                        &[at + 1],
                        if self.is_deterministic(at) { 1 } else { FIRST_PROOF },
                    )?;
                    // And where the band of values that meet the targets ends.
                    self.bisect_up(at)?;
                }
                return Ok(found);
            }
        }
    }

    /// The answer where every value has all its runs.
    fn scan(&self) -> Found {
        let all = || self.simulated.keys().copied();
        let open = |at: &u64| self.verdict(*at) == ThresholdVerdict::Inconclusive;
        let lowest = all().find(|&at| self.verdict(at) == ThresholdVerdict::Pass);
        let below = lowest.unwrap_or(self.last + 1);
        match (lowest, all().filter(open).rfind(|&at| at < below)) {
            (Some(lowest), None) => Found::Value(lowest),
            (Some(_), Some(open)) => Found::Undecided(open),
            (None, None) => Found::Nothing(self.nearest().unwrap_or(0)),
            (None, Some(last)) => {
                let nearest =
                    all().filter(open).min_by(|&a, &b| self.miss(a).total_cmp(&self.miss(b)));
                Found::Undecided(nearest.unwrap_or(last))
            }
        }
    }

    pub(super) fn simulate_grid(&mut self) -> Result<(), StudyError> {
        self.open(self.last)?;
        let values = if self.is_deterministic(self.last) { FINE_GRID } else { GRID };
        let step = self.last.div_ceil(values).max(1);
        // From the top down, without the least value of the range unless it is the only one.
        let grid = (0..=values).filter_map(|i| self.last.checked_sub(i * step));
        let grid: Vec<u64> = grid.filter(|&at| at > 0 || self.last == 0).collect();
        self.simulate(&grid, PROBE)
    }

    /// Searches with few runs for the lowest value that seems to meet the targets; `None` if none does.
    fn seek(&mut self, budget: &mut usize) -> Result<Option<u64>, StudyError> {
        loop {
            self.monotone = self.is_monotone()?;
            if !self.monotone {
                self.look_closer(budget)?;
                return Ok(self.lowest_met());
            }
            match self.next_probe() {
                Some(at) => self.simulate(&[at], PROBE)?,
                None => return Ok(self.lowest_met()),
            }
        }
    }

    fn lowest_met(&self) -> Option<u64> {
        self.simulated.keys().copied().find(|&at| self.may_meet(at))
    }

    /// The value to simulate next if the metrics are monotone; `None` if none is left.
    fn next_probe(&self) -> Option<u64> {
        if let Some(best) = self.lowest_met() {
            return match self.simulated.range(..best).next_back() {
                None => best.checked_sub(1).map(|_| best / 2),
                Some((&below, _)) => (best - below > 1).then(|| below + (best - below) / 2),
            };
        }
        let on =
            |side: Side| self.simulated.keys().copied().filter(move |&at| self.side(at) == side);
        let low = on(Side::Above).max().map_or(0, |at| at + 1);
        let high = on(Side::Below).min().unwrap_or(self.last + 1);
        let middle = (low < high).then(|| low + (high - low) / 2)?;
        // Where a metric is flat, no value shows a side: only the least value is left.
        [middle, low].into_iter().find(|at| !self.simulated.contains_key(at))
    }

    /// Halves gaps where metrics go up and down, in rounds.
    fn look_closer(&mut self, budget: &mut usize) -> Result<(), StudyError> {
        if *budget > 0 && !self.simulated.contains_key(&0) {
            self.simulate(&[0], PROBE)?;
            *budget -= 1;
        }
        while *budget > 0 {
            let below = self.lowest_met().unwrap_or(self.last);
            let known: Vec<u64> = self.simulated.range(..=below).map(|(&at, _)| at).collect();
            let mut gaps: Vec<(u64, u64)> = known
                .windows(2)
                .map(|pair| (pair[0], pair[1]))
                .filter(|(a, b)| b - a > 1)
                .collect();
            let middle = |&(a, b): &(u64, u64)| a + (b - a) / 2;
            // The gap below the lowest that meets them, if there is one.
            let mut chosen: Vec<u64> = gaps.last().map(middle).into_iter().collect();
            let miss = |&(a, b): &(u64, u64)| self.miss(a).min(self.miss(b));
            gaps.sort_by(|a, b| miss(a).total_cmp(&miss(b)));
            chosen.extend(gaps.iter().take(ROUND[0]).map(middle));
            gaps.sort_by_key(|(a, b)| std::cmp::Reverse(b - a));
            chosen.extend(gaps.iter().take(ROUND[1]).map(middle));
            chosen.truncate(*budget);
            let chosen = Vec::from_iter(BTreeSet::from_iter(chosen));
            if chosen.is_empty() {
                return Ok(());
            }
            *budget -= chosen.len();
            self.simulate(&chosen, PROBE)?;
        }
        Ok(())
    }

    /// Proves that a value meets the targets and the one below does not. Where more runs reverse a
    /// verdict, the pair moves by one.
    fn descend(&mut self, candidate: Option<u64>) -> Result<Found, StudyError> {
        let mut at = match candidate {
            Some(at) => at,
            None => match self.none_seems_met()? {
                Ok(at) => at,
                Err(found) => return Ok(found),
            },
        };
        // A noisy metric must not move the pair to and fro for ever.
        for _ in 0..64 {
            match self.prove(at)? {
                ThresholdVerdict::Inconclusive => return self.undecided(at),
                ThresholdVerdict::Fail if at == self.last => return Ok(self.nothing(at)),
                ThresholdVerdict::Fail => at += 1,
                ThresholdVerdict::Pass if at == 0 => return Ok(Found::Value(at)),
                ThresholdVerdict::Pass => match self.prove(at - 1)? {
                    ThresholdVerdict::Fail => return Ok(Found::Value(at)),
                    ThresholdVerdict::Inconclusive => return self.undecided(at - 1),
                    ThresholdVerdict::Pass => at -= 1,
                },
            }
        }
        Ok(Found::Undecided(at))
    }

    /// Proves that no value meets the targets, where none seems to: `Err` with the answer, or `Ok` with a
    /// value that more runs prove to meet them.
    fn none_seems_met(&mut self) -> Result<Result<u64, Found>, StudyError> {
        let nearest = self.nearest().unwrap_or(self.last);
        // One of two neighbours may be too low and the other too high.
        let other_side =
            |at: &u64| self.simulated.contains_key(at) && self.side(*at) != self.side(nearest);
        let beside = [nearest.checked_sub(1), nearest.checked_add(1)];
        let beside: Vec<u64> = beside.into_iter().flatten().filter(other_side).collect();
        for at in [nearest].into_iter().chain(beside) {
            match self.prove(at)? {
                ThresholdVerdict::Fail => {}
                ThresholdVerdict::Pass => return Ok(Ok(at)),
                ThresholdVerdict::Inconclusive => return self.undecided(at).map(Err),
            }
        }
        Ok(Err(self.nothing(nearest)))
    }

    /// The answer that no value meets the targets, or no simulated one if others might.
    pub(super) fn nothing(&self, nearest: u64) -> Found {
        if self.monotone || self.all_fail_below(self.last + 1) {
            Found::Nothing(nearest)
        } else {
            Found::Unseen(nearest)
        }
    }

    /// Whether every value below `at` was simulated and is proven to miss a target.
    pub(super) fn all_fail_below(&self, at: u64) -> bool {
        let failing = self.simulated.range(..at);
        let failing = failing.filter(|(at, _)| self.verdict(**at) == ThresholdVerdict::Fail);
        failing.count() as u64 == at
    }

    /// Proves the neighbours of a value that remains undecided, to narrow the answer down.
    fn undecided(&mut self, at: u64) -> Result<Found, StudyError> {
        let measured =
            self.search.targets.iter().all(|(_, target)| self.mean(at, &target.metric).is_some());
        if measured {
            let above = (at + 1..=self.last).take(NEIGHBOURS as usize);
            let below = (at.saturating_sub(NEIGHBOURS)..at).rev();
            for above in above {
                if self.prove(above)? == ThresholdVerdict::Pass {
                    break;
                }
            }
            for below in below {
                if self.prove(below)? == ThresholdVerdict::Fail {
                    break;
                }
            }
        }
        Ok(Found::Undecided(at))
    }
}
