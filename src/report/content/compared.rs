//! A comparison of two results: its answer and its tables.

use super::table::{Cell, CellKind, Column, Table, Tone};
use crate::compare::{Compared, ComparedMetric, ComparedVariant, Judgement, Method, Shown};
use crate::human::{count, counted, is_or_are, percent};
use crate::report::names::short;
use crate::results::Verdict;
use crate::stats::metric::{self, MetricUnit, View, show};

/// More changes than this are not part of the headline, but listed.
const MOST_CHANGES: usize = 2;

/// How the studies differ, if that is short, and the outcome of the comparison.
pub fn headline(compared: &Compared) -> String {
    let outcome = outcome(compared);
    let outcome = format!("{outcome}{}", without_counterpart(compared));
    match compared.changes.len() {
        1..=MOST_CHANGES => format!("Changed: {}. {outcome}", compared.changes.join("; ")),
        _ => outcome,
    }
}

/// The variants that only one of the results has, in a sentence; empty if there are none.
fn without_counterpart(compared: &Compared) -> String {
    let sides = [
        (&compared.only_in_base, "only in the base"),
        (&compared.only_in_new, "only in the new results"),
    ];
    let named = sides.into_iter().filter_map(|(names, side)| {
        let first = short(names.first()?, 200);
        Some(match names.len() - 1 {
            0 => format!("{first}, {side}"),
            1 => format!("{first} and 1 other variant, {side}"),
            more => format!("{first} and {more} other variants, {side}"),
        })
    });
    let named: Vec<String> = named.collect();
    match named.is_empty() || compared.variants.is_empty() {
        true => String::new(),
        false => format!(" Without a counterpart: {}.", named.join("; ")),
    }
}

/// How the studies differ, where the [headline] does not say it.
pub fn listed_changes(compared: &Compared) -> &[String] {
    if compared.changes.len() > MOST_CHANGES { &compared.changes } else { &[] }
}

/// The outcome of the comparison, in a sentence or two.
fn outcome(compared: &Compared) -> String {
    let variants = &compared.variants;
    let metrics = || variants.iter().flat_map(|variant| variant.metrics.values());
    if variants.is_empty() {
        return "Inconclusive: no variant is in both results, so nothing was compared.".to_owned();
    }
    match compared.outcome {
        Judgement::Regression => {
            format!(
                "Regression: {}.",
                worst(
                    compared,
                    |metric| metric.outcome == Judgement::Regression,
                    "beyond chance and tolerance"
                )
            )
        }
        Judgement::Inconclusive => undecided(compared),
        Judgement::Pass if metrics().all(|metric| metric.base == metric.new) => {
            "No regression: every figure is the same.".to_owned()
        }
        Judgement::Pass => {
            let number =
                |verdict| families(compared, |m| m.judged && m.verdict == Some(verdict)).len();
            let (better, worse) = (number(Verdict::Better), number(Verdict::Worse));
            let parts = [(better, "better"), (worse, "worse within tolerance")];
            let parts = parts.into_iter().filter(|(number, _)| *number > 0);
            let parts: Vec<String> =
                parts.map(|(number, words)| format!("{} {words}", figures(number))).collect();
            match parts.is_empty() {
                true => "No regression: no difference shown.".to_owned(),
                false => format!("No regression: {}.", parts.join(", ")),
            }
        }
    }
}

/// What keeps the comparison from an answer: figures without a value, and figures that may be worse. More
/// replications decide only the latter.
fn undecided(compared: &Compared) -> String {
    let open = |metric: &ComparedMetric| metric.outcome == Judgement::Inconclusive;
    let gone = families(compared, |metric| open(metric) && metric.verdict.is_none());
    let unsure = |metric: &ComparedMetric| open(metric) && metric.verdict.is_some();
    let missing = (!gone.is_empty()).then(|| {
        let names: Vec<&str> = gone.iter().take(NAMED).map(|family| family[0].1).collect();
        let more = match gone.len() - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let have = if gone.len() == 1 { "has" } else { "have" };
        let figures = figures(gone.len());
        format!("{figures} {have} no value to compare: {}{more}", names.join(", "))
    });
    let worse = (!families(compared, unsure).is_empty()).then(|| {
        let worst = worst(compared, unsure, "beyond tolerance, perhaps by chance");
        format!("{worst}. Simulate both with more replications (-n 10) to decide")
    });
    let lost = lost(compared);
    let mut parts: Vec<String> = missing.into_iter().chain(worse).chain(lost).collect();
    if parts.is_empty() {
        // Of a metric that the base has and the new results do not even name.
        parts.push("a judged figure of the base is missing in the new results".to_owned());
    }
    format!("Inconclusive: {}.", parts.join("; "))
}

