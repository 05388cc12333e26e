//! Sizing: the smallest value of a key that meets every target, with the evidence.
//!
//! # How it searches
//!
//! 1. One run at each of a few values across the range (a *coarse grid*, from the top down: the
//!    smallest servers take the longest to simulate).
//! 2. If the targets are met from some grid value on and missed below it, the answer lies between
//!    two neighbours, and bisection finds two adjacent values, one missing and one meeting. If they
//!    are met here and there, the gap below the lowest value that meets them is gridded in turn.
//! 3. These two are then played again and again, on the same random numbers, until their intervals
//!    decide: the one meets every target, the one below misses one. If more runs turn a verdict, the
//!    pair moves by one. If the ceiling is reached first, the answer is inconclusive.

use std::collections::BTreeMap;

use super::replicate::{Player, Sums};
use super::threshold::judge_moments;
use super::{Options, StudyError};
use crate::results::{SizedTarget, SizedValue, Sizing, ThresholdVerdict};
use crate::scenario::{Target, Variant};
use crate::stats::interval::Moments;

/// Values of the coarse grid.
const GRID: u64 = 8;
/// Runs of a value in the first two steps.
const PROBE: u64 = 1;
/// Runs with which the last step begins.
const FIRST_PROOF: u64 = 8;

/// What to find.
pub struct Search<'a> {
    /// The key, as it was given.
    pub key: String,
    /// The least value to consider.
    pub low: u64,
    /// The greatest value to consider.
    pub high: u64,
    /// What has to be met.
    pub targets: &'a [(String, Target)],
    /// How sure the verdicts have to be, 0 to 1.
    pub confidence: f64,
    /// Runs of a value after which it remains undecided.
    pub ceiling: u64,
}

/// What was found.
pub struct Sized {
    /// The answer and its evidence.
    pub sizing: Sizing,
    /// Every value that was played, ascending, with its sums.
    pub played: Vec<(Variant, Sums)>,
}

/// Searches; `variant` makes the scenario with a value of the key.
///
/// # Errors
///
/// [`StudyError`] if it was stopped, or a scenario cannot be played.
pub fn size(
    search: &Search<'_>,
    options: &Options,
    variant: impl Fn(u64) -> Result<Variant, StudyError>,
) -> Result<Sized, StudyError> {
    let player = Player::new(options, variant(search.high)?.scenario.expected_clients())?;
    let mut sizer = Sizer { search, player, variant: &variant, played: BTreeMap::new() };
    let found = sizer.find()?;
    sizer.finish(found)
}

struct Sizer<'s, 'a, V> {
    search: &'s Search<'a>,
    player: Player<'s>,
    variant: &'s V,
    played: BTreeMap<u64, (Variant, Sums)>,
}

/// How the search ended.
enum Found {
    /// This value meets every target, and the one below, if there is one, does not.
    Value(u64),
    /// More runs than allowed would be needed to tell whether this value meets every target.
    Undecided(u64),
    /// No value does; this came closest, or was the last to be looked at.
    Nothing(u64),
}

impl<V: Fn(u64) -> Result<Variant, StudyError>> Sizer<'_, '_, V> {
    fn find(&mut self) -> Result<Found, StudyError> {
        let mut value = match self.bracket()? {
            Some(value) => value,
            None => self.search.high,
        };
        // Each round moves by one or decides; a noisy metric must not keep it going to and fro.
        for _ in 0..64 {
            match self.prove(value)? {
                ThresholdVerdict::Inconclusive => return Ok(Found::Undecided(value)),
                ThresholdVerdict::Fail if value == self.search.high => {
                    return Ok(Found::Nothing(value));
                }
                ThresholdVerdict::Fail => value += 1,
                ThresholdVerdict::Pass if value == self.search.low => {
                    return Ok(Found::Value(value));
                }
                ThresholdVerdict::Pass => match self.prove(value - 1)? {
                    ThresholdVerdict::Fail => return Ok(Found::Value(value)),
                    ThresholdVerdict::Inconclusive => return Ok(Found::Undecided(value - 1)),
                    ThresholdVerdict::Pass => value -= 1,
                },
            }
        }
        Ok(Found::Undecided(value))
    }

    /// The lowest value that seems to meet the targets, by few runs; `None` if none does.
    fn bracket(&mut self) -> Result<Option<u64>, StudyError> {
        let (mut low, mut high) = (self.search.low, self.search.high);
        let mut best = None;
        loop {
            // From the top down, the lowest value of the range last and only if it comes to it.
            let step = (high - low).div_ceil(GRID).max(1);
            let grid: Vec<u64> = (0..=GRID)
                .filter_map(|i| high.checked_sub(i * step))
                .filter(|&v| v > low)
                .collect();
            let mut met = Vec::new();
            for &value in &grid {
                met.push((value, self.seems_met(value)?));
            }
            met.reverse();
            let lowest = met.iter().position(|(_, met)| *met);
            let Some(lowest) = lowest else {
                // Nothing above `low`; perhaps `low` itself.
                if best.is_none() && self.seems_met(low)? {
                    best = Some(low);
                }
                return Ok(best);
            };
            best = Some(met[lowest].0);
            let below = if lowest == 0 { low } else { met[lowest - 1].0 };
            let monotone = met[lowest..].iter().all(|(_, met)| *met);
            if monotone {
                return self.bisect(below, met[lowest].0, lowest == 0).map(Some);
            }
            if met[lowest].0 - below <= 1 {
                return Ok(best);
            }
            (low, high) = (below, met[lowest].0 - 1);
        }
    }

