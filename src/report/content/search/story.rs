//! What a search found, in words.

use std::fmt::Write;

use crate::human::{count, counted, percent};
use crate::report::content::metrics::{is_share_of_runs, summary_of, with_interval};
use crate::report::names::{short, tame};
use crate::results::{
    Direction, Results, SearchObjective, SearchTarget, SearchedValue, Sizing, Summary,
    ThresholdVerdict, VariantResults,
};
use crate::scenario::{RangeUnit, last_part};
use crate::stats::metric::{Better, show};

/// What a search found, in a sentence or two.
pub fn search_answer(results: &Results, sizing: &Sizing) -> String {
    Story { results, sizing }.answer()
}

/// A value of a search as a scenario writes it.
pub fn value_text(sizing: &Sizing, value: u64) -> String {
    match RangeUnit::named(&sizing.unit, sizing.written_in.as_ref()) {
        Some(unit) => unit.text(value),
        // This program writes no results with such a unit.
        None => format!("{value} times {}", short(&sizing.unit, 40)),
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
                self.extreme(value) + &self.agreement(value) + &self.survivors(value)
            }
            (_, None, ThresholdVerdict::Fail) => self.none_meets(),
            (Some(objective), None, _) => self.undecided_best(objective),
            (None, None, _) if !sizing.exhaustive => self.none_seen(),
            (None, None, _) => self.undecided(),
        }
    }

    /// The smallest value, or the largest, and the band that it ends.
    fn extreme(&self, value: u64) -> String {
        let sizing = self.sizing;
        let (extreme, end, beyond) = match sizing.largest {
            true => ("largest", "greatest", "above"),
            false => ("smallest", "least", "below"),
        };
        let met = self.figures(value);
        let (key, demands, basis) = (self.key(), self.demands(), self.basis(value));
        let mut text = match sizing.exhaustive {
            true => format!("The {extreme} {key} with {demands} is {} ({basis})", self.text(value)),
            false => format!("{key} {} meets {demands} ({basis})", self.text(value)),
        };
        let Some(next) = self.next_beyond(value) else {
            let range = self.range();
            let _ = write!(text, ": {met}. The range ends there: it is the {end} value {range}.");
            return text + &self.band(value);
        };
        let binds = |metric: &str| sizing.targets.iter().any(|t| t.binds && t.metric == metric);
        let _ = write!(
            text,
            ": {met}. One step {beyond}, {} misses {}: {} ({}).",
            self.text(next),
            self.expressions(|target| target.binds),
            self.figures_of(next, binds),
            self.runs(next)
        );
        text += &self.band(value);
        if !sizing.exhaustive {
            let other = if sizing.largest { "greater" } else { "smaller" };
            let _ = write!(
                text,
                " The curve rises and falls: {other} values that were not simulated might meet the targets, \
                 too (simulate all with --grid)."
            );
        }
        text
    }

    /// The next value beyond the answer; `None` if the range ends there.
    fn next_beyond(&self, value: u64) -> Option<u64> {
        let Sizing { range: [low, high], step, largest, .. } = *self.sizing;
        match largest {
            true => value.checked_add(step).filter(|next| *next <= high),
            false => value.checked_sub(step).filter(|next| *next >= low),
        }
    }

    /// Where the band of values that meet the targets ends on the other side of the answer.
    fn band(&self, value: u64) -> String {
        let Sizing { step, largest, .. } = *self.sizing;
        let Some([low, high]) = self.sizing.band else { return String::new() };
        let (from, to) = (self.text(low), self.text(high));
        let other = if largest { low } else { high };
        if other == value {
            return String::new();
        }
        let proven = [low, high].iter().all(|&end| {
            self.evaluated(end).is_some_and(|end| end.verdict == ThresholdVerdict::Pass)
        });
        let meet = if proven { "meet" } else { "seem to meet" };
        let them = if self.sizing.targets.len() == 1 { "it" } else { "them" };
        let next = if largest { low.checked_sub(step) } else { high.checked_add(step) };
        let miss = next.filter(|next| self.evaluated(*next).is_some());
        let end = match miss {
            Some(miss) if largest => format!("{} misses again", self.text(miss)),
            Some(miss) if self.meets_above(miss) => format!(
                "{} misses again, but greater values meet {them} (--largest searches for the greatest)",
                self.text(miss)
            ),
            Some(miss) => {
                let hint = match value == self.sizing.range[0] {
                    true => " (--largest searches for that end)",
                    false => "",
                };
                format!("{} misses again{hint}", self.text(miss))
            }
            None => "the range ends there".to_owned(),
        };
        // Between the simulated values others may miss.
        let all = (high - low) / step.max(1) + 1;
        let inside = |searched: &&SearchedValue| (low..=high).contains(&searched.value);
        let simulated = self.sizing.evaluated.iter().filter(inside).count() as u64;
        let values = if simulated < all { "simulated values" } else { "values" };
        format!(
            " The {values} from {from} to {to} {meet} {them}; {end}.{}",
            self.best_in_band(low, high)
        )
    }

    /// Whether a simulated value above `miss` is shown to meet the targets: in a further band.
    fn meets_above(&self, miss: u64) -> bool {
        let mut above = self.sizing.evaluated.iter().filter(|searched| searched.value > miss);
        above.any(|searched| searched.verdict == ThresholdVerdict::Pass)
    }

    /// The simulated value in the band where the metric of the first target is best, if that is inside it and
    /// much better than at both ends.
    fn best_in_band(&self, low: u64, high: u64) -> String {
        const MUCH: f64 = 0.05;
        let Some(target) = self.sizing.targets.first() else { return String::new() };
        let better = crate::stats::metric::better(&target.metric);
        let mean = |value: u64| Some(self.summary(value, &target.metric)?.mean);
        let loss = |value: u64| {
            let mean = mean(value)?;
            Some(if better == Better::Higher { -mean } else { mean })
        };
        let inside = self.sizing.evaluated.iter().map(|evaluated| evaluated.value);
        let inside = inside.filter(|value| *value > low && *value < high);
        let best = inside.filter_map(|value| Some((value, loss(value)?)));
        let best = best.min_by(|a, b| a.1.total_cmp(&b.1));
        let (Some((best, least)), Some(first), Some(last)) = (best, loss(low), loss(high)) else {
            return String::new();
        };
        let gain = first.min(last) - least;
        if better == Better::Neither || gain <= MUCH * first.abs().min(last.abs()) {
            return String::new();
        }
        let figure = self.figure(best, &target.metric);
        format!(
            " Of those simulated, {} is best: {} {figure}.",
            self.text(best),
            tame(&target.metric)
        )
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
        if sizing.targets.iter().any(|target| target.binds) {
            let missed = self.expressions(|target| target.binds);
            let _ = write!(text, " Better values miss {missed}.");
        }
        text
    }

    fn interrupted(&self) -> String {
        let evaluated = &self.sizing.evaluated;
        let runs: u64 = evaluated.iter().map(|value| value.replications).sum();
        format!(
            "Interrupted before there was an answer, after {} of {} of {}; so far {} is the most likely: \
             {} ({}).",
            counted(runs as f64, "run"),
            counted(evaluated.len() as f64, "value"),
            self.key(),
            self.text(self.sizing.looked_at),
            self.figures(self.sizing.looked_at),
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

    /// Whether a metric was the same in all of several runs of a value, although they are random.
    fn agrees(&self, value: u64, metric: &str) -> bool {
        let summary = self.summary(value, metric);
        let random = self.evaluated(value).is_some_and(|v| !v.deterministic && v.replications > 1);
        // Of a share of runs the interval says more.
        let agree = summary.is_some_and(|summary| summary.min == summary.max);
        random && agree && !is_share_of_runs(metric)
    }

    /// What it means that all runs of a value, or of the one beyond it, agree; empty if they do not.
    fn agreement(&self, value: u64) -> String {
        let sizing = self.sizing;
        let beyond = self.next_beyond(value);
        let agree = |value: u64, binding: bool| {
            let mut targets = sizing.targets.iter().filter(|target| !binding || target.binds);
            targets.any(|target| self.agrees(value, &target.metric)).then_some(value)
        };
        let agreeing = agree(value, false).or_else(|| agree(beyond?, true));
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
        self.expressions(|_| true)
    }

    fn expressions(&self, which: fn(&SearchTarget) -> bool) -> String {
        let targets = self.sizing.targets.iter().filter(|target| which(target));
        targets.map(|target| tame(&target.expression)).collect::<Vec<_>>().join(" and ")
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
        self.sizing.place_of(value).map(|at| &self.sizing.evaluated[at])
    }

    pub(super) fn runs(&self, value: u64) -> String {
        let runs = self.evaluated(value).map_or(0, |evaluated| evaluated.replications);
        counted(runs as f64, "run")
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
        summary_of(self.variant(value)?, metric)
    }

    pub(super) fn variant(&self, value: u64) -> Option<&'r VariantResults> {
        self.results.variants.get(self.sizing.place_of(value)?)
    }

    /// A metric at a value, with its 95% interval.
    pub(super) fn figure(&self, value: u64, metric: &str) -> String {
        self.summary(value, metric)
            .map_or_else(|| "-".to_owned(), |summary| with_interval(summary, metric))
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
        with_interval(&Summary { ci95, ..*summary }, metric)
    }

    /// The metrics of the targets at a value: `completion.p95 5h 50m ±2m`.
    pub(super) fn figures(&self, value: u64) -> String {
        self.figures_of(value, |_| true)
    }

    fn figures_of(&self, value: u64, which: impl Fn(&str) -> bool) -> String {
        let metrics = self.metrics().into_iter().filter(|metric| which(metric));
        let figure = |metric| format!("{} is {}", tame(metric), self.judged_figure(value, metric));
        metrics.map(figure).collect::<Vec<_>>().join(", ")
    }
}

/// `least` or `greatest`.
pub(super) fn extreme(objective: &SearchObjective) -> &'static str {
    match objective.direction {
        Direction::Maximise => "greatest",
        Direction::Minimise => "least",
    }
}
