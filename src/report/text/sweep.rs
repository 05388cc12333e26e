//! Sweeps: a row for each point of the grid.

use std::fmt::Write;

use super::answer::answer;
use super::cells::{Row, finish, new_table, none, number, printable, ratio, time};
use super::{evidence::thresholds, provenance, scenario_name};
use crate::results::{Results, Sweep};

/// A sweep: a row for each point of the grid.
pub(in crate::report) fn render_sweep(
    results: &Results,
    sweep: &Sweep,
    width: Option<u16>,
) -> String {
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
    let keys = sweep.keys.iter().map(|key| printable(key.rsplit('.').next().unwrap_or(key)));
    table.set_header(keys.chain(COLUMNS.map(|(label, _)| label.to_owned())).collect::<Vec<_>>());
    for (variant, values) in results.variants.iter().zip(&sweep.values) {
        let cells = COLUMNS.map(|(_, show)| show(&variant.metrics).unwrap_or_else(none));
        table.add_row(values.iter().map(|value| printable(value)).chain(cells));
    }
    let mut text = format!("{}\n\n{}\n\n", scenario_name(results), answer(results));
    let _ = writeln!(text, "{}", finish(table));
    if !results.thresholds.is_empty() {
        let _ = write!(text, "\n{}", thresholds(&results.thresholds));
    }
    let _ = writeln!(text, "\nseed {}, {}", results.seed, provenance(results));
    text
}
