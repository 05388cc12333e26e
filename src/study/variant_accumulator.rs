//! Summing up the replications of a variant.

use indexmap::IndexMap;

use super::PlannedVariant;
use super::curves::Curves;
use super::one_run::RunMetrics;
use crate::results::{Blocks, MetricTable, Summary, VariantResults, WindowResults};
use crate::scenario::{MetricPath, Scope};
use crate::stats::blocks::BlockMeans;
use crate::stats::interval::{CONFIDENCE, Moments, wilson};
use crate::stats::metric::{Metric, Metrics};

/// The replications of one variant so far. Its size does not grow with their number.
#[derive(Clone, Debug, Default)]
pub struct VariantAccumulator {
    replications: u64,
    total: Accumulators,
    blocks: BlockMeans,
    groups: Vec<Accumulators>,
    points: Vec<Accumulators>,
    copies: Vec<Accumulators>,
    windows: Vec<WindowAccumulator>,
    curves: Curves,
    watched: Vec<Watched>,
}

/// What is measured in a window of time.
#[derive(Clone, Debug, Default)]
struct WindowAccumulator {
    total: Accumulators,
    groups: Vec<Accumulators>,
    points: Vec<Accumulators>,
}

/// One metric that is kept replication by replication, for its differences to other variants.
#[derive(Clone, Debug)]
struct Watched {
    /// `None` if the variant does not have it.
    place: Option<Place>,
    metric: Metric,
    values: Vec<Option<f64>>,
}

/// Where a metric is measured.
#[derive(Clone, Copy, Debug)]
enum Place {
    Whole,
    Point(usize),
    Group(usize),
    Copies(usize),
}

impl Place {
    /// Where a metric of `variant` is measured; `None` if `variant` has no such point or group.
    fn of(metric: &MetricPath, variant: &PlannedVariant) -> Option<Place> {
        if metric.during.is_some() {
            return None;
        }
        let place = |names: &[String], name| names.iter().position(|known| known == name);
        Some(match &metric.scope {
            Scope::Whole => Place::Whole,
            Scope::Point(name) => Place::Point(place(&variant.points, name)?),
            Scope::Group(name) => Place::Group(place(&variant.groups, name)?),
            Scope::Copies(name) => Place::Copies(place(&variant.copies, name)?),
        })
    }
}

/// Metrics by name over the replications in which they have a value.
type Accumulators = Vec<(Metric, Moments)>;

impl VariantAccumulator {
    /// Adds the metrics of the next replication.
    pub fn add(&mut self, run: &RunMetrics) {
        self.replications += 1;
        add_all(&mut self.total, &run.total);
        self.blocks.add(run.total.iter().map(|&(_, value)| value).collect());
        let parts = [
            (&mut self.groups, &run.groups),
            (&mut self.points, &run.points),
            (&mut self.copies, &run.copies),
        ];
        parts.into_iter().for_each(|(sums, runs)| add_each(sums, runs));
        self.windows.resize_with(run.windows.len(), WindowAccumulator::default);
        for (sums, run) in self.windows.iter_mut().zip(&run.windows) {
            add_all(&mut sums.total, &run.total);
            add_each(&mut sums.groups, &run.groups);
            add_each(&mut sums.points, &run.points);
        }
        for watched in &mut self.watched {
            let metrics = match watched.place {
                None => None,
                Some(Place::Whole) => Some(&run.total),
                Some(Place::Point(point)) => run.points.get(point),
                Some(Place::Group(group)) => run.groups.get(group),
                Some(Place::Copies(copies)) => run.copies.get(copies),
            };
            let mut metrics = metrics.into_iter().flatten();
            let value = metrics.find(|(metric, _)| *metric == watched.metric).and_then(|(_, v)| *v);
            watched.values.push(value);
        }
    }

    /// Adds the curves of any of its replications.
    pub fn add_curves(&mut self, curves: Curves) {
        self.curves.add(curves);
    }

    /// A metric of the whole run over the replications so far.
    pub fn metric(&self, metric: Metric) -> Option<&Moments> {
        self.total.iter().find(|(known, _)| *known == metric).map(|(_, moments)| moments)
    }

