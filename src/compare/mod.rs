//! Comparing the results of two studies: what is better, what is worse, and is it a regression?
//!
//! Variants are matched by name. A metric is a *regression* if it is worse beyond chance, that is, the
//! 95% interval of its difference excludes zero, and beyond tolerance as well: a certain
//! change need not matter. A change for the worse that matters but cannot be distinguished from chance,
//! because only one replication or none has a value, is *inconclusive*: look at it, or simulate more
//! replications. So is what the base has and the new results lack: a variant, a client group or the value
//! of a metric. Without data nothing passes. Only the variants of a search may differ, because it chooses them.
//!
//! # Pairing
//!
//! Under the same seed replication k of both studies saw the same random numbers: their difference
//! is taken replication by replication, and what they have in common cancels out. That holds if the
//! scenarios differ (a changed limit is what one wants to see the effect of) and for any version of
//! the program, because the pairs are independent of each other for any change; only how much cancels
//! out depends on the change. Results hold the means of up to 64 blocks of replications, so their
//! pairs are pairs of blocks, and Student's t is over these. Where seeds or engines differ, or there
//! are not two blocks, the studies are taken as independent (Welch, "The generalization of
//! 'Student's' problem when several different population variances are involved", Biometrika 1947).

mod changes;
mod difference;

use std::collections::HashMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::results::{Results, Summary, ThresholdResult, Tool, VariantResults, Verdict, mean};
use crate::stats::metric::{self, Better, Metric};
use changes::{changes, overlay_changes};
use difference::{EstimatedDifference, estimate};

/// The schema of [`Compared`] that this version writes.
pub const SCHEMA: &str = "distpoint.comparison/1";

/// The tolerated change of a metric for the worse, by default: 5%.
pub const DEFAULT_TOLERANCE: f64 = 0.05;

/// What to judge, and how strictly.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// The metrics to judge; empty: all of which less or more is better.
    pub metrics: Vec<Metric>,
    /// The tolerated change of a metric for the worse, as a share of its base.
    pub tolerance: f64,
    /// The same for single metrics.
    pub tolerances: IndexMap<Metric, f64>,
    /// What reports for people show.
    pub shown: Shown,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            metrics: Vec::new(),
            tolerance: DEFAULT_TOLERANCE,
            tolerances: IndexMap::new(),
            shown: Shown::default(),
        }
    }
}

impl Rules {
    fn judges(&self, metric: &str) -> bool {
        metric::better(metric) != Better::Neither
            && (self.metrics.is_empty() || self.metrics.iter().any(|named| named.name == metric))
    }

    fn tolerance_of(&self, metric: &str) -> f64 {
        let own = metric::named(metric).and_then(|metric| self.tolerances.get(&metric));
        own.copied().unwrap_or(self.tolerance)
    }
}

/// Two results beside each other.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Compared {
    /// The schema: [`SCHEMA`].
    pub schema: String,
    /// What compared them.
    pub tool: Tool,
    /// What is compared with.
    pub base: Study,
    /// What is compared.
    pub new: Study,
    /// How the studies differ, other than in their outcome.
    pub changes: Vec<String>,
    /// The tolerated change for the worse, as a share of the base.
    pub tolerance: f64,
    /// The same for single metrics.
    pub tolerances: IndexMap<String, f64>,
    /// The judgement on it.
    pub outcome: Judgement,
    /// The variants that both have, in the order of the new results.
    pub variants: Vec<ComparedVariant>,
    /// Variants that only the base has.
    pub only_in_base: Vec<String>,
    /// Variants that only the new results have.
    pub only_in_new: Vec<String>,
    /// The thresholds of the new results.
    pub thresholds: Vec<ThresholdResult>,
    /// What reports for people show.
    #[serde(skip)]
    pub shown: Shown,
    /// Whether the variants are those that a search chose to simulate: others are then no loss.
    #[serde(skip)]
    pub searched: bool,
}

impl Compared {
    /// The variants that were judged in the base and are missing in the new results.
    pub fn lost(&self) -> &[String] {
        if self.searched { &[] } else { &self.only_in_base }
    }
}

/// Which metrics that differ reports for people show. JSON and CSV have all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Of the judged ones the most telling of each family, such as that of `completion`: the others have the same
    /// cause.
    #[default]
    OneOfEachFamily,
    /// The judged ones.
    Judged,
    /// All.
    All,
}

/// Where one side of a comparison comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Study {
    /// The scenario's name.
    pub name: String,
    /// The seed of all random numbers.
    pub seed: u64,
    /// How many replications of each variant there are.
    pub replications: u64,
    /// The engine.
    pub engine: String,
    /// What wrote the results.
    pub tool: Tool,
}

/// The judgement on a comparison, a variant or a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Nothing that is judged is a regression.
    Pass,
    /// The data do not show which.
    Inconclusive,
    /// Something is worse, beyond chance and beyond tolerance.
    Regression,
}

/// How differences were estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Replication by replication (Student's t over pairs of blocks).
    Paired,
    /// As independent samples (Welch's t).
    Independent,
    /// One replication beside one: there is no interval.
    Single,
}

