//! Simulating values of the key, and what is known about them so far.

use std::collections::{BTreeMap, BTreeSet};

use crate::results::ThresholdVerdict;
use crate::scenario::{MetricPath, Variant};
use crate::stats::interval::Moments;
use crate::stats::metric::{RECOVERY_TIME, STUCK};
use crate::study::simulator::Simulator;
use crate::study::study_accumulator::StudyAccumulator;
use crate::study::variant_accumulator::VariantAccumulator;
use crate::study::{PlannedVariant, Search, StudyError};

/// The number of runs with which a proof begins.
pub(super) const FIRST_PROOF: u64 = 8;
/// Runs of a value in the first two steps of a search for the best value: the fewest whose differences
/// have a useful interval.
pub(super) const BEST_PROBE: u64 = 4;

/// Simulates values and judges them. Values are numbered: 0 is the least, `last` the greatest.
pub(super) struct Sizer<'s, 'a> {
    pub(super) search: &'s Search<'a>,
    pub(super) last: u64,
    /// Simulates more runs; `None` if all runs are there already.
    pub(super) simulator: Option<Simulator<'s>>,
    pub(super) variant: &'s dyn Fn(&str) -> Result<Variant, StudyError>,
    pub(super) simulated: BTreeMap<u64, SimulatedValue>,
    /// The values for which a proof was begun, in this order.
    pub(super) proven: Vec<u64>,
    /// Whether the metrics of the targets only rise or only fall along the values simulated so far.
    pub(super) monotone: bool,
    /// Moves of a target's metric that turned out to be noise: which target, from where to where.
    pub(super) noise: Vec<(usize, u64, u64)>,
}

/// A value that was simulated.
pub(super) struct SimulatedValue {
    /// Its scenario; `None` if no more runs are simulated.
    pub(super) variant: Option<Variant>,
    pub(super) planned: PlannedVariant,
    pub(super) runs: u64,
    pub(super) sum: VariantAccumulator,
}

/// How the search ended.
pub(super) enum Found {
    /// This value is proven to be the answer.
    Value(u64),
    /// A verdict on this value would need more runs than allowed.
    Undecided(u64),
    /// No value meets the targets; this one came closest, or was simulated last.
    Nothing(u64),
    /// No simulated value meets the targets, but others might; this one came closest.
    Unseen(u64),
}

impl<'s, 'a> Sizer<'s, 'a> {
    pub(super) fn new(
        search: &'s Search<'a>,
        simulator: Option<Simulator<'s>>,
        variant: &'s dyn Fn(&str) -> Result<Variant, StudyError>,
        simulated: BTreeMap<u64, SimulatedValue>,
    ) -> Self {
        Sizer {
            search,
            last: search.range.last(),
            simulator,
            variant,
            simulated,
            proven: Vec::new(),
            monotone: true,
            noise: Vec::new(),
        }
    }

    /// Simulates several values together until each has at least `runs` runs.
    pub(super) fn simulate(&mut self, values: &[u64], runs: u64) -> Result<(), StudyError> {
        let runs = runs.min(self.search.ceiling);
        for &at in values {
            self.open(at)?;
        }
        // Values that have the same number of runs so far are simulated side by side.
        let mut by_runs: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for &at in BTreeSet::from_iter(values) {
            let so_far = self.simulated.get(&at).map_or(0, |value| value.runs);
            if so_far < runs {
                by_runs.entry(so_far).or_default().push(at);
            }
        }
        by_runs.values().try_for_each(|together| self.simulate_side_by_side(together, runs))
    }

    /// Makes a value ready to be simulated.
    pub(super) fn open(&mut self, at: u64) -> Result<(), StudyError> {
        if !self.simulated.contains_key(&at) {
            let variant = (self.variant)(&self.search.range.text(at))?;
            let planned = PlannedVariant::of(&variant);
            let mut sum = VariantAccumulator::default();
            self.search.watched().for_each(|metric| sum.watch(metric, &planned));
            let value = SimulatedValue { variant: Some(variant), planned, runs: 0, sum };
            self.simulated.insert(at, value);
        }
        Ok(())
    }

    /// Simulates values that have the same number of runs so far.
    pub(super) fn simulate_side_by_side(
        &mut self,
        values: &[u64],
        runs: u64,
    ) -> Result<(), StudyError> {
        let Some(simulator) = &self.simulator else { return Ok(()) };
        let mut joined = StudyAccumulator::new(0, 0);
        let (mut variants, mut taken) = (Vec::new(), Vec::new());
        for at in values {
            let Some(value) = self.simulated.remove(at) else { continue };
            joined.replications = value.runs;
            joined.variants.push(value.sum);
            variants.extend(value.variant);
            taken.push((*at, value.planned));
        }
        let result = simulator.simulate_until(&variants, &mut joined, runs);
        for (((at, planned), variant), sum) in taken.into_iter().zip(variants).zip(joined.variants)
        {
            let (variant, runs) = (Some(variant), joined.replications);
            self.simulated.insert(at, SimulatedValue { variant, planned, runs, sum });
        }
        result
    }

    pub(super) fn moments(&self, at: u64, metric: &MetricPath) -> Option<&Moments> {
        let value = self.simulated.get(&at)?;
        value.sum.moments(metric, &value.planned).filter(|moments| moments.count() > 0)
    }

    /// A metric's value in each run; see [`Search::watched`] for which.
    pub(super) fn watched(&self, at: u64, index: usize) -> &[Option<f64>] {
        self.simulated.get(&at).map_or(&[], |value| value.sum.watched(index))
    }

    pub(super) fn mean(&self, at: u64, metric: &MetricPath) -> Option<f64> {
        match self.never_ends(at, metric) {
            true => Some(f64::INFINITY),
            false => self.moments(at, metric).map(Moments::mean),
        }
    }

    /// Whether it is the time to recover, and some runs did not recover: then no time is long enough.
    pub(super) fn never_ends(&self, at: u64, metric: &MetricPath) -> bool {
        let stuck = MetricPath::parse(STUCK.name).ok().filter(|_| metric.metric == RECOVERY_TIME);
        stuck.and_then(|stuck| self.moments(at, &stuck)).is_some_and(|runs| runs.mean() > 0.0)
    }

    /// Whether the means so far meet every target.
    pub(super) fn seems_met(&self, at: u64) -> bool {
        self.search.targets.iter().all(|(_, target)| {
            let mean = self.mean(at, &target.metric);
            mean.is_some_and(|mean| target.operator.holds(mean, target.value))
        })
    }

    /// Whether the means so far meet every target, and no target is shown to be missed.
    pub(super) fn may_meet(&self, at: u64) -> bool {
        self.seems_met(at) && self.verdict(at) != ThresholdVerdict::Fail
    }

    /// The simulated value that comes nearest to meeting the targets, judged by its worst target; of equal
    /// ones the greatest. If some values seem to meet the targets, the smallest of these.
    pub(super) fn nearest(&self) -> Option<u64> {
        let mut met = self.simulated.keys().filter(|at| self.seems_met(**at));
        if let Some(met) = met.next() {
            return Some(*met);
        }
        let by_miss = self.simulated.keys().rev().map(|at| (*at, self.miss(*at)));
        by_miss.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
    }

    /// How far a value is from meeting its worst target, as a share of the target's value.
    pub(super) fn miss(&self, at: u64) -> f64 {
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
}
