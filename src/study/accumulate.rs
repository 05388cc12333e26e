//! Summing up the replications of a variant.

use hdrhistogram::Histogram;
use indexmap::IndexMap;

use super::unit::UnitOutcome;
use crate::results::{
    Distribution, Histograms, MetricTable, SeriesResults, Summary, VariantResults,
};
use crate::scenario::{MetricPath, Scenario, Scope, Variant};
use crate::stats::interval::{CONFIDENCE, Moments, wilson};
use crate::stats::{Series, metrics::Metrics};

/// The replications of one variant so far. Its size does not grow with their number.
#[derive(Clone, Debug, Default)]
pub struct VariantAccumulator {
    replications: u64,
    total: Accumulators,
    groups: Vec<Accumulators>,
    points: Vec<Accumulators>,
    series: Option<Series>,
    completion: Option<Histogram<u64>>,
    attempts: Option<Histogram<u64>>,
}

/// Metrics by name over the replications in which they have a value.
type Accumulators = Vec<(&'static str, Moments)>;

impl VariantAccumulator {
    /// Adds the outcome of the next replication.
    pub fn add(&mut self, unit: UnitOutcome) {
        self.replications += 1;
        add_all(&mut self.total, &unit.total);
        self.groups.resize_with(unit.groups.len(), Vec::new);
        self.groups.iter_mut().zip(&unit.groups).for_each(|(sum, unit)| add_all(sum, unit));
        self.points.resize_with(unit.points.len(), Vec::new);
        self.points.iter_mut().zip(&unit.points).for_each(|(sum, unit)| add_all(sum, unit));
        match &mut self.series {
            None => self.series = Some(unit.series),
            Some(series) => series.add(unit.series),
        }
        add_histogram(&mut self.completion, unit.completion);
        add_histogram(&mut self.attempts, unit.attempts);
    }

    /// The metric `name` over the replications so far.
    pub fn metric(&self, name: &str) -> Option<&Moments> {
        self.total.iter().find(|(known, _)| *known == name).map(|(_, moments)| moments)
    }

    /// The metric of a part over the replications so far.
    pub fn moments(&self, metric: &MetricPath, scenario: &Scenario) -> Option<&Moments> {
        let part = match &metric.scope {
            Scope::Whole => &self.total,
            Scope::Point(name) => {
                let known = scenario.distribution_points.iter().position(|p| p.name == *name)?;
                self.points.get(known)?
            }
            Scope::Group(name) => {
                let known = scenario.clients.iter().position(|group| group.name == *name)?;
                self.groups.get(known)?
            }
        };
        part.iter().find(|(known, _)| *known == metric.name).map(|(_, moments)| moments)
    }

    /// The results of `variant`, whose replications were added.
    pub fn finish(&self, variant: &Variant) -> VariantResults {
        let scenario = &variant.scenario;
        let names = scenario.clients.iter().map(|group| group.name.clone());
        let groups: IndexMap<_, _> = names.zip(self.groups.iter().map(summaries)).collect();
        let names = scenario.distribution_points.iter().map(|point| point.name.clone());
        let points: IndexMap<_, _> = names.zip(self.points.iter().map(summaries)).collect();
        let series = self.series.clone().unwrap_or_default();
        VariantResults {
            name: variant.name.clone(),
            overlay: variant.overlay.clone(),
            metrics: summaries(&self.total),
            groups,
            distribution_points: points,
            series: series_results(&series, self.replications),
            histograms: Histograms {
                completion: self.completion.as_ref().map(distribution).unwrap_or_default(),
                attempts: self.attempts.as_ref().map(distribution).unwrap_or_default(),
            },
        }
    }
}

fn add_all(accumulators: &mut Accumulators, metrics: &Metrics) {
    if accumulators.is_empty() {
        *accumulators = metrics.iter().map(|&(name, _)| (name, Moments::default())).collect();
    }
    for ((_, moments), (_, value)) in accumulators.iter_mut().zip(metrics) {
        value.iter().for_each(|&value| moments.add(value));
    }
}

fn add_histogram(sum: &mut Option<Histogram<u64>>, unit: Histogram<u64>) {
    match sum {
        None => *sum = Some(unit),
        // Both resize themselves, so they always add up.
        Some(sum) => drop(sum.add(unit)),
    }
}

fn summaries(accumulators: &Accumulators) -> MetricTable {
    let mut table: MetricTable =
        accumulators.iter().map(|(name, moments)| ((*name).to_owned(), summary(moments))).collect();
    // A ratio has an interval even from one run.
    for (ratio, whole) in RATIOS {
        let whole = table.get(whole).copied().flatten();
        if let (Some(whole), Some(Some(ratio))) = (whole, table.get_mut(ratio))
            && ratio.ci95.is_none()
        {
            let part = (ratio.mean * whole.mean).round();
            ratio.ci95 = wilson(part as u64, whole.mean as u64, CONFIDENCE);
        }
    }
    table
}

/// Ratios of clients, and what each is a ratio of. Not `refused.ratio`: the attempts of one client
/// have too much in common to count each as a case of its own.
const RATIOS: [(&str, &str); 2] =
    [("stranded.ratio", "arrived"), ("refused.first_ratio", "arrived")];

fn summary(moments: &Moments) -> Option<Summary> {
    let (min, max) = moments.range();
    let ci95 = moments.interval(CONFIDENCE);
    (moments.count() > 0).then(|| Summary { mean: moments.mean(), ci95, min, max })
}

fn series_results(series: &Series, replications: u64) -> SeriesResults {
    let width = series.width().as_millis();
    let replications = replications.max(1) as f64;
    let buckets = series.buckets().iter();
    let height = |area: u128| area as f64 / width as f64 / replications;
    let count = |count: u64| count as f64 / replications;
    SeriesResults {
        bucket_ms: width,
        open_connections: buckets.clone().map(|bucket| height(bucket.open_area)).collect(),
        waiting: buckets.clone().map(|bucket| height(bucket.waiting_area)).collect(),
        refused: buckets.clone().map(|bucket| count(bucket.refused)).collect(),
        completed: buckets.map(|bucket| count(bucket.completed)).collect(),
    }
}

fn distribution(histogram: &Histogram<u64>) -> Distribution {
    let recorded = histogram.iter_recorded();
    let (values, counts) =
        recorded.map(|step| (step.value_iterated_to(), step.count_at_value())).unzip();
    Distribution { values, counts }
}
