//! The report for a terminal: the answer, the variants side by side, and how the load went.

pub(super) mod answer;
pub(super) mod cells;
pub(super) mod evidence;
pub(super) mod sizing;
pub(super) mod sweep;

use std::fmt::Write;

use super::human::{count, span};
use super::{Renderer, comparison as compared_text, spark};
use crate::compare::Compared;
use crate::results::{MetricTable, Results, VariantResults};
use answer::answer;
use cells::{Row, finish, mean, new_table, none, number, printable, ratio, share, time};
use evidence::{comparisons, findings, thresholds};
use sizing::render_sizing;
use sweep::render_sweep;

/// So many groups or distribution points are shown.
const MOST_PARTS: usize = 6;

/// The cells of a chart.
const CHART_WIDTH: usize = 60;

/// Plain text for a terminal.
pub struct Text;

impl Renderer for Text {
    fn results(&self, results: &Results, width: Option<u16>) -> String {
        render(results, width)
    }

    fn comparison(&self, compared: &Compared, width: Option<u16>) -> String {
        compared_text::text(compared, width)
    }
}

fn render(results: &Results, width: Option<u16>) -> String {
    if let Some(sizing) = &results.sizing {
        return render_sizing(results, sizing, width);
    }
    if let Some(sweep) = &results.sweep {
        return render_sweep(results, sweep, width);
    }
    let mut text = String::new();
    let name = scenario_name(results);
    // Writing into a string cannot fail.
    let _ = writeln!(text, "{name}\n\n{}\n\n{}", answer(results), comparison(results, width));
    for table in [Part::Groups, Part::Points].map(|part| parts(results, width, part)) {
        table.into_iter().for_each(|table| text.push_str(&format!("\n{table}\n")));
    }
    if let Some(comparisons) = comparisons(results) {
        let _ = write!(text, "\n{comparisons}");
    }
    if !results.thresholds.is_empty() {
        let _ = write!(text, "\n{}", thresholds(&results.thresholds));
    }
    if !results.findings.is_empty() {
        let _ = write!(text, "\n{}", findings(results, width));
    }
    let _ = write!(text, "\n{}", chart(results));
    let _ = writeln!(text, "\nseed {}, {}", results.seed, provenance(results));
    text
}

pub(super) fn scenario_name(results: &Results) -> String {
    printable(results.scenario.get("name").and_then(|name| name.as_str()).unwrap_or_default())
}

pub(super) fn provenance(results: &Results) -> String {
    let runs = match results.replications {
        n if results.sizing.is_some() => format!("up to {} runs of each value", count(n as f64)),
        1 => "1 run of each variant".to_owned(),
        n => format!("{} runs of each variant", count(n as f64)),
    };
    let engine = if results.engine == "events" { "" } else { ", tokio engine" };
    let (name, version) = (printable(&results.tool.name), printable(&results.tool.version));
    format!("{runs}{engine}, {name} {version}")
}

const CLIENTS: Row = ("clients", |m| number(m, "clients"));

/// Where some come after the horizon or in the warm-up.
const ARRIVED: Row = ("of these arrived in time", |m| number(m, "arrived"));

const ALWAYS: &[Row] =
    &[("completed", |m| number(m, "completed")), ("stranded", |m| share(m, "stranded"))];

/// Rows that appear where some variant has such clients.
const IF_ANY: &[(&str, Row)] = &[
    ("recovered", ("of these recovered", |m| number(m, "recovered"))),
    ("recovered", ("stranded for good", |m| number(m, "stranded.final"))),
    ("gave_up", ("gave up", |m| share(m, "gave_up"))),
    ("expired", ("expired", |m| share(m, "expired"))),
    ("unfinished", ("unfinished at the horizon", |m| share(m, "unfinished"))),
];

const MORE: &[Row] = &[
    ("completion, median", |m| time(m, "completion.p50")),
    ("completion, 95%", |m| time(m, "completion.p95")),
    ("completion, slowest", |m| time(m, "completion.max")),
    ("last completion after", |m| time(m, "makespan")),
    ("attempts per client, mean", |m| number(m, "attempts.mean")),
    ("attempts per client, most", |m| number(m, "attempts.max")),
    ("attempts refused", |m| ratio(m, "refused.ratio")),
    ("connections, most", |m| number(m, "connections.peak")),
    ("utilisation of the limit", |m| ratio(m, "utilisation")),
    ("idle while clients waited", |m| ratio(m, "idle_while_waiting")),
];

/// Rows that come last, where there is such trouble.
const TROUBLE: &[(&str, Row)] = &[
    ("recovered", ("recovered after, mean", |m| time(m, "recovered.delay.mean"))),
    ("cut", ("transfers cut", |m| number(m, "cut"))),
    ("unreachable", ("attempts while it was down", |m| number(m, "unreachable"))),
    ("queued.peak", ("clients in a queue, most", |m| number(m, "queued.peak"))),
];

