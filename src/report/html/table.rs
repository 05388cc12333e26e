//! A table as HTML. On a narrow screen each row becomes a block, with the heads of columns beside its
//! cells (`data-label`).

use maud::{Markup, html};

use super::figure::{capitalised, figures, name};
use super::palette::look;
use crate::human::count;
use crate::report::content::table::{Cell, CellKind, Column, ColumnKind, Row, Table, Tone};
use crate::report::names::short;
use crate::results::ThresholdVerdict;

/// The table with at most `most` rows, which are `what`; `class` decides how wide it gets.
pub fn table(table: &Table, class: &str, most: usize, what: &str) -> Markup {
    let row_heads = table.columns.iter().filter(|c| c.kind == ColumnKind::RowHead).count();
    html! {
        table class=(class) {
            thead { tr { @for column in &table.columns { (head(column)) } } }
            tbody { @for row in table.rows.iter().take(most) { (tr(table, row, row_heads > 1)) } }
        }
        @if table.rows.len() > most {
            p.more {
                "The first " (count(most as f64)) " of " (count(table.rows.len() as f64)) " " (what)
                "; the CSV and JSON reports have all."
            }
        }
    }
}

fn head(column: &Column) -> Markup {
    let right = column.kind == ColumnKind::Figure;
    html! {
        @if column.head.text.is_empty() { td {} }
        @else { th.n[right] scope="col" { (content(&column.head)) } }
    }
}

fn tr(table: &Table, row: &Row, label_heads: bool) -> Markup {
    html! {
        tr.chosen[row.chosen] {
            @for (column, cell) in table.columns.iter().zip(&row.cells) {
                @let label = short(&label(&column.head), 40);
                @match column.kind {
                    ColumnKind::RowHead => {
                        th scope="row" data-label=[label_heads.then_some(label)] { (content(cell)) }
                    },
                    ColumnKind::Text => td data-label=(label) { (content(cell)) },
                    ColumnKind::Figure => td.n data-label=(label) { (content(cell)) },
                }
            }
        }
    }
}

fn content(cell: &Cell) -> Markup {
    html! {
        @if let Some(variant) = cell.variant { i.chip.(look(variant).class) {} }
        @match cell.kind {
            CellKind::Label => (label(cell)),
            CellKind::Name => (name(&cell.text)),
            CellKind::Code => code { (short(&cell.text, 120)) },
            CellKind::Figure => span title=[cell.detail.as_deref()] { (figures(&cell.text)) },
            CellKind::Words => (short(&cell.text, 400)),
            CellKind::Verdict(verdict) => (threshold_verdict(verdict, &cell.text)),
            CellKind::Toned(tone) => span.verdict.(class(tone)) { (cell.text) },
        }
    }
}

/// The sign and the word tell as much as the colour.
fn threshold_verdict(verdict: ThresholdVerdict, word: &str) -> Markup {
    let (tone, sign) = match verdict {
        ThresholdVerdict::Pass => (Tone::Good, "✓"),
        ThresholdVerdict::Fail => (Tone::Bad, "✗"),
        ThresholdVerdict::Inconclusive => (Tone::Unsure, "?"),
    };
    html! { span.verdict.(class(tone)) { (sign) " " (word) } }
}

/// The class that gives words the colour of a tone.
pub fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "pass",
        Tone::Bad => "fail",
        Tone::Unsure => "unsure",
        Tone::Neutral => "neutral",
    }
}

/// The text of a head: labels begin with a capital letter on a page, names stay as they are.
fn label(cell: &Cell) -> String {
    match cell.kind {
        CellKind::Label => capitalised(&cell.text),
        _ => cell.text.clone(),
    }
}
