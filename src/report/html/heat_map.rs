//! A sweep over two keys as a map: a row for each value of one, a column for each value of the other, and cells that
//! are the darker the higher a metric is.

use maud::{Markup, html};

use super::figure::capitalised;
use super::grid::{Grid, GridLine};
use crate::report::content::metrics::summary_of;
use crate::report::names::short;
use crate::results::{Results, Summary};
use crate::stats::metric::{self, MetricUnit, show};

/// The most columns and rows: more cannot be read on a page.
const MOST: usize = 24;

/// A metric whose highest value is more than this times its lowest is coloured by its logarithm.
const WIDE: f64 = 50.0;

/// Whether a sweep has a map: over two keys, with each combination of their values.
pub fn has_map(results: &Results, grid: &Grid) -> bool {
    let keys = results.sweep.as_ref().map_or(0, |sweep| sweep.keys.len());
    let columns = grid.lines.first().map_or(0, |line| line.variants.len());
    results.sizing.is_none()
        && keys == 2
        && (2..=MOST).contains(&columns)
        && (2..=MOST).contains(&grid.lines.len())
        && grid.lines.iter().all(|line| line.variants.len() == columns)
}

/// The map of one metric over the values of a sweep that [has one](has_map).
pub fn render(results: &Results, grid: &Grid, metric: &str) -> Markup {
    let columns: &[usize] = grid.lines.first().map_or(&[], |line| &line.variants);
    let heat = Heat::of(results, metric);
    let label = metric::named(metric).map_or(metric, |metric| metric.label);
    let scale = if heat.is_logarithmic { ", by its logarithm" } else { "" };
    let id: String = metric.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    html! {
        figure.chart.wide id=(format!("map-{}", short(&id, 60))) {
            figcaption {
                h3 { (capitalised(&short(label, 60))) }
                p { "Metric " (short(metric, 60)) ": the darker, the higher" (scale) "." }
            }
            div.scroll {
                table.map {
                    thead {
                        tr {
                            td {}
                            th colspan=(columns.len()) scope="colgroup" { (short(&grid.key, 40)) }
                        }
                        tr {
                            td {}
                            @for &variant in columns { th.n scope="col" { (grid.written(variant)) } }
                        }
                    }
                    tbody { @for line in &grid.lines { (row(results, line, metric, &heat)) } }
                }
            }
        }
    }
}

fn row(results: &Results, line: &GridLine, metric: &str, heat: &Heat) -> Markup {
    let summaries = line.variants.iter().map(|&variant| {
        results.variants.get(variant).and_then(|variant| summary_of(variant, metric))
    });
    html! {
        tr {
            th scope="row" { (short(&line.name, 40)) }
            @for summary in summaries {
                @if let Some(summary) = summary {
                    td.n style=(format!("--h:{:.2}", heat.at(summary.mean))) title=[interval(summary, metric)] {
                        (show(metric)(summary.mean))
                    }
                } @else { td.n { "–" } }
            }
        }
    }
}

fn interval(summary: &Summary, metric: &str) -> Option<String> {
    let [low, high] = summary.ci95?.map(show(metric));
    Some(format!("95% interval {low} to {high}"))
}

/// How values become colours: 0 is the page, 1 the full colour.
struct Heat {
    low: f64,
    high: f64,
    is_logarithmic: bool,
}

impl Heat {
    fn of(results: &Results, metric: &str) -> Heat {
        let values = results.variants.iter().filter_map(|it| summary_of(it, metric));
        let values = || values.clone().map(|summary| summary.mean);
        let (low, high) =
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let is_logarithmic = low > 0.0 && high > WIDE * low;
        // A share is dark where it is much of the whole, not where it is the most of a little.
        match metric::unit(metric) {
            MetricUnit::Ratio if !is_logarithmic => {
                Heat { low: 0.0, high: high.max(1.0), is_logarithmic }
            }
            _ => Heat { low, high, is_logarithmic },
        }
    }

    fn at(&self, value: f64) -> f64 {
        let [low, value, high] = match self.is_logarithmic {
            true => [self.low, value, self.high].map(f64::ln),
            false => [self.low, value, self.high],
        };
        if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_goes_from_the_lowest_to_the_highest_value() {
        let heat = Heat { low: 10.0, high: 30.0, is_logarithmic: false };
        assert_eq!([10.0, 20.0, 30.0, 40.0].map(|value| heat.at(value)), [0.0, 0.5, 1.0, 1.0]);
        let heat = Heat { low: 1.0, high: 10_000.0, is_logarithmic: true };
        assert!((heat.at(100.0) - 0.5).abs() < 1e-9);
        let heat = Heat { low: 5.0, high: 5.0, is_logarithmic: false };
        assert_eq!(heat.at(5.0), 0.0);
    }
}
