//! The best value: of the values that meet every target, the one at which a metric is greatest or least.
//!
//! # How it searches
//!
//! 1. A few runs at each value of a coarse grid across the range, under common random numbers. The
//!    *leader* is the value with the best mean of those that seem to meet the targets.
//! 2. The gaps beside the leader are halved until its neighbours are simulated. The gap below the
//!    smallest value that is not shown to be worse is halved, too: it may contain the edge of a
//!    plateau. Where the curve goes up and down, the tops of its three best hills are searched for in
//!    the same way.
//! 3. A value that is shown neither to be worse than the leader nor to miss a target is a *contender*.
//!    Contenders are simulated repeatedly, and their differences from the leader taken run by run,
//!    until each is worse, or *level*: its interval ends within 1% of the leader. Intervals are
//!    widened for the number of comparisons and of looks at their runs (Bonferroni), so that the
//!    answer as a whole has the confidence. Differences that are equal in all runs are judged as in
//!    [`judge`](super::judge).
//!
//! The smallest of the remaining contenders is chosen: it is not shown to be worse than the leader, and a
//! smaller limit, or a shorter time, is the more cautious advice. If the ceiling is reached first, the
//! answer is inconclusive.

use std::collections::BTreeSet;

use super::sizer::{BEST_PROBE, FIRST_PROOF, Found, Sizer};
use crate::results::{Direction, SearchDifference, Standing, ThresholdVerdict};
use crate::stats::interval::Moments;
use crate::study::StudyError;

/// Gaps of the coarse grid.
const GRID: u64 = 16;
/// How many hills are climbed where the curve goes up and down.
const HILLS: usize = 3;
/// Values that lose less than this share of the leader's mean count as equally good.
const TOLERANCE: f64 = 0.01;

impl Sizer<'_, '_> {
    pub(super) fn find_best(&mut self) -> Result<Found, StudyError> {
        let grid: BTreeSet<u64> = (0..=GRID)
            .map(|i| (u128::from(self.last) * u128::from(i) / u128::from(GRID)) as u64)
            .collect();
        self.simulate(&Vec::from_iter(grid), BEST_PROBE)?;
        // A noisy metric must not keep the search going for ever.
        for _ in 0..64 {
            self.refine()?;
            let Some(leader) = self.settle()? else { return self.none_meets() };
            let contenders = self.contenders(leader, self.joint_confidence());
            if !contenders.iter().all(|&at| self.is_settled(at, leader)) {
                return Ok(Found::Undecided(leader));
            }
            let chosen = contenders.first().copied().unwrap_or(leader);
            let beside = [chosen.checked_sub(1), leader.checked_sub(1), leader.checked_add(1)];
            let new: Vec<u64> = beside
                .into_iter()
                .flatten()
                .filter(|at| *at <= self.last && !self.simulated.contains_key(at))
                .collect();
            if new.is_empty() {
                return Ok(Found::Value(chosen));
            }
            self.simulate(&new, FIRST_PROOF)?;
        }
        Ok(Found::Undecided(self.leader().unwrap_or(0)))
    }

    /// Halves the gaps where the best value may lie.
    fn refine(&mut self) -> Result<(), StudyError> {
        loop {
            let Some(leader) = self.leader().or_else(|| self.nearest()) else {
                return Ok(());
            };
            let mut middles = BTreeSet::from_iter(self.gaps(leader));
            let level = self.contenders(leader, self.search.confidence);
            middles.extend(level.first().and_then(|&at| self.gaps(at).next()));
            for at in self.other_hills() {
                middles.extend(self.gaps(at));
            }
            if middles.is_empty() {
                return Ok(());
            }
            self.simulate(&Vec::from_iter(middles), BEST_PROBE)?;
        }
    }

    /// The middles of the gaps below and above a value that was simulated, where there are any.
    fn gaps(&self, at: u64) -> impl Iterator<Item = u64> + use<> {
        let below = self.simulated.range(..at).next_back().map(|(&below, _)| below);
        let above = self.simulated.range(at + 1..).next().map(|(&above, _)| above);
        let below = below.filter(|below| at - below > 1).map(|below| below + (at - below) / 2);
        let above = above.filter(|above| above - at > 1).map(|above| at + (above - at) / 2);
        [below, above].into_iter().flatten()
    }

    /// Simulates contenders until all of them are settled or the ceiling is reached; returns the leader,
    /// or `None` if every value misses a target.
    fn settle(&mut self) -> Result<Option<u64>, StudyError> {
        loop {
            let Some(leader) = self.leader() else { return Ok(None) };
            let contenders = self.contenders(leader, self.joint_confidence());
            let open = |&at: &u64| {
                self.simulated[&at].runs < FIRST_PROOF.min(self.search.ceiling)
                    || !self.is_settled(at, leader)
            };
            let mut wanted: Vec<u64> = contenders.into_iter().filter(open).collect();
            if wanted.is_empty() {
                return Ok(Some(leader));
            }
            wanted.push(leader);
            let fewest = wanted.iter().map(|at| self.simulated[at].runs).min().unwrap_or(0);
            if fewest >= self.search.ceiling {
                return Ok(Some(leader));
            }
            self.simulate(&wanted, (fewest * 2).max(FIRST_PROOF))?;
        }
    }

