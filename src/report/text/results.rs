//! The results of a run, a sweep or a search as text.

use super::course::chart;
use super::evidence::{differences, findings, thresholds};
use super::style::headline;
use super::table;
use super::wrap::wrap_for_terminal;
use crate::human::count;
use crate::report::content::answer::answer;
use crate::report::content::figures::{Parts, grid, grid_metrics, key_figures, part_metrics};
use crate::report::content::metrics::cell;
use crate::report::content::origin::{provenance, scenario_name};
use crate::report::content::search::Story;
use crate::report::content::table::{Cell, Column, ColumnKind, Table};
use crate::report::content::terms::server;
use crate::report::content::{copies, phases};
use crate::report::names::{short, tame};
use crate::results::{Results, Sizing, VariantResults};
use crate::stats::metric::View;

/// The most groups or distribution points that are shown: one screen. The results have all.
const MOST_PARTS: usize = 6;

/// The most characters of the name of a group or distribution point beside the name of a metric.
const LONGEST_PART: usize = 100;

/// Renders results, at most `width` columns wide.
pub fn results(results: &Results, width: Option<u16>) -> String {
    let body = match (&results.sizing, &results.sweep) {
        (Some(sizing), _) => search(results, sizing, width),
        (None, Some(_)) => sweep(results, width),
        (None, None) => run(results, width),
    };
    let name = wrap_for_terminal(&tame(scenario_name(results)), width, 0);
    let origin = format!("seed {}, {}", results.seed, tame(&provenance(results)));
    format!("{name}\n\n{body}\n{}\n", wrap_for_terminal(&origin, width, 0))
}

fn run(results: &Results, width: Option<u16>) -> String {
    let answer = headline(&answer(results), width);
    let figures = table::render(&key_figures(results), width);
    let groups = parts(results, "client group", |v| &v.groups, View::Group, width);
    let points = parts(results, server(results), |v| &v.distribution_points, View::Point, width);
    let sections = [
        Some(format!("{answer}\n\n{figures}\n")),
        groups.map(|table| table + "\n"),
        points.map(|table| table + "\n"),
        phases::table(results).map(|table| table::render(&table, width) + "\n"),
        copies::table(results).map(|table| table::render(&table, width) + "\n"),
        differences(results, width),
        thresholds(&results.thresholds, width),
        findings(results, width),
        chart(results, width),
    ];
    sections.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// A sweep: a row for each point of the grid.
fn sweep(results: &Results, width: Option<u16>) -> String {
    let rows = grid(results, &grid_metrics(results), &[], false);
    let answer = headline(&answer(results), width);
    let thresholds = thresholds(&results.thresholds, width).map(|table| format!("\n{table}"));
    format!("{answer}\n\n{}\n{}", table::render(&rows, width), thresholds.unwrap_or_default())
}

/// A search: the answer, and a row for each value that was simulated.
fn search(results: &Results, sizing: &Sizing, width: Option<u16>) -> String {
    let story = Story { results, sizing };
    let curve = table::render(&story.curve(), width);
    let answer = headline(&answer(results), width);
    let legend = wrap_for_terminal(&story.legend(), width, 0);
    format!("{answer}\n\n{curve}\n\n{legend}\n")
}

/// Metrics of each group or distribution point, where there are several.
fn parts(
    results: &Results,
    what: &str,
    of: fn(&VariantResults) -> &Parts,
    view: View,
    width: Option<u16>,
) -> Option<String> {
    let first = of(results.variants.first()?);
    if first.len() < 2 {
        return None;
    }
    let variants = results
        .variants
        .iter()
        .map(|variant| Column::new(Cell::name(&variant.name), ColumnKind::Figure));
    let mut table =
        Table::new(std::iter::once(Column::row_head(Cell::label(what))).chain(variants));
    let metrics = part_metrics(results, of, &[view]);
    for name in first.keys().take(MOST_PARTS) {
        for metric in &metrics {
            let cells = results.variants.iter().map(|variant| match of(variant).get(name) {
                Some(values) => cell(values, *metric),
                None => Cell::figure(None),
            });
            let label = Cell::label(format!("{}: {}", short(name, LONGEST_PART), metric.column()));
            table.push(std::iter::once(label).chain(cells));
        }
    }
    let table = table::render(&table, width);
    Some(match first.len().saturating_sub(MOST_PARTS) {
        0 => table,
        more => {
            let more = format!("(and {} more in the HTML and JSON reports)", count(more as f64));
            format!("{table}\n{}", wrap_for_terminal(&more, width, 0))
        }
    })
}
