//! Searches for a value: the answer in words, and the whole curve.

use std::fmt::Write;

use comfy_table::CellAlignment;

use super::super::human::{count, percent, span};
use super::cells::{Show, new_table, none, printable, summary_of, trimmed, with_margin};
use super::{provenance, scenario_name};
use crate::results::{
    Direction, Results, SizedObjective, SizedValue, Sizing, Standing, Summary, ThresholdVerdict,
};
use crate::scenario::Target;
use crate::stats::metrics::{self, Unit};

/// A search: the answer, and a row for each value that was played.
pub(super) fn render_sizing(results: &Results, sizing: &Sizing, width: Option<u16>) -> String {
    let story = Story { results, sizing };
    let mut text = format!("{}\n\n{}\n\n", scenario_name(results), story.answer());
    let _ = write!(text, "{}\n{}", story.curve(width), story.legend());
    let _ = writeln!(text, "\nseed {}, {}", results.seed, provenance(results));
    text
}

/// What a search found, in a sentence or two.
pub(in crate::report) fn sizing_answer(results: &Results, sizing: &Sizing) -> String {
    Story { results, sizing }.answer()
}

/// What a search found, as it is told.
pub(in crate::report) struct Story<'r> {
    pub(in crate::report) results: &'r Results,
    pub(in crate::report) sizing: &'r Sizing,
}

impl<'r> Story<'r> {
    /// The answer and what it rests on.
    pub(in crate::report) fn answer(&self) -> String {
        let (sizing, key) = (self.sizing, self.key());
        if sizing.interrupted {
            return self.interrupted();
        }
        if let Some(unmeasured) = self.unmeasured() {
            return unmeasured;
        }
        match (&sizing.objective, sizing.chosen, sizing.verdict) {
            (Some(objective), Some(value), _) => self.best(objective, value),
            (None, Some(value), _) => self.smallest(value),
            (_, None, ThresholdVerdict::Fail) => {
                let at = sizing.looked_at;
                let played = sizing.evaluated.len();
                let of_all = if sizing.evaluated.iter().any(|v| self.is_open(v)) {
                    format!("none of the {played} values that were played seems to")
                } else {
                    format!("none of the {played} values that were played does")
                };
                format!(
                    "No {key} {} meets {}: {of_all}. Nearest comes {}: {} ({}).",
                    self.range(),
                    self.demands(),
                    self.text(at),
                    self.figures(at, |_| true).join(", "),
                    self.basis(at),
                )
            }
            (Some(objective), None, _) => self.undecided_best(objective),
            (None, None, _) => {
                let at = sizing.looked_at;
                format!(
                    "Inconclusive: whether {key} = {} meets {} cannot be told ({}; {}). Allow more runs \
                     with --max-replications, or ask for less with --confidence.",
                    self.text(at),
                    self.demands(),
                    self.figures(at, |_| true).join(", "),
                    self.basis(at)
                )
            }
        }
    }

    fn smallest(&self, value: u64) -> String {
        let sizing = self.sizing;
        let mut text = format!(
            "The smallest {} with {} is {} ({})",
            self.key(),
            self.demands(),
            self.text(value),
            self.basis(value)
        );
        let met = self.figures(value, |_| true).join(", ");
        if value == sizing.range[0] {
            let _ = write!(text, ": {met}. It is the least value of the range {}.", self.range());
            return text;
        }
        let below = value - sizing.step;
        let binding = sizing.targets.iter().filter(|target| target.binds);
        let binding: Vec<_> = binding.map(|target| printable(&target.expression)).collect();
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
        text
    }

    fn best(&self, objective: &SizedObjective, value: u64) -> String {
        let (sizing, metric) = (self.sizing, printable(&objective.metric));
        let of = match sizing.targets.is_empty() {
            true => String::new(),
            false => format!(" with {}", self.demands()),
        };
        if self.is_constant(objective) {
            return format!(
                "{metric} does not depend on {} {}: it is {} at each of the {} values that were \
                 played{}. The smallest of them is {}.",
                self.key(),
                self.range(),
                self.figure(value, &objective.metric),
                objective.plateau.len(),
                of,
                self.text(value)
            );
        }
        let mut text = format!(
            "The best {} {}{of} is {}, {} {metric}: {} ({}).",
            self.key(),
            self.range(),
            self.text(value),
            extreme(objective),
            self.figure(value, &objective.metric),
            self.basis(value)
        );
        if let Some(others) = self.others(objective, value) {
            let _ = write!(
                text,
                " {others} as good for all that is known; of these it is the smallest."
            );
        }
        let binding = sizing.targets.iter().filter(|target| target.binds);
        let binding: Vec<_> = binding.map(|target| printable(&target.expression)).collect();
        if !binding.is_empty() {
            let _ = write!(text, " Better values miss {}.", binding.join(" and "));
        }
        text
    }

