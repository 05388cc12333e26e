//! Before, during and after the trigger.

use super::metrics::plain_cell;
use super::table::{Cell, Column, Table};
use crate::results::{Results, mean};
use crate::stats::metric::{AMPLIFICATION, GOODPUT, Metric, THROUGHPUT, WASTED};

/// The heading of the table.
pub const PHASES: &str = "Before, during and after the trigger";

/// What is compared.
const METRICS: [Metric; 4] = [GOODPUT, THROUGHPUT, WASTED, AMPLIFICATION];

/// More variants than this have no room below each other.
const MOST_VARIANTS: usize = 6;

/// A row for each quantity and each variant with a trigger; `None` without one, or in a grid.
pub fn table(results: &Results) -> Option<Table> {
    if results.sweep.is_some() || results.variants.len() > MOST_VARIANTS {
        return None;
    }
    let many = results.variants.len() > 1;
    let mut columns = vec![Column::row_head(Cell::label("the trigger"))];
    columns.extend(many.then(|| Column::text("variant")));
    columns.extend(["before", "during", "after"].map(Column::figure));
    let mut table = Table::new(columns);
    // Where nothing is wasted, all transfers are for clients.
    let wastes = results.variants.iter().any(|it| mean(&it.metrics, WASTED) > 0.0);
    let metrics = METRICS.into_iter().filter(|it| wastes || ![THROUGHPUT, WASTED].contains(it));
    for metric in metrics {
        for (i, variant) in results.variants.iter().enumerate() {
            let Some(phases) = &variant.trigger else { continue };
            let windows = [&phases.before, &phases.during, &phases.after];
            let windows = windows.map(|name| variant.windows.get(name));
            let [Some(before), Some(during), Some(after)] = windows else { continue };
            let name = many.then(|| Cell::name(&variant.name).variant(Some(i)));
            let cells = [before, during, after].map(|window| plain_cell(&window.metrics, metric));
            table.push(std::iter::once(Cell::label(metric.label)).chain(name).chain(cells));
        }
    }
    (!table.rows.is_empty()).then_some(table)
}