/// A variant in both results.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ComparedVariant {
    /// Its name.
    pub name: String,
    /// How its differences were estimated.
    pub method: Method,
    /// How many pairs of blocks the paired differences are of, and how many replications a block is
    /// of.
    pub pairs: Option<[u64; 2]>,
    /// The worst judgement on its metrics; at best inconclusive if the new results lack some of it.
    pub outcome: Judgement,
    /// Its client groups that only the base has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups_only_in_base: Vec<String>,
    /// Its metrics that both have.
    pub metrics: IndexMap<String, ComparedMetric>,
}

/// A metric in both results.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ComparedMetric {
    /// Its mean in the base; `None` where it has no value.
    pub base: Option<f64>,
    /// Its mean in the new results.
    pub new: Option<f64>,
    /// Both divided by the number of clients that arrived, for a count of clients or of what they do where
    /// these numbers differ: the difference is then of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_client: Option<[f64; 2]>,
    /// The difference, new minus base; of a paired one, over the replications that both have.
    pub difference: Option<f64>,
    /// The 95% confidence interval of the difference; `None` of one replication.
    pub ci95: Option<[f64; 2]>,
    /// The difference as a share of the base; `None` if that is zero.
    pub relative: Option<f64>,
    /// What the difference means; `None` where there is none.
    pub verdict: Option<Verdict>,
    /// Whether it counts for the outcome.
    pub judged: bool,
    /// The judgement on it.
    pub outcome: Judgement,
}

/// Compares `new` with `base`.
pub fn compare(base: &Results, new: &Results, rules: &Rules) -> Compared {
    let mut changed = changes(base, new);
    // Where the variants of the base are, by name, the first last; a name may be there several times.
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, variant) in base.variants.iter().enumerate().rev() {
        places.entry(&variant.name).or_default().push(i);
    }
    let (mut variants, mut only_in_new) = (Vec::new(), Vec::new());
    for (i, variant) in new.variants.iter().enumerate() {
        let Some(at) = places.get_mut(variant.name.as_str()).and_then(Vec::pop) else {
            only_in_new.push(variant.name.clone());
            continue;
        };
        let old = &base.variants[at];
        overlay_changes(old, variant, &mut changed);
        let sides = [(base, old, replications(base, at)), (new, variant, replications(new, i))];
        variants.push(compare_variant(sides, rules));
    }
    let mut missing: Vec<usize> = places.into_values().flatten().collect();
    missing.sort_unstable();
    let searched = base.sizing.is_some();
    // A comparison without data must not pass.
    let lost = (!searched && !missing.is_empty()).then_some(Judgement::Inconclusive);
    let outcome = variants.iter().map(|variant| variant.outcome).max().max(lost);
    Compared {
        schema: SCHEMA.to_owned(),
        tool: Tool::this(),
        base: study(base),
        new: study(new),
        changes: changed,
        tolerance: rules.tolerance,
        tolerances: rules.tolerances.iter().map(|(m, share)| (m.name.to_owned(), *share)).collect(),
        outcome: outcome.unwrap_or(Judgement::Inconclusive),
        variants,
        only_in_base: missing.into_iter().map(|at| base.variants[at].name.clone()).collect(),
        only_in_new,
        thresholds: new.thresholds.clone(),
        shown: rules.shown,
        searched,
    }
}

fn study(results: &Results) -> Study {
    let name = results.scenario.get("name").and_then(|name| name.as_str()).unwrap_or_default();
    Study {
        name: name.to_owned(),
        seed: results.seed,
        replications: results.replications,
        engine: results.engine.clone(),
        tool: results.tool.clone(),
    }
}

/// How many replications variant number `variant` is of: a search simulates each as often as needed.
fn replications(results: &Results, variant: usize) -> u64 {
    let sized = results.sizing.as_ref().and_then(|sizing| sizing.evaluated.get(variant));
    sized.map_or(results.replications, |sized| sized.replications)
}

/// One side: the results, the variant, and how many replications it is of.
type ComparedSide<'r> = (&'r Results, &'r VariantResults, u64);