    fn undecided_best(&self, objective: &SizedObjective) -> String {
        let leader = objective.leader.unwrap_or(self.sizing.looked_at);
        let mut text = format!(
            "Inconclusive: {} {} has {} {} so far ({}; {})",
            self.key(),
            self.text(leader),
            extreme(objective),
            printable(&objective.metric),
            self.figure(leader, &objective.metric),
            self.basis(leader)
        );
        match self.others(objective, leader) {
            Some(others) => {
                let _ = write!(text, ", but {others} not told apart from it");
            }
            None => {
                let _ = write!(text, ", but whether it meets {} is not sure", self.demands());
            }
        }
        text.push_str(
            ". Allow more runs with --max-replications, or ask for less with --confidence.",
        );
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

    /// Says of a metric without a value that it has none.
    fn unmeasured(&self) -> Option<String> {
        let sizing = self.sizing;
        let mut metrics = sizing.targets.iter().filter(|target| !target.measured);
        let objective =
            sizing.objective.as_ref().filter(|_| sizing.verdict != ThresholdVerdict::Fail);
        let metric = match metrics.next() {
            Some(target) => &target.metric,
            None => &objective.filter(|objective| objective.leader.is_none())?.metric,
        };
        Some(format!(
            "Inconclusive: {} has no value at any of the {} values of {} {} that were played: perhaps \
             nothing happens before the horizon. Choose another metric, or a later horizon.",
            printable(metric),
            sizing.evaluated.len(),
            self.key(),
            self.range()
        ))
    }

    /// The values beside `value` that may be as good: `31 and 40 are`.
    fn others(&self, objective: &SizedObjective, value: u64) -> Option<String> {
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
    fn is_constant(&self, objective: &SizedObjective) -> bool {
        let same = |value: &SizedValue| {
            value.difference.is_some_and(|difference| difference.interval == Some([0.0; 2]))
        };
        self.sizing.evaluated.len() > 1
            && objective.plateau.len() == self.sizing.evaluated.len()
            && self.sizing.evaluated.iter().all(same)
    }

    fn is_open(&self, value: &SizedValue) -> bool {
        value.verdict == ThresholdVerdict::Inconclusive
    }

    fn key(&self) -> String {
        let key = &self.sizing.key;
        printable(key.rsplit('.').next().unwrap_or(key))
    }

    fn demands(&self) -> String {
        let targets = self.sizing.targets.iter();
        let demands: Vec<_> = targets.map(|target| printable(&target.expression)).collect();
        demands.join(" and ")
    }

    fn range(&self) -> String {
        let [low, high] = self.sizing.range;
        let step = match (self.sizing.unit.as_str(), self.sizing.step) {
            ("1", 1) => String::new(),
            (_, step) => format!(" in steps of {}", self.text(step)),
        };
        format!("from {} to {}{step}", self.text(low), self.text(high))
    }

    /// A value as a scenario writes it.
    pub(in crate::report) fn text(&self, value: u64) -> String {
        let known = self.evaluated(value).filter(|known| !known.text.is_empty());
        match (known, self.sizing.unit.as_str()) {
            (Some(known), _) => printable(&known.text),
            (None, "1") => count(value as f64),
            (None, "ms") => crate::model::Span::from_millis(value).to_string(),
            // `0.01` or `1%`, of which there are so many.
            (None, unit) => {
                let number = unit.trim_end_matches('%').parse::<f64>().unwrap_or(1.0);
                let digits = unit.split_once('.').map_or(0, |(_, d)| d.trim_end_matches('%').len());
                let percent = if unit.ends_with('%') { "%" } else { "" };
                format!("{:.digits$}{percent}", number * value as f64)
            }
        }
    }

    fn evaluated(&self, value: u64) -> Option<&SizedValue> {
        self.sizing.evaluated.iter().find(|evaluated| evaluated.value == value)
    }

    fn runs(&self, value: u64) -> String {
        match self.evaluated(value).map_or(0, |evaluated| evaluated.replications) {
            1 => "1 run".to_owned(),
            n => format!("{} runs", count(n as f64)),
        }
    }

    /// What the verdict on a value rests on.
    fn basis(&self, value: u64) -> String {
        format!("{}, {} confidence", self.runs(value), percent(self.sizing.confidence))
    }

    /// The metrics that the search is about, each once: those of the targets, then the objective.
    pub(in crate::report) fn metrics(&self) -> Vec<&'r str> {
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

    fn summary(&self, value: u64, metric: &str) -> Option<&Summary> {
        let at = self.sizing.evaluated.iter().position(|evaluated| evaluated.value == value)?;
        summary_of(self.results.variants.get(at)?, metric)
    }

    /// A metric at a value, with its interval.
    fn figure(&self, value: u64, metric: &str) -> String {
        self.summary(value, metric).map_or_else(none, |summary| with_margin(summary, show(metric)))
    }

    /// The metrics of the targets at a value: `completion.p95 5h 50m ±2m`.
    fn figures(&self, value: u64, which: impl Fn(&str) -> bool) -> Vec<String> {
        let metrics = self.metrics().into_iter().filter(|metric| which(metric));
        metrics
            .map(|metric| format!("{} is {}", printable(metric), self.figure(value, metric)))
            .collect()
    }

    /// A row for each value that was played.
    fn curve(&self, width: Option<u16>) -> String {
        const MORE: [(&str, &str); 3] = [
            ("stranded", "stranded"),
            ("completion.p95", "completion, 95%"),
            ("utilisation", "utilisation"),
        ];
        let asked = self.metrics();
        let more = MORE.iter().filter(|(metric, _)| !asked.contains(metric));
        let columns: Vec<(&str, String)> = asked
            .iter()
            .map(|metric| (*metric, printable(metric)))
            .chain(more.map(|(metric, label)| (*metric, (*label).to_owned())))
            .collect();
        let mut table = new_table(width);
        let labels = columns.iter().map(|(_, label)| label.clone());
        let header = ["".to_owned(), self.key(), "runs".to_owned()];
        table.set_header(header.into_iter().chain(labels).chain([String::new()]));
        for evaluated in &self.sizing.evaluated {
            let value = evaluated.value;
            let mark = if self.sizing.chosen == Some(value) { ">" } else { "" };
            let figures = columns.iter().map(|(metric, _)| self.figure(value, metric));
            let first = [mark.to_owned(), self.text(value), count(evaluated.replications as f64)];
            table.add_row(first.into_iter().chain(figures).chain([self.remark(evaluated)]));
        }
        for column in table.column_iter_mut().skip(1).take(columns.len() + 2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        trimmed(&table)
    }

    /// What is to be said of a value.
    pub(in crate::report) fn remark(&self, evaluated: &SizedValue) -> String {
        if !self.sizing.targets.is_empty() {
            match evaluated.verdict {
                ThresholdVerdict::Fail => return "misses".to_owned(),
                ThresholdVerdict::Inconclusive => return self.likely(evaluated).to_owned(),
                ThresholdVerdict::Pass => {}
            }
        }
        let chosen = self.sizing.chosen == Some(evaluated.value);
        let Some(objective) = &self.sizing.objective else {
            return if chosen { "smallest" } else { "meets" }.to_owned();
        };
        let Some(difference) = &evaluated.difference else { return String::new() };
        let show = show(&objective.metric);
        match difference.standing {
            _ if chosen => "best".to_owned(),
            Standing::Leader => "best mean".to_owned(),
            Standing::Level => "as good".to_owned(),
            Standing::Undecided => "not told apart".to_owned(),
            // Shown, but too little to write.
            Standing::Worse if show(difference.mean.abs()) == show(0.0) => "worse".to_owned(),
            Standing::Worse => {
                let sign = if difference.mean < 0.0 { "less" } else { "more" };
                format!("worse: {} {sign}", show(difference.mean.abs()))
            }
        }
    }

    /// What the mean says of a value that was only looked at in passing.
    fn likely(&self, evaluated: &SizedValue) -> &'static str {
        let met = self.sizing.targets.iter().map(|target| {
            let parsed = Target::parse(&target.expression).ok()?;
            let mean = self.summary(evaluated.value, &target.metric)?.mean;
            Some(parsed.operator.holds(mean, parsed.value))
        });
        match met.collect::<Option<Vec<bool>>>() {
            None => "no data",
            Some(met) if met.iter().all(|met| *met) => "(meets)",
            Some(_) => "(misses)",
        }
    }

    /// How the table is to be read.
    pub(in crate::report) fn legend(&self) -> String {
        let mut text = String::from("\n±: 95% interval of the mean.");
        if self.sizing.evaluated.iter().any(|value| self.is_open(value)) {
            text.push_str(" In brackets: by the mean so far, not proven.");
        }
        if self.sizing.objective.is_some() {
            text.push_str(
                " Differences to the best mean are taken run by run, on the same random numbers; as good is \
                 what is not shown to be worse, and loses less than 1% if it is.",
            );
        }
        text + "\n"
    }
}

/// `with the least` or `with the most`.
fn extreme(objective: &SizedObjective) -> &'static str {
    match objective.direction {
        Direction::Maximise => "with the greatest",
        Direction::Minimise => "with the least",
    }
}

/// How a metric is written.
fn show(metric: &str) -> Show {
    match metrics::unit(metric) {
        Unit::Count => count,
        Unit::Ratio => percent,
        Unit::Time => span,
    }
}
