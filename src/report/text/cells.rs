//! The cells of the text report: metrics as people read them, and the tables that hold them.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::super::human::{count, percent, span};
use super::super::names::tame;
use crate::results::{MetricTable, Summary, VariantResults};
use crate::scenario::MetricPath;

/// How a number is written.
pub(in crate::report) type Show = fn(f64) -> String;

/// A label and how to show a variant's metrics beside it.
pub(in crate::report) type Row = (&'static str, fn(&MetricTable) -> Option<String>);

/// A name without characters that could garble a terminal.
pub(in crate::report) fn printable(name: &str) -> String {
    tame(name)
}

pub(in crate::report) fn new_table(width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table
}

pub(in crate::report) fn finish(mut table: Table) -> String {
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    trimmed(&table)
}

/// The lines of a table. Without borders comfy-table pads every cell on both sides: the outer blanks
/// are noise.
pub(in crate::report) fn trimmed(table: &Table) -> String {
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    let lines: Vec<String> =
        lines.map(|l| l.strip_prefix(' ').map_or(l.clone(), str::to_owned)).collect();
    lines.join("\n")
}

pub(in crate::report) fn none() -> String {
    "-".to_owned()
}

pub(in crate::report) fn value<'m>(metrics: &'m MetricTable, name: &str) -> Option<&'m Summary> {
    metrics.get(name)?.as_ref()
}

/// A metric by its path, such as `dp.DP01.utilisation`.
pub(in crate::report) fn summary_of<'v>(
    variant: &'v VariantResults,
    path: &str,
) -> Option<&'v Summary> {
    variant.metric(&MetricPath::parse(path).ok()?)
}

pub(in crate::report) fn mean(metrics: &MetricTable, name: &str) -> f64 {
    value(metrics, name).map_or(0.0, |summary| summary.mean)
}

pub(in crate::report) fn number(metrics: &MetricTable, name: &str) -> Option<String> {
    value(metrics, name).map(|summary| with_margin(summary, count))
}

/// A mean and, where it is one of several runs that differ, how far the 95% interval reaches.
pub(in crate::report) fn with_margin(summary: &Summary, show: Show) -> String {
    let mean = show(summary.mean);
    match summary.ci95 {
        Some([low, high]) if summary.max > summary.min => {
            format!("{mean} ±{}", show((high - low) / 2.0))
        }
        _ => mean,
    }
}

/// A number of clients and its share of all that arrived.
pub(in crate::report) fn share(metrics: &MetricTable, name: &str) -> Option<String> {
    let clients = value(metrics, name)?.mean;
    let arrived = mean(metrics, "arrived");
    let number = with_margin(value(metrics, name)?, count);
    Some(if clients > 0.0 && arrived > 0.0 {
        format!("{number} ({})", percent(clients / arrived))
    } else {
        number
    })
}

pub(in crate::report) fn ratio(metrics: &MetricTable, name: &str) -> Option<String> {
    value(metrics, name).map(|summary| with_margin(summary, percent))
}

pub(in crate::report) fn time(metrics: &MetricTable, name: &str) -> Option<String> {
    value(metrics, name).map(|summary| with_margin(summary, span))
}
