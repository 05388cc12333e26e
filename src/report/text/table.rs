//! Tables for a terminal.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width, presets};

use crate::report::content::table::{ColumnKind, Table};
use crate::report::names::cell;

/// The lines of a table, at most `width` columns wide, figures aligned to the right.
pub fn render(table: &Table, width: Option<u16>) -> String {
    draw(table, width, true)
}

/// The lines of a table, everything aligned to the left.
pub fn render_left(table: &Table) -> String {
    draw(table, None, false)
}

fn draw(table: &Table, width: Option<u16>, right: bool) -> String {
    let mut drawn = comfy_table::Table::new();
    drawn.load_style(presets::NOTHING);
    if let Some(width) = width {
        drawn.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    drawn.set_header(table.columns.iter().map(|column| cell(&column.head.text)));
    for row in &table.rows {
        drawn.add_row(row.cells.iter().map(|one| cell(&one.text)));
    }
    if let Some(least) = width.and_then(|width| least_widths(table, usize::from(width))) {
        for (column, least) in drawn.column_iter_mut().zip(least) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least as u16)));
        }
    }
    for (i, column) in drawn.column_iter_mut().enumerate().skip(1) {
        if right && table.columns.get(i).is_some_and(|column| column.kind != ColumnKind::Text) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    // Without borders comfy-table pads every cell on both sides: the outer blanks are noise.
    let lines = drawn.lines().map(|line| line.trim_end().to_owned());
    let lines: Vec<String> =
        lines.map(|l| l.strip_prefix(' ').map_or(l.clone(), str::to_owned)).collect();
    lines.join("\n")
}

/// The width of each column, padding included, that breaks no word; `None` if `width` is less than all
/// of them.
fn least_widths(table: &Table, width: usize) -> Option<Vec<usize>> {
    /// The blanks on both sides of a cell.
    const PADDING: usize = 2;
    let longest_word = |text: &str| {
        let words = text.split_whitespace().map(|word| word.chars().count());
        words.max().unwrap_or(0)
    };
    let widths = table.columns.iter().enumerate().map(|(i, column)| {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(i));
        let words = cells.chain([&column.head]).map(|cell| longest_word(&cell.text));
        words.max().unwrap_or(0) + PADDING
    });
    let widths: Vec<usize> = widths.collect();
    (widths.iter().sum::<usize>() <= width).then_some(widths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::content::table::{Cell, Column};

    #[test]
    fn a_table_breaks_no_word_if_all_words_fit() {
        let mut table =
            Table::new([Column::row_head(Cell::label("metric")), Column::figure("95% interval")]);
        table.push([Cell::code("refused.first_ratio"), Cell::words("+12m 12s to +12m 36s")]);
        let text = render(&table, Some(36));
        assert!(text.contains("refused.first_ratio"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 36), "{text}");
        assert!(render(&table, Some(20)).lines().all(|line| line.chars().count() <= 20));
    }
}
