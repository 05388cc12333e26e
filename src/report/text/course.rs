//! How the load went.

use std::fmt::Write;

use super::spark;
use crate::human::{count, span};
use crate::report::names::tame;
use crate::results::{Results, VariantResults, mean};
use crate::stats::metric;

/// The cells of a chart.
const CHART_WIDTH: usize = 60;

/// Open connections over time, all variants on the same axes.
pub fn chart(results: &Results) -> String {
    let lasts = |variant: &VariantResults| {
        variant.series.bucket_ms * variant.series.open_connections.len() as u64
    };
    let longest = results.variants.iter().map(lasts).max().unwrap_or(0);
    let peaks = results.variants.iter().map(|v| mean(&v.metrics, metric::CONNECTIONS_PEAK));
    let top = peaks.fold(0.0, f64::max);
    let label = results.variants.iter().map(|v| v.name.chars().count()).max().unwrap_or(0);
    let mut chart = format!(
        "Open connections over time (full height: {}; one block: {})\n",
        count(top),
        span(longest as f64 / CHART_WIDTH as f64)
    );
    for variant in &results.variants {
        let series = &variant.series;
        let buckets = longest.div_ceil(series.bucket_ms.max(1)) as usize;
        let line = spark::line(&series.open_connections, buckets, CHART_WIDTH, top);
        let name = tame(&variant.name);
        let pad = label.saturating_sub(name.chars().count());
        let _ = writeln!(chart, "{name}{:pad$}  {}", "", line.trim_end());
    }
    let (half, end) = (span(longest as f64 / 2.0), span(longest as f64));
    let middle = CHART_WIDTH / 2;
    let _ = writeln!(
        chart,
        "{:label$}  0{half:>middle$}{end:>rest$}",
        "",
        rest = CHART_WIDTH - middle - 1
    );
    chart
}
