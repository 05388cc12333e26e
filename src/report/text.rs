//! The report for a terminal: the answer, the variants side by side, and how the load went.

use std::fmt::Write;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::human::{count, percent, span};
use super::spark;
use crate::results::{
    Difference, MetricTable, Results, Sizing, Summary, Sweep, ThresholdVerdict, VariantResults,
    Verdict,
};
use crate::stats::metrics::{self, Unit};

/// So many groups or distribution points are shown.
const MOST_PARTS: usize = 6;

/// How a number is written.
type Show = fn(f64) -> String;

/// The cells of a chart.
const CHART_WIDTH: usize = 60;

/// Renders `results`, at most `width` columns wide if that is given.
pub fn render(results: &Results, width: Option<u16>) -> String {
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
        let _ = write!(text, "\n{}", thresholds(results));
    }
    let _ = write!(text, "\n{}", chart(results));
    let _ = writeln!(text, "\nseed {}, {}", results.seed, provenance(results));
    text
}

fn scenario_name(results: &Results) -> String {
    printable(results.scenario.get("name").and_then(|name| name.as_str()).unwrap_or_default())
}

/// A sweep: a row for each point of the grid.
fn render_sweep(results: &Results, sweep: &Sweep, width: Option<u16>) -> String {
    const COLUMNS: [Row; 7] = [
        ("completed", |m| number(m, "completed")),
        ("stranded", |m| number(m, "stranded")),
        ("completion, median", |m| time(m, "completion.p50")),
        ("completion, 95%", |m| time(m, "completion.p95")),
        ("last completion after", |m| time(m, "makespan")),
        ("attempts per client", |m| number(m, "attempts.mean")),
        ("utilisation", |m| ratio(m, "utilisation")),
    ];
    let mut table = new_table(width);
    let keys = sweep.keys.iter().map(|key| key.rsplit('.').next().unwrap_or(key).to_owned());
    table.set_header(keys.chain(COLUMNS.map(|(label, _)| label.to_owned())).collect::<Vec<_>>());
    for (variant, values) in results.variants.iter().zip(&sweep.values) {
        let cells = COLUMNS.map(|(_, show)| show(&variant.metrics).unwrap_or_else(none));
        table.add_row(values.iter().map(|value| printable(value)).chain(cells));
    }
    let mut text = format!("{}\n\n", scenario_name(results));
    if let Some(sizing) = &results.sizing {
        let _ = writeln!(text, "{}\n", sizing_answer(sizing));
    }
    let _ = writeln!(text, "{}", finish(table));
    if !results.thresholds.is_empty() {
        let _ = write!(text, "\n{}", thresholds(results));
    }
    let _ = writeln!(text, "\nseed {}, {}", results.seed, provenance(results));
    text
}

/// The answer of a search in words, with what it rests on.
fn sizing_answer(sizing: &Sizing) -> String {
    let key = printable(sizing.key.rsplit('.').next().unwrap_or(&sizing.key));
    let demands: Vec<String> =
        sizing.targets.iter().map(|target| printable(&target.expression)).collect();
    let demands = demands.join(" and ");
    let sure = percent(sizing.confidence);
    let runs = |value: u64| {
        let found = sizing.evaluated.iter().find(|evaluated| evaluated.value == value);
        match found.map_or(0, |evaluated| evaluated.replications) {
            1 => "1 run".to_owned(),
            n => format!("{} runs", count(n as f64)),
        }
    };
    let [low, high] = sizing.range;
    let at = sizing.looked_at;
    match (sizing.chosen, sizing.verdict) {
        (Some(value), _) => {
            let below = if value == low {
                format!("it is the least value of the range {low} to {high}")
            } else {
                let binding = sizing.targets.iter().filter(|target| target.binds);
                let binding: Vec<_> = binding.map(|t| printable(&t.expression)).collect();
                let below = value - 1;
                format!("{below} misses {} ({})", binding.join(" and "), runs(below))
            };
            format!(
                "The smallest {key} with {demands} is {value} ({}, {sure} confidence); {below}.",
                runs(value)
            )
        }
        (None, ThresholdVerdict::Fail) => format!(
            "No {key} from {low} to {high} meets {demands}: {at} misses it ({}, {sure} confidence).",
            runs(at)
        ),
        (None, _) => format!(
            "Inconclusive: whether {key} = {at} meets {demands} cannot be told with {sure} confidence \
             after {}; allow more with --max-replications.",
            runs(at)
        ),
    }
}

fn provenance(results: &Results) -> String {
    let runs = match results.replications {
        n if results.sizing.is_some() => format!("up to {} runs of each value", count(n as f64)),
        1 => "1 run of each variant".to_owned(),
        n => format!("{} runs of each variant", count(n as f64)),
    };
    let engine = if results.engine == "events" { "" } else { ", tokio engine" };
    format!("{runs}{engine}, {} {}", results.tool.name, results.tool.version)
}