/// What of the base the new results lack, other than figures: variants, which are named elsewhere, and groups.
fn lost(compared: &Compared) -> Option<String> {
    let variants = match compared.lost().len() {
        0 => None,
        1 => Some("1 variant of the base is missing in the new results".to_owned()),
        more => Some(format!("{more} variants of the base are missing in the new results")),
    };
    let groups = compared.variants.iter().find_map(|variant| {
        let first = short(variant.groups_only_in_base.first()?, 200);
        let more = match variant.groups_only_in_base.len() - 1 {
            0 => " is".to_owned(),
            more => format!(" and {more} more are"),
        };
        let under = match compared.variants.len() {
            1 => String::new(),
            _ => format!(" under {}", short(&variant.name, 200)),
        };
        Some(format!("client group {first}{more} only in the base{under}"))
    });
    let parts: Vec<String> = variants.into_iter().chain(groups).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn figures(number: usize) -> String {
    counted(number as f64, "figure")
}

/// A metric of a variant, with the name of the variant.
type Found<'c> = (&'c str, &'c str, &'c ComparedMetric);

/// The metrics for which `wanted` is true, the most telling family first and in it the most telling metric.
fn families(compared: &Compared, wanted: impl Fn(&ComparedMetric) -> bool) -> Vec<Vec<Found<'_>>> {
    let mut found: Vec<Found<'_>> = Vec::new();
    for variant in &compared.variants {
        let metrics = variant.metrics.iter().filter(|(_, metric)| wanted(metric));
        found.extend(metrics.map(|(name, metric)| (variant.name.as_str(), name.as_str(), metric)));
    }
    let change = |metric: &ComparedMetric| metric.relative.map_or(f64::INFINITY, f64::abs);
    found.sort_by(|a, b| {
        telling(a.1).cmp(&telling(b.1)).then_with(|| change(b.2).total_cmp(&change(a.2)))
    });
    let mut families: Vec<Vec<Found<'_>>> = Vec::new();
    for one in found {
        match families.iter_mut().find(|family| self::family(family[0].1) == self::family(one.1)) {
            Some(family) => family.push(one),
            None => families.push(vec![one]),
        }
    }
    families
}

