//! The values of metrics as people read them.

use super::table::Cell;
use crate::human::percent;
use crate::results::{MetricTable, Summary, VariantResults, mean};
use crate::scenario::MetricPath;
use crate::stats::metric::{self, Metric, show};

/// How a number is written.
pub type Show = fn(f64) -> String;

/// A metric by its path, such as `dp.DP01.utilisation`.
pub fn summary_of<'v>(variant: &'v VariantResults, path: &str) -> Option<&'v Summary> {
    variant.metric(&MetricPath::parse(path).ok()?)
}

/// A mean and, where it is one of several runs that differ, how far the 95% interval reaches.
fn with_margin(summary: &Summary, show: Show) -> String {
    let mean = show(summary.mean);
    match summary.ci95 {
        Some([low, high]) if summary.max > summary.min => {
            format!("{mean} ±{}", show((high - low) / 2.0))
        }
        _ => mean,
    }
}

/// A mean of the metric that is called `path` with its margin, or of a share of runs with its interval: Wilson's
/// is not around the share, and says something even where all runs end alike.
pub fn with_interval(summary: &Summary, path: &str) -> String {
    match summary.ci95 {
        Some([low, high]) if is_share_of_runs(path) => {
            format!("{} ({} to {})", percent(summary.mean), percent(low), percent(high))
        }
        _ => with_margin(summary, show(path)),
    }
}

/// Whether a metric is the share of runs in which something happens.
pub fn is_share_of_runs(path: &str) -> bool {
    metric::named(path).is_some_and(|metric| metric.is_share_of_runs)
}

/// A metric with its margin, without its share of the clients.
pub fn plain_cell(metrics: &MetricTable, metric: Metric) -> Cell {
    let mut cell = summary_cell(metric.of(metrics), metric.name);
    // It is the mean of the runs that recover.
    let stuck = mean(metrics, metric::STUCK);
    if metric == metric::RECOVERY_TIME && stuck > 0.0 && stuck < 1.0 {
        cell.text = format!("{} in {} of the runs", cell.text, percent(1.0 - stuck));
    }
    cell
}

/// A metric with its margin and, where that is of interest, its share of the clients that arrived.
pub fn cell(metrics: &MetricTable, metric: Metric) -> Cell {
    let mut cell = plain_cell(metrics, metric);
    let (part, arrived) = (mean(metrics, metric), mean(metrics, metric::ARRIVED));
    if metric.with_share && part > 0.0 && arrived > 0.0 {
        cell.text = format!("{} ({})", cell.text, percent(part / arrived));
    }
    cell
}

/// A mean of the metric that is called `path` with its margin.
pub fn summary_cell(summary: Option<&Summary>, path: &str) -> Cell {
    let detail = summary.and_then(|summary| detail(summary, show(path)));
    Cell::figure(summary.map(|summary| with_interval(summary, path))).detail(detail)
}

/// The interval and the range of a metric, where there is more than one run.
fn detail(summary: &Summary, show: Show) -> Option<String> {
    let [low, high] = summary.ci95?;
    let (low, high, least, most) = (show(low), show(high), show(summary.min), show(summary.max));
    Some(format!("95% interval {low} to {high}; the runs lie from {least} to {most}"))
}