    /// A metric of the whole run, a point or a group over the replications so far.
    pub fn moments(&self, metric: &MetricPath, variant: &PlannedVariant) -> Option<&Moments> {
        let metrics = match Place::of(metric, variant)? {
            Place::Whole => &self.total,
            Place::Point(point) => self.points.get(point)?,
            Place::Group(group) => self.groups.get(group)?,
            Place::Copies(copies) => self.copies.get(copies)?,
        };
        metrics.iter().find(|(known, _)| *known == metric.metric).map(|(_, moments)| moments)
    }

    /// From now on also keeps the values of `metric`, one per replication.
    pub fn watch(&mut self, metric: &MetricPath, variant: &PlannedVariant) {
        let place = Place::of(metric, variant);
        self.watched.push(Watched { place, metric: metric.metric, values: Vec::new() });
    }

    /// The values of the `index`-th watched metric, from 0.
    pub fn watched(&self, index: usize) -> &[Option<f64>] {
        self.watched.get(index).map_or(&[], |watched| &watched.values)
    }

    fn blocks(&self) -> Blocks {
        let names = self.total.iter().map(|(metric, _)| metric.name.to_owned());
        let metrics = names.enumerate().map(|(i, name)| (name, self.blocks.of(i))).collect();
        Blocks { length: self.blocks.length(), metrics }
    }

    /// The results of `variant`, which is the variant of these replications.
    pub fn finish(&self, variant: &PlannedVariant) -> VariantResults {
        let named = |names: &[String], sums: &[Accumulators]| -> IndexMap<String, MetricTable> {
            names.iter().cloned().zip(sums.iter().map(summaries)).collect()
        };
        let window = |sums: &WindowAccumulator| WindowResults {
            metrics: summaries(&sums.total),
            groups: named(&variant.groups, &sums.groups),
            distribution_points: named(&variant.points, &sums.points),
        };
        VariantResults {
            name: variant.name.clone(),
            overlay: variant.overlay.clone(),
            metrics: summaries(&self.total),
            blocks: self.blocks(),
            groups: named(&variant.groups, &self.groups),
            distribution_points: named(&variant.points, &self.points),
            copies: named(&variant.copies, &self.copies),
            windows: variant.windows.iter().cloned().zip(self.windows.iter().map(window)).collect(),
            trigger: variant.trigger.clone(),
            series: self.curves.series(self.replications),
            histograms: self.curves.histograms(),
        }
    }
}

fn add_each(sums: &mut Vec<Accumulators>, runs: &[Metrics]) {
    sums.resize_with(runs.len(), Vec::new);
    sums.iter_mut().zip(runs).for_each(|(sum, run)| add_all(sum, run));
}

fn add_all(accumulators: &mut Accumulators, metrics: &Metrics) {
    if accumulators.is_empty() {
        *accumulators = metrics.iter().map(|&(metric, _)| (metric, Moments::default())).collect();
    }
    for ((_, moments), (_, value)) in accumulators.iter_mut().zip(metrics) {
        value.iter().for_each(|&value| moments.add(value));
    }
}

fn summaries(accumulators: &Accumulators) -> MetricTable {
    let mut table: MetricTable =
        accumulators.iter().map(|(m, moments)| (m.name.to_owned(), summary(*m, moments))).collect();
    // A proportion has an interval even after one run.
    for (metric, _) in accumulators {
        let whole = metric.proportion_of.and_then(|whole| whole.of(&table).copied());
        if let (Some(whole), Some(Some(ratio))) = (whole, table.get_mut(metric.name))
            && ratio.ci95.is_none()
        {
            let part = (ratio.mean * whole.mean).round();
            ratio.ci95 = wilson(part as u64, whole.mean as u64, CONFIDENCE);
        }
    }
    table
}

fn summary(metric: Metric, moments: &Moments) -> Option<Summary> {
    let (min, max) = moments.range();
    let ci95 = metric.interval(moments, CONFIDENCE);
    (moments.count() > 0).then(|| Summary { mean: moments.mean(), ci95, min, max })
}
