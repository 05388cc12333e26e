//! A comparison in each format; what they have in common is here.

mod html;
mod junit;
mod markdown;
mod text;

pub use html::html;
pub use junit::junit;
pub use markdown::markdown;
pub use text::text;

use super::csv::{harmless, number};
use super::human::percent;
use crate::compare::{Compared, ComparedMetric, ComparedVariant, Method, Outcome};
use crate::results::Verdict;
use crate::stats::metric::{self, Unit, show};

/// The comparison as the rows of a table for programs, its header first.
pub fn rows(compared: &Compared) -> impl Iterator<Item = Vec<String>> {
    let header = [
        "variant",
        "metric",
        "base",
        "new",
        "difference",
        "difference.low",
        "difference.high",
        "relative",
        "verdict",
        "outcome",
    ];
    let variants = compared.variants.iter();
    let rows = variants.flat_map(|variant| {
        variant.metrics.iter().map(|(name, metric)| {
            let numbers = [
                metric.base,
                metric.new,
                metric.difference,
                metric.ci95.map(|[low, _]| low),
                metric.ci95.map(|[_, high]| high),
                metric.relative,
            ];
            let words = [word(&metric.verdict), word(&metric.outcome)];
            let names = [harmless(&variant.name), harmless(name)];
            names.into_iter().chain(numbers.map(number)).chain(words).collect()
        })
    });
    std::iter::once(header.map(str::to_owned).to_vec()).chain(rows)
}

/// A word as it is in JSON.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// What it comes to, in a sentence or two.
fn headline(compared: &Compared) -> String {
    let variants = &compared.variants;
    let metrics = || variants.iter().flat_map(|variant| variant.metrics.values());
    let number =
        |wanted: fn(&ComparedMetric) -> bool| metrics().filter(|m| m.judged && wanted(m)).count();
    if variants.is_empty() {
        return "Inconclusive: no variant is in both results, so nothing was compared.".to_owned();
    }
    let found = |outcome: Outcome| {
        let number = metrics().filter(|metric| metric.outcome == outcome).count();
        let (are, these) = if number == 1 { ("is", "") } else { ("are", ", among them") };
        (format!("{} {are}", figures(number)), format!("{these}: {}", worst(compared, outcome)))
    };
    match compared.outcome {
        Outcome::Regression => {
            let (figures, these) = found(Outcome::Regression);
            format!("Regression: {figures} worse beyond luck and tolerance{these}.")
        }
        Outcome::Inconclusive => {
            let (figures, these) = found(Outcome::Inconclusive);
            format!(
                "Inconclusive: {figures} worse beyond tolerance, by luck or not{these}. Play both with \
                 more replications (-n 10) to tell."
            )
        }
        Outcome::Pass if metrics().all(|metric| metric.base == metric.new) => {
            "No regression: every figure is the same.".to_owned()
        }
        Outcome::Pass => {
            let better = number(|metric| metric.verdict == Some(Verdict::Better));
            let worse = number(|metric| metric.verdict == Some(Verdict::Worse));
            let mut parts = Vec::new();
            if better > 0 {
                parts.push(format!("{} better", figures(better)));
            }
            if worse > 0 {
                parts.push(format!("{} worse within tolerance", figures(worse)));
            }
            let rest = number(|_| true) - better - worse;
            if rest > 0 {
                parts.push(format!("{} without a difference that shows", figures(rest)));
            }
            format!("No regression: {}.", parts.join(", "))
        }
    }
}

fn figures(number: usize) -> String {
    format!("{number} figure{}", if number == 1 { "" } else { "s" })
}

/// So many metrics are named in the headline.
const NAMED: usize = 3;

/// The metrics with an outcome that say the most: `stranded 51.8 to 59.4 (+14.7%) under SP2`.
fn worst(compared: &Compared, outcome: Outcome) -> String {
    const FIRST: [&str; 4] = ["stranded", "completed", "completion.p95", "makespan"];
    let mut named = Vec::new();
    for wanted in FIRST.map(Some).into_iter().chain([None]) {
        for variant in &compared.variants {
            let metrics = variant.metrics.iter().filter(|(name, metric)| {
                metric.outcome == outcome
                    && wanted.map_or(!FIRST.contains(&name.as_str()), |wanted| wanted == *name)
            });
            for (name, metric) in metrics {
                if named.len() == NAMED {
                    return named.join(", ");
                }
                let (base, new) = (cell(name, metric.base), cell(name, metric.new));
                let change = metric.relative.map(|r| format!(" ({})", relative_change(r)));
                let variant = super::names::short(&variant.name, 200);
                let change = change.unwrap_or_default();
                named.push(format!("{name} {base} to {new}{change} under {variant}"));
            }
        }
    }
    named.join(", ")
}

