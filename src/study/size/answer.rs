//! The answer to a search, with its evidence.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::sizer::{Found, Sizer};
use crate::results::{SearchObjective, SearchTarget, SearchedValue, Sizing, ThresholdVerdict};
use crate::scenario::{Target, Variant};
use crate::study::simulator::Simulator;
use crate::study::{CompletedSearch, Options, Search, StudyError};

/// Searches for a value of the key. `variant` makes the scenario with a value, which it gets as written in
/// a scenario. If the user stops the search, the values that were simulated are kept.
///
/// # Errors
///
/// [`StudyError`] if the search was stopped before the first run was complete, or a scenario cannot be
/// simulated.
pub fn size(
    search: &Search<'_>,
    options: &Options,
    variant: impl Fn(&str) -> Result<Variant, StudyError>,
) -> Result<CompletedSearch, StudyError> {
    let highest = variant(&search.range.text(search.range.last()))?;
    let simulator = Some(Simulator::new(options, highest.scenario.expected_bytes())?);
    Sizer::new(search, simulator, &variant, BTreeMap::new()).answer()
}

impl Sizer<'_, '_> {
    pub(super) fn answer(mut self) -> Result<CompletedSearch, StudyError> {
        let found = match &self.search.objective {
            None if self.search.largest => self.find_largest(),
            None => self.find_smallest(),
            Some(_) => self.find_best(),
        };
        match found {
            Err(StudyError::Interrupted) => {
                self.simulated.retain(|_, value| value.runs > 0);
                match self.nearest() {
                    Some(nearest) => Ok(self.finish(Found::Undecided(nearest), true)),
                    None => Err(StudyError::Interrupted),
                }
            }
            found => Ok(self.finish(found?, false)),
        }
    }

    fn finish(self, found: Found, interrupted: bool) -> CompletedSearch {
        let (at, verdict, exhaustive) = match found {
            Found::Value(at) => {
                let all_fail = match self.search.largest {
                    true => self.all_fail_above(at),
                    false => self.all_fail_below(at),
                };
                (at, ThresholdVerdict::Pass, self.monotone || all_fail)
            }
            Found::Undecided(at) => (at, ThresholdVerdict::Inconclusive, true),
            Found::Nothing(at) => (at, ThresholdVerdict::Fail, true),
            Found::Unseen(at) => (at, ThresholdVerdict::Inconclusive, false),
        };
        let search = self.search;
        let range = &search.range;
        let targets = search.targets.iter().map(|(text, target)| SearchTarget {
            expression: text.clone(),
            binds: self.binds(target, at, verdict),
            metric: target.metric.to_string(),
            measured: self.simulated.keys().any(|&at| self.moments(at, &target.metric).is_some()),
        });
        let leader = self.leader();
        let evaluated = self.simulated.iter().map(|(&at, known)| SearchedValue {
            value: range.value(at),
            replications: known.runs,
            verdict: self.verdict(at),
            text: range.text(at),
            deterministic: known.planned.deterministic,
            intervals: self.intervals(at),
            difference: leader
                .and_then(|leader| self.difference(at, leader, self.joint_confidence())),
        });
        // A search for the largest value leaves out the lower ones unless all are simulated.
        let both_ends = search.objective.is_none() && (!search.largest || self.simulator.is_none());
        let band = match found {
            Found::Value(_) if both_ends => {
                let before = self.simulated.range(..=at).rev();
                let before = before.take_while(|(at, _)| self.may_meet(**at)).last();
                Some((before.map_or(at, |(&at, _)| at), self.end_of_band(at)))
            }
            _ => None,
        };
        let objective = search.objective.as_ref().map(|objective| SearchObjective {
            metric: objective.metric.to_string(),
            direction: objective.direction,
            leader: leader.map(|leader| range.value(leader)),
            tolerance: leader.map_or(0.0, |leader| self.tolerance(leader)),
            plateau: leader.map_or_else(Vec::new, |leader| {
                let plateau = self.contenders(leader, self.joint_confidence());
                plateau.into_iter().map(|at| range.value(at)).collect()
            }),
        });
        let sizing = Sizing {
            key: range.key.clone(),
            range: [range.low, range.high],
            confidence: search.confidence,
            chosen: matches!(found, Found::Value(_)).then(|| range.value(at)),
            looked_at: range.value(at),
            verdict,
            targets: targets.collect(),
            evaluated: evaluated.collect(),
            unit: range.unit.name(),
            written_in: range.unit.written_in(),
            step: range.step,
            objective,
            interrupted,
            exhaustive: exhaustive || search.objective.is_some(),
            largest: search.largest,
            band: band.map(|(from, to)| [range.value(from), range.value(to)]),
        };
        let simulated = self.simulated.into_values().map(|value| (value.planned, value.sum));
        CompletedSearch { sizing, simulated: simulated.collect() }
    }

    /// The intervals that are reported of a value: those that decide its verdict, and that of the
    /// objective with the confidence of the search.
    fn intervals(&self, at: u64) -> IndexMap<String, [f64; 2]> {
        let objective = self.search.objective.iter().filter_map(|objective| {
            let moments = self.moments(at, &objective.metric)?;
            let metric = objective.metric.metric;
            let interval =
                self.interval_of(metric, moments, self.is_deterministic(at), self.alpha())?;
            Some((objective.metric.to_string(), interval))
        });
        let targets = self.search.targets.iter().filter_map(|(_, target)| {
            let interval = self.interval_of_verdict(at, &target.metric)?;
            Some((target.metric.to_string(), interval))
        });
        objective.chain(targets).collect()
    }

    /// Whether this target excludes a smaller value, or a better one.
    fn binds(&self, target: &Target, at: u64, verdict: ThresholdVerdict) -> bool {
        let fails = |at: u64| self.fails(at, target);
        match (&self.search.objective, verdict) {
            (None, ThresholdVerdict::Pass) => {
                let next = if self.search.largest { at.checked_add(1) } else { at.checked_sub(1) };
                next.is_some_and(|next| self.simulated.contains_key(&next) && fails(next))
            }
            (Some(_), ThresholdVerdict::Pass) => {
                let better = |other: &&u64| self.loss(**other) < self.loss(at);
                self.simulated.keys().filter(better).any(|other| fails(*other))
            }
            _ => !self.passes(at, target),
        }
    }
}