/// The kind of thing that a metric measures, which it has in common with others that rise and fall with it:
/// `completion` of `completion.p95`.
fn family(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The place of a metric among those that tell most: the first are those of which differences are shown first.
fn telling(name: &str) -> usize {
    let order = metric::shown_in(&[View::Difference]).into_iter().chain(metric::key_figures());
    order.into_iter().position(|metric| metric.name == name).unwrap_or(usize::MAX)
}

/// The most metrics that are named in the headline.
const NAMED: usize = 3;

/// The families of metrics for which `wanted` is true, each by its worst metric: `stranded 51.8 to 59.4 (+14.7%) under
/// SP2`. What has the same cause is said once.
fn worst(compared: &Compared, wanted: impl Fn(&ComparedMetric) -> bool, how: &str) -> String {
    let families = families(compared, wanted);
    let are = is_or_are(families.len() as f64);
    let mut named: Vec<String> = Vec::new();
    for family in families.iter().take(NAMED) {
        let (variant, name, metric) = family[0];
        let line = line(compared, name, metric);
        let mut others =
            family.iter().filter(|(other, same, _)| *same == name && *other != variant);
        let others = match (others.next(), others.count()) {
            (None, _) => String::new(),
            (Some((other, ..)), 0) => format!(" and {}", short(other, 200)),
            (Some(_), more) => format!(" and {} other variants", more + 1),
        };
        let under = match compared.variants.len() {
            1 => String::new(),
            _ => format!(" under {}{others}", short(variant, 200)),
        };
        named.push(format!("{name} {} to {} ({}){under}", line.base, line.new, line.change));
    }
    let more = match families.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let figures = figures(families.len());
    format!("{figures} {are} worse {how}: {}{more}", named.join("; "))
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
fn changed(variant: &ComparedVariant) -> impl Iterator<Item = (&str, &ComparedMetric)> {
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

/// The metrics of a variant that differ and are [shown](Shown), and how many more differ.
pub fn shown<'c>(
    compared: &Compared,
    variant: &'c ComparedVariant,
) -> (Vec<(&'c str, &'c ComparedMetric)>, usize) {
    let all: Vec<_> = changed(variant).collect();
    let number = all.len();
    let judged = || all.iter().copied().filter(|(_, metric)| metric.judged);
    let shown: Vec<_> = match compared.shown {
        Shown::All => all,
        Shown::Judged => judged().collect(),
        Shown::OneOfEachFamily => {
            // The worst of a family, and of several that are as bad the most telling.
            let place = |name: &str| variant.metrics.get_index_of(name);
            let rank = |(name, metric): (&str, &ComparedMetric)| {
                (std::cmp::Reverse(metric.outcome), telling(name), place(name))
            };
            let first = |one: (&str, &ComparedMetric)| {
                !judged().any(|other| family(other.0) == family(one.0) && rank(other) < rank(one))
            };
            judged().filter(|one| first(*one)).collect()
        }
    };
    let hidden = number - shown.len();
    (shown, hidden)
}

/// What a report says of metrics that differ and are not shown; `None` if there are none.
pub fn more(hidden: usize) -> Option<String> {
    match hidden {
        0 => None,
        1 => Some("1 more metric differs (--all shows it)".to_owned()),
        more => Some(format!("{more} more metrics differ (--all shows them)")),
    }
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

/// A row for each metric of a variant that differs and is shown, the worst variants first.
pub fn all_changes(compared: &Compared) -> Table {
    let mut variants: Vec<_> = compared.variants.iter().collect();
    variants.sort_by_key(|variant| std::cmp::Reverse(variant.outcome));
    let variant = Column::row_head(Cell::label("variant"));
    let mut table = Table::new(std::iter::once(variant).chain(columns()));
    for variant in variants {
        for (name, metric) in shown(compared, variant).0 {
            let cells = line(compared, name, metric).cells();
            table.push(std::iter::once(Cell::name(&variant.name)).chain(cells));
        }
    }
    table
}

fn columns() -> impl Iterator<Item = Column> {
    let figures = ["base", "new", "change"].map(Column::figure);
    let [interval, verdict] = ["95% interval", "verdict"].map(Column::figure);
    let metric = Column::row_head(Cell::label("metric"));
    std::iter::once(metric).chain(figures).chain([interval.spare(), verdict])
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
    let unit = Unit::of(name, metric);
    let change = match (metric.relative, metric.difference) {
        (Some(relative), _) => relative_change(relative),
        (None, Some(difference)) => unit.signed(difference),
        (None, None) => none(),
    };
    let interval = metric.ci95.map_or_else(none, |[low, high]| {
        let (low, high) = (unit.signed(low), unit.signed(high));
        // A unit that both ends have is written once.
        let end = [POINTS, EACH].into_iter().find_map(|unit| low.strip_suffix(unit));
        format!("{} to {high}", end.unwrap_or(&low))
    });
    let side = |value: Option<f64>, side: usize| match (value, metric.per_client) {
        (Some(_), Some(per_client)) => {
            format!("{} ({})", cell(name, value), unit.shown(per_client[side]))
        }
        _ => cell(name, value),
    };
    MetricLine {
        metric: name.to_owned(),
        base: side(metric.base, 0),
        new: side(metric.new, 1),
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
            format!("compared replication by replication, {}", counted(pairs as f64, "pair"))
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

/// The unit of a number per client that arrived.
const EACH: &str = " each";

/// What a difference counts in.
enum Unit {
    Ratio,
    /// A number per client, which may be more than one.
    PerClient,
    Other(fn(f64) -> String),
}

impl Unit {
    fn of(name: &str, metric: &ComparedMetric) -> Unit {
        match (metric.per_client, metric::unit(name)) {
            (Some(shares), _) if shares.iter().all(|share| *share <= 1.0) => Unit::Ratio,
            (Some(_), _) => Unit::PerClient,
            (None, MetricUnit::Ratio) => Unit::Ratio,
            (None, _) => Unit::Other(show(name)),
        }
    }

    fn shown(&self, value: f64) -> String {
        match self {
            Unit::Ratio => percent(value),
            Unit::PerClient => format!("{}{EACH}", count(value)),
            Unit::Other(show) => show(value),
        }
    }

    /// A difference with its sign: `+1h 5m`, `-12`, `+1.2 points`.
    fn signed(&self, difference: f64) -> String {
        let size = match self {
            Unit::Ratio => {
                format!("{}{POINTS}", percent(difference.abs()).trim_end_matches('%'))
            }
            _ => self.shown(difference.abs()),
        };
        format!("{}{size}", sign(difference))
    }
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