    /// Halves the range until `high`, which meets the targets, is next to a value that does not.
    fn bisect(&mut self, low: u64, high: u64, low_is_open: bool) -> Result<u64, StudyError> {
        let (mut missing, mut meeting) = (low, high);
        while meeting - missing > 1 {
            let middle = missing + (meeting - missing) / 2;
            if self.seems_met(middle)? {
                meeting = middle;
            } else {
                missing = middle;
            }
        }
        // The lowest value of the range has not been played yet.
        if low_is_open && missing == low && meeting > low && self.seems_met(low)? {
            meeting = low;
        }
        Ok(meeting)
    }

    /// Whether the means of a few runs meet every target.
    fn seems_met(&mut self, value: u64) -> Result<bool, StudyError> {
        self.play(value, PROBE)?;
        Ok(self.search.targets.iter().all(|(_, target)| {
            let moments = self.moments(value, target).filter(|moments| moments.count() > 0);
            moments.is_some_and(|moments| target.operator.holds(moments.mean(), target.value))
        }))
    }

    /// Plays a value until the intervals decide whether it meets every target.
    fn prove(&mut self, value: u64) -> Result<ThresholdVerdict, StudyError> {
        let mut runs = FIRST_PROOF.min(self.search.ceiling);
        loop {
            self.play(value, runs)?;
            let verdict = self.verdict(value);
            if verdict != ThresholdVerdict::Inconclusive || runs >= self.search.ceiling {
                return Ok(verdict);
            }
            runs = (runs * 2).min(self.search.ceiling);
        }
    }

    fn play(&mut self, value: u64, runs: u64) -> Result<(), StudyError> {
        if !self.played.contains_key(&value) {
            let variant = (self.variant)(value)?;
            self.played.insert(value, (variant, Sums::new(1, 0)));
        }
        let Some((variant, sums)) = self.played.get_mut(&value) else { return Ok(()) };
        self.player.play_until(std::slice::from_ref(variant), sums, runs)
    }

    fn moments(&self, value: u64, target: &Target) -> Option<&Moments> {
        let (variant, sums) = self.played.get(&value)?;
        sums.variants.first()?.moments(&target.metric, &variant.scenario)
    }

    fn judge(&self, value: u64, target: &Target) -> ThresholdVerdict {
        judge_moments(target, self.moments(value, target), self.search.confidence)
    }

    /// A target that is surely missed counts more than one that is undecided.
    fn verdict(&self, value: u64) -> ThresholdVerdict {
        let targets = self.search.targets.iter();
        let verdicts: Vec<_> = targets.map(|(_, target)| self.judge(value, target)).collect();
        if verdicts.contains(&ThresholdVerdict::Fail) {
            ThresholdVerdict::Fail
        } else if verdicts.contains(&ThresholdVerdict::Inconclusive) {
            ThresholdVerdict::Inconclusive
        } else {
            ThresholdVerdict::Pass
        }
    }

    fn finish(mut self, found: Found) -> Result<Sized, StudyError> {
        let (chosen, at, verdict) = match found {
            Found::Value(value) => (Some(value), value, ThresholdVerdict::Pass),
            Found::Undecided(value) => (None, value, ThresholdVerdict::Inconclusive),
            Found::Nothing(value) => (None, value, ThresholdVerdict::Fail),
        };
        if let Some(value) = chosen.filter(|value| *value < self.search.high) {
            // What the next value above would give, for whoever reads it.
            self.play(value + 1, FIRST_PROOF.min(self.search.ceiling))?;
        }
        let below = at.checked_sub(1).filter(|below| self.played.contains_key(below));
        let targets = self.search.targets.iter().map(|(text, target)| SizedTarget {
            expression: text.clone(),
            // What is missed just below, or at the last value looked at, is what binds.
            binds: match verdict {
                ThresholdVerdict::Pass => {
                    below.is_some_and(|below| self.judge(below, target) == ThresholdVerdict::Fail)
                }
                _ => self.judge(at, target) != ThresholdVerdict::Pass,
            },
        });
        let evaluated = self.played.iter().map(|(&value, (_, sums))| SizedValue {
            value,
            replications: sums.replications,
            verdict: self.verdict(value),
        });
        let sizing = Sizing {
            key: self.search.key.clone(),
            range: [self.search.low, self.search.high],
            confidence: self.search.confidence,
            chosen,
            looked_at: at,
            verdict,
            targets: targets.collect(),
            evaluated: evaluated.collect(),
        };
        Ok(Sized { sizing, played: self.played.into_values().collect() })
    }
}
