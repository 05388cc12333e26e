//! What-ifs: the changes that findings suggest, simulated.
//!
//! A change is compared with the figures of the study, so both have to come from the same engine. The
//! tokio engine exists to check figures and takes seconds to minutes per change: the findings of a study
//! on tokio have no what-ifs.

use std::iter;

use super::candidate::{Candidate, Outcome};
use super::suggestion::{ALIKE, Goal, Suggestion};
use crate::human::{count, span};
use crate::results::{Finding, Results, Summary, VariantResults, WhatIf};
use crate::scenario::{Scenario, Variant};
use crate::stats::metric::{self, Metric};
use crate::study::replicate::replicate;
use crate::study::study_accumulator::StudyAccumulator;
use crate::study::variant_accumulator::VariantAccumulator;
use crate::study::{Options, PlannedVariant, Replications, StudyError};

/// The greatest number of runs of a change: a what-if shows an effect and need not measure it precisely.
const MOST_RUNS: u64 = 30;

/// A change that takes more than this number of times the events of the study is not simulated: clients that no
/// longer give up may retry for months.
const MOST_TIMES: f64 = 20.0;

/// The same for small studies: seconds.
const EVENTS: f64 = 2e7;

/// A suggestion that is simulated.
struct Trial<'c> {
    suggestion: &'c Suggestion,
    /// The change, as for `--set`.
    set: Vec<String>,
}

/// Simulates the changes that `candidates` suggest, and adds the outcome to the findings. `scenarios` are
/// those of the variants of `results`.
pub fn simulate_suggestions(
    candidates: Vec<Candidate>,
    results: &Results,
    scenarios: &[Option<&Scenario>],
    options: &Options,
) -> Vec<Finding> {
    let runs = results.replications.clamp(1, MOST_RUNS);
    // A change that cannot be written as `--set` assignments, or that takes far longer than the study, is not
    // simulated.
    let trials = candidates.iter().map(|candidate| {
        let suggestion = candidate.diagnosis.suggestion.iter();
        let all = suggestion.flat_map(|first| iter::once(first).chain(&first.others));
        let scenario = scenarios.get(candidate.variant.0).copied().flatten();
        all.filter_map(|suggestion| trial(suggestion, scenario?)).collect()
    });
    let trials: Vec<Vec<Trial<'_>>> = trials.collect();
    // A finding without a what-if is better than none, so an error here must not fail the study.
    let mut after = simulate(&trials, runs, options).unwrap_or_default().into_iter();
    let outcomes = candidates.iter().zip(trials).map(|(candidate, trials)| {
        let before = &results.variants[candidate.variant.0];
        let effects = trials.into_iter().map_while(|trial| Some((trial, after.next()?)));
        let effects = effects.map(|(trial, after)| Effect::of(trial, before, &after, runs));
        outcome(effects.collect(), runs)
    });
    let outcomes: Vec<Option<Outcome>> = outcomes.collect();
    let findings = candidates.into_iter().zip(outcomes);
    findings.map(|(candidate, outcome)| candidate.finding(outcome)).collect()
}

fn trial<'c>(suggestion: &'c Suggestion, scenario: &Scenario) -> Option<Trial<'c>> {
    let most = EVENTS + MOST_TIMES * scenario.expected_events();
    if suggestion.edit.edited().expected_events() > most {
        return None;
    }
    Some(Trial { suggestion, set: suggestion.edit.assignments(scenario)? })
}

/// The results of the trials, in their order.
fn simulate(
    trials: &[Vec<Trial<'_>>],
    runs: u64,
    options: &Options,
) -> Result<Vec<VariantResults>, StudyError> {
    let variant = |trial: &Trial<'_>| Variant {
        name: String::new(),
        overlay: serde_json::Value::Null,
        scenario: trial.suggestion.edit.edited().clone(),
        windows: Vec::new(),
    };
    let variants: Vec<Variant> = trials.iter().flatten().map(variant).collect();
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    tracing::info!(changes = variants.len(), "simulating the changes that findings suggest");
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

/// What a change does.
struct Effect<'c> {
    suggestion: &'c Suggestion,
    what_if: WhatIf,
    /// How much it helps, by its [`Goal`]; `None` if there is nothing to compare.
    gain: Option<f64>,
}

impl<'c> Effect<'c> {
    fn of(trial: Trial<'c>, before: &VariantResults, after: &VariantResults, runs: u64) -> Self {
        let Trial { suggestion, set } = trial;
        let metric = suggestion.goal.metric();
        let value = |of: &VariantResults| metric.of(&of.metrics).copied();
        let (before, after) = (value(before), value(after));
        let both = before.zip(after);
        let gain = both.map(|(before, after)| suggestion.goal.gain(before.mean, after.mean));
        let what_if = WhatIf { set, metric: metric.name.to_owned(), before, after, runs };
        Effect { suggestion, what_if, gain }
    }

    fn sentence(&self) -> Option<String> {
        Some(effect(self.suggestion, &self.what_if.before?, &self.what_if.after?))
    }

    /// What it gives, after that was given for a better one: `with a queue of 72, 14,000`.
    fn beside(&self) -> Option<String> {
        let mut opening = self.suggestion.opening.chars();
        let opening = format!("{}{}", opening.next()?.to_lowercase(), opening.as_str());
        let more = self.what_if.after?.mean - self.what_if.before?.mean;
        let more = if more > 0.0 { count(more) } else { "none".to_owned() };
        Some(format!("{opening}, {more}"))
    }
}

/// The outcome of the changes that a finding suggests, the best first; `None` if none was simulated.
fn outcome(mut effects: Vec<Effect<'_>>, runs: u64) -> Option<Outcome> {
    let gain = |effect: &Effect<'_>| effect.gain.unwrap_or(f64::NEG_INFINITY);
    effects.sort_by(|a, b| gain(b).total_cmp(&gain(a)));
    let (best, others) = effects.split_first()?;
    let runs = if runs == 1 { "one run".to_owned() } else { format!("{runs} runs") };
    let beside = others.iter().filter_map(Effect::beside).map(|text| format!("; {text}"));
    let sentence = best
        .sentence()
        .map(|sentence| format!(" {sentence}{} (measured in {runs}).", beside.collect::<String>()));
    Some(Outcome {
        cause: best.gain.and_then(|gain| best.suggestion.cause_after(gain)).map(str::to_owned),
        sentence: sentence.unwrap_or_default(),
        what_if: best.what_if.clone(),
        others: others.iter().map(|effect| effect.what_if.clone()).collect(),
    })
}

fn effect(suggestion: &Suggestion, before: &Summary, after: &Summary) -> String {
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
