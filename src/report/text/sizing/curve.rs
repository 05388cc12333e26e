//! The whole curve: a row for each value that a search has played.

use std::fmt::Write;

use comfy_table::CellAlignment;

use super::super::super::human::{count, percent};
use super::super::cells::{new_table, printable, trimmed};
use super::Story;
use crate::results::{SizedValue, Standing, ThresholdVerdict};
use crate::scenario::Target;
use crate::stats::metric::show;

impl Story<'_> {
    /// A row for each value that was played.
    pub(super) fn curve(&self, width: Option<u16>) -> String {
        const MORE: [(&str, &str); 4] = [
            ("completed", "completed"),
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
            let smallest = if self.sizing.exhaustive { "smallest" } else { "smallest seen" };
            return if chosen { smallest } else { "meets" }.to_owned();
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
        let mut text = String::from("\n±: 95% interval of the mean");
        if self.sizing.targets.is_empty() {
            text.push('.');
        } else {
            let _ = write!(
                text,
                "; in the answer the wider one that a verdict rests on, so that all of them together have \
                 {} confidence.",
                percent(self.sizing.confidence)
            );
        }
        if self.sizing.evaluated.iter().any(|value| self.is_open(value)) {
            text.push_str(" In brackets: by the mean so far, not proven.");
        }
        if self.is_extrapolated() {
            text.push_str(
                " What is demanded only rises or only falls along the values that were played, and is \
                 taken to do so between them.",
            );
        }
        if self.sizing.objective.is_some() {
            text.push_str(
                " Differences to the best mean are taken run by run, on the same random numbers; as good is \
                 what is not shown to be worse, and loses less than 1% if it is.",
            );
        }
        text + "\n"
    }

    /// Whether the answer says something of values that were not played, because of the curve's shape.
    fn is_extrapolated(&self) -> bool {
        let sizing = self.sizing;
        let (low, step) = (sizing.range[0], sizing.step.max(1));
        let end = match (sizing.chosen, sizing.verdict) {
            (Some(chosen), _) => chosen,
            (None, ThresholdVerdict::Fail) => sizing.range[1] + 1,
            (None, _) => return false,
        };
        let played = sizing.evaluated.iter().filter(|value| value.value < end).count() as u64;
        sizing.objective.is_none() && sizing.exhaustive && played < (end - low).div_ceil(step)
    }
}
