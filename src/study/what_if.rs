//! What-if runs: the changes that findings suggest, played.
//!
//! What a change is compared with are the study's own figures, so that both must be of the same engine.
//! Tokio would take seconds to minutes for each change, and it is there to check a study's figures, not to
//! suggest: a study on tokio has its findings without what-ifs.

use std::path::Path;

use serde_json::Value;

use super::accumulate::VariantAccumulator;
use super::findings::Draft;
use super::plan::{PlannedVariant, fingerprint_of_traces};
use super::replicate::{Replications, Sums, replicate};
use super::{Options, StudyError};
use crate::human::{count, span};
use crate::results::{Finding, Summary, VariantResults, WhatIf};
use crate::scenario::{Origin, Variant, load, to_toml};

/// A change is played no more often than this: it is to be shown, not to be measured.
const MOST_RUNS: u64 = 30;
/// A time that a change makes this much longer or shorter has not changed.
pub const ALIKE: f64 = 0.05;

/// A change to a scenario that a finding suggests.
pub struct Change {
    /// How a sentence on it begins: `With a jitter of 50%`.
    says: String,
    /// The change, as for `--set`.
    assignments: Vec<String>,
    /// What shows whether it helps.
    measure: Measure,
}

/// The metric that shows whether a change helps.
#[derive(Clone, Copy)]
pub enum Measure {
    /// A time that is to become shorter.
    Sooner(&'static str),
    /// A count of which as little as possible is to be left.
    Left(&'static str),
    /// A count that is to grow.
    More(&'static str),
    /// A count that is to shrink.
    Fewer(&'static str),
}

impl Measure {
    fn metric(self) -> &'static str {
        match self {
            Measure::Sooner(name)
            | Measure::Left(name)
            | Measure::More(name)
            | Measure::Fewer(name) => name,
        }
    }
}

impl Change {
    /// A change by these assignments; `None` of none.
    pub fn new(
        says: impl Into<String>,
        assignments: Vec<String>,
        measure: Measure,
    ) -> Option<Change> {
        (!assignments.is_empty()).then(|| Change { says: says.into(), assignments, measure })
    }
}

/// Whether the trace files of a planned variant are in `directory`, with the rows that it was played with.
pub fn has_its_traces(variant: &PlannedVariant, directory: &Path) -> bool {
    let Some(scenario) = &variant.scenario else { return true };
    let text = to_toml(scenario);
    let loaded = load(Origin::TextIn { name: "what-if", text: &text, directory }, &[]);
    loaded.is_ok_and(|loaded| fingerprint_of_traces(&loaded.base) == variant.traces)
}

/// The variants of a study that changes are made to.
pub struct WhatIfs<'a> {
    /// What they came to.
    pub variants: &'a [VariantResults],
    /// Their scenarios, as in results; `None` where they are not known.
    pub scenarios: Vec<Option<&'a Value>>,
    /// What stands for the rows of their traces.
    pub traces: Vec<u64>,
    /// Where the files that they name are.
    pub directory: &'a Path,
}

impl WhatIfs<'_> {
    /// Plays the changes that `drafts` suggest, and puts what came of them into the findings.
    pub fn back_up(
        &self,
        mut drafts: Vec<Draft>,
        replications: u64,
        options: &Options,
    ) -> Vec<Finding> {
        let changed = |(i, draft): (usize, &Draft)| Some((i, self.apply(draft)?));
        let (places, changed): (Vec<_>, Vec<_>) =
            drafts.iter().enumerate().filter_map(changed).unzip();
        let runs = replications.clamp(1, MOST_RUNS);
        // A finding without proof is better than none: whatever goes wrong here is no reason to lose
        // the study.
        let played = play(&changed, runs, options).unwrap_or_default();
        for (place, after) in places.into_iter().zip(played) {
            let draft = &mut drafts[place];
            if let Some(change) = &draft.change {
                tell(&mut draft.finding, change, &self.variants[draft.variant], &after, runs);
            }
        }
        drafts.into_iter().map(|draft| draft.finding).collect()
    }

    /// The variant with the change; `None` if there is none, or its traces are not there any more.
    fn apply(&self, draft: &Draft) -> Option<Variant> {
        let change = draft.change.as_ref()?;
        let text = to_toml(self.scenarios.get(draft.variant).copied().flatten()?);
        let origin = Origin::TextIn { name: "what-if", text: &text, directory: self.directory };
        match load(origin, &change.assignments) {
            Ok(loaded) => {
                let changed = loaded.variants.into_iter().next()?;
                let same = fingerprint_of_traces(&changed.scenario) == self.traces[draft.variant];
                same.then_some(changed)
            }
            Err(error) => {
                tracing::warn!("a finding goes without proof: {error}");
                None
            }
        }
    }
}

fn play(
    variants: &[Variant],
    runs: u64,
    options: &Options,
) -> Result<Vec<VariantResults>, StudyError> {
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    let options = Options { replications: Replications::Fixed(runs), ..options.clone() };
    let (sums, shortfall) = replicate(variants, Sums::new(variants.len(), 0), &options)?;
    if shortfall.is_some() {
        return Err(StudyError::Interrupted);
    }
    let finish =
        |(variant, sum): (&Variant, &VariantAccumulator)| sum.finish(&PlannedVariant::of(variant));
    Ok(variants.iter().zip(&sums.variants).map(finish).collect())
}

/// Adds to `finding` what came of `change`.
fn tell(
    finding: &mut Finding,
    change: &Change,
    before: &VariantResults,
    after: &VariantResults,
    runs: u64,
) {
    let metric = change.measure.metric();
    let value = |of: &VariantResults| of.metrics.get(metric).copied().flatten();
    let (before, after) = (value(before), value(after));
    if let (Some(before), Some(after)) = (before, after) {
        let says = &change.says;
        let told = match change.measure {
            Measure::Sooner(name) => sooner(says, name, &before, &after),
            Measure::Left(name) => match after.mean {
                0.0 => format!("{says} none is {name}"),
                left => format!("{says} {} would be {name}", count(left)),
            },
            Measure::More(name) => match after.mean - before.mean {
                more if more > 0.0 => format!("{says}, {} more would have {name}", count(more)),
                _ => format!("{says}, no more would have {name}"),
            },
            Measure::Fewer(name) => {
                let (after, before) = (count(after.mean), count(before.mean));
                format!("{says}, there would be {after} {name} instead of {before}")
            }
        };
        let measured = match runs {
            1 => "measured in one run".to_owned(),
            runs => format!("measured in {runs} runs"),
        };
        finding.text.push_str(&format!(" {told} ({measured})."));
    }
    let set = change.assignments.clone();
    finding.what_if = Some(WhatIf { set, metric: metric.to_owned(), before, after, runs });
}

fn sooner(says: &str, metric: &str, before: &Summary, after: &Summary) -> String {
    let what = match metric {
        "makespan" => "the last client finishes",
        _ => "clients finish, on average,",
    };
    let factor = before.mean / after.mean;
    let times = |factor: f64| format!("{:.1} times", factor);
    let told = if factor > 1.0 + ALIKE {
        format!("{what} {} sooner", times(factor))
    } else if factor < 1.0 / (1.0 + ALIKE) {
        format!("{what} {} later", times(1.0 / factor))
    } else {
        format!("{what} about as late")
    };
    format!("{says}, {told}: after {} instead of {}", span(after.mean), span(before.mean))
}
