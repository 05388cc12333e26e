//! The reference of all metrics, `docs/metrics.md`, is derived from their table.

use std::fmt::Write;

use super::table::SECTIONS;
use super::{Better, Metric, MetricUnit, Subject};

const START: &str = "\
# Metrics

Every metric that `distpoint` reports, as its table of metrics defines them. Names are a contract:
results, thresholds (`completion.p95 < 24h`), `--metric`, `--until` and all reports share them. The
metrics of a client group are `group.NAME.METRIC`, those of a distribution point `dp.NAME.METRIC`, and
those of the copies of a site or of a point `copies.NAME.METRIC`. A point or group of a site has the name
`SITE/NAME`.

Averages over time go from the first arrival (with a `warmup`, from its end) to the last completion, or
to the horizon if clients are unfinished. Capacity is the limit in force: none while a distribution
point is down, and never less than what is still open above a lowered limit. Where there is nothing to
measure, such as the time to completion where no client completed, a metric has no value. So it is with
counts where no client is counted, because all arrive after the horizon or within the warm-up: 0 stranded
of nobody is no good result. A threshold on a metric without a value is undecided.

In results times are milliseconds and ratios numbers from 0 to 1. Thresholds take times with a unit
and ratios also as percentages.
";

/// All metrics as a page of Markdown, by section.
fn reference() -> String {
    let mut page = START.to_owned();
    for (section, metrics) in SECTIONS {
        // Writing into a string cannot fail.
        let _ = writeln!(page, "\n## {section}\n");
        page.push_str(
            "| metric | unit | better | measured for | meaning |\n|---|---|---|---|---|\n",
        );
        for metric in *metrics {
            let (unit, better) = (unit(metric.unit), better(metric.better));
            let (name, subjects) = (metric.name, subjects(*metric));
            let meaning = metric.meaning;
            let _ = writeln!(page, "| `{name}` | {unit} | {better} | {subjects} | {meaning} |");
        }
    }
    page
}

fn unit(unit: MetricUnit) -> &'static str {
    match unit {
        MetricUnit::Count => "count",
        MetricUnit::Ratio => "ratio",
        MetricUnit::Time => "time",
        MetricUnit::PerHour => "per hour",
    }
}

fn better(better: Better) -> &'static str {
    match better {
        Better::Lower => "lower",
        Better::Higher => "higher",
        Better::Neither => "-",
    }
}

fn subjects(metric: Metric) -> String {
    let subjects = [
        (Subject::Run, "run"),
        (Subject::Group, "group"),
        (Subject::Point, "point"),
        (Subject::Copies, "copies"),
    ];
    let words = subjects.into_iter().filter(|(subject, _)| metric.applies_to(*subject));
    words.map(|(_, word)| word).collect::<Vec<_>>().join(", ")
}

/// Where the committed copy is.
const COPY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/metrics.md");

#[test]
fn docs_metrics_md_is_derived_from_the_table() {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(COPY, reference()).unwrap();
    }
    let committed = std::fs::read_to_string(COPY).unwrap_or_default();
    assert!(
        committed == reference(),
        "docs/metrics.md is not what the table of metrics gives: run \
         `UPDATE_DOCS=1 cargo test --lib docs_metrics_md`"
    );
}

#[test]
fn every_metric_has_a_meaning() {
    for metric in SECTIONS.iter().flat_map(|(_, metrics)| *metrics) {
        assert!(metric.meaning.ends_with('.') && !metric.meaning.contains('|'), "{metric}");
    }
}
