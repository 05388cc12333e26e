//! What-ifs: the changes that findings suggest, simulated.
//!
//! A change is compared with the figures of the study, so both have to come from the same engine. The
//! tokio engine exists to check figures and takes seconds to minutes per change: the findings of a study
//! on tokio have no what-ifs.

use super::candidate::Candidate;
use super::suggestion::{ALIKE, Goal, Suggestion};
use crate::human::{count, span};
use crate::results::{Finding, Summary, VariantResults, WhatIf};
use crate::scenario::{Scenario, Variant};
use crate::stats::metric::{self, Metric};
use crate::study::error::StudyError;
use crate::study::options::{Options, Replications};
use crate::study::planned_variant::PlannedVariant;
use crate::study::replicate::replicate;
use crate::study::study_accumulator::StudyAccumulator;
use crate::study::variant_accumulator::VariantAccumulator;

/// The greatest number of runs of a change: a what-if shows an effect and need not measure it precisely.
const MOST_RUNS: u64 = 30;

/// A change that takes more than this number of times the events of the study is not simulated: clients that no
/// longer give up may retry for months.
const MOST_TIMES: f64 = 20.0;

/// The same for small studies: seconds.
const EVENTS: f64 = 2e7;

/// A suggestion that is simulated.
struct Trial<'c> {
    candidate: usize,
    suggestion: &'c Suggestion,
    /// The change, as for `--set`.
    set: Vec<String>,
    edited: Variant,
}

/// Simulates the changes that `candidates` suggest, and adds the outcome to the findings. If a finding
/// suggests several changes, the one that helps most is reported. `scenarios` are those of the
/// `variants`.
pub fn simulate_suggestions(
    candidates: Vec<Candidate>,
    variants: &[VariantResults],
    scenarios: &[Option<&Scenario>],
    replications: u64,
    options: &Options,
) -> Vec<Finding> {
    let runs = replications.clamp(1, MOST_RUNS);
    let trials: Vec<Trial<'_>> = candidates
        .iter()
        .enumerate()
        .flat_map(|(i, candidate)| trials(i, candidate, scenarios.get(candidate.variant)))
        .collect();
    // A finding without a what-if is better than none, so an error here must not fail the study.
    let results = simulate(&trials, runs, options).unwrap_or_default();
    let mut best: Vec<Option<(f64, String, WhatIf)>> = candidates.iter().map(|_| None).collect();
    for (trial, after) in trials.into_iter().zip(&results) {
        let before = &variants[candidates[trial.candidate].variant];
        let (gain, sentence, what_if) = compare(trial.suggestion, trial.set, before, after, runs);
        let best = &mut best[trial.candidate];
        if best.as_ref().is_none_or(|(best, ..)| gain > *best) {
            *best = Some((gain, sentence, what_if));
        }
    }
    let findings = candidates.into_iter().zip(best).map(|(candidate, best)| {
        let mut finding = candidate.finding;
        if let Some((_, sentence, what_if)) = best {
            finding.text.push_str(&sentence);
            finding.what_if = Some(what_if);
        }
        finding
    });
    findings.collect()
}

/// The suggestions of a candidate that can also be written as `--set` assignments, and that do not take far
/// longer than the study.
fn trials<'c>(
    place: usize,
    candidate: &'c Candidate,
    scenario: Option<&Option<&Scenario>>,
) -> Vec<Trial<'c>> {
    let Some(&Some(scenario)) = scenario else { return Vec::new() };
    let most = EVENTS + MOST_TIMES * scenario.expected_events();
    let soon = |suggestion: &&Suggestion| suggestion.edit.edited().expected_events() <= most;
    let suggestions = candidate.suggestions.iter().filter(soon);
    let trials = suggestions.filter_map(|suggestion| {
        let set = suggestion.edit.assignments(scenario)?;
        let edited = Variant {
            name: candidate.finding.variant.clone(),
            overlay: serde_json::Value::Null,
            scenario: suggestion.edit.edited().clone(),
        };
        Some(Trial { candidate: place, suggestion, set, edited })
    });
    trials.collect()
}

fn simulate(
    trials: &[Trial<'_>],
    runs: u64,
    options: &Options,
) -> Result<Vec<VariantResults>, StudyError> {
    if trials.is_empty() {
        return Ok(Vec::new());
    }
    tracing::info!(changes = trials.len(), "simulating the changes that findings suggest");
    let variants: Vec<Variant> = trials.iter().map(|trial| trial.edited.clone()).collect();
    let options = Options { replications: Replications::Fixed(runs), ..options.clone() };
    let (sums, shortfall) =
        replicate(&variants, StudyAccumulator::new(variants.len(), 0), &options)?;
    if shortfall.is_some() {
        return Err(StudyError::Interrupted);
    }
    let finish =
        |(variant, sum): (&Variant, &VariantAccumulator)| sum.finish(&PlannedVariant::of(variant));
    Ok(variants.iter().zip(&sums.variants).map(finish).collect())
}

/// The outcome of a suggestion: how much it helps, a sentence about it, and the figures.
fn compare(
    suggestion: &Suggestion,
    set: Vec<String>,
    before: &VariantResults,
    after: &VariantResults,
    runs: u64,
) -> (f64, String, WhatIf) {
    let metric = suggestion.goal.metric();
    let value = |of: &VariantResults| metric.of(&of.metrics).copied();
    let (before, after) = (value(before), value(after));
    let (gain, sentence) = match (&before, &after) {
        (Some(before), Some(after)) => {
            let runs = match runs {
                1 => "one run".to_owned(),
                runs => format!("{runs} runs"),
            };
            let outcome = outcome(suggestion, before, after);
            let gain = suggestion.goal.gain(before.mean, after.mean);
            (gain, format!(" {outcome} (measured in {runs})."))
        }
        _ => (f64::NEG_INFINITY, String::new()),
    };
    (gain, sentence, WhatIf { set, metric: metric.name.to_owned(), before, after, runs })
}

fn outcome(suggestion: &Suggestion, before: &Summary, after: &Summary) -> String {
    let opening = &suggestion.opening;
    match suggestion.goal {
        Goal::Sooner(metric) => sooner(opening, metric, before, after),
        Goal::Left(name) => match after.mean {
            0.0 => format!("{opening}, none would be {name}"),
            left => format!("{opening}, {} would be {name}", count(left)),
        },
        Goal::More(name) => match after.mean - before.mean {
            more if more > 0.0 => format!("{opening}, {} more would have {name}", count(more)),
            _ => format!("{opening}, no more would have {name}"),
        },
        Goal::Fewer(name) => {
            let (after, before) = (count(after.mean), count(before.mean));
            format!("{opening}, there would be {after} {name} instead of {before}")
        }
    }
}

fn sooner(opening: &str, metric: Metric, before: &Summary, after: &Summary) -> String {
    let what = match metric == metric::MAKESPAN {
        true => "the last client finishes",
        false => "the average client finishes",
    };
    let factor = before.mean / after.mean;
    let outcome = if factor > 1.0 + ALIKE {
        format!("{what} {factor:.1} times sooner")
    } else if factor < 1.0 / (1.0 + ALIKE) {
        format!("{what} {:.1} times later", 1.0 / factor)
    } else {
        format!("{what} at about the same time")
    };
    format!("{opening}, {outcome}: after {} instead of {}", span(after.mean), span(before.mean))
}
