//! Verdicts on values, such that the answer as a whole has the confidence that was requested.
//!
//! # The confidence of a verdict
//!
//! An answer rests on several verdicts, and each verdict on several looks at the runs so far; if each
//! look had the full level, the answer would be wrong more often than allowed. So the allowed error,
//! 1 - confidence, is spent (alpha spending: Lan and DeMets, "Discrete sequential boundaries
//! for clinical trials", Biometrika 1983), and by Bonferroni's inequality the answer is wrong at most
//! that often:
//!
//! - over the values that are proven: three eighths for each of the first two, the value and the one
//!   below it; a quarter for all other values that the search may prove, less for each than for
//!   the one before;
//! - for each value equally over its looks at the runs, whose number follows from the ceiling;
//! - for `misses` equally over the targets, as any of them decides; `meets` requires all of them.
//!
//! On a whole grid there is one look. A wrong `misses` hides the answer only at the right value, but a
//! wrong `meets` can occur at any value. So half of the error is for `misses`, and half for `meets`,
//! divided by the number of values.
//!
//! # When all runs agree
//!
//! If the values of all runs are equal, Student's interval has no width; but eight equal runs do not
//! prove that the ninth is equal, too. Equal runs count as proof if the scenario is deterministic;
//! otherwise only if their number shows, with the requested confidence, that fewer than one run in
//! twenty differs: ln(1 - confidence) / ln(0.95), which is 59 at 95% (the "rule of three" at its
//! exact value: Hanley and Lippman-Hand, JAMA 1983).

use super::sizer::{BEST_PROBE, FIRST_PROOF, Sizer};
use crate::results::ThresholdVerdict;
use crate::scenario::{MetricPath, Operator, Target};
use crate::stats::interval::Moments;
use crate::stats::metric::{Metric, MetricUnit};
use crate::study::StudyError;

/// The greatest share of differing runs that equal runs have to exclude.
const DIFFER: f64 = 0.05;
/// Runs of a deterministic scenario: the second one only checks that it is deterministic.
const DETERMINISTIC_PROOF: u64 = 2;

/// The error that a verdict on a value may have.
#[derive(Clone, Copy, Debug)]
struct Allowed {
    meets: f64,
    misses: f64,
}

impl Sizer<'_, '_> {
    /// The error that the answer may have.
    pub(super) fn alpha(&self) -> f64 {
        1.0 - self.search.confidence
    }

    /// How often the runs of a value are judged until they reach the ceiling.
    pub(super) fn looks(&self, first: u64) -> f64 {
        if self.simulator.is_none() {
            return 1.0;
        }
        let doublings = std::iter::successors(Some(first), |runs| runs.checked_mul(2));
        1.0 + doublings.take_while(|runs| *runs < self.search.ceiling).count() as f64
    }

    fn allowed(&self, at: u64) -> Allowed {
        let targets = self.search.targets.len().max(1) as f64;
        if self.search.objective.is_some() {
            // The other half is for the comparisons.
            let looks = self.looks(BEST_PROBE);
            let each = self.alpha() / 2.0 / (self.simulated.len().max(1) as f64 * looks);
            return Allowed { meets: each, misses: each / targets };
        }
        if self.simulator.is_none() {
            let half = self.alpha() / 2.0;
            return Allowed { meets: half / (self.last as f64 + 1.0), misses: half / targets };
        }
        let place = self.proven.iter().position(|proven| *proven == at);
        let share = share(place.unwrap_or(self.proven.len()));
        let each = self.alpha() * share / self.looks(FIRST_PROOF);
        Allowed { meets: each, misses: each / targets }
    }

    pub(super) fn is_deterministic(&self, at: u64) -> bool {
        self.simulated.get(&at).is_some_and(|value| value.planned.deterministic)
    }

    /// The interval of a mean that is wrong with probability `alpha`; `None` where the runs prove
    /// nothing yet.
    pub(super) fn interval(
        &self,
        moments: &Moments,
        deterministic: bool,
        alpha: f64,
    ) -> Option<[f64; 2]> {
        let (low, high) = moments.range();
        if moments.count() > 0 && low == high {
            let enough = deterministic || moments.count() >= agreeing_runs(self.alpha());
            return enough.then_some([low, high]);
        }
        moments.interval(1.0 - alpha)
    }

    /// The same for the mean of `metric`.
    pub(super) fn interval_of(
        &self,
        metric: Metric,
        moments: &Moments,
        deterministic: bool,
        alpha: f64,
    ) -> Option<[f64; 2]> {
        match metric.is_share_of_runs && !deterministic {
            true => metric.interval(moments, 1.0 - alpha),
            false => self.interval(moments, deterministic, alpha),
        }
    }

