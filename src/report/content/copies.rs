//! How far the copies of sites and of distribution points differ.

use super::metrics::plain_cell;
use super::table::{Cell, Column, Table};
use super::terms::applies;
use crate::report::names::short;
use crate::results::{MetricTable, Results};
use crate::stats::metric::{Metric, OF_COPIES};

/// The heading of the table.
pub const COPIES: &str = "Of the copies the least, the median and the most";

/// More variants than this have no room beside each other.
const MOST_VARIANTS: usize = 6;

/// The most characters of a name beside that of a metric.
const LONGEST_NAME: usize = 60;

/// A row for each quantity of each site, or point with several copies, and each variant; `None` if nothing has
/// copies, or in a grid.
pub fn table(results: &Results) -> Option<Table> {
    let first = results.variants.first()?;
    if first.copies.is_empty() || results.sweep.is_some() || results.variants.len() > MOST_VARIANTS
    {
        return None;
    }
    let many = results.variants.len() > 1;
    let mut columns = vec![Column::row_head(Cell::label("of the copies"))];
    columns.extend(many.then(|| Column::text("variant")));
    columns.extend(["least", "median", "most"].map(Column::figure));
    let mut table = Table::new(columns);
    for name in first.copies.keys().filter(|name| differ(results, name)) {
        for (of, metrics) in OF_COPIES.iter().filter(|(of, _)| applies(*of, results)) {
            add(&mut table, results, name, *of, metrics);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Whether there are several copies, of which not all are alike, in some variant.
fn differ(results: &Results, name: &str) -> bool {
    let mean =
        |values, metric: Metric| MetricTable::get(values, metric.name).copied()?.map(|s| s.mean);
    let values = results.variants.iter().filter_map(|variant| variant.copies.get(name));
    let differ = |values| {
        OF_COPIES.iter().any(|(_, [least, _, most])| mean(values, *least) != mean(values, *most))
    };
    values.into_iter().any(differ)
}

fn add(table: &mut Table, results: &Results, name: &str, of: Metric, metrics: &[Metric; 3]) {
    let many = results.variants.len() > 1;
    for (i, variant) in results.variants.iter().enumerate() {
        let Some(values) = variant.copies.get(name) else { continue };
        if metrics.iter().all(|metric| metric.of(values).is_none()) {
            continue;
        }
        let head = Cell::label(format!("{}: {}", short(name, LONGEST_NAME), of.label));
        let variant = many.then(|| Cell::name(&variant.name).variant(Some(i)));
        let cells = metrics.iter().map(|metric| plain_cell(values, *metric));
        table.push(std::iter::once(head).chain(variant).chain(cells));
    }
}
