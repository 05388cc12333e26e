//! The tables: thresholds, and the key metrics of each variant.

use maud::{Markup, html};

use super::figure::{figures, name};
use super::grid::last;
use super::labels::{KEY, Labelled, ONLY_IF_ANY, key};
use super::palette::look;
use crate::report::human::count;
use crate::report::names::short;
use crate::report::text::all_arrived;
use crate::report::text::cells::{mean, value, with_margin};
use crate::report::text::evidence::told;
use crate::report::text::sizing::Story;
use crate::results::{
    MetricTable, Results, Summary, ThresholdResult, ThresholdVerdict, VariantResults,
};
use crate::stats::metric::show;

/// More thresholds than this are not listed; the worst come first.
const MOST_THRESHOLDS: usize = 40;

/// With more variants than this each has a row instead of a column.
const MOST_COLUMNS: usize = 8;

/// More rows than this are not listed.
const MOST_ROWS: usize = 400;

/// The thresholds and whether they are met, the breached ones first.
pub fn thresholds(results: &Results) -> Markup {
    let rank = |threshold: &&ThresholdResult| match threshold.verdict {
        ThresholdVerdict::Fail => 0,
        ThresholdVerdict::Inconclusive => 1,
        ThresholdVerdict::Pass => 2,
    };
    let mut all: Vec<&ThresholdResult> = results.thresholds.iter().collect();
    if all.len() > MOST_THRESHOLDS {
        all.sort_by_key(rank);
    }
    html! {
        @if !all.is_empty() {
            section #thresholds {
                h2 { "Thresholds" }
                table {
                    thead { tr { th { "Threshold" } th { "Variant" } th.n { "Observed" } th { "Verdict" } } }
                    tbody {
                        @for threshold in all.iter().take(MOST_THRESHOLDS) {
                            tr {
                                th scope="row" { code { (short(&threshold.expression, 120)) } }
                                td data-label="Variant" { (name(&threshold.variant)) }
                                td.n data-label="Observed" {
                                    (summary(threshold.observed.as_ref(), &threshold.metric))
                                }
                                td data-label="Verdict" { (verdict(threshold.verdict)) }
                            }
                        }
                    }
                }
                (rest(all.len(), MOST_THRESHOLDS, "thresholds"))
            }
        }
    }
}

fn verdict(verdict: ThresholdVerdict) -> Markup {
    // The sign and the word tell as much as the colour.
    let (class, sign, word) = match verdict {
        ThresholdVerdict::Pass => ("pass", "✓", "pass"),
        ThresholdVerdict::Fail => ("fail", "✗", "FAIL"),
        ThresholdVerdict::Inconclusive => ("unsure", "?", "inconclusive"),
    };
    html! { span.verdict.(class) { (sign) " " (word) } }
}

fn summary(summary: Option<&Summary>, metric: &str) -> Markup {
    let show = show(metric);
    html! {
        @match summary {
            Some(summary) => span title=[detail(summary, metric)] { (figures(&with_margin(summary, show))) },
            None => "no data",
        }
    }
}

/// The interval and the range of a metric, where there is more than one run.
fn detail(summary: &Summary, metric: &str) -> Option<String> {
    let show = show(metric);
    let [low, high] = summary.ci95?;
    let (low, high, least, most) = (show(low), show(high), show(summary.min), show(summary.max));
    Some(format!("95% interval {low} to {high}; the runs lie from {least} to {most}"))
}

fn rest(all: usize, most: usize, what: &str) -> Markup {
    html! {
        @if all > most {
            p.more {
                "The first " (count(most as f64)) " of " (count(all as f64)) " " (what)
                "; the CSV and JSON reports have all."
            }
        }
    }
}

/// The key metrics: a column for each variant, or a row where there are many or a sweep.
pub fn metrics(results: &Results, charted: &[usize]) -> Markup {
    html! {
        section #metrics {
            h2 { "Key figures" }
            @if results.sweep.is_some() || results.variants.len() > MOST_COLUMNS {
                (a_row_each(results, charted))
            } @else {
                (a_column_each(&results.variants))
            }
            p.more { (how_sure(results)) }
            @if let Some(sizing) = &results.sizing {
                p.more { (Story { results, sizing }.legend().trim()) }
            }
        }
    }
}