fn compare_variant(sides: [ComparedSide<'_>; 2], rules: &Rules) -> ComparedVariant {
    let [(base, old, _), (new, variant, _)] = sides;
    let streams_are_shared = base.seed == new.seed && base.engine == new.engine;
    let arrived = |variant: &VariantResults| mean(&variant.metrics, metric::ARRIVED);
    let more_or_fewer = arrived(old) != arrived(variant) && arrived(old) * arrived(variant) > 0.0;
    let mut metrics = IndexMap::new();
    let mut paired = None;
    for (name, summary) in &variant.metrics {
        let Some(old_summary) = old.metrics.get(name) else { continue };
        let shares = more_or_fewer && metric::named(name).is_some_and(|metric| metric.per_client);
        let values = if shares { Values::per_client } else { Values::of };
        let ours = [values(old, name, *old_summary), values(variant, name, *summary)];
        let lengths = [old.blocks.length, variant.blocks.length];
        let means = ours[0].blocks.as_deref().zip(ours[1].blocks.as_deref());
        let means = means.filter(|_| streams_are_shared);
        let blocks = means.map(|(a, b)| [(lengths[0], a), (lengths[1], b)]);
        let per_client = ours[0].summary.zip(ours[1].summary).filter(|_| shares);
        let per_client = per_client.map(|(old, new)| [old.mean, new.mean]);
        let summaries = [(ours[0].summary, sides[0].2), (ours[1].summary, sides[1].2)];
        let estimate = estimate(summaries, blocks);
        if let Some(EstimatedDifference { pairs: Some(pairs), .. }) = estimate {
            paired = Some(paired.unwrap_or(pairs).max(pairs));
        }
        let means = [old_summary.map(|summary| summary.mean), summary.map(|summary| summary.mean)];
        let compared = judge(name, means, estimate, rules);
        metrics.insert(name.clone(), ComparedMetric { per_client, ..compared });
    }
    let mut outcome = metrics.values().map(|metric| metric.outcome).max();
    let was_judged = |(name, summary): (&String, &Option<Summary>)| {
        summary.is_some() && rules.judges(name) && !metrics.contains_key(name)
    };
    let groups = old.groups.keys().filter(|name| !variant.groups.contains_key(*name));
    let groups_only_in_base: Vec<String> = groups.cloned().collect();
    if rules.metrics.iter().any(|named| !metrics.contains_key(named.name))
        || old.metrics.iter().any(was_judged)
        || !groups_only_in_base.is_empty()
    {
        outcome = outcome.max(Some(Judgement::Inconclusive));
    }
    let has_intervals = metrics.values().any(|metric| metric.ci95.is_some());
    ComparedVariant {
        name: variant.name.clone(),
        method: match (paired, has_intervals) {
            (Some(_), _) => Method::Paired,
            (None, true) => Method::Independent,
            (None, false) => Method::Single,
        },
        pairs: paired,
        outcome: outcome.unwrap_or(Judgement::Inconclusive),
        groups_only_in_base,
        metrics,
    }
}

/// What is known of a metric on one side.
struct Values {
    summary: Option<Summary>,
    /// The means of the blocks of replications.
    blocks: Option<Vec<Option<f64>>>,
}

impl Values {
    fn of(variant: &VariantResults, name: &str, summary: Option<Summary>) -> Values {
        Values { summary, blocks: variant.blocks.metrics.get(name).cloned() }
    }

    /// The same, divided by the number of clients that arrived.
    fn per_client(variant: &VariantResults, name: &str, summary: Option<Summary>) -> Values {
        let arrived = mean(&variant.metrics, metric::ARRIVED);
        let share = |value: f64| value / arrived;
        let summary = summary.map(|summary| Summary {
            mean: share(summary.mean),
            ci95: summary.ci95.map(|ends| ends.map(share)),
            min: share(summary.min),
            max: share(summary.max),
        });
        let blocks =
            variant.blocks.metrics.get(name).zip(variant.blocks.metrics.get(metric::ARRIVED.name));
        let share = |(value, arrived): (&Option<f64>, &Option<f64>)| {
            value.zip(arrived.filter(|arrived| *arrived > 0.0)).map(|(value, all)| value / all)
        };
        let blocks =
            blocks.map(|(values, arrived)| values.iter().zip(arrived).map(share).collect());
        Values { summary, blocks }
    }
}

fn judge(
    name: &str,
    [base, new]: [Option<f64>; 2],
    estimate: Option<EstimatedDifference>,
    rules: &Rules,
) -> ComparedMetric {
    let judged = rules.judges(name);
    let difference = estimate.map(|estimate| estimate.difference);
    let ci95 = estimate.and_then(|estimate| estimate.ci95);
    let relative = estimate.and_then(|estimate| estimate.relative);
    let better = metric::better(name);
    let verdict = difference.map(|difference| verdict(better, difference, ci95));
    let worsens = difference.is_some_and(|difference| match better {
        Better::Lower => difference > 0.0,
        Better::Higher => difference < 0.0,
        Better::Neither => false,
    });
    // A base of zero has no share: any change is beyond tolerance.
    let matters = relative.is_none_or(|relative| relative.abs() > rules.tolerance_of(name));
    // A metric without data must not pass if the base has data, or if the user named the metric.
    let lost = new.is_none() && (base.is_some() || !rules.metrics.is_empty());
    let outcome = match verdict {
        _ if !judged => Judgement::Pass,
        Some(Verdict::Worse) if matters => Judgement::Regression,
        Some(Verdict::Unknown) if matters && worsens => Judgement::Inconclusive,
        None if lost => Judgement::Inconclusive,
        _ => Judgement::Pass,
    };
    let per_client = None;
    ComparedMetric { base, new, per_client, difference, ci95, relative, verdict, judged, outcome }
}

fn verdict(better: Better, difference: f64, ci95: Option<[f64; 2]>) -> Verdict {
    match ci95 {
        // The same in every replication that both have.
        None if difference == 0.0 => Verdict::NoDifferenceShown,
        ci95 => crate::study::verdict(better, ci95),
    }
}
