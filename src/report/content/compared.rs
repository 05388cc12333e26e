//! A comparison of two results: its answer and its tables.

use super::table::{Cell, CellKind, Column, Table, Tone};
use crate::compare::{Compared, ComparedMetric, ComparedVariant, Judgement, Method};
use crate::human::percent;
use crate::report::names::short;
use crate::results::Verdict;
use crate::stats::metric::{self, Metric, MetricUnit, show};

/// The outcome of the comparison, in a sentence or two.
pub fn headline(compared: &Compared) -> String {
    let variants = &compared.variants;
    let metrics = || variants.iter().flat_map(|variant| variant.metrics.values());
    let number =
        |wanted: fn(&ComparedMetric) -> bool| metrics().filter(|m| m.judged && wanted(m)).count();
    if variants.is_empty() {
        return "Inconclusive: no variant is in both results, so nothing was compared.".to_owned();
    }
    let found = |outcome: Judgement| {
        let number = metrics().filter(|metric| metric.outcome == outcome).count();
        let (are, these) = if number == 1 { ("is", "") } else { ("are", ", among them") };
        (format!("{} {are}", figures(number)), format!("{these}: {}", worst(compared, outcome)))
    };
    match compared.outcome {
        Judgement::Regression => {
            let (figures, these) = found(Judgement::Regression);
            format!("Regression: {figures} worse beyond chance and tolerance{these}.")
        }
        Judgement::Inconclusive => {
            let (figures, these) = found(Judgement::Inconclusive);
            format!(
                "Inconclusive: {figures} worse beyond tolerance, perhaps by chance{these}. Simulate both \
                 with more replications (-n 10) to decide."
            )
        }
        Judgement::Pass if metrics().all(|metric| metric.base == metric.new) => {
            "No regression: every figure is the same.".to_owned()
        }
        Judgement::Pass => {
            let better = number(|metric| metric.verdict == Some(Verdict::Better));
            let worse = number(|metric| metric.verdict == Some(Verdict::Worse));
            let rest = number(|_| true) - better - worse;
            let parts = [
                (better, "better"),
                (worse, "worse within tolerance"),
                (rest, "with no difference shown"),
            ];
            let parts = parts.into_iter().filter(|(number, _)| *number > 0);
            let parts: Vec<_> = parts.map(|(n, what)| format!("{} {what}", figures(n))).collect();
            format!("No regression: {}.", parts.join(", "))
        }
    }
}

fn figures(number: usize) -> String {
    format!("{number} figure{}", if number == 1 { "" } else { "s" })
}

/// The most metrics that are named in the headline.
const NAMED: usize = 3;

/// The most important metrics with a judgement: `stranded 51.8 to 59.4 (+14.7%) under SP2`.
fn worst(compared: &Compared, outcome: Judgement) -> String {
    const FIRST: [Metric; 4] =
        [metric::STRANDED, metric::COMPLETED, metric::COMPLETION_P95, metric::MAKESPAN];
    let rank = |name: &str| FIRST.iter().position(|m| m.name == name).unwrap_or(FIRST.len());
    let mut found: Vec<_> = compared
        .variants
        .iter()
        .flat_map(|variant| {
            let metrics = variant.metrics.iter().filter(|(_, metric)| metric.outcome == outcome);
            metrics.map(move |(name, metric)| (&variant.name, name, metric))
        })
        .collect();
    found.sort_by_key(|(_, name, _)| rank(name));
    let named = found.into_iter().take(NAMED).map(|(variant, name, metric)| {
        let (base, new) = (cell(name, metric.base), cell(name, metric.new));
        let change = metric.relative.map(|r| format!(" ({})", relative_change(r)));
        let (change, variant) = (change.unwrap_or_default(), short(variant, 200));
        format!("{name} {base} to {new}{change} under {variant}")
    });
    named.collect::<Vec<_>>().join(", ")
}

/// A metric as people read it.
pub struct MetricLine {
    pub metric: String,
    pub base: String,
    pub new: String,
    /// The change as a percentage, or as a number where the base is zero.
    pub change: String,
    pub interval: String,
    /// What the difference means.
    pub verdict: String,
    tone: Tone,
}

/// The metrics of a variant that differ, each with its name.
pub fn changed(variant: &ComparedVariant) -> impl Iterator<Item = (&str, &ComparedMetric)> {
    let differs = |metric: &ComparedMetric| {
        metric.outcome != Judgement::Pass
            || match metric.verdict {
                Some(Verdict::NoDifferenceShown) | None => false,
                Some(Verdict::Unknown) => metric.judged,
                Some(_) => true,
            }
    };
    let metrics = variant.metrics.iter().map(|(name, metric)| (name.as_str(), metric));
    metrics.filter(move |(_, metric)| differs(metric))
}

/// A row for each of `metrics` of a variant.
pub fn table<'c>(
    compared: &Compared,
    metrics: impl Iterator<Item = (&'c str, &'c ComparedMetric)>,
) -> Table {
    let mut table = Table::new(columns());
    metrics.for_each(|(name, metric)| table.push(line(compared, name, metric).cells()));
    table
}

/// A row for each metric of a variant that differs, the worst variants first.
pub fn all_changes(compared: &Compared) -> Table {
    let mut variants: Vec<_> = compared.variants.iter().collect();
    variants.sort_by_key(|variant| std::cmp::Reverse(variant.outcome));
    let variant = Column::row_head(Cell::label("variant"));
    let mut table = Table::new(std::iter::once(variant).chain(columns()));
    for variant in variants {
        for (name, metric) in changed(variant) {
            let cells = line(compared, name, metric).cells();
            table.push(std::iter::once(Cell::name(&variant.name)).chain(cells));
        }
    }
    table
}

