//! Differences between the variants of one study and its reference, replication by replication.

use super::figures::shown_in;
use super::metrics::Show;
use super::table::{Cell, Column, Table};
use crate::results::{Comparison, Difference, Results, Verdict};
use crate::stats::metric::View;

/// The comparisons with the reference, where there are enough runs for them; else none.
pub fn proven(results: &Results) -> &[Comparison] {
    if results.replications < 2 { &[] } else { &results.comparisons }
}

/// A row for each compared variant.
pub fn table(results: &Results) -> Table {
    let metrics = shown_in(results, &[View::Difference]);
    let columns = metrics.iter().map(|metric| Column::figure(metric.column()));
    let first = std::iter::once(Column::row_head(Cell::label("variant")));
    let mut table = Table::new(first.chain(columns));
    for comparison in proven(results) {
        let place = results.variants.iter().position(|v| v.name == comparison.variant);
        let cells = metrics.iter().map(|metric| {
            let difference = metric.of(&comparison.metrics);
            let words = difference.map(|difference| in_words(difference, metric.unit.show()));
            Cell::words(words.unwrap_or_else(|| "-".to_owned()))
        });
        table.push(std::iter::once(Cell::name(&comparison.variant).variant(place)).chain(cells));
    }
    table
}

/// A difference in words: `188.2 to 191.3 less: better`.
pub fn in_words(difference: &Difference, show: Show) -> String {
    let verdict = match difference.verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::Higher => "higher",
        Verdict::Lower => "lower",
        Verdict::NoDifferenceShown | Verdict::Unknown => {
            return "no difference shown".to_owned();
        }
    };
    let direction = if difference.mean < 0.0 { "less" } else { "more" };
    let [low, high] = difference.ci95.unwrap_or([difference.mean; 2]);
    let (least, most) = (low.abs().min(high.abs()), low.abs().max(high.abs()));
    let range = match (show(least), show(most)) {
        (least, most) if least == most => least,
        (least, most) => format!("{least} to {most}"),
    };
    format!("{range} {direction}: {verdict}")
}
