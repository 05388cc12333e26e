//! Tables for a terminal or a text file.
//!
//! In a file a row is a line. In a terminal no word is broken: cells are wrapped at blanks, and spare columns
//! are left out. Columns that still do not fit follow in a further table with the same row heads; where not
//! even that fits, or a row ends in words about all of it, each row becomes a block of lines.

use super::style;
use super::wrap::{columns, glued, lines, widest_word};
use crate::report::content::table::{CellKind, ColumnKind, Row, Table};
use crate::report::names::cell;

/// The blanks between two columns.
const GAP: usize = 2;

/// The blanks before the lines of a block.
const INDENT: usize = 2;

/// The lines of a table, at most `width` columns wide, figures aligned to the right.
pub fn render(table: &Table, width: Option<u16>) -> String {
    Layout::of(table, true).render(width)
}

/// The lines of a table, at most `width` columns wide, everything aligned to the left.
pub fn render_left(table: &Table, width: Option<u16>) -> String {
    Layout::of(table, false).render(width)
}

/// A table whose cells are measured.
struct Layout<'t> {
    table: &'t Table,
    /// The texts of the heads, and of the cells of each row.
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    /// The widths of columns in which no cell is wrapped, and of those in which each line has a word.
    natural: Vec<usize>,
    least: Vec<usize>,
    figures_right: bool,
}

