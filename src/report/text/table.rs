//! Tables for a terminal.

use comfy_table::{CellAlignment, ContentArrangement, presets};

use crate::report::content::table::{ColumnKind, Table};
use crate::report::names::tame;

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
    drawn.set_header(table.columns.iter().map(|column| tame(&column.head.text)));
    for row in &table.rows {
        drawn.add_row(row.cells.iter().map(|cell| tame(&cell.text)));
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
