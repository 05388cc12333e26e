//! Thresholds and whether they are met.

use super::metrics::summary_cell;
use super::table::{Cell, Column, Table};
use crate::results::{ThresholdResult, ThresholdVerdict};

/// A row for each threshold and variant.
pub fn table<'t>(thresholds: impl IntoIterator<Item = &'t ThresholdResult>) -> Table {
    let mut table = Table::new([
        Column::row_head(Cell::label("threshold")),
        Column::text("variant"),
        Column::figure("observed"),
        Column::text("verdict"),
    ]);
    for threshold in thresholds {
        table.push([
            Cell::code(&threshold.expression),
            Cell::name(&threshold.variant),
            summary_cell(threshold.observed.as_ref(), &threshold.metric),
            Cell::verdict(threshold.verdict),
        ]);
    }
    table
}

/// The breached first, those that are met last.
pub fn worst_first(thresholds: &[ThresholdResult]) -> Vec<&ThresholdResult> {
    let mut sorted: Vec<&ThresholdResult> = thresholds.iter().collect();
    sorted.sort_by_key(|threshold| match threshold.verdict {
        ThresholdVerdict::Fail => 0,
        ThresholdVerdict::Inconclusive => 1,
        ThresholdVerdict::Pass => 2,
    });
    sorted
}
