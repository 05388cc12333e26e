//! Sizing: the smallest value of a key that meets every target, or the best value, with the
//! evidence.
//!
//! All values see the same random numbers, run by run, so that differences between them are not
//! luck. Values are played together where several are wanted, so that all cores have work.

mod best;
mod grid;
mod judge;
mod shape;
mod smallest;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::plan::PlannedVariant;
use super::replicate::{Player, Sums};
use super::{Options, StudyError};
use crate::results::{
    Direction, SizedObjective, SizedTarget, SizedValue, Sizing, ThresholdVerdict,
};
use crate::scenario::{MetricPath, RangeUnit, Target, Variant};
use crate::stats::interval::Moments;

pub use grid::SizingPlan;

/// Runs with which proofs begin.
const FIRST_PROOF: u64 = 8;

/// What to find.
pub struct Search<'a> {
    /// The key, as it was given.
    pub key: String,
    /// What its values count in.
    pub unit: RangeUnit,
    /// The least value to consider.
    pub low: u64,
    /// The greatest value to consider, if the steps reach it.
    pub high: u64,
    /// From one value to the next.
    pub step: u64,
    /// What has to be met.
    pub targets: &'a [(String, Target)],
    /// What is to be greatest or least; `None`: the smallest value is looked for.
    pub objective: Option<Objective>,
    /// How sure the verdicts have to be, 0 to 1.
    pub confidence: f64,
    /// Runs of a value after which it remains undecided.
    pub ceiling: u64,
}

impl Search<'_> {
    /// The number of the greatest value, from 0.
    fn last(&self) -> u64 {
        (self.high - self.low) / self.step.max(1)
    }

    /// The metrics whose values are kept run by run.
    fn watched(&self) -> impl Iterator<Item = &MetricPath> {
        let objective = self.objective.iter().map(|objective| &objective.metric);
        objective.chain(self.targets.iter().map(|(_, target)| &target.metric))
    }
}

/// What the best value has the most or the least of.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// The metric.
    pub metric: MetricPath,
    /// Which way it is to go.
    pub direction: Direction,
}

/// What was found.
pub struct Sized {
    /// The answer and its evidence.
    pub sizing: Sizing,
    /// Every value that was played, ascending, with its sums.
    pub played: Vec<(PlannedVariant, Sums)>,
}

/// Searches; `variant` makes the scenario with a value of the key, which it gets as it is written in
/// a scenario. If the user stops it, what was played is kept.
///
/// # Errors
///
/// [`StudyError`] if it was stopped before anything was played, or a scenario cannot be played.
pub fn size(
    search: &Search<'_>,
    options: &Options,
    variant: impl Fn(&str) -> Result<Variant, StudyError>,
) -> Result<Sized, StudyError> {
    let highest = variant(&search.unit.text(search.low + search.last() * search.step))?;
    let player = Some(Player::new(options, highest.scenario.expected_bytes())?);
    Sizer::new(search, player, &variant, BTreeMap::new()).size()
}

impl<V: Fn(&str) -> Result<Variant, StudyError>> Sizer<'_, '_, V> {
    fn size(mut self) -> Result<Sized, StudyError> {
        let found = match &self.search.objective {
            None => self.find_smallest(),
            Some(objective) => self.find_best(objective),
        };
        match found {
            Err(StudyError::Interrupted) => {
                self.played.retain(|_, played| played.runs() > 0);
                match self.nearest() {
                    Some(nearest) => Ok(self.finish(Found::Undecided(nearest), true)),
                    None => Err(StudyError::Interrupted),
                }
            }
            found => Ok(self.finish(found?, false)),
        }
    }
}

/// Plays values and judges them. Values are numbered: 0 is the least, `last` the greatest.
struct Sizer<'s, 'a, V> {
    search: &'s Search<'a>,
    last: u64,
    /// Plays what is not played yet; `None` where all is.
    player: Option<Player<'s>>,
    variant: &'s V,
    played: BTreeMap<u64, Played>,
    /// The values that were to be proven, in this order.
    proven: Vec<u64>,
    /// Whether the metrics of the targets only rise or only fall, as far as was looked.
    monotone: bool,
    /// Moves of a target's metric that turned out to be noise: which target, from where to where.
    noise: Vec<(usize, u64, u64)>,
}

/// A value that was played.
struct Played {
    /// Its scenario; `None` if all its runs are there.
    variant: Option<Variant>,
    planned: PlannedVariant,
    sums: Sums,
}

impl Played {
    fn runs(&self) -> u64 {
        self.sums.replications
    }

    fn moments(&self, metric: &MetricPath) -> Option<&Moments> {
        self.sums.variants.first()?.moments(metric, &self.planned)
    }