/// The answer in one sentence: how many are stranded under which handling.
fn answer(results: &Results) -> String {
    let parts = results.variants.iter().map(|variant| {
        let stranded = mean(&variant.metrics, "stranded");
        let arrived = mean(&variant.metrics, "arrived");
        (stranded, arrived, printable(&variant.name))
    });
    let parts: Vec<_> = parts.collect();
    let Some((stranded, arrived, name)) = parts.first() else { return String::new() };
    if parts.iter().all(|(stranded, ..)| *stranded == 0.0) {
        let mut answer = "No advertisement is stranded".to_owned();
        let gave_up = |variant: &&VariantResults| mean(&variant.metrics, "gave_up") > 0.0;
        for (i, variant) in results.variants.iter().filter(gave_up).enumerate() {
            let (number, of) =
                (mean(&variant.metrics, "gave_up"), mean(&variant.metrics, "arrived"));
            let join = if i == 0 { ", but " } else { "; " };
            let (number, of, name) = (count(number), count(of), printable(&variant.name));
            let _ = write!(answer, "{join}{number} of {of} clients give up under {name}");
        }
        answer.push('.');
        answer.extend(completion_answer(results).map(|fastest| format!(" {fastest}")));
        return answer;
    }
    let number = if *stranded == 1.0 { "advertisement is" } else { "advertisements are" };
    let mut answer =
        format!("{} of {} {number} stranded under {name}", count(*stranded), count(*arrived));
    for (i, (stranded, arrived, name)) in parts.iter().enumerate().skip(1) {
        let join = if i + 1 == parts.len() { " and " } else { ", " };
        let of =
            if *arrived == parts[0].1 { String::new() } else { format!(" of {}", count(*arrived)) };
        let _ = write!(answer, "{join}{}{of} under {name}", count(*stranded));
    }
    answer.push('.');
    answer
}

