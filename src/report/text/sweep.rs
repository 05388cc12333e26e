//! Sweeps and searches: a row for each value.

use std::fmt::Write;

use super::super::human::{count, percent};
use super::cells::{Row, finish, new_table, none, number, printable, ratio, time};
use super::{evidence::thresholds, provenance, scenario_name};
use crate::results::{Results, Sizing, Sweep, ThresholdVerdict};

/// A sweep: a row for each point of the grid.
pub(super) fn render_sweep(results: &Results, sweep: &Sweep, width: Option<u16>) -> String {
    const COLUMNS: [Row; 7] = [
        ("completed", |m| number(m, "completed")),
        ("stranded", |m| number(m, "stranded")),
        ("completion, median", |m| time(m, "completion.p50")),
        ("completion, 95%", |m| time(m, "completion.p95")),
        ("last completion after", |m| time(m, "makespan")),
        ("attempts per client", |m| number(m, "attempts.mean")),
        ("utilisation", |m| ratio(m, "utilisation")),
    ];
    let mut table = new_table(width);
    let keys = sweep.keys.iter().map(|key| key.rsplit('.').next().unwrap_or(key).to_owned());
    table.set_header(keys.chain(COLUMNS.map(|(label, _)| label.to_owned())).collect::<Vec<_>>());
    for (variant, values) in results.variants.iter().zip(&sweep.values) {
        let cells = COLUMNS.map(|(_, show)| show(&variant.metrics).unwrap_or_else(none));
        table.add_row(values.iter().map(|value| printable(value)).chain(cells));
    }
    let mut text = format!("{}\n\n", scenario_name(results));
    if let Some(sizing) = &results.sizing {
        let _ = writeln!(text, "{}\n", sizing_answer(sizing));
    }
    let _ = writeln!(text, "{}", finish(table));
    if !results.thresholds.is_empty() {
        let _ = write!(text, "\n{}", thresholds(results));
    }
    let _ = writeln!(text, "\nseed {}, {}", results.seed, provenance(results));
    text
}

/// The answer of a search in words, with what it rests on.
pub(super) fn sizing_answer(sizing: &Sizing) -> String {
    let key = printable(sizing.key.rsplit('.').next().unwrap_or(&sizing.key));
    let demands: Vec<String> =
        sizing.targets.iter().map(|target| printable(&target.expression)).collect();
    let demands = demands.join(" and ");
    let sure = percent(sizing.confidence);
    let runs = |value: u64| {
        let found = sizing.evaluated.iter().find(|evaluated| evaluated.value == value);
        match found.map_or(0, |evaluated| evaluated.replications) {
            1 => "1 run".to_owned(),
            n => format!("{} runs", count(n as f64)),
        }
    };
    let [low, high] = sizing.range;
    let at = sizing.looked_at;
    match (sizing.chosen, sizing.verdict) {
        (Some(value), _) => {
            let below = if value == low {
                format!("it is the least value of the range {low} to {high}")
            } else {
                let binding = sizing.targets.iter().filter(|target| target.binds);
                let binding: Vec<_> = binding.map(|t| printable(&t.expression)).collect();
                let below = value - 1;
                format!("{below} misses {} ({})", binding.join(" and "), runs(below))
            };
            format!(
                "The smallest {key} with {demands} is {value} ({}, {sure} confidence); {below}.",
                runs(value)
            )
        }
        (None, ThresholdVerdict::Fail) => format!(
            "No {key} from {low} to {high} meets {demands}: {at} misses it ({}, {sure} confidence).",
            runs(at)
        ),
        (None, _) => format!(
            "Inconclusive: whether {key} = {at} meets {demands} cannot be told with {sure} confidence \
             after {}; allow more with --max-replications.",
            runs(at)
        ),
    }
}