fn comparison(results: &Results, width: Option<u16>) -> String {
    let tables: Vec<&MetricTable> = results.variants.iter().map(|v| &v.metrics).collect();
    let mut table = new_table(width);
    table.set_header(header("", results));
    for (label, show) in rows_for(&tables) {
        let cells = tables.iter().map(|metrics| show(metrics).unwrap_or_else(none));
        table.add_row(std::iter::once(label.to_owned()).chain(cells));
    }
    finish(table)
}

pub(super) fn rows_for(tables: &[&MetricTable]) -> Vec<Row> {
    let occurs = |metric: &str| tables.iter().any(|metrics| mean(metrics, metric) > 0.0);
    let some = |rows: &'static [(&str, Row)]| {
        rows.iter().filter(|(metric, _)| occurs(metric)).map(|(_, row)| *row)
    };
    let clients = std::iter::once(CLIENTS).chain((!all_arrived(tables)).then_some(ARRIVED));
    let usual = ALWAYS.iter().copied().chain(some(IF_ANY)).chain(MORE.iter().copied());
    clients.chain(usual).chain(some(TROUBLE)).collect()
}

/// Whether every client arrived, and counts.
pub(super) fn all_arrived(tables: &[&MetricTable]) -> bool {
    tables.iter().all(|metrics| mean(metrics, "clients") == mean(metrics, "arrived"))
}

#[derive(Clone, Copy)]
enum Part {
    Groups,
    Points,
}

/// The same for each group or distribution point, where there are several.
fn parts(results: &Results, width: Option<u16>, part: Part) -> Option<String> {
    let of = |variant: &VariantResults| match part {
        Part::Groups => variant.groups.clone(),
        Part::Points => variant.distribution_points.clone(),
    };
    let first = of(results.variants.first()?);
    if first.len() < 2 {
        return None;
    }
    let rows: &[Row] = match part {
        Part::Groups => &[
            ("clients", |m| number(m, "clients")),
            ("stranded", |m| share(m, "stranded")),
            ("completion, 95%", |m| time(m, "completion.p95")),
            ("attempts refused", |m| ratio(m, "refused.ratio")),
        ],
        Part::Points => &[
            ("completed", |m| number(m, "completed")),
            ("attempts refused", |m| ratio(m, "refused.ratio")),
            ("utilisation", |m| ratio(m, "utilisation")),
        ],
    };
    let mut table = new_table(width);
    table.set_header(header(
        match part {
            Part::Groups => "client group",
            Part::Points => "distribution point",
        },
        results,
    ));
    // One screen: the rest is in the results.
    for name in first.keys().take(MOST_PARTS) {
        for (label, show) in rows {
            let cells = results
                .variants
                .iter()
                .map(|variant| of(variant).get(name).and_then(show).unwrap_or_else(none));
            let label = format!("{}: {label}", printable(name));
            table.add_row(std::iter::once(label).chain(cells));
        }
    }
    let table = finish(table);
    Some(match first.len().saturating_sub(MOST_PARTS) {
        0 => table,
        more => format!(
            "{table}\n(and {} more, which the HTML and JSON reports have)",
            count(more as f64)
        ),
    })
}

fn header(first: &str, results: &Results) -> Vec<String> {
    let names = results.variants.iter().map(|variant| printable(&variant.name));
    std::iter::once(first.to_owned()).chain(names).collect()
}

/// Open connections over time, all variants on the same axes.
fn chart(results: &Results) -> String {
    let lasts = |variant: &VariantResults| {
        variant.series.bucket_ms * variant.series.open_connections.len() as u64
    };
    let longest = results.variants.iter().map(lasts).max().unwrap_or(0);
    let peaks = results.variants.iter().map(|v| mean(&v.metrics, "connections.peak"));
    let top = peaks.fold(0.0, f64::max);
    let label = results.variants.iter().map(|v| v.name.chars().count()).max().unwrap_or(0);
    let mut chart = format!(
        "Open connections over time (full height: {}; one block: {})\n",
        count(top),
        span(longest as f64 / CHART_WIDTH as f64)
    );
    for variant in &results.variants {
        let series = &variant.series;
        let buckets = longest.div_ceil(series.bucket_ms.max(1)) as usize;
        let line = spark::line(&series.open_connections, buckets, CHART_WIDTH, top);
        let name = printable(&variant.name);
        let pad = label.saturating_sub(name.chars().count());
        let _ = writeln!(chart, "{name}{:pad$}  {}", "", line.trim_end());
    }
    let (half, end) = (span(longest as f64 / 2.0), span(longest as f64));
    let middle = CHART_WIDTH / 2;
    let _ = writeln!(
        chart,
        "{:label$}  0{half:>middle$}{end:>rest$}",
        "",
        rest = CHART_WIDTH - middle - 1
    );
    chart
}
