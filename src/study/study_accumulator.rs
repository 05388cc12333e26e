//! Summing up the replications of all variants of a study.

use super::differences::PairedDifferences;
use super::one_run::{RunMetrics, RunSummary};
use super::variant_accumulator::VariantAccumulator;
use crate::stats::metric::Metrics;

/// The sums over the replications so far.
pub struct StudyAccumulator {
    /// The number of replications so far.
    pub replications: u64,
    pub variants: Vec<VariantAccumulator>,
    /// The differences of the variants to the reference.
    pub comparisons: PairedDifferences,
}

impl StudyAccumulator {
    /// An empty accumulator for `variants` variants that are compared with number `reference`.
    pub fn new(variants: usize, reference: usize) -> StudyAccumulator {
        StudyAccumulator {
            replications: 0,
            variants: vec![VariantAccumulator::default(); variants],
            comparisons: PairedDifferences::new(variants, reference),
        }
    }

    pub(super) fn add(&mut self, replication: Vec<RunSummary>) {
        let (metrics, curves): (Vec<_>, Vec<_>) =
            replication.into_iter().map(|run| (run.metrics, run.curves)).unzip();
        self.add_metrics(&metrics);
        for (sum, curves) in self.variants.iter_mut().zip(curves) {
            sum.add_curves(curves);
        }
    }

    /// Adds the metrics of the next replication of each variant, but not its curves.
    pub fn add_metrics(&mut self, replication: &[RunMetrics]) {
        self.replications += 1;
        let metrics: Vec<&Metrics> = replication.iter().map(|run| &run.total).collect();
        self.comparisons.add(&metrics);
        for (sum, run) in self.variants.iter_mut().zip(replication) {
            sum.add(run);
        }
    }
}
