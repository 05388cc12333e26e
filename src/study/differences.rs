//! Comparing variants: paired differences under common random numbers.

use crate::results::{Comparison, Difference, Verdict};
use crate::stats::interval::{CONFIDENCE, Moments};
use crate::stats::metric::{Better, Metric, Metrics};

/// The differences of each variant to the reference so far.
#[derive(Clone, Debug)]
pub struct PairedDifferences {
    reference: usize,
    /// For each variant the metrics' differences, and the reference's own values where both have
    /// one.
    variants: Vec<Vec<(Metric, Moments, Moments)>>,
}

impl PairedDifferences {
    /// Compares `variants` variants with number `reference`.
    pub fn new(variants: usize, reference: usize) -> PairedDifferences {
        PairedDifferences { reference, variants: vec![Vec::new(); variants] }
    }

    /// Adds the next replication: the metrics of each variant.
    pub fn add(&mut self, metrics: &[&Metrics]) {
        let Some(reference) = metrics.get(self.reference) else { return };
        for (sums, variant) in self.variants.iter_mut().zip(metrics) {
            if sums.is_empty() {
                let start =
                    |&(metric, _): &(Metric, _)| (metric, Moments::default(), Moments::default());
                *sums = variant.iter().map(start).collect();
            }
            let pairs = variant.iter().zip(reference.iter());
            for ((_, difference, base), ((_, value), (_, reference))) in sums.iter_mut().zip(pairs)
            {
                if let (Some(value), Some(reference)) = (value, reference) {
                    difference.add(value - reference);
                    base.add(*reference);
                }
            }
        }
    }

    /// The comparison of each variant with the reference; `names` are the variants' names.
    pub fn finish(&self, names: &[&str]) -> Vec<Comparison> {
        let variants = self.variants.iter().zip(names).enumerate();
        variants
            .filter(|(i, _)| *i != self.reference)
            .map(|(_, (sums, name))| Comparison {
                reference: names[self.reference].to_owned(),
                variant: (*name).to_owned(),
                metrics: sums
                    .iter()
                    .map(|(m, sum, base)| (m.name.to_owned(), difference(m.better, sum, base)))
                    .collect(),
            })
            .collect()
    }
}

fn difference(better: Better, sum: &Moments, base: &Moments) -> Option<Difference> {
    let mean = sum.mean();
    let ci95 = sum.interval(CONFIDENCE);
    let relative = (base.mean() != 0.0).then(|| mean / base.mean());
    (sum.count() > 0).then(|| Difference { mean, ci95, relative, verdict: verdict(better, ci95) })
}

/// The verdict on a difference with this interval, in a metric of which `better` values are better.
pub fn verdict(better: Better, ci95: Option<[f64; 2]>) -> Verdict {
    let Some([low, high]) = ci95 else { return Verdict::Unknown };
    if low <= 0.0 && high >= 0.0 {
        return Verdict::NoDifferenceShown;
    }
    match (better, low > 0.0) {
        (Better::Lower, false) | (Better::Higher, true) => Verdict::Better,
        (Better::Lower, true) | (Better::Higher, false) => Verdict::Worse,
        (Better::Neither, true) => Verdict::Higher,
        (Better::Neither, false) => Verdict::Lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::metric::{COMPLETED, MAKESPAN, STRANDED};

    #[test]
    fn a_variant_is_better_or_worse_only_if_the_interval_excludes_zero() {
        let mut comparisons = PairedDifferences::new(2, 0);
        for (reference, variant) in [(10.0, 8.0), (20.0, 17.5), (30.0, 28.5)] {
            let metrics =
                |value: f64| vec![(STRANDED, Some(value)), (COMPLETED, Some(100.0 - value))];
            comparisons.add(&[&metrics(reference), &metrics(variant)]);
        }
        let found = comparisons.finish(&["base", "new"]);
        let stranded = found[0].metrics["stranded"].unwrap();
        // The values spread over 20, their differences only over 1: this is the gain of pairing.
        assert_eq!((stranded.mean, stranded.verdict), (-2.0, Verdict::Better));
        assert_eq!(found[0].metrics["completed"].unwrap().verdict, Verdict::Better);
        assert_eq!(stranded.relative, Some(-0.1));
    }

    #[test]
    fn equal_values_differ_by_exactly_nothing() {
        let mut comparisons = PairedDifferences::new(2, 0);
        for value in [0.1, 0.2, 0.3] {
            let metrics = vec![(MAKESPAN, Some(value))];
            comparisons.add(&[&metrics, &metrics]);
        }
        let found = comparisons.finish(&["a", "b"])[0].metrics["makespan"].unwrap();
        assert_eq!((found.mean, found.ci95), (0.0, Some([0.0, 0.0])));
        assert_eq!(found.verdict, Verdict::NoDifferenceShown);
    }
}
