//! The difference of one metric between two studies, with its interval.

use crate::results::Summary;
use crate::stats::blocks::mean_of_two;
use crate::stats::interval::{CONFIDENCE, Moments, student_quantile};

/// A difference, new minus base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EstimatedDifference {
    pub difference: f64,
    /// Its 95% confidence interval, if there are enough data for one.
    pub ci95: Option<[f64; 2]>,
    /// The mean as a share of the base; `None` if that is zero.
    pub relative: Option<f64>,
    /// If it was taken pair by pair: how many pairs of blocks, and how many replications each is of.
    pub pairs: Option<[u64; 2]>,
}

/// Block means of one metric and how many replications each is of.
pub type Means<'r> = (u64, &'r [Option<f64>]);

/// The difference between two summaries, each with its number of replications: pair by pair if
/// `blocks` give two pairs, else as of independent samples. `None` where either has no value.
pub fn estimate(
    [base, new]: [(Option<Summary>, u64); 2],
    blocks: Option<[Means<'_>; 2]>,
) -> Option<EstimatedDifference> {
    let (Some(old), Some(summary)) = (base.0, new.0) else { return None };
    let estimate =
        blocks.and_then(paired).unwrap_or_else(|| independent([(old, base.1), (summary, new.1)]));
    // Differences of the greatest numbers overflow.
    let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
    let sound = finite(&[estimate.difference])
        && estimate.ci95.is_none_or(|ci95| finite(&ci95))
        && estimate.relative.is_none_or(|relative| relative.is_finite());
    sound.then_some(estimate)
}

fn paired([base, new]: [Means<'_>; 2]) -> Option<EstimatedDifference> {
    let length = base.0.max(new.0);
    let (base, new) = (lengthened(base, length), lengthened(new, length));
    let (mut differences, mut bases) = (Moments::default(), Moments::default());
    for (base, new) in base.into_iter().zip(new) {
        if let (Some(base), Some(new)) = (base, new) {
            differences.add(new - base);
            bases.add(base);
        }
    }
    Some(EstimatedDifference {
        difference: differences.mean(),
        ci95: Some(differences.interval(CONFIDENCE)?),
        relative: share(differences.mean(), bases.mean()),
        pairs: Some([differences.count(), length]),
    })
}

/// The same record with blocks of `length` replications, a power of two like its own length; an odd
/// block at the end is not complete.
fn lengthened((length, means): Means<'_>, wanted: u64) -> Vec<Option<f64>> {
    let mut means = means.to_vec();
    let mut now = length.max(1);
    while now < wanted && !means.is_empty() {
        means = means.chunks_exact(2).map(|two| mean_of_two(two[0], two[1])).collect();
        now *= 2;
    }
    means
}

/// Welch's interval. The variances are read back from the intervals of the summaries.
fn independent([(base, base_runs), (new, new_runs)]: [(Summary, u64); 2]) -> EstimatedDifference {
    let difference = new.mean - base.mean;
    let errors = variance(&base, base_runs).zip(variance(&new, new_runs));
    let ci95 = errors.map(|(a, b)| {
        let error = (a + b).sqrt();
        let half = match error == 0.0 {
            true => 0.0,
            false => {
                let shares = a * a / (base_runs - 1) as f64 + b * b / (new_runs - 1) as f64;
                error * student_quantile((a + b) * (a + b) / shares, CONFIDENCE)
            }
        };
        [difference - half, difference + half]
    });
    EstimatedDifference { difference, ci95, relative: share(difference, base.mean), pairs: None }
}

/// The variance of the mean of `runs` runs, from its interval. If some of the runs had no value the
/// interval is wider than assumed here, and so is the result.
fn variance(summary: &Summary, runs: u64) -> Option<f64> {
    // A ratio has an interval even from one run, but over its clients, which are not independent.
    let [low, high] = summary.ci95.filter(|_| runs >= 2)?;
    let error = (high - low) / 2.0 / student_quantile((runs - 1) as f64, CONFIDENCE);
    Some(error * error)
}

fn share(difference: f64, base: f64) -> Option<f64> {
    (base != 0.0).then(|| difference / base)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(values: &[f64]) -> (Option<Summary>, u64) {
        let mut moments = Moments::default();
        values.iter().for_each(|&value| moments.add(value));
        let (min, max) = moments.range();
        let ci95 = moments.interval(CONFIDENCE);
        (Some(Summary { mean: moments.mean(), ci95, min, max }), moments.count())
    }

    #[test]
    fn welchs_interval_matches_a_worked_example() {
        // Means 20 and 24.5, variances 10 and 2.5 of 5 values: error sqrt(2.5), 5.882 degrees of
        // freedom, whose t at 97.5% is 2.4592.
        let base = summary(&[16.0, 18.0, 20.0, 22.0, 24.0]);
        let new = summary(&[22.5, 23.5, 24.5, 25.5, 26.5]);
        let found = estimate([base, new], None).unwrap();
        let half = 2.4592 * 2.5f64.sqrt();
        let [low, high] = found.ci95.unwrap();
        assert!((found.difference - 4.5).abs() < 1e-12);
        assert!(
            (low - (4.5 - half)).abs() < 1e-3 && (high - (4.5 + half)).abs() < 1e-3,
            "{low} {high}"
        );
        assert!((found.relative.unwrap() - 0.225).abs() < 1e-12);
    }

    #[test]
    fn pairs_cancel_what_both_have_in_common() {
        let (base, new) = ([10.0, 20.0, 30.0, 40.0], [11.0, 21.5, 31.5, 41.0]);
        let blocks = |values: &[f64]| values.iter().map(|&value| Some(value)).collect::<Vec<_>>();
        let (old_means, means) = (blocks(&base), blocks(&new));
        let summaries = [summary(&base), summary(&new)];
        let alone = estimate(summaries, None).unwrap().ci95.unwrap();
        assert!(alone[0] < 0.0 && alone[1] > 0.0);
        let found = estimate(summaries, Some([(1, &old_means), (1, &means)])).unwrap();
        assert_eq!((found.difference, found.pairs), (1.25, Some([4, 1])));
        assert!(found.ci95.unwrap()[0] > 0.0);
        // Of blocks of one and of two replications, the longer decide.
        let merged = [Some(16.25), Some(36.25)];
        let found = estimate(summaries, Some([(1, &old_means), (2, &merged)])).unwrap();
        assert_eq!((found.difference, found.pairs), (1.25, Some([2, 2])));
    }

    #[test]
    fn one_pair_or_one_run_has_no_interval() {
        let one = summary(&[3.0]);
        let found = estimate([one, one], Some([(1, &[Some(3.0)]), (1, &[Some(3.0)])])).unwrap();
        assert_eq!((found.difference, found.ci95, found.pairs), (0.0, None, None));
        assert_eq!(estimate([one, (None, 1)], None), None);
    }

    #[test]
    fn numbers_that_overflow_are_no_difference() {
        let huge = summary(&[f64::MAX, f64::MAX]);
        let low = summary(&[-f64::MAX, -f64::MAX]);
        assert_eq!(estimate([huge, low], None), None);
    }
}
