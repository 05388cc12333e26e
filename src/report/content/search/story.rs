//! What a search found, in words.

use std::fmt::Write;

use crate::human::{count, percent};
use crate::report::content::metrics::{summary_of, with_margin};
use crate::report::names::tame;
use crate::results::{
    Direction, Results, SearchObjective, SearchedValue, Sizing, Summary, ThresholdVerdict,
};
use crate::scenario::{RangeUnit, last_part};
use crate::stats::metric::show;

/// What a search found, in a sentence or two.
pub fn search_answer(results: &Results, sizing: &Sizing) -> String {
    Story { results, sizing }.answer()
}

/// A value of a search as a scenario writes it.
pub fn value_text(sizing: &Sizing, value: u64) -> String {
    match RangeUnit::named(&sizing.unit, sizing.written_in.as_ref()) {
        Some(unit) => unit.text(value),
        // This program writes no results with such a unit.
        None => format!("{value} times {}", sizing.unit),
    }
}

/// A search and its results, to be put into words.
pub struct Story<'r> {
    pub results: &'r Results,
    pub sizing: &'r Sizing,
}

impl<'r> Story<'r> {
    /// The answer and what it rests on.
    pub fn answer(&self) -> String {
        let sizing = self.sizing;
        if sizing.interrupted {
            return self.interrupted();
        }
        if let Some(unmeasured) = self.unmeasured() {
            return unmeasured;
        }
        match (&sizing.objective, sizing.chosen, sizing.verdict) {
            (Some(objective), Some(value), _) => {
                self.best(objective, value) + &self.survivors(value)
            }
            (None, Some(value), _) => {
                self.smallest(value) + &self.agreement(value) + &self.survivors(value)
            }
            (_, None, ThresholdVerdict::Fail) => self.none_meets(),
            (Some(objective), None, _) => self.undecided_best(objective),
            (None, None, _) if !sizing.exhaustive => self.none_seen(),
            (None, None, _) => self.undecided(),
        }
    }

    fn smallest(&self, value: u64) -> String {
        let sizing = self.sizing;
        let met = self.figures(value, |_| true).join(", ");
        let (key, demands, basis) = (self.key(), self.demands(), self.basis(value));
        let mut text = match sizing.exhaustive {
            true => format!("The smallest {key} with {demands} is {} ({basis})", self.text(value)),
            false => format!("{key} {} meets {demands} ({basis})", self.text(value)),
        };
        if value == sizing.range[0] {
            let _ = write!(text, ": {met}. It is the least value of the range {}.", self.range());
            return text;
        }
        let below = value - sizing.step;
        let binding = sizing.targets.iter().filter(|target| target.binds);
        let binding: Vec<_> = binding.map(|target| tame(&target.expression)).collect();
        let missed = self.figures(below, |metric| {
            sizing.targets.iter().any(|target| target.binds && target.metric == metric)
        });
        let _ = write!(
            text,
            ": {met}. One step below, {} misses {}: {} ({}).",
            self.text(below),
            binding.join(" and "),
            missed.join(", "),
            self.runs(below)
        );
        if !sizing.exhaustive {
            text.push_str(
                " The curve rises and falls: smaller values that were not simulated might meet the \
                 targets, too (simulate all with --grid).",
            );
        }
        text
    }

    fn best(&self, objective: &SearchObjective, value: u64) -> String {
        let (sizing, metric) = (self.sizing, tame(&objective.metric));
        let of = match sizing.targets.is_empty() {
            true => String::new(),
            false => format!(" with {}", self.demands()),
        };
        if self.is_constant(objective) {
            return format!(
                "{metric} does not depend on {} {}: it is {} at each of the {} simulated values{}. The \
                 smallest of them is {}.",
                self.key(),
                self.range(),
                self.figure(value, &objective.metric),
                objective.plateau.len(),
                of,
                self.text(value)
            );
        }
        let mut text = format!(
            "The best {} {}{of} is {}, with the {} {metric}: {} ({}).",
            self.key(),
            self.range(),
            self.text(value),
            extreme(objective),
            self.judged_figure(value, &objective.metric),
            self.basis(value)
        );
        if let Some(others) = self.others(objective, value) {
            let _ = write!(
                text,
                " {others} as good, as far as the runs show; {} is the smallest of them.",
                self.text(value)
            );
        }
        let binding = sizing.targets.iter().filter(|target| target.binds);
        let binding: Vec<_> = binding.map(|target| tame(&target.expression)).collect();
        if !binding.is_empty() {
            let _ = write!(text, " Better values miss {}.", binding.join(" and "));
        }
        text
    }

    fn interrupted(&self) -> String {
        let evaluated = &self.sizing.evaluated;
        let runs: u64 = evaluated.iter().map(|value| value.replications).sum();
        format!(
            "Interrupted before there was an answer, after {} runs of {} values of {}; so far {} is the \
             most likely: {} ({}).",
            count(runs as f64),
            evaluated.len(),
            self.key(),
            self.text(self.sizing.looked_at),
            self.figures(self.sizing.looked_at, |_| true).join(", "),
            self.runs(self.sizing.looked_at)
        )
    }

    /// The values beside `value` that may be as good: `31 and 40 are`.
    pub(super) fn others(&self, objective: &SearchObjective, value: u64) -> Option<String> {
        let others: Vec<u64> = objective.plateau.iter().copied().filter(|v| *v != value).collect();
        Some(match others[..] {
            [] => return None,
            [one] => format!("{} is", self.text(one)),
            [one, other] => format!("{} and {} are", self.text(one), self.text(other)),
            [first, .., last] => format!(
                "{} values from {} to {} are",
                count(others.len() as f64),
                self.text(first),
                self.text(last)
            ),
        })
    }