    fn judge(&self, at: u64, target: &Target, alpha: f64) -> ThresholdVerdict {
        if self.never_ends(at, &target.metric) {
            return ThresholdVerdict::of(target.operator.judge([f64::INFINITY; 2], target.value));
        }
        let Some(moments) = self.moments(at, &target.metric) else {
            return ThresholdVerdict::Inconclusive;
        };
        ThresholdVerdict::of(certain(target, moments).or_else(|| {
            let metric = target.metric.metric;
            let interval = self.interval_of(metric, moments, self.is_deterministic(at), alpha)?;
            target.operator.judge(interval, target.value)
        }))
    }

    /// Whether a value is proven to miss a target.
    pub(super) fn fails(&self, at: u64, target: &Target) -> bool {
        self.judge(at, target, self.allowed(at).misses) == ThresholdVerdict::Fail
    }

    /// Whether a value is proven to meet a target.
    pub(super) fn passes(&self, at: u64, target: &Target) -> bool {
        self.judge(at, target, self.allowed(at).meets) == ThresholdVerdict::Pass
    }

    /// Whether a value meets every target. A target that is proven to be missed decides over one that
    /// is undecided.
    pub(super) fn verdict(&self, at: u64) -> ThresholdVerdict {
        let mut targets = self.search.targets.iter().map(|(_, target)| target);
        if targets.clone().any(|target| self.fails(at, target)) {
            ThresholdVerdict::Fail
        } else if targets.all(|target| self.passes(at, target)) {
            ThresholdVerdict::Pass
        } else {
            ThresholdVerdict::Inconclusive
        }
    }

    /// The interval that decides the verdict on a value.
    pub(super) fn interval_of_verdict(&self, at: u64, metric: &MetricPath) -> Option<[f64; 2]> {
        let Allowed { meets, misses } = self.allowed(at);
        let alpha = if self.verdict(at) == ThresholdVerdict::Fail { misses } else { meets };
        self.interval_of(metric.metric, self.moments(at, metric)?, self.is_deterministic(at), alpha)
    }

    /// Simulates a value until the intervals decide whether it meets every target.
    pub(super) fn prove(&mut self, at: u64) -> Result<ThresholdVerdict, StudyError> {
        if !self.proven.contains(&at) {
            self.proven.push(at);
        }
        self.open(at)?;
        let first = if self.is_deterministic(at) { DETERMINISTIC_PROOF } else { FIRST_PROOF };
        let mut runs = first.min(self.search.ceiling);
        loop {
            self.simulate(&[at], runs)?;
            let verdict = self.verdict(at);
            // A metric that had no value in all these runs will have none in more runs.
            let measured = |target: &Target| self.moments(at, &target.metric).is_some();
            let hopeless = !self.search.targets.iter().all(|(_, target)| measured(target));
            if verdict != ThresholdVerdict::Inconclusive || hopeless || runs >= self.search.ceiling
            {
                return Ok(verdict);
            }
            runs = (runs * 2).min(self.search.ceiling);
        }
    }
}

/// The share of the error for the value that is the `place`-th to be proven, from 0. All shares
/// together are 1.
fn share(place: usize) -> f64 {
    match place {
        0 | 1 => 0.375,
        // 1/2 + 1/6 + 1/12 + ... = 1.
        _ => 0.25 / ((place - 1) as f64 * place as f64),
    }
}

/// How many equal runs count as proof.
fn agreeing_runs(alpha: f64) -> u64 {
    (alpha.ln() / (1.0 - DIFFER).ln()).ceil() as u64
}

/// Whether single runs already decide about the mean. No metric is below 0 and no ratio above 1, so the
/// mean is 0 (or 1) only if every run is.
fn certain(target: &Target, moments: &Moments) -> Option<bool> {
    let (low, high) = moments.range();
    let above = target.value == 0.0 && high > 0.0;
    let below = target.value == 1.0 && low < 1.0 && target.metric.metric.unit == MetricUnit::Ratio;
    match target.operator {
        Operator::Equal if above || below => Some(false),
        Operator::Unequal if above || below => Some(true),
        Operator::LessOrEqual if above => Some(false),
        Operator::Greater if above => Some(true),
        Operator::GreaterOrEqual if below => Some(false),
        Operator::Less if below => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_all_values_are_at_most_the_whole() {
        let sum: f64 = (0..100_000).map(share).sum();
        assert!(sum <= 1.0 && sum > 0.999, "{sum}");
    }

    #[test]
    fn the_runs_that_have_to_agree_are_those_of_the_rule_of_three() {
        assert_eq!([0.05, 0.01].map(agreeing_runs), [59, 90]);
    }

    #[test]
    fn one_run_above_zero_refutes_a_mean_of_zero() {
        let mut moments = Moments::default();
        [0.0, 0.0, 1.0].iter().for_each(|&value| moments.add(value));
        let shown = |text: &str| certain(&Target::parse(text).expect("a target"), &moments);
        assert_eq!(shown("stranded == 0"), Some(false));
        assert_eq!(shown("stranded > 0"), Some(true));
        assert_eq!(shown("stranded < 1"), None);
        assert_eq!(shown("utilisation == 1"), Some(false));
        assert_eq!(shown("utilisation <= 1"), None);
    }
}