    /// A metric's value in each run; see [`Search::watched`] for which.
    fn watched(&self, index: usize) -> &[Option<f64>] {
        self.sums.variants.first().map_or(&[], |sum| sum.watched(index))
    }
}

/// How the search ended.
enum Found {
    /// This value is proven to be what was looked for.
    Value(u64),
    /// More runs than allowed would be needed to tell about this value.
    Undecided(u64),
    /// No value meets the targets; this came closest, or was the last to be looked at.
    Nothing(u64),
    /// None of those that were played meets the targets, but others might; this came closest.
    Unseen(u64),
}

impl<'s, 'a, V: Fn(&str) -> Result<Variant, StudyError>> Sizer<'s, 'a, V> {
    fn new(
        search: &'s Search<'a>,
        player: Option<Player<'s>>,
        variant: &'s V,
        played: BTreeMap<u64, Played>,
    ) -> Self {
        Sizer {
            search,
            last: search.last(),
            player,
            variant,
            played,
            proven: Vec::new(),
            monotone: true,
            noise: Vec::new(),
        }
    }

    fn value(&self, at: u64) -> u64 {
        self.search.low + at * self.search.step
    }

    /// Plays several values together until each has at least so many runs.
    fn play(&mut self, values: &[u64], runs: u64) -> Result<(), StudyError> {
        let runs = runs.min(self.search.ceiling);
        for &at in values {
            self.open(at)?;
        }
        // Those that have equally many runs so far go on side by side.
        let mut by_runs: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for &at in BTreeSet::from_iter(values) {
            let so_far = self.played.get(&at).map_or(0, Played::runs);
            if so_far < runs {
                by_runs.entry(so_far).or_default().push(at);
            }
        }
        by_runs.values().try_for_each(|together| self.play_side_by_side(together, runs))
    }

    /// Makes a value ready to be played.
    fn open(&mut self, at: u64) -> Result<(), StudyError> {
        if !self.played.contains_key(&at) {
            let variant = (self.variant)(&self.search.unit.text(self.value(at)))?;
            let planned = PlannedVariant::of(&variant);
            let mut sums = Sums::new(1, 0);
            for sum in &mut sums.variants {
                self.search.watched().for_each(|metric| sum.watch(metric, &planned));
            }
            self.played.insert(at, Played { variant: Some(variant), planned, sums });
        }
        Ok(())
    }

    /// Plays values that have equally many runs so far.
    fn play_side_by_side(&mut self, values: &[u64], runs: u64) -> Result<(), StudyError> {
        let Some(player) = &self.player else { return Ok(()) };
        let mut joined = Sums::new(0, 0);
        let (mut variants, mut taken) = (Vec::new(), Vec::new());
        for at in values {
            let Some(mut played) = self.played.remove(at) else { continue };
            joined.replications = played.runs();
            joined.variants.append(&mut played.sums.variants);
            variants.extend(played.variant.take());
            taken.push((*at, played.planned));
        }
        let result = player.play_until(&variants, &mut joined, runs);
        for (((at, planned), variant), sum) in taken.into_iter().zip(variants).zip(joined.variants)
        {
            let mut sums = Sums::new(0, 0);
            sums.replications = joined.replications;
            sums.variants = vec![sum];
            self.played.insert(at, Played { variant: Some(variant), planned, sums });
        }
        result
    }

    fn moments(&self, at: u64, metric: &MetricPath) -> Option<&Moments> {
        self.played.get(&at)?.moments(metric).filter(|moments| moments.count() > 0)
    }

    fn mean(&self, at: u64, metric: &MetricPath) -> Option<f64> {
        self.moments(at, metric).map(Moments::mean)
    }

    /// Whether the means so far meet every target.
    fn seems_met(&self, at: u64) -> bool {
        self.search.targets.iter().all(|(_, target)| {
            let mean = self.mean(at, &target.metric);
            mean.is_some_and(|mean| target.operator.holds(mean, target.value))
        })
    }

    /// Whether the means so far meet every target, and no target is shown to be missed.
    fn may_meet(&self, at: u64) -> bool {
        self.seems_met(at) && self.verdict(at) != ThresholdVerdict::Fail
    }

    /// Of all that was played the value that comes nearest to meeting the targets, by its worst
    /// target; of several the greatest. If some meet them, the smallest of these.
    fn nearest(&self) -> Option<u64> {
        let mut met = self.played.keys().filter(|at| self.seems_met(**at));
        if let Some(met) = met.next() {
            return Some(*met);
        }
        let by_miss = self.played.keys().rev().map(|at| (*at, self.miss(*at)));
        by_miss.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
    }

