//! The tables of a page of results.

use maud::{Markup, html};

use super::figure::name;
use super::table::table;
use crate::human::count;
use crate::report::content::differences::{self, proven};
use crate::report::content::figures::{self, Parts, grid_metrics, key_figures};
use crate::report::content::headings::{GROUPS, KEY_FIGURES, THRESHOLDS};
use crate::report::content::search::Story;
use crate::report::content::table::{Cell, Column, Table};
use crate::report::content::terms::servers;
use crate::report::content::thresholds::{self as threshold_rows, worst_first};
use crate::report::content::{copies, phases};
use crate::results::{Results, Sizing, VariantResults};
use crate::stats::metric::{self, Metric, View};

/// More thresholds than this are not listed; the worst come first.
const MOST_THRESHOLDS: usize = 40;

/// With more variants than this each has a row instead of a column.
const MOST_COLUMNS: usize = 8;

/// More rows than this are not listed.
const MOST_ROWS: usize = 400;

/// More groups or distribution points than this are not listed.
const MOST_PARTS: usize = 30;

/// The thresholds and whether they are met, the breached ones first where there are many.
pub fn thresholds(results: &Results) -> Markup {
    let all = &results.thresholds;
    let rows = match all.len() > MOST_THRESHOLDS {
        true => threshold_rows::table(worst_first(all)),
        false => threshold_rows::table(all),
    };
    html! {
        @if !all.is_empty() {
            section #thresholds {
                h2 { (THRESHOLDS) }
                (table(&rows, "", MOST_THRESHOLDS, "thresholds"))
            }
        }
    }
}

/// The key metrics: a column for each variant, or a row where there are many or a sweep.
pub fn metrics(results: &Results, charted: &[usize]) -> Markup {
    html! {
        section #metrics {
            h2 { (KEY_FIGURES) }
            @if results.sweep.is_some() || results.variants.len() > MOST_COLUMNS {
                (table(&grid(results, charted), "rows", MOST_ROWS, "variants"))
            } @else {
                @let class = if results.variants.len() > 3 { "columns many" } else { "columns" };
                (table(&key_figures(results), class, usize::MAX, ""))
            }
            p.more { (how_sure(results)) }
            @if let Some(sizing) = &results.sizing {
                p.more { (Story { results, sizing }.legend()) }
            }
        }
    }
}

fn how_sure(results: &Results) -> &'static str {
    if results.replications > 1 || results.sizing.is_some() {
        "± is half the 95% confidence interval of the mean over the runs. Times are from a client's \
         arrival; percentiles are by nearest rank."
    } else {
        "One run does not show how much of these figures is chance: more replications give intervals. \
         Times are from a client's arrival; percentiles are by nearest rank."
    }
}

/// A row for each variant; of a search with the metrics that it is about, and its verdicts.
fn grid(results: &Results, charted: &[usize]) -> Table {
    let mut metrics = grid_metrics(results);
    let Some(sizing) = &results.sizing else {
        return figures::grid(results, &metrics, charted, true);
    };
    let story = Story { results, sizing };
    let asked: Vec<Metric> = story.metrics().into_iter().filter_map(metric::named).collect();
    metrics.extend(asked.into_iter().filter(|metric| !grid_metrics(results).contains(metric)));
    let mut table = figures::grid(results, &metrics, charted, true);
    add_verdicts(&mut table, sizing, &story);
    table
}

/// Adds how often each value of a search was simulated, and the verdict on it.
fn add_verdicts(table: &mut Table, sizing: &Sizing, story: &Story<'_>) {
    table.columns.extend([Column::figure("runs"), Column::text("verdict")]);
    for (row, evaluated) in table.rows.iter_mut().zip(&sizing.evaluated) {
        row.chosen = sizing.chosen == Some(evaluated.value);
        row.cells.push(Cell::figure(Some(count(evaluated.replications as f64))));
        row.cells.push(Cell::words(story.remark(evaluated)));
    }
}

/// The groups and distribution points, where there are several.
pub fn parts(results: &Results) -> Markup {
    const GROUP: [View; 2] = [View::Group, View::GroupInDetail];
    const POINT: [View; 2] = [View::Point, View::PointInDetail];
    html! {
        @if results.sweep.is_none() && results.variants.len() <= MOST_COLUMNS {
            (part_table(results, GROUPS, "groups", |v| &v.groups, &GROUP))
            (part_table(results, servers(results), "points", |v| &v.distribution_points, &POINT))
            @if let Some(rows) = phases::table(results) {
                section #phases {
                    h2 { (phases::PHASES) }
                    (table(&rows, "rows", MOST_PARTS * results.variants.len(), "rows"))
                }
            }
            @if let Some(rows) = copies::table(results) {
                section #copies {
                    h2 { (copies::COPIES) }
                    (table(&rows, "rows", MOST_PARTS * results.variants.len(), "rows"))
                }
            }
        }
    }
}

fn part_table(
    results: &Results,
    title: &str,
    id: &str,
    of: fn(&VariantResults) -> &Parts,
    views: &[View],
) -> Markup {
    let rows = figures::parts(results, of, views);
    html! {
        @if results.variants.first().is_some_and(|first| of(first).len() > 1) {
            section id=(id) {
                h2 { (title) }
                (table(&rows, "rows", MOST_PARTS * results.variants.len(), "rows"))
            }
        }
    }
}

/// What the comparisons with the reference show, run by run, where there are enough runs for that.
pub fn comparisons(results: &Results) -> Markup {
    let few = results.comparisons.len() < MOST_COLUMNS && results.sweep.is_none();
    html! {
        @if let Some(first) = proven(results).first().filter(|_| few) {
            section #comparisons {
                h2 { "Compared with " (name(&first.reference)) }
                (table(&differences::table(results), "rows", MOST_COLUMNS, "variants"))
                p.more {
                    "Run by run on the same random numbers, with 95% intervals: a difference counts only \
                     if its interval excludes zero."
                }
            }
        }
    }
}