    /// Whether the metric of the search is the same wherever it was looked at.
    fn is_constant(&self, objective: &SearchObjective) -> bool {
        let same = |value: &SearchedValue| {
            value.difference.is_some_and(|difference| difference.interval == Some([0.0; 2]))
        };
        self.sizing.evaluated.len() > 1
            && objective.plateau.len() == self.sizing.evaluated.len()
            && self.sizing.evaluated.iter().all(same)
    }

    pub(super) fn is_open(&self, value: &SearchedValue) -> bool {
        value.verdict == ThresholdVerdict::Inconclusive
    }

    /// Whether a metric was the same in all of several runs of a value, although they are random.
    fn agrees(&self, value: u64, metric: &str) -> bool {
        let summary = self.summary(value, metric);
        let random = self.evaluated(value).is_some_and(|v| !v.deterministic && v.replications > 1);
        random && summary.is_some_and(|summary| summary.min == summary.max)
    }

    /// What it means that all runs of a value, or of the one below it, agree; empty if they do not.
    fn agreement(&self, value: u64) -> String {
        let sizing = self.sizing;
        let below = value.checked_sub(sizing.step).filter(|_| value > sizing.range[0]);
        let agree = |value: u64, binding: bool| {
            let mut targets = sizing.targets.iter().filter(|target| !binding || target.binds);
            targets.any(|target| self.agrees(value, &target.metric)).then_some(value)
        };
        let agreeing = agree(value, false).or_else(|| agree(below?, true));
        agreeing.map_or_else(String::new, |value| {
            format!(
                " All runs of {} agree: with {} confidence, fewer than one run in 20 differs.",
                self.text(value),
                percent(sizing.confidence)
            )
        })
    }

    pub(super) fn key(&self) -> String {
        tame(last_part(&self.sizing.key))
    }

    pub(super) fn demands(&self) -> String {
        let targets = self.sizing.targets.iter();
        let demands: Vec<_> = targets.map(|target| tame(&target.expression)).collect();
        demands.join(" and ")
    }

    pub(super) fn range(&self) -> String {
        let [low, high] = self.sizing.range;
        let step = match (self.sizing.unit.as_str(), self.sizing.step) {
            ("1", 1) => String::new(),
            (_, step) => format!(" in steps of {}", self.text(step)),
        };
        format!("from {} to {}{step}", self.text(low), self.text(high))
    }

    /// A value as a scenario writes it.
    pub fn text(&self, value: u64) -> String {
        let known = self.evaluated(value).filter(|known| !known.text.is_empty());
        match (known, self.sizing.unit.as_str()) {
            (Some(known), _) => tame(&known.text),
            (None, "1") => count(value as f64),
            (None, _) => tame(&value_text(self.sizing, value)),
        }
    }

    pub(super) fn evaluated(&self, value: u64) -> Option<&SearchedValue> {
        self.sizing.evaluated.iter().find(|evaluated| evaluated.value == value)
    }

    pub(super) fn runs(&self, value: u64) -> String {
        match self.evaluated(value).map_or(0, |evaluated| evaluated.replications) {
            1 => "1 run".to_owned(),
            n => format!("{} runs", count(n as f64)),
        }
    }

    /// The evidence for the verdict on a value.
    pub(super) fn basis(&self, value: u64) -> String {
        if self.evaluated(value).is_some_and(|evaluated| evaluated.deterministic) {
            return "nothing is random: every run is the same".to_owned();
        }
        format!("{}, {} confidence", self.runs(value), percent(self.sizing.confidence))
    }

    /// The metrics that the search is about, each once: those of the targets, then the objective.
    pub fn metrics(&self) -> Vec<&'r str> {
        let targets = self.sizing.targets.iter().map(|target| target.metric.as_str());
        let objective = self.sizing.objective.iter().map(|objective| objective.metric.as_str());
        let mut metrics = Vec::new();
        for metric in targets.chain(objective).filter(|metric| !metric.is_empty()) {
            if !metrics.contains(&metric) {
                metrics.push(metric);
            }
        }
        metrics
    }

    pub(super) fn summary(&self, value: u64, metric: &str) -> Option<&Summary> {
        let at = self.sizing.evaluated.iter().position(|evaluated| evaluated.value == value)?;
        summary_of(self.results.variants.get(at)?, metric)
    }

    /// A metric at a value, with its 95% interval.
    pub(super) fn figure(&self, value: u64, metric: &str) -> String {
        self.summary(value, metric)
            .map_or_else(|| "-".to_owned(), |summary| with_margin(summary, show(metric)))
    }

    /// A metric at a value, with the interval that the verdict rests on.
    pub(super) fn judged_figure(&self, value: u64, metric: &str) -> String {
        let Some(summary) = self.summary(value, metric) else { return "-".to_owned() };
        if self.agrees(value, metric) {
            return format!("{} in each run", show(metric)(summary.mean));
        }
        let evaluated = self.evaluated(value);
        let interval = evaluated.and_then(|evaluated| evaluated.intervals.get(metric));
        let ci95 = interval.copied().or(summary.ci95);
        with_margin(&Summary { ci95, ..*summary }, show(metric))
    }

    /// The metrics of the targets at a value: `completion.p95 5h 50m ±2m`.
    pub(super) fn figures(&self, value: u64, which: impl Fn(&str) -> bool) -> Vec<String> {
        let metrics = self.metrics().into_iter().filter(|metric| which(metric));
        metrics
            .map(|metric| format!("{} is {}", tame(metric), self.judged_figure(value, metric)))
            .collect()
    }
}

/// `least` or `greatest`.
pub(super) fn extreme(objective: &SearchObjective) -> &'static str {
    match objective.direction {
        Direction::Maximise => "greatest",
        Direction::Minimise => "least",
    }
}