    /// The answer where no value is left that may meet the targets: the nearest value, if it is shown to
    /// miss them.
    fn none_meets(&mut self) -> Result<Found, StudyError> {
        let Some(nearest) = self.nearest() else { return Ok(Found::Undecided(0)) };
        if !self.simulated.keys().any(|&at| self.mean_of_objective(at).is_some()) {
            return Ok(Found::Undecided(nearest));
        }
        Ok(match self.prove(nearest)? {
            ThresholdVerdict::Fail => Found::Nothing(nearest),
            _ => Found::Undecided(nearest),
        })
    }

    /// The value with the best mean of those that seem to meet the targets; if none does, of those that
    /// are not shown to miss them. Of equal values the smallest.
    pub(super) fn leader(&self) -> Option<u64> {
        let possible = |at: &u64| {
            self.mean_of_objective(*at).is_some() && self.verdict(*at) != ThresholdVerdict::Fail
        };
        let possible: Vec<u64> = self.simulated.keys().copied().filter(possible).collect();
        let less = |a: &u64, b: &u64| self.loss(*a).total_cmp(&self.loss(*b));
        let meeting = possible.iter().copied().filter(|&at| self.seems_met(at));
        meeting.min_by(less).or_else(|| possible.iter().copied().min_by(less))
    }

    /// The values that are neither shown to be worse than the leader nor to miss a target, ascending.
    pub(super) fn contenders(&self, leader: u64, confidence: f64) -> Vec<u64> {
        let all = self.simulated.keys().copied();
        all.filter(|&at| {
            let difference = self.difference(at, leader, confidence);
            difference.is_some_and(|difference| difference.standing != Standing::Worse)
                && self.verdict(at) != ThresholdVerdict::Fail
        })
        .collect()
    }

    fn is_settled(&self, at: u64, leader: u64) -> bool {
        let difference = self.difference(at, leader, self.joint_confidence());
        difference.is_some_and(|difference| difference.standing != Standing::Undecided)
            && self.verdict(at) == ThresholdVerdict::Pass
    }

    /// The confidence of one look at one comparison, so that all together have that of the search.
    pub(super) fn joint_confidence(&self) -> f64 {
        let comparisons = self.simulated.len().saturating_sub(1).max(1) as f64;
        // If there are targets, half of the error is for the verdicts on them.
        let half = if self.search.targets.is_empty() { 1.0 } else { 0.5 };
        1.0 - self.alpha() * half / (comparisons * self.looks(BEST_PROBE))
    }

    /// How a value differs from the leader; `None` where either has no value in any common run.
    pub(super) fn difference(
        &self,
        at: u64,
        leader: u64,
        confidence: f64,
    ) -> Option<SearchDifference> {
        let differences = Moments::of_differences(self.watched(at, 0), self.watched(leader, 0));
        // Differences that are equal in all runs prove as little as values that are.
        let deterministic = self.is_deterministic(at) && self.is_deterministic(leader);
        let interval = self.interval(&differences, deterministic, 1.0 - confidence);
        // The range of possible losses.
        let direction = self.search.objective.as_ref()?.direction;
        let losses = interval.map(|[low, high]| match direction {
            Direction::Minimise => [low, high],
            Direction::Maximise => [-high, -low],
        });
        let standing = match losses {
            _ if at == leader => Standing::Leader,
            Some([least, _]) if least > 0.0 => Standing::Worse,
            Some([_, most]) if most <= self.tolerance(leader) => Standing::Level,
            _ => Standing::Undecided,
        };
        let mean = differences.mean();
        (differences.count() > 0).then_some(SearchDifference { mean, interval, standing })
    }

    /// What a value may lose against the leader and still count as equally good.
    pub(super) fn tolerance(&self, leader: u64) -> f64 {
        self.mean_of_objective(leader).map_or(0.0, |mean| mean.abs() * TOLERANCE)
    }

    fn mean_of_objective(&self, at: u64) -> Option<f64> {
        self.mean(at, &self.search.objective.as_ref()?.metric)
    }

    /// The mean of the objective, negated if a greater one is better; infinite where it has no value.
    pub(super) fn loss(&self, at: u64) -> f64 {
        let direction = self.search.objective.as_ref().map(|objective| objective.direction);
        match (self.mean_of_objective(at), direction) {
            (None, _) => f64::INFINITY,
            (Some(mean), Some(Direction::Maximise)) => -mean,
            (Some(mean), _) => mean,
        }
    }

    /// The best few of the values that may meet the targets and have no better neighbour. If the curve has
    /// one hill, that is the leader only.
    fn other_hills(&self) -> Vec<u64> {
        let possible = self.simulated.keys().copied().filter(|&at| self.seems_met(at));
        let possible: Vec<(u64, f64)> =
            possible.map(|at| (at, self.loss(at))).filter(|(_, l)| l.is_finite()).collect();
        let no_better = |i: Option<usize>, loss: f64| {
            i.and_then(|i| possible.get(i)).is_none_or(|(_, other)| *other >= loss)
        };
        let mut tops: Vec<(u64, f64)> = Vec::new();
        for (i, &(at, loss)) in possible.iter().enumerate() {
            // The first value of a flat top stands for all of it.
            let flat = i.checked_sub(1).is_some_and(|before| possible[before].1 == loss);
            if !flat && no_better(i.checked_sub(1), loss) && no_better(Some(i + 1), loss) {
                tops.push((at, loss));
            }
        }
        tops.sort_by(|a, b| a.1.total_cmp(&b.1));
        tops.into_iter().take(HILLS).map(|(at, _)| at).collect()
    }
}