    /// How far a value is from meeting its worst target, as a share of what is demanded.
    fn miss(&self, at: u64) -> f64 {
        let misses =
            self.search.targets.iter().map(|(_, target)| match self.mean(at, &target.metric) {
                None => f64::INFINITY,
                Some(mean) if target.operator.holds(mean, target.value) => 0.0,
                Some(mean) => {
                    let scale = target.value.abs().max(mean.abs()).max(f64::MIN_POSITIVE);
                    (mean - target.value).abs() / scale
                }
            });
        misses.fold(0.0, f64::max)
    }

    fn finish(self, found: Found, interrupted: bool) -> Sized {
        let (chosen, at, verdict) = match found {
            Found::Value(at) => (Some(self.value(at)), at, ThresholdVerdict::Pass),
            Found::Undecided(at) => (None, at, ThresholdVerdict::Inconclusive),
            Found::Nothing(at) => (None, at, ThresholdVerdict::Fail),
            Found::Unseen(at) => (None, at, ThresholdVerdict::Inconclusive),
        };
        let exhaustive = match found {
            Found::Value(at) => self.monotone || self.all_fail_below(at),
            Found::Unseen(_) => false,
            Found::Undecided(_) | Found::Nothing(_) => true,
        };
        let search = self.search;
        let targets = search.targets.iter().map(|(text, target)| SizedTarget {
            expression: text.clone(),
            binds: self.binds(target, at, verdict),
            metric: target.metric.to_string(),
            measured: self.played.keys().any(|&at| self.moments(at, &target.metric).is_some()),
        });
        let leader = search.objective.as_ref().and_then(|objective| self.leader(objective));
        let evaluated = self.played.iter().map(|(&at, played)| SizedValue {
            value: self.value(at),
            replications: played.runs(),
            verdict: self.verdict(at),
            text: search.unit.text(self.value(at)),
            deterministic: played.planned.deterministic,
            intervals: self.intervals(at),
            difference: search.objective.as_ref().and_then(|objective| {
                self.difference(objective, at, leader?, self.joint_confidence())
            }),
        });
        let objective = search.objective.as_ref().map(|objective| SizedObjective {
            metric: objective.metric.to_string(),
            direction: objective.direction,
            leader: leader.map(|leader| self.value(leader)),
            tolerance: leader.map_or(0.0, |leader| self.tolerance(objective, leader)),
            plateau: match leader {
                None => Vec::new(),
                Some(leader) => {
                    let plateau = self.contenders(objective, leader, self.joint_confidence());
                    plateau.into_iter().map(|at| self.value(at)).collect()
                }
            },
        });
        let sizing = Sizing {
            key: search.key.clone(),
            range: [search.low, search.high],
            confidence: search.confidence,
            chosen,
            looked_at: self.value(at),
            verdict,
            targets: targets.collect(),
            evaluated: evaluated.collect(),
            unit: search.unit.name(),
            written_in: search.unit.written_in(),
            step: search.step,
            objective,
            interrupted,
            exhaustive: exhaustive || search.objective.is_some(),
        };
        let played = self.played.into_values().map(|played| (played.planned, played.sums));
        Sized { sizing, played: played.collect() }
    }

    /// The intervals that are told of a value: those that its verdict rests on, and of the objective
    /// that with the confidence of the search.
    fn intervals(&self, at: u64) -> IndexMap<String, [f64; 2]> {
        let objective = self.search.objective.iter().filter_map(|objective| {
            let moments = self.moments(at, &objective.metric)?;
            let interval = self.interval(moments, self.is_deterministic(at), self.alpha())?;
            Some((objective.metric.to_string(), interval))
        });
        let targets = self.search.targets.iter().filter_map(|(_, target)| {
            let interval = self.interval_of_verdict(at, &target.metric)?;
            Some((target.metric.to_string(), interval))
        });
        objective.chain(targets).collect()
    }

    /// Whether it is this target that stands in the way of a smaller value, or of a better one.
    fn binds(&self, target: &Target, at: u64, verdict: ThresholdVerdict) -> bool {
        let fails = |at: u64| self.fails(at, target);
        match (&self.search.objective, verdict) {
            (None, ThresholdVerdict::Pass) => at
                .checked_sub(1)
                .is_some_and(|below| self.played.contains_key(&below) && fails(below)),
            (Some(objective), ThresholdVerdict::Pass) => {
                let better = |other: &&u64| self.is_better(objective, **other, at);
                self.played.keys().filter(better).any(|other| fails(*other))
            }
            _ => !self.passes(at, target),
        }
    }
}
