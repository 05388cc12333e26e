//! The load over time.

use std::fmt::Write;

use super::spark;
use super::wrap::{columns, wrap_for_terminal};
use crate::human::{count, span};
use crate::report::content::clock::Clock;
use crate::report::names::{LONGEST, short};
use crate::results::{Results, VariantResults, mean};
use crate::stats::metric;

/// The most cells of a chart.
const WIDEST: usize = 60;

/// The fewest cells of a chart beside a name.
const NARROWEST: usize = 20;

/// The columns between a name and its chart.
const GAP: usize = 2;

/// Open connections over time, all variants on the same axes, at most `width` columns wide; `None` if there
/// never was one.
pub fn chart(results: &Results, width: Option<u16>) -> Option<String> {
    let lasts = |variant: &VariantResults| {
        variant.series.bucket_ms * variant.series.open_connections.len() as u64
    };
    let longest = results.variants.iter().map(lasts).max().unwrap_or(0);
    let peaks = results.variants.iter().map(|v| mean(&v.metrics, metric::CONNECTIONS_PEAK));
    let top = peaks.fold(0.0, f64::max);
    if top == 0.0 {
        return None;
    }
    let names: Vec<String> = results.variants.iter().map(|v| short(&v.name, LONGEST)).collect();
    let label = names.iter().map(|name| columns(name)).max().unwrap_or(0);
    let width_or_more = width.map_or(usize::MAX, usize::from);
    // Where names leave no room beside them, each stands above its chart.
    let above = label + GAP + NARROWEST > width_or_more;
    let label = if above { 0 } else { label };
    let cells = width_or_more.saturating_sub(label + GAP).clamp(1, WIDEST);
    let title = format!(
        "Open connections over time (full height: {}; one block: {})",
        count(top),
        span(longest as f64 / cells as f64)
    );
    let mut chart = wrap_for_terminal(&title, width, 0) + "\n";
    for (variant, name) in results.variants.iter().zip(&names) {
        let series = &variant.series;
        let buckets = longest.div_ceil(series.bucket_ms.max(1)) as usize;
        let line = spark::line(&series.open_connections, buckets, cells, top);
        let (pad, line) = (label.saturating_sub(columns(name)), line.trim_end());
        let _ = match above {
            true => writeln!(chart, "{}\n{:GAP$}{line}", wrap_for_terminal(name, width, 0), ""),
            false => writeln!(chart, "{name}{:pad$}{:GAP$}{line}", "", ""),
        };
    }
    let longest = longest as f64;
    let times = [0.0, longest / 2.0, longest];
    let [start, half, end] = match Clock::of(results, longest) {
        Some(clock) => times.map(|at| clock.day_and_time(at)),
        None => times.map(|at| if at == 0.0 { "0".to_owned() } else { span(at) }),
    };
    // Where there is no room for all, the middle is left out.
    let half = if start.len() + half.len() + end.len() + 2 > cells { String::new() } else { half };
    let middle = cells / 2 + 1 - start.len().min(cells / 2);
    let rest = cells - start.len() - middle;
    let _ = writeln!(chart, "{:label$}{:GAP$}{start}{half:>middle$}{end:>rest$}", "", "");
    Some(chart)
}