fn columns() -> impl Iterator<Item = Column> {
    let figures = ["base", "new", "change", "95% interval", "verdict"];
    std::iter::once(Column::row_head(Cell::label("metric"))).chain(figures.map(Column::figure))
}

impl MetricLine {
    fn cells(self) -> [Cell; 6] {
        let figure = |text| Cell { kind: CellKind::Words, ..Cell::figure(Some(text)) };
        [
            Cell::code(self.metric),
            figure(self.base),
            figure(self.new),
            figure(self.change),
            figure(self.interval),
            Cell::toned(self.verdict, self.tone),
        ]
    }
}

/// A metric of a comparison, in words.
pub fn line(compared: &Compared, name: &str, metric: &ComparedMetric) -> MetricLine {
    let change = match (metric.relative, metric.difference) {
        (Some(relative), _) => relative_change(relative),
        (None, Some(difference)) => signed(name, difference),
        (None, None) => none(),
    };
    let interval = metric.ci95.map_or_else(none, |[low, high]| {
        let (low, high) = (signed(name, low), signed(name, high));
        // A unit that both ends have is written once.
        let low = low.strip_suffix(POINTS).unwrap_or(&low);
        format!("{low} to {high}")
    });
    MetricLine {
        metric: name.to_owned(),
        base: cell(name, metric.base),
        new: cell(name, metric.new),
        change,
        interval,
        verdict: verdict(compared, name, metric),
        tone: match (metric.outcome, metric.verdict) {
            (Judgement::Regression, _) => Tone::Bad,
            (Judgement::Inconclusive, _) => Tone::Unsure,
            (Judgement::Pass, Some(Verdict::Better)) => Tone::Good,
            (Judgement::Pass, _) => Tone::Neutral,
        },
    }
}

fn verdict(compared: &Compared, name: &str, metric: &ComparedMetric) -> String {
    let tolerance = compared.tolerances.get(name).copied().unwrap_or(compared.tolerance);
    let tolerance = percent(tolerance);
    match (metric.verdict, metric.outcome) {
        (_, Judgement::Regression) => "REGRESSION".to_owned(),
        (None, Judgement::Inconclusive) => "inconclusive: no value".to_owned(),
        (None, _) => "no value".to_owned(),
        (_, Judgement::Inconclusive) => format!("inconclusive: beyond {tolerance}, perhaps chance"),
        (Some(Verdict::Better), _) => "better".to_owned(),
        (Some(Verdict::Worse), _) if metric.judged => format!("worse, within {tolerance}"),
        (Some(Verdict::Worse), _) => "worse, not judged".to_owned(),
        (Some(Verdict::Higher), _) => "higher".to_owned(),
        (Some(Verdict::Lower), _) => "lower".to_owned(),
        (Some(Verdict::NoDifferenceShown), _) => "no difference shown".to_owned(),
        (Some(Verdict::Unknown), _) => "perhaps chance".to_owned(),
    }
}

/// How the differences of a variant were computed.
pub fn method(variant: &ComparedVariant) -> String {
    match (variant.method, variant.pairs) {
        (Method::Paired, Some([pairs, 1])) => {
            format!("compared replication by replication, {pairs} pairs")
        }
        (Method::Paired, Some([pairs, length])) => {
            format!("compared in {pairs} pairs of blocks of {length} replications")
        }
        (Method::Paired, None) => "compared replication by replication".to_owned(),
        (Method::Independent, _) => "compared as independent samples".to_owned(),
        (Method::Single, _) => "one replication of each, so no intervals".to_owned(),
    }
}

/// Why differences were not computed replication by replication, for the variants where they were not.
pub fn why_unpaired(compared: &Compared) -> Option<String> {
    let unpaired = |variant: &ComparedVariant| variant.method != Method::Paired;
    if !compared.variants.iter().any(unpaired) {
        return None;
    }
    let (base, new) = (&compared.base, &compared.new);
    let reason = if base.seed != new.seed {
        "the seeds differ"
    } else if base.engine != new.engine {
        "the engines differ"
    } else if base.replications < 2 || new.replications < 2 {
        "that takes at least 2 replications of each"
    } else {
        "the results share fewer than two blocks of replications"
    };
    Some(format!("Not compared replication by replication: {reason}."))
}

fn cell(metric: &str, value: Option<f64>) -> String {
    value.map_or_else(none, show(metric))
}

/// The unit of a difference between ratios.
const POINTS: &str = " points";

/// A difference with its sign: `+1h 5m`, `-12`, `+1.2 points`.
fn signed(metric: &str, difference: f64) -> String {
    let size = match metric::unit(metric) {
        MetricUnit::Ratio => {
            format!("{}{POINTS}", percent(difference.abs()).trim_end_matches('%'))
        }
        _ => show(metric)(difference.abs()),
    };
    format!("{}{size}", sign(difference))
}

fn relative_change(relative: f64) -> String {
    format!("{}{}", sign(relative), percent(relative.abs()))
}

fn sign(number: f64) -> &'static str {
    match number {
        number if number > 0.0 => "+",
        number if number < 0.0 => "-",
        _ => "",
    }
}

fn none() -> String {
    "-".to_owned()
}