/// A metric as people read it.
struct Line {
    metric: String,
    base: String,
    new: String,
    /// The change as a percentage, or as a number where the base is zero.
    change: String,
    /// The interval of the difference.
    interval: String,
    verdict: String,
}

const HEADER: [&str; 6] = ["metric", "base", "new", "change", "95% interval", "verdict"];

impl Line {
    fn cells(self) -> [String; 6] {
        [self.metric, self.base, self.new, self.change, self.interval, self.verdict]
    }
}

/// The metrics of a variant that differ.
fn changed<'c>(
    compared: &'c Compared,
    variant: &'c ComparedVariant,
) -> impl Iterator<Item = Line> + 'c {
    let differs = |metric: &ComparedMetric| {
        metric.outcome != Outcome::Pass
            || match metric.verdict {
                Some(Verdict::NoDifferenceShown) | None => false,
                Some(Verdict::Unknown) => metric.judged,
                Some(_) => true,
            }
    };
    let metrics = variant.metrics.iter().filter(move |(_, metric)| differs(metric));
    metrics.map(|(name, metric)| line(compared, name, metric))
}

fn line(compared: &Compared, name: &str, metric: &ComparedMetric) -> Line {
    let change = match (metric.relative, metric.difference) {
        (Some(relative), _) => relative_change(relative),
        (None, Some(difference)) => signed(name, difference),
        (None, None) => none(),
    };
    let interval = metric.ci95.map_or_else(none, |[low, high]| {
        let (low, high) = (signed(name, low), signed(name, high));
        // A unit that both have is said once.
        let low = low.strip_suffix(POINTS).unwrap_or(&low);
        format!("{low} to {high}")
    });
    Line {
        metric: name.to_owned(),
        base: cell(name, metric.base),
        new: cell(name, metric.new),
        change,
        interval,
        verdict: verdict(compared, name, metric),
    }
}

fn verdict(compared: &Compared, name: &str, metric: &ComparedMetric) -> String {
    let tolerance = compared.tolerances.get(name).copied().unwrap_or(compared.tolerance);
    let tolerance = percent(tolerance);
    match (metric.verdict, metric.outcome) {
        (_, Outcome::Regression) => "REGRESSION".to_owned(),
        (None, Outcome::Inconclusive) => "inconclusive: no value".to_owned(),
        (None, _) => "no value".to_owned(),
        (_, Outcome::Inconclusive) => format!("inconclusive: beyond {tolerance}, luck or not"),
        (Some(Verdict::Better), _) => "better".to_owned(),
        (Some(Verdict::Worse), _) if metric.judged => format!("worse, within {tolerance}"),
        (Some(Verdict::Worse), _) => "worse, not judged".to_owned(),
        (Some(Verdict::Higher), _) => "higher".to_owned(),
        (Some(Verdict::Lower), _) => "lower".to_owned(),
        (Some(Verdict::NoDifferenceShown), _) => "no difference shown".to_owned(),
        (Some(Verdict::Unknown), _) => "luck or not".to_owned(),
    }
}

/// How the differences of a variant were taken.
fn method(variant: &ComparedVariant) -> String {
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

/// Why differences were not taken replication by replication, if they were not and could be.
fn why_unpaired(compared: &Compared) -> Option<String> {
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
        "the results do not hold two blocks of replications that both have"
    };
    Some(format!("Not compared replication by replication: {reason}."))
}

fn cell(metric: &str, value: Option<f64>) -> String {
    value.map_or_else(none, show(metric))
}

/// What ratios differ by.
const POINTS: &str = " points";

/// A difference with its sign: `+1h 5m`, `-12`, `+1.2 points`.
fn signed(metric: &str, difference: f64) -> String {
    let size = match metric::unit(metric) {
        Unit::Ratio => {
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
