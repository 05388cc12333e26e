//! The shape of the curve: whether the metrics of the targets only rise or only fall.
//!
//! Only then do a few values allow conclusions about the values between them. A metric counts as monotone
//! if nowhere along the simulated values it moves against its trend by more than 1% of its whole spread,
//! or across the value of the target. If the means of few runs show such a move, more runs decide
//! whether the difference, taken run by run, is more than noise.

use super::sizer::{FIRST_PROOF, Sizer};
use crate::scenario::{MetricPath, Operator, Target};
use crate::stats::interval::Moments;
use crate::study::StudyError;

/// A move against the trend by less than this share of the spread is ignored.
const TOLERANCE: f64 = 0.01;
/// The confidence with which such a move has to be more than noise.
const CONFIDENCE: f64 = 0.99;
/// The greatest number of moves that are examined with more runs: a noisy metric must not keep the search
/// going for ever.
const SUSPECTS: usize = 4;

/// Which way a metric goes as the value grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trend {
    Flat,
    Rising,
    Falling,
}

/// On which side of a value those that meet the targets lie, if the metrics are monotone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// This value meets them.
    Here,
    /// Only at greater values.
    Above,
    /// Only at lesser values.
    Below,
    /// Unknown, or on no side.
    Unknown,
}

/// The greatest move of a metric in one direction, from one value to a greater one.
#[derive(Clone, Copy, Debug)]
struct Move {
    size: f64,
    from: (u64, f64),
    to: (u64, f64),
}

impl Sizer<'_, '_> {
    /// Whether the metrics of all targets only rise or only fall along the values that were simulated.
    pub(super) fn is_monotone(&mut self) -> Result<bool, StudyError> {
        let targets = self.search.targets;
        for (index, (_, target)) in targets.iter().enumerate() {
            while let Some(suspect) = self.other_way(target) {
                let (from, to) = (suspect.from.0, suspect.to.0);
                if self.is_shown(index, from, to)? {
                    return Ok(false);
                }
                if self.noise.len() >= SUSPECTS {
                    break;
                }
                self.noise.push((index, from, to));
            }
        }
        Ok(true)
    }

    fn means(&self, metric: &MetricPath) -> Vec<(u64, f64)> {
        self.simulated.keys().filter_map(|&at| Some((at, self.mean(at, metric)?))).collect()
    }

    fn trend(&self, metric: &MetricPath) -> Trend {
        let means = self.means(metric);
        let size = |sign| greatest(&means, sign, |_, _| false).map_or(0.0, |found| found.size);
        let (rise, fall) = (size(1.0), size(-1.0));
        if rise == fall {
            Trend::Flat
        } else if rise > fall {
            Trend::Rising
        } else {
            Trend::Falling
        }
    }

    /// The greatest move of a target's metric against its trend, if it counts and is not known to be
    /// noise.
    fn other_way(&self, target: &Target) -> Option<Move> {
        let means = self.means(&target.metric);
        let index = self.search.targets.iter().position(|(_, known)| known == target)?;
        let sign = match self.trend(&target.metric) {
            Trend::Falling => 1.0,
            Trend::Rising | Trend::Flat => -1.0,
        };
        let is_noise = |from, to| self.noise.contains(&(index, from, to));
        let found = greatest(&means, sign, is_noise)?;
        let values = || means.iter().map(|(_, mean)| *mean);
        let spread = values().fold(f64::MIN, f64::max) - values().fold(f64::MAX, f64::min);
        let crosses = target.operator.holds(found.from.1, target.value)
            != target.operator.holds(found.to.1, target.value);
        (found.size > 0.0 && (found.size > TOLERANCE * spread || crosses)).then_some(found)
    }

    /// Whether more runs show that the metric of a target differs between two values.
    fn is_shown(&mut self, target: usize, from: u64, to: u64) -> Result<bool, StudyError> {
        if self.is_deterministic(from) && self.is_deterministic(to) {
            return Ok(true);
        }
        self.simulate(&[from, to], FIRST_PROOF)?;
        let index = target + usize::from(self.search.objective.is_some());
        let differences =
            Moments::of_differences(self.watched(to, index), self.watched(from, index));
        let interval = differences.interval(CONFIDENCE);
        Ok(interval.is_some_and(|[low, high]| low > 0.0 || high < 0.0))
    }

    /// On which side of `at` to search for a value that meets the targets, if their metrics are monotone.
    pub(super) fn side(&self, at: u64) -> Side {
        if self.may_meet(at) {
            return Side::Here;
        }
        let sides = self.search.targets.iter().filter_map(|(_, target)| {
            let Some(mean) = self.mean(at, &target.metric) else { return Some(Side::Unknown) };
            if target.operator.holds(mean, target.value) {
                return None;
            }
            let too_high = match target.operator {
                Operator::Less | Operator::LessOrEqual => true,
                Operator::Greater | Operator::GreaterOrEqual => false,
                Operator::Equal => mean > target.value,
                Operator::Unequal => return Some(Side::Unknown),
            };
            Some(match (self.trend(&target.metric), too_high) {
                (Trend::Flat, _) => Side::Unknown,
                (Trend::Falling, true) | (Trend::Rising, false) => Side::Above,
                (Trend::Rising, true) | (Trend::Falling, false) => Side::Below,
            })
        });
        let sides: Vec<Side> = sides.collect();
        match sides.first() {
            Some(first) if sides.iter().all(|side| side == first) => *first,
            _ => Side::Unknown,
        }
    }
}

/// The greatest move up (`sign` 1) or down (-1) along the means, except those known to be noise.
fn greatest(means: &[(u64, f64)], sign: f64, is_noise: impl Fn(u64, u64) -> bool) -> Option<Move> {
    let mut greatest: Option<Move> = None;
    for (i, &from) in means.iter().enumerate() {
        for &to in &means[i + 1..] {
            let size = (to.1 - from.1) * sign;
            let more = greatest.is_none_or(|greatest| size > greatest.size);
            if more && !is_noise(from.0, to.0) {
                greatest = Some(Move { size, from, to });
            }
        }
    }
    greatest
}