fn how_sure(results: &Results) -> &'static str {
    if results.replications > 1 || results.sizing.is_some() {
        "± is half the 95% confidence interval of the mean over the runs. Times are from a client's \
         arrival; percentiles are by nearest rank."
    } else {
        "One run cannot tell how far these figures are luck: more replications give intervals. Times are \
         from a client's arrival; percentiles are by nearest rank."
    }
}

fn shown(tables: &[&MetricTable]) -> Vec<Labelled> {
    let occurs = |name: &str| tables.iter().any(|metrics| mean(metrics, name) > 0.0);
    let shows = |row: &Labelled| match row.metric {
        "arrived" => !all_arrived(tables),
        metric => ONLY_IF_ANY
            .iter()
            .find(|(shown, _)| *shown == metric)
            .is_none_or(|(_, if_any)| occurs(if_any)),
    };
    KEY.into_iter().filter(shows).collect()
}

fn a_column_each(variants: &[VariantResults]) -> Markup {
    let tables: Vec<&MetricTable> = variants.iter().map(|v| &v.metrics).collect();
    html! {
        table.columns.many[variants.len() > 3] {
            thead { tr {
                td {}
                @for (i, variant) in variants.iter().enumerate() {
                    th.n scope="col" { (chip(i, variants.len())) (name(&variant.name)) }
                }
            } }
            tbody {
                @for row in shown(&tables) {
                    tr {
                        th scope="row" { (row.label) }
                        @for variant in variants {
                            td.n data-label=(short(&variant.name, 40)) { (cell(&variant.metrics, row)) }
                        }
                    }
                }
            }
        }
    }
}

/// The colour of a variant beside its name, where there are several.
fn chip(index: usize, of: usize) -> Markup {
    html! { @if of > 1 { i.chip.(look(index).class) {} } }
}

fn cell(metrics: &MetricTable, row: Labelled) -> Markup {
    let title = value(metrics, row.metric).and_then(|summary| detail(summary, row.metric));
    let text = (row.cell)(metrics, row.metric).unwrap_or_else(|| "-".to_owned());
    html! { span title=[title] { (figures(&text)) } }
}

fn a_row_each(results: &Results, charted: &[usize]) -> Markup {
    const COLUMNS: [&str; 7] = [
        "completed",
        "stranded",
        "completion.p50",
        "completion.p95",
        "makespan",
        "attempts.mean",
        "utilisation",
    ];
    let sizing = results.sizing.as_ref();
    let asked = sizing.map(|sizing| Story { results, sizing }.metrics()).unwrap_or_default();
    let asked = asked.into_iter().filter(|metric| !COLUMNS.contains(metric));
    let columns: Vec<Labelled> = COLUMNS.into_iter().chain(asked).filter_map(key).collect();
    let keys = results.sweep.as_ref().map(|sweep| sweep.keys.as_slice()).unwrap_or_default();
    html! {
        table.rows {
            thead { tr {
                @if keys.is_empty() { th { "Variant" } }
                @for key in keys { th { (name(last(key))) } }
                @for column in &columns { th.n { (column.label) } }
                @if results.sizing.is_some() { th.n { "Runs" } th { "Verdict" } }
            } }
            tbody {
                @for (i, variant) in results.variants.iter().enumerate().take(MOST_ROWS) {
                    tr.chosen[is_chosen(results, i)] {
                        (row_head(results, i, charted))
                        @for column in &columns {
                            td.n data-label=(column.label) { (cell(&variant.metrics, *column)) }
                        }
                        (search_cells(results, i))
                    }
                }
            }
        }
        (rest(results.variants.len(), MOST_ROWS, "variants"))
    }
}

/// The values of the keys of a sweep, or the name of the variant.
fn row_head(results: &Results, index: usize, charted: &[usize]) -> Markup {
    let values = results.sweep.as_ref().and_then(|sweep| sweep.values.get(index));
    let color = charted.iter().position(|variant| *variant == index);
    let chip = html! { @if let Some(color) = color { (chip(color, 2)) } };
    html! {
        @match (&results.sweep, values) {
            (Some(sweep), Some(values)) => {
                @for (i, value) in values.iter().enumerate() {
                    th scope="row" data-label=(short(sweep.keys.get(i).map_or("", |key| last(key)), 40)) {
                        @if i == 0 { (chip) }
                        (name(value))
                    }
                }
            },
            _ => th scope="row" { (chip) (name(&results.variants[index].name)) },
        }
    }
}