impl Layout<'_> {
    fn of(table: &Table, figures_right: bool) -> Layout<'_> {
        let heads: Vec<String> = table.columns.iter().map(|c| cell(&c.head.text)).collect();
        let texts = |row: &Row| {
            let texts = row.cells.iter().map(|one| glued(&cell(&one.text)));
            let mut texts: Vec<String> = texts.collect();
            texts.resize(heads.len(), String::new());
            texts
        };
        let rows: Vec<Vec<String>> = table.rows.iter().map(texts).collect();
        let widest = |measure: fn(&str) -> usize| {
            let column = |place: usize| {
                let cells = rows.iter().filter_map(|row| row.get(place));
                cells.chain(heads.get(place)).map(|text| measure(text)).max().unwrap_or(0)
            };
            (0..table.columns.len()).map(column).collect()
        };
        let (natural, least) = (widest(columns), widest(widest_word));
        Layout { table, heads, rows, natural, least, figures_right }
    }

    fn render(&self, width: Option<u16>) -> String {
        let mut columns: Vec<usize> = (0..self.table.columns.len()).collect();
        let Some(width) = width.map(usize::from) else {
            return self.draw(&columns, &self.natural, false).join("\n");
        };
        let mut left_out = Vec::new();
        let is_spare = |&place: &usize| self.table.columns[place].spare;
        while self.least_width(&columns) > width
            && let Some(spare) = columns.iter().rposition(is_spare)
        {
            left_out.insert(0, self.heads[columns.remove(spare)].as_str());
        }
        let drawn = match self.split(&columns, width) {
            Some(tables) if tables.len() == 1 || !self.ends_in_words() => {
                let draw = |columns: &Vec<usize>| {
                    self.draw(columns, &self.shrunk(columns, width), true).join("\n")
                };
                tables.iter().map(draw).collect::<Vec<_>>().join("\n\n")
            }
            _ => self.blocks(&columns, width),
        };
        if left_out.is_empty() {
            return drawn;
        }
        let note =
            format!("(no room for: {}; a wider terminal and reports have it)", left_out.join("; "));
        format!("{drawn}\n{}", lines(&note, width, 1).join("\n"))
    }

    /// Whether a row ends in words, which are about the figures before them.
    fn ends_in_words(&self) -> bool {
        let is_toned =
            |row: &Row| matches!(row.cells.last().map(|cell| cell.kind), Some(CellKind::Toned(_)));
        self.table.columns.last().is_some_and(|column| column.kind == ColumnKind::Text)
            || self.table.rows.iter().any(is_toned)
    }

    /// The width of a table of some columns with a word on each line of a cell.
    fn least_width(&self, columns: &[usize]) -> usize {
        let widths = columns.iter().map(|&place| self.least[place] + GAP);
        widths.sum::<usize>().saturating_sub(GAP)
    }

    /// The `columns` of one or more tables that fit into `width`, each with the heads of the rows; `None` if
    /// not even one column fits beside these.
    fn split(&self, columns: &[usize], width: usize) -> Option<Vec<Vec<usize>>> {
        let (heads, figures) = self.heads_and_others(columns);
        let with_heads = |part: &[usize]| [heads.as_slice(), part].concat();
        let fits = |number: &usize| {
            let mut parts = figures.chunks(*number).map(with_heads);
            parts.all(|part| self.least_width(&part) <= width)
        };
        // The fewest tables, of about as many columns each.
        let numbers = (1..=figures.len()).map(|tables| figures.len().div_ceil(tables));
        let number = numbers.into_iter().find(fits)?;
        Some(figures.chunks(number).map(with_heads).collect())
    }

    /// The widths of columns that fit into `width`: the widest give way first, but not below a word.
    fn shrunk(&self, columns: &[usize], width: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = columns.iter().map(|&c| self.natural[c]).collect();
        let most = (width + GAP).saturating_sub(GAP * columns.len());
        while widths.iter().sum::<usize>() > most {
            let wide = widths.iter().zip(columns).enumerate();
            let wide = wide.filter(|(_, (width, column))| **width > self.least[**column]);
            let Some((place, _)) = wide.max_by_key(|(_, (width, _))| **width) else { break };
            widths[place] -= 1;
        }
        widths
    }

    /// The lines of a table of some columns.
    fn draw(&self, columns: &[usize], widths: &[usize], styled: bool) -> Vec<String> {
        let mut drawn = self.draw_row(&self.heads, None, columns, widths);
        for (place, row) in self.rows.iter().enumerate() {
            let styled = styled.then_some(place);
            drawn.extend(self.draw_row(row, styled, columns, widths));
        }
        drawn
    }

    /// The lines of a row; `styled` is the place of a row whose cells have their styles.
    fn draw_row(
        &self,
        texts: &[String],
        styled: Option<usize>,
        columns: &[usize],
        widths: &[usize],
    ) -> Vec<String> {
        let text = |column: usize| texts.get(column).map_or("", String::as_str);
        let cells: Vec<Vec<String>> =
            columns.iter().zip(widths).map(|(&c, &width)| lines(text(c), width, 0)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        let line = |at: usize| {
            let mut line = String::new();
            for ((cell, &column), &width) in cells.iter().zip(columns).zip(widths) {
                let text = cell.get(at).map_or("", String::as_str);
                let pad = " ".repeat(width.saturating_sub(self::columns(text)));
                let text = self.styled(styled, column, text);
                let right = self.figures_right
                    && column > 0
                    && self.table.columns[column].kind != ColumnKind::Text;
                let cell = if right { pad + &text } else { text + &pad };
                line.push_str(&cell);
                line.push_str(&" ".repeat(GAP));
            }
            line.truncate(line.trim_end().len());
            line
        };
        (0..height).map(line).collect()
    }

    /// A part of the text of a cell in the style of the cell.
    fn styled(&self, row: Option<usize>, column: usize, text: &str) -> String {
        let cell = row.and_then(|row| self.table.rows[row].cells.get(column));
        match cell.map(|cell| style::of_cell(cell.kind)) {
            Some(style) if !text.is_empty() => style::styled(text, style),
            _ => text.to_owned(),
        }
    }

    /// Each row as a block: its heads, and a line for each other cell.
    fn blocks(&self, columns: &[usize], width: usize) -> String {
        let (heads, others) = self.heads_and_others(columns);
        let label =
            others.iter().map(|&place| self::columns(&self.heads[place])).max().unwrap_or(0);
        let mut drawn = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            drawn.extend(lines(&self.heading(row, &heads), width, 0));
            for &place in others.iter().filter(|&&place| !row[place].is_empty()) {
                let head = &self.heads[place];
                let pad = label - self::columns(head) + GAP;
                let beside = INDENT + label + GAP + widest_word(&row[place]) <= width;
                let (first, indent) = match beside {
                    true => (format!("{:INDENT$}{head}{:pad$}", "", ""), INDENT + label + GAP),
                    false => (lines(head, width, 0).join("\n") + "\n", 0),
                };
                let text = lines(&row[place], width.saturating_sub(indent), 0);
                let text = text.iter().map(|line| self.styled(Some(at), place, line));
                let text = text.collect::<Vec<_>>().join(&format!("\n{:indent$}", ""));
                drawn.push(first + &text);
            }
        }
        drawn.join("\n")
    }

    /// What a block is about: `connection_limit 10, interval 5m`.
    fn heading(&self, row: &[String], heads: &[usize]) -> String {
        let mut heading = String::new();
        for &place in heads.iter().filter(|&&place| !row[place].is_empty()) {
            let (head, text) = (&self.heads[place], &row[place]);
            heading.push_str(match heading.chars().last() {
                None => "",
                Some(last) if last.is_alphanumeric() => ", ",
                Some(_) => " ",
            });
            match head.is_empty() || heads.len() == 1 {
                true => heading.push_str(text),
                false => heading.push_str(&format!("{head} {text}")),
            }
        }
        heading
    }

    /// The columns of row heads, and the others.
    fn heads_and_others(&self, columns: &[usize]) -> (Vec<usize>, Vec<usize>) {
        let is_head = |place: &usize| self.table.columns[*place].kind == ColumnKind::RowHead;
        columns.iter().copied().partition(is_head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::content::table::{Cell, Column};

    const SEPARATORS: [char; 2] = [' ', '\n'];

    /// A table of `figures` columns of figures, and perhaps a remark.
    fn table(figures: usize, remark: bool) -> Table {
        let heads = [Column::row_head(Cell::label("connection_limit"))];
        let figure = |_| Column::figure("last completion after");
        let mut columns: Vec<Column> = heads.into_iter().chain((0..figures).map(figure)).collect();
        columns.extend(remark.then(|| Column::text("")));
        let mut table = Table::new(columns);
        for row in 0..3 {
            let cells = (0..figures).map(|c| Cell::figure(Some(format!("{row}h {c}m ±10m 31s"))));
            let remark = remark.then(|| Cell::words("smallest seen"));
            table.push(std::iter::once(Cell::name("a limit")).chain(cells).chain(remark));
        }
        table
    }

    #[test]
    fn no_word_is_broken_and_no_figure_is_lost_at_any_width() {
        for (figures, remark) in [(1, false), (1, true), (4, false), (9, false), (9, true)] {
            let table = table(figures, remark);
            let known: Vec<&str> = table
                .rows
                .iter()
                .flat_map(|row| &row.cells)
                .chain(table.columns.iter().map(|column| &column.head))
                .flat_map(|cell| cell.text.split(' '))
                .collect();
            for width in 1..160 {
                let text = render(&table, Some(width));
                let words = || text.split(SEPARATORS).filter(|word| !word.is_empty());
                assert!(words().all(|word| known.contains(&word)), "{width}:\n{text}");
                let all = words().filter(|word| word.starts_with('±')).count();
                assert_eq!(all, 3 * figures, "{width}:\n{text}");
                let too_wide = text.lines().find(|line| columns(line) > usize::from(width));
                assert!(width < 20 || too_wide.is_none(), "{width}:\n{text}");
            }
        }
    }

    #[test]
    fn columns_that_do_not_fit_follow_in_a_further_table_with_the_same_row_heads() {
        let text = render(&table(4, false), Some(50));
        assert_eq!(text.matches("connection_limit").count(), 2, "{text}");
    }

    #[test]
    fn records_that_do_not_fit_become_blocks() {
        let text = render(&table(4, true), Some(50));
        assert!(text.starts_with("a limit\n  last completion after  0h 0m ±10m 31s\n"), "{text}");
    }

    #[test]
    fn a_verdict_has_a_colour_in_a_terminal_only() {
        let mut table = Table::new([Column::text("verdict")]);
        table.push([Cell::verdict(crate::results::ThresholdVerdict::Fail)]);
        assert!(render(&table, Some(80)).contains("\u{1b}[31mFAIL\u{1b}[0m"));
        assert_eq!(render(&table, None), "verdict\nFAIL");
    }
}
