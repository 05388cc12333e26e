//! Summing up the replications of a variant.

use indexmap::IndexMap;

use super::curves::Curves;
use super::plan::PlannedVariant;
use super::unit::UnitMetrics;
use crate::results::{Blocks, MetricTable, Summary, VariantResults};
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
    curves: Curves,
    watched: Vec<Watched>,
}

/// One metric that is kept replication by replication, for differences to other variants.
#[derive(Clone, Debug)]
struct Watched {
    /// `None` if the variant does not have it.
    part: Option<Part>,
    metric: Metric,
    values: Vec<Option<f64>>,
}

/// Where a metric is measured.
#[derive(Clone, Copy, Debug)]
enum Part {
    Whole,
    Point(usize),
    Group(usize),
}

impl Part {
    /// The part of `variant` that a metric is of, if it has it.
    fn of(metric: &MetricPath, variant: &PlannedVariant) -> Option<Part> {
        let place = |names: &[String], name| names.iter().position(|known| known == name);
        Some(match &metric.scope {
            Scope::Whole => Part::Whole,
            Scope::Point(name) => Part::Point(place(&variant.points, name)?),
            Scope::Group(name) => Part::Group(place(&variant.groups, name)?),
        })
    }
}

/// Metrics by name over the replications in which they have a value.
type Accumulators = Vec<(Metric, Moments)>;

impl VariantAccumulator {
    /// Adds the metrics of the next replication.
    pub fn add(&mut self, unit: &UnitMetrics) {
        self.replications += 1;
        add_all(&mut self.total, &unit.total);
        self.blocks.add(unit.total.iter().map(|&(_, value)| value).collect());
        self.groups.resize_with(unit.groups.len(), Vec::new);
        self.groups.iter_mut().zip(&unit.groups).for_each(|(sum, unit)| add_all(sum, unit));
        self.points.resize_with(unit.points.len(), Vec::new);
        self.points.iter_mut().zip(&unit.points).for_each(|(sum, unit)| add_all(sum, unit));
        for watched in &mut self.watched {
            let metrics = match watched.part {
                None => None,
                Some(Part::Whole) => Some(&unit.total),
                Some(Part::Point(point)) => unit.points.get(point),
                Some(Part::Group(group)) => unit.groups.get(group),
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

    /// The metric of a part over the replications so far.
    pub fn moments(&self, metric: &MetricPath, variant: &PlannedVariant) -> Option<&Moments> {
        let part = match Part::of(metric, variant)? {
            Part::Whole => &self.total,
            Part::Point(point) => self.points.get(point)?,
            Part::Group(group) => self.groups.get(group)?,
        };
        part.iter().find(|(known, _)| *known == metric.metric).map(|(_, moments)| moments)
    }

    /// From now on keeps the values of `metric` too, one for each replication.
    pub fn watch(&mut self, metric: &MetricPath, variant: &PlannedVariant) {
        let part = Part::of(metric, variant);
        self.watched.push(Watched { part, metric: metric.metric, values: Vec::new() });
    }

    /// The values of the metric that was the `index`-th to be watched, from 0.
    pub fn watched(&self, index: usize) -> &[Option<f64>] {
        self.watched.get(index).map_or(&[], |watched| &watched.values)
    }

    fn blocks(&self) -> Blocks {
        let names = self.total.iter().map(|(metric, _)| metric.name.to_owned());
        let metrics = names.enumerate().map(|(i, name)| (name, self.blocks.of(i))).collect();
        Blocks { length: self.blocks.length(), metrics }
    }

    /// The results of `variant`, whose replications were added.
    pub fn finish(&self, variant: &PlannedVariant) -> VariantResults {
        let names = variant.groups.iter().cloned();
        let groups: IndexMap<_, _> = names.zip(self.groups.iter().map(summaries)).collect();
        let names = variant.points.iter().cloned();
        let points: IndexMap<_, _> = names.zip(self.points.iter().map(summaries)).collect();
        VariantResults {
            name: variant.name.clone(),
            overlay: variant.overlay.clone(),
            metrics: summaries(&self.total),
            blocks: self.blocks(),
            groups,
            distribution_points: points,
            series: self.curves.series(self.replications),
            histograms: self.curves.histograms(),
        }
    }
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
        accumulators.iter().map(|(m, moments)| (m.name.to_owned(), summary(moments))).collect();
    // A proportion has an interval even from one run.
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

fn summary(moments: &Moments) -> Option<Summary> {
    let (min, max) = moments.range();
    let ci95 = moments.interval(CONFIDENCE);
    (moments.count() > 0).then(|| Summary { mean: moments.mean(), ci95, min, max })
}