/// Where nobody strands: under which variants clients are through first, as far as it shows.
fn completion_answer(results: &Results) -> Option<String> {
    let undone =
        |v: &VariantResults| count(mean(&v.metrics, "arrived") - mean(&v.metrics, "completed"));
    let p95 = |v: &VariantResults| value(&v.metrics, "completion.p95").map(|s| s.mean);
    let key = |v: &VariantResults| {
        let undone = mean(&v.metrics, "arrived") - mean(&v.metrics, "completed");
        (undone, p95(v).unwrap_or(f64::INFINITY))
    };
    let best = results.variants.iter().min_by(|a, b| {
        let (a, b) = (key(a), key(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    })?;
    let time = span(p95(best)?);
    let ties =
        |v: &&VariantResults| undone(v) == undone(best) && p95(v).map(span).as_ref() == Some(&time);
    let names: Vec<String> =
        results.variants.iter().filter(ties).map(|v| printable(&v.name)).collect();
    let who = match names.as_slice() {
        _ if results.variants.len() == 1 => String::new(),
        names if names.len() == results.variants.len() => "All alike: ".to_owned(),
        [name] => format!("Fastest is {name}: "),
        names => format!("Fastest are {}: ", names.join(" and ")),
    };
    Some(format!("{who}95% of those that complete do so within {time} of their arrival."))
}

/// One row of the comparison: a label and how to show a variant's metrics.
type Row = (&'static str, fn(&MetricTable) -> Option<String>);

const ALWAYS: &[Row] = &[
    ("clients", |m| number(m, "arrived")),
    ("completed", |m| number(m, "completed")),
    ("stranded", |m| share(m, "stranded")),
];

/// Rows that appear where some variant has such clients.
const IF_ANY: &[(&str, Row)] = &[
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

fn rows_for(tables: &[&MetricTable]) -> Vec<Row> {
    let occurs = |metric: &str| tables.iter().any(|metrics| mean(metrics, metric) > 0.0);
    let some = IF_ANY.iter().filter(|(metric, _)| occurs(metric)).map(|(_, row)| *row);
    ALWAYS.iter().copied().chain(some).chain(MORE.iter().copied()).collect()
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
            ("clients", |m| number(m, "arrived")),
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
    Some(finish(table))
}

/// The thresholds and whether they are met.
fn thresholds(results: &Results) -> String {
    let mut table = new_table(None);
    table.set_header(["threshold", "variant", "observed", "verdict"].map(str::to_owned).to_vec());
    for threshold in &results.thresholds {
        let name = threshold.metric.as_str();
        let show: Show = match metrics::unit(name) {
            Unit::Count => count,
            Unit::Ratio => percent,
            Unit::Time => span,
        };
        let observed = threshold.observed.as_ref().map(|observed| with_margin(observed, show));
        table.add_row(vec![
            printable(&threshold.expression),
            printable(&threshold.variant),
            observed.unwrap_or_else(none),
            match threshold.verdict {
                ThresholdVerdict::Pass => "pass".to_owned(),
                ThresholdVerdict::Fail => "FAIL".to_owned(),
                ThresholdVerdict::Inconclusive => "inconclusive".to_owned(),
            },
        ]);
    }
    format!("{}\n", trimmed(&table))
}

/// What the comparisons with the reference show, where there are enough runs to tell.
fn comparisons(results: &Results) -> Option<String> {
    const SHOWN: [(&str, &str, Show); 4] = [
        ("stranded", "stranded", count),
        ("completion.p95", "completion, 95%", span),
        ("makespan", "last completion after", span),
        ("attempts.mean", "attempts per client", count),
    ];
    if results.replications < 2 || results.comparisons.is_empty() {
        return None;
    }
    let mut text = format!(
        "Compared with {}, run by run (95% intervals):\n",
        printable(&results.comparisons[0].reference)
    );
    for comparison in &results.comparisons {
        let _ = writeln!(text, "  {}", printable(&comparison.variant));
        for (metric, label, show) in SHOWN {
            if let Some(Some(difference)) = comparison.metrics.get(metric) {
                let _ = writeln!(text, "    {label:<20} {}", told(difference, show));
            }
        }
    }
    Some(text)
}

/// A difference in words: `188.2 to 191.3 less: better`.
fn told(difference: &Difference, show: Show) -> String {
    let verdict = match difference.verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::Higher => "higher",
        Verdict::Lower => "lower",
        Verdict::NoDifferenceShown | Verdict::Unknown => {
            return "no difference shown".to_owned();
        }
    };
    let direction = if difference.mean < 0.0 { "less" } else { "more" };
    let [low, high] = difference.ci95.unwrap_or([difference.mean; 2]);
    let (least, most) = (low.abs().min(high.abs()), low.abs().max(high.abs()));
    let range = match (show(least), show(most)) {
        (least, most) if least == most => least,
        (least, most) => format!("{least} to {most}"),
    };
    format!("{range} {direction}: {verdict}")
}

fn header(first: &str, results: &Results) -> Vec<String> {
    let names = results.variants.iter().map(|variant| printable(&variant.name));
    std::iter::once(first.to_owned()).chain(names).collect()
}

/// A name without control characters, which could garble a terminal.
fn printable(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn new_table(width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table
}

fn finish(mut table: Table) -> String {
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    trimmed(&table)
}

/// The lines of a table. Without borders comfy-table pads every cell on both sides: the outer blanks
/// are noise.
fn trimmed(table: &Table) -> String {
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    let lines: Vec<String> =
        lines.map(|l| l.strip_prefix(' ').map_or(l.clone(), str::to_owned)).collect();
    lines.join("\n")
}

fn none() -> String {
    "-".to_owned()
}

fn value<'m>(metrics: &'m MetricTable, name: &str) -> Option<&'m Summary> {
    metrics.get(name)?.as_ref()
}

fn mean(metrics: &MetricTable, name: &str) -> f64 {
    value(metrics, name).map_or(0.0, |summary| summary.mean)
}

fn number(metrics: &MetricTable, name: &str) -> Option<String> {
    value(metrics, name).map(|summary| with_margin(summary, count))
}

/// A mean and, where it is one of several runs that differ, how far the 95% interval reaches.
fn with_margin(summary: &Summary, show: Show) -> String {
    let mean = show(summary.mean);
    match summary.ci95 {
        Some([low, high]) if summary.max > summary.min => {
            format!("{mean} ±{}", show((high - low) / 2.0))
        }
        _ => mean,
    }
}

/// A number of clients and its share of all that arrived.
fn share(metrics: &MetricTable, name: &str) -> Option<String> {
    let clients = value(metrics, name)?.mean;
    let arrived = mean(metrics, "arrived");
    let number = with_margin(value(metrics, name)?, count);
    Some(if clients > 0.0 && arrived > 0.0 {
        format!("{number} ({})", percent(clients / arrived))
    } else {
        number
    })
}

fn ratio(metrics: &MetricTable, name: &str) -> Option<String> {
    value(metrics, name).map(|summary| with_margin(summary, percent))
}

fn time(metrics: &MetricTable, name: &str) -> Option<String> {
    value(metrics, name).map(|summary| with_margin(summary, span))
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
        let mut values = series.open_connections.clone();
        values.resize(buckets.max(values.len()), 0.0);
        let line = spark::line(&values, CHART_WIDTH, top);
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