fn is_chosen(results: &Results, index: usize) -> bool {
    let sizing = results.sizing.as_ref();
    let value = sizing.and_then(|sizing| sizing.evaluated.get(index)).map(|e| e.value);
    value.is_some() && value == sizing.and_then(|sizing| sizing.chosen)
}

/// How often a value of a search was played and what is to be said of it.
fn search_cells(results: &Results, index: usize) -> Markup {
    let sizing = results.sizing.as_ref();
    let evaluated = sizing.and_then(|sizing| sizing.evaluated.get(index));
    html! {
        @if let (Some(sizing), Some(evaluated)) = (sizing, evaluated) {
            td.n data-label="Runs" { (count(evaluated.replications as f64)) }
            td data-label="Verdict" { (Story { results, sizing }.remark(evaluated)) }
        }
    }
}

/// The groups and distribution points, where there are several.
pub fn parts(results: &Results) -> Markup {
    const GROUP: [&str; 5] =
        ["clients", "stranded", "completion.p95", "attempts.mean", "refused.ratio"];
    const POINT: [&str; 4] = ["completed", "refused.ratio", "utilisation", "idle_while_waiting"];
    html! {
        @if results.sweep.is_none() && results.variants.len() <= MOST_COLUMNS {
            (part_table(&results.variants, "Client groups", "groups", &GROUP, |v| &v.groups))
            (part_table(&results.variants, "Distribution points", "points", &POINT, |v| &v.distribution_points))
        }
    }
}

type Parts = indexmap::IndexMap<String, MetricTable>;

/// So many parts are listed.
const MOST_PARTS: usize = 30;

fn part_table(
    variants: &[VariantResults],
    title: &str,
    id: &str,
    columns: &[&str],
    of: fn(&VariantResults) -> &Parts,
) -> Markup {
    let columns: Vec<Labelled> = columns.iter().filter_map(|name| key(name)).collect();
    let parts: Vec<&String> = variants.first().map(|v| of(v).keys().collect()).unwrap_or_default();
    html! {
        @if parts.len() > 1 {
            section id=(id) {
                h2 { (title) }
                table.rows {
                    thead { tr {
                        th { "Name" }
                        @if variants.len() > 1 { th { "Variant" } }
                        @for column in &columns { th.n { (column.label) } }
                    } }
                    tbody {
                        @for part in parts.iter().take(MOST_PARTS) {
                            @for (i, variant) in variants.iter().enumerate() {
                                @if let Some(metrics) = of(variant).get(*part) {
                                    tr {
                                        th scope="row" { (name(part)) }
                                        @if variants.len() > 1 {
                                            td data-label="Variant" { (chip(i, 2)) (name(&variant.name)) }
                                        }
                                        @for column in &columns {
                                            td.n data-label=(column.label) { (cell(metrics, *column)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                (rest(parts.len(), MOST_PARTS, "of them"))
            }
        }
    }
}

/// What the comparisons with the reference show, run by run, where there are enough runs to tell.
pub fn comparisons(results: &Results) -> Markup {
    const SHOWN: [&str; 4] = ["stranded", "completion.p95", "makespan", "attempts.mean"];
    let few = results.comparisons.len() < MOST_COLUMNS && results.sweep.is_none();
    let columns: Vec<Labelled> = SHOWN.into_iter().filter_map(key).collect();
    let position = |name: &str| results.variants.iter().position(|variant| variant.name == name);
    html! {
        @if let Some(first) = results.comparisons.first().filter(|_| few && results.replications > 1) {
            section #comparisons {
                h2 { "Compared with " (name(&first.reference)) }
                table.rows {
                    thead { tr { th { "Variant" } @for column in &columns { th.n { (column.label) } } } }
                    tbody {
                        @for comparison in &results.comparisons {
                            tr {
                                th scope="row" {
                                    @if let Some(i) = position(&comparison.variant) { (chip(i, 2)) }
                                    (name(&comparison.variant))
                                }
                                @for column in &columns {
                                    @let difference = comparison.metrics.get(column.metric);
                                    td.n data-label=(column.label) {
                                        @match difference.and_then(Option::as_ref) {
                                            Some(difference) => (told(difference, show(column.metric))),
                                            None => "-",
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                p.more {
                    "Run by run on the same random numbers, with 95% intervals: a difference counts only \
                     if its interval excludes zero."
                }
            }
        }
    }
}
