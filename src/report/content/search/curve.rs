//! The whole curve: one row for each value that a search has simulated.

use std::fmt::Write;

use super::Story;
use crate::human::{count, percent};
use crate::report::content::table::{Cell, Column, Table};
use crate::report::content::terms::applies;
use crate::results::{SearchedValue, Standing, ThresholdVerdict};
use crate::scenario::Target;
use crate::stats::metric::{self, Metric, show};

/// The metrics of the curve beside those of the targets and the objective.
const USUAL: [Metric; 4] =
    [metric::COMPLETED, metric::STRANDED, metric::COMPLETION_P95, metric::UTILISATION];

impl Story<'_> {
    /// A row for each value that was simulated.
    pub fn curve(&self) -> Table {
        let asked = self.metrics();
        let more: Vec<Metric> = USUAL
            .into_iter()
            .filter(|metric| !asked.contains(&metric.name) && applies(*metric, self.results))
            .collect();
        let mut columns = vec![
            Column::row_head(Cell::label("")),
            Column::row_head(Cell::label(self.key())),
            Column::figure("runs"),
        ];
        columns.extend(asked.iter().map(|metric| Column::figure(metric)));
        columns.extend(more.iter().map(|metric| Column::figure(metric.column()).spare()));
        columns.push(Column::text(""));
        let mut table = Table::new(columns);
        let metrics: Vec<&str> =
            asked.iter().copied().chain(more.iter().map(|metric| metric.name)).collect();
        for evaluated in &self.sizing.evaluated {
            let value = evaluated.value;
            let mark = if self.sizing.chosen == Some(value) { ">" } else { "" };
            let runs = count(evaluated.replications as f64);
            let figures = metrics.iter().map(|metric| Some(self.figure(value, metric)));
            let figures = [Some(self.text(value)), Some(runs)].into_iter().chain(figures);
            table.push(
                std::iter::once(Cell::label(mark))
                    .chain(figures.map(Cell::figure))
                    .chain([Cell::words(self.remark(evaluated))]),
            );
        }
        table
    }

    /// The remark on a value.
    pub fn remark(&self, evaluated: &SearchedValue) -> String {
        if !self.sizing.targets.is_empty() {
            match evaluated.verdict {
                ThresholdVerdict::Fail => return "misses".to_owned(),
                ThresholdVerdict::Inconclusive => return self.likely(evaluated).to_owned(),
                ThresholdVerdict::Pass => {}
            }
        }
        let chosen = self.sizing.chosen == Some(evaluated.value);
        let Some(objective) = &self.sizing.objective else {
            let extreme = match (self.sizing.largest, self.sizing.exhaustive) {
                (false, true) => "smallest",
                (false, false) => "smallest seen",
                (true, true) => "largest",
                (true, false) => "largest seen",
            };
            return if chosen { extreme } else { "meets" }.to_owned();
        };
        let Some(difference) = &evaluated.difference else { return String::new() };
        let show = show(&objective.metric);
        match difference.standing {
            _ if chosen => "best".to_owned(),
            Standing::Leader => "best mean".to_owned(),
            Standing::Level => "as good".to_owned(),
            Standing::Undecided => "undecided".to_owned(),
            // The difference is shown, but it rounds to zero.
            Standing::Worse if show(difference.mean.abs()) == show(0.0) => "worse".to_owned(),
            Standing::Worse => {
                let sign = if difference.mean < 0.0 { "less" } else { "more" };
                format!("worse: {} {sign}", show(difference.mean.abs()))
            }
        }
    }

    /// What the mean suggests about a value whose verdict is not proven.
    fn likely(&self, evaluated: &SearchedValue) -> &'static str {
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

    /// How to read the table.
    pub fn legend(&self) -> String {
        let mut text = String::from("±: 95% interval of the mean");
        if self.sizing.targets.is_empty() {
            text.push('.');
        } else {
            let _ = write!(
                text,
                ". The answer shows the wider intervals that its verdicts rest on; all of them together have \
                 {} confidence.",
                percent(self.sizing.confidence)
            );
        }
        if self.sizing.evaluated.iter().any(|value| value.is_open()) {
            text.push_str(" Verdicts in brackets follow from the mean so far and are not proven.");
        }
        if self.is_extrapolated() {
            text.push_str(
                " The metrics of the targets only rise or only fall along the simulated values; the answer \
                 assumes the same between them.",
            );
        }
        if self.sizing.objective.is_some() {
            text.push_str(
                " Differences from the best mean are computed run by run, on the same random numbers. A \
                 value is as good if it is shown to be worse by at most 1% of the best mean.",
            );
        }
        text
    }

    /// Whether the answer covers values that were not simulated, because of the curve's shape.
    fn is_extrapolated(&self) -> bool {
        let sizing = self.sizing;
        let ([low, high], step) = (sizing.range, sizing.step.max(1));
        let beyond = match (sizing.chosen, sizing.verdict) {
            (Some(chosen), _) if sizing.largest => chosen + 1..high + 1,
            (Some(chosen), _) => low..chosen,
            (None, ThresholdVerdict::Fail) => low..high + 1,
            (None, _) => return false,
        };
        let simulated = sizing.evaluated.iter().filter(|value| beyond.contains(&value.value));
        let all = (beyond.end - beyond.start).div_ceil(step);
        let simulated = simulated.count() as u64;
        sizing.objective.is_none() && sizing.exhaustive && simulated < all
    }
}
