//! The tables of metrics: the key figures of each variant, grids, and parts.

use indexmap::IndexMap;

use super::metrics::{cell, plain_cell};
use super::table::{Cell, Column, ColumnKind, Table};
use super::terms::applies;
use crate::results::{MetricTable, Results, VariantResults, mean};
use crate::scenario::last_part;
use crate::stats::metric::{self, Metric, View, When};

/// The key figures: a row for each metric, a column for each variant.
pub fn key_figures(results: &Results) -> Table {
    let tables: Vec<&MetricTable> = results.variants.iter().map(|v| &v.metrics).collect();
    let many = tables.len() > 1;
    let variants = results.variants.iter().enumerate().map(|(i, variant)| {
        let head = Cell::name(&variant.name).variant(many.then_some(i));
        Column::new(head, ColumnKind::Figure)
    });
    let mut table = Table::new(std::iter::once(Column::row_head(Cell::label(""))).chain(variants));
    for metric in metric::key_figures() {
        if !applies(metric, results) || !is_shown(metric, &tables) {
            continue;
        }
        let cells = tables.iter().map(|metrics| cell(metrics, metric));
        table.push(std::iter::once(Cell::label(metric.label)).chain(cells));
    }
    table
}

fn is_shown(metric: Metric, tables: &[&MetricTable]) -> bool {
    let occurs = |metric| tables.iter().any(|metrics| mean(metrics, metric) > 0.0);
    metric.key_figure.is_some_and(|when| match when {
        When::Always => true,
        When::Occurs => occurs(metric),
        When::With(other) => occurs(other),
        When::DiffersFrom(other) => {
            tables.iter().any(|metrics| mean(metrics, metric) != mean(metrics, other))
        }
    })
}

/// The metrics that have a column in a grid.
pub fn grid_metrics(results: &Results) -> Vec<Metric> {
    shown_in(results, &[View::Grid])
}

/// The metrics of some tables that say something about `results`.
pub fn shown_in(results: &Results, views: &[View]) -> Vec<Metric> {
    let metrics = metric::shown_in(views).into_iter();
    metrics.filter(|metric| applies(*metric, results)).collect()
}

/// A row for each variant, labelled with the values of the keys of a sweep or a search, otherwise with
/// its name. The variants `charted` have a colour. `shares` adds shares of the clients to their numbers.
pub fn grid(results: &Results, metrics: &[Metric], charted: &[usize], shares: bool) -> Table {
    let heads: Vec<Cell> = match &results.sweep {
        Some(sweep) => sweep.keys.iter().map(|key| Cell::name(last_part(key))).collect(),
        None => vec![Cell::label("variant")],
    };
    let columns = metrics.iter().map(|metric| Column::figure(metric.column()));
    let mut table = Table::new(heads.into_iter().map(Column::row_head).chain(columns));
    for (i, variant) in results.variants.iter().enumerate() {
        let mut heads: Vec<Cell> = match results.sweep.as_ref().and_then(|s| s.values.get(i)) {
            Some(values) => values.iter().map(Cell::name).collect(),
            None => vec![Cell::name(&variant.name)],
        };
        if let Some(first) = heads.first_mut() {
            first.variant = charted.iter().position(|charted| *charted == i);
        }
        let show = if shares { cell } else { plain_cell };
        table.push(heads.into_iter().chain(metrics.iter().map(|m| show(&variant.metrics, *m))));
    }
    table
}

/// Client groups or distribution points, by name.
pub type Parts = IndexMap<String, MetricTable>;

/// The metrics of some tables of parts: those that say something about `results`, and without those that only
/// count where they occur, but occur nowhere.
pub fn part_metrics(
    results: &Results,
    of: fn(&VariantResults) -> &Parts,
    views: &[View],
) -> Vec<Metric> {
    let parts: Vec<_> = results.variants.iter().flat_map(|variant| of(variant).values()).collect();
    let occurs = |metric| parts.iter().any(|metrics| mean(metrics, metric) > 0.0);
    let mut metrics = shown_in(results, views);
    metrics.retain(|metric| metric.key_figure != Some(When::Occurs) || occurs(*metric));
    metrics
}

/// A row for each part and variant.
pub fn parts(results: &Results, of: fn(&VariantResults) -> &Parts, views: &[View]) -> Table {
    let metrics = part_metrics(results, of, views);
    let many = results.variants.len() > 1;
    let mut columns = vec![Column::row_head(Cell::label("name"))];
    columns.extend(many.then(|| Column::text("variant")));
    columns.extend(metrics.iter().map(|metric| Column::figure(metric.column())));
    let mut table = Table::new(columns);
    let names = results.variants.first().into_iter().flat_map(|first| of(first).keys());
    for name in names {
        for (i, variant) in results.variants.iter().enumerate() {
            let Some(values) = of(variant).get(name) else { continue };
            let variant = many.then(|| Cell::name(&variant.name).variant(Some(i)));
            let cells = metrics.iter().map(|metric| cell(values, *metric));
            table.push(std::iter::once(Cell::name(name)).chain(variant).chain(cells));
        }
    }
    table
}
