//! Summing up the replications of a variant.

use hdrhistogram::Histogram;
use indexmap::IndexMap;

use crate::results::{
    Distribution, Histograms, MetricTable, SeriesResults, Summary, VariantResults,
};
use crate::scenario::Variant;
use crate::stats::{HISTOGRAM_DIGITS, RunOutcome, Series, metrics, new_histogram, record};

/// The replications of one variant so far. Its size does not grow with their number.
#[derive(Default)]
pub struct VariantAccumulator {
    replications: u64,
    total: Accumulators,
    groups: Vec<Accumulators>,
    points: Vec<Accumulators>,
    series: Option<Series>,
    completion: Option<Histogram<u64>>,
    attempts: Option<Histogram<u64>>,
}

type Accumulators = Vec<(&'static str, Accumulator)>;

impl VariantAccumulator {
    /// Adds the outcome of the next replication.
    pub fn add(&mut self, mut run: RunOutcome) {
        self.replications += 1;
        add_all(&mut self.total, metrics::of_run(&run));
        self.groups.resize_with(run.groups.len(), Vec::new);
        for (group, tally) in self.groups.iter_mut().zip(&mut run.groups) {
            add_all(group, metrics::of_clients(tally));
        }
        self.points.resize_with(run.points.len(), Vec::new);
        for (point, outcome) in self.points.iter_mut().zip(&run.points) {
            add_all(point, metrics::of_point(outcome, run.window));
        }
        let completion = self.completion.get_or_insert_with(|| new_histogram(2));
        let attempts = self.attempts.get_or_insert_with(|| new_histogram(HISTOGRAM_DIGITS));
        for tally in &run.groups {
            tally.completions.iter().for_each(|&millis| record(completion, millis));
            // Both resize themselves, so they always add up.
            let _ = attempts.add(&tally.attempts_per_client);
        }
        match &mut self.series {
            None => self.series = Some(run.series),
            Some(series) => series.add(run.series),
        }
    }

    /// The results of `variant`, whose replications were added.
    pub fn finish(self, variant: &Variant) -> VariantResults {
        let scenario = &variant.scenario;
        let names = scenario.clients.iter().map(|group| group.name.clone());
        let groups: IndexMap<_, _> = names.zip(self.groups.iter().map(summaries)).collect();
        let names = scenario.distribution_points.iter().map(|point| point.name.clone());
        let points: IndexMap<_, _> = names.zip(self.points.iter().map(summaries)).collect();
        VariantResults {
            name: variant.name.clone(),
            overlay: variant.overlay.clone(),
            metrics: summaries(&self.total),
            groups,
            distribution_points: points,
            series: series(&self.series.unwrap_or_default(), self.replications),
            histograms: Histograms {
                completion: self.completion.as_ref().map(distribution).unwrap_or_default(),
                attempts: self.attempts.as_ref().map(distribution).unwrap_or_default(),
            },
        }
    }
}

/// A metric over the replications so far.
#[derive(Clone, Copy, Debug, Default)]
struct Accumulator {
    count: u64,
    sum: f64,
    min: f64,
    max: f64,
}

impl Accumulator {
    fn add(&mut self, value: f64) {
        self.min = if self.count == 0 { value } else { self.min.min(value) };
        self.max = if self.count == 0 { value } else { self.max.max(value) };
        self.count += 1;
        self.sum += value;
    }

    fn summary(&self) -> Option<Summary> {
        (self.count > 0).then(|| Summary {
            mean: self.sum / self.count as f64,
            ci95: None,
            min: self.min,
            max: self.max,
        })
    }
}

fn add_all(accumulators: &mut Accumulators, metrics: metrics::Metrics) {
    if accumulators.is_empty() {
        *accumulators = metrics.iter().map(|&(name, _)| (name, Accumulator::default())).collect();
    }
    for ((_, accumulator), (_, value)) in accumulators.iter_mut().zip(metrics) {
        value.into_iter().for_each(|value| accumulator.add(value));
    }
}

fn summaries(accumulators: &Accumulators) -> MetricTable {
    let metrics = accumulators.iter();
    metrics.map(|(name, metric)| ((*name).to_owned(), metric.summary())).collect()
}

fn series(series: &Series, replications: u64) -> SeriesResults {
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
