//! A page of Markdown that stays below the limit of its reader, and reports what it left out.

use crate::report::content::table::{Cell, CellKind, ColumnKind, Table};
use crate::report::names::markdown as escaped;
use crate::results::ThresholdVerdict;

/// GitHub refuses a comment of more than 65,536 characters, and a step summary of more than 1 MiB, in which
/// there is room for several such pages.
const MOST_BYTES: usize = 65_000;

/// Kept free for the notes on what was left out, and the page's end.
const RESERVE: usize = 4 << 10;

/// The most columns of a table.
const MOST_COLUMNS: usize = 40;

/// A page that is being written.
pub struct Page {
    text: String,
}

impl Page {
    pub fn new(heading: &str) -> Page {
        Page { text: format!("## {}\n", escaped(heading)) }
    }

    /// Adds a paragraph, already Markdown, if it fits.
    pub fn paragraph(&mut self, markdown: &str) {
        if self.fits(markdown.len() + 2) {
            self.text.push('\n');
            self.text.push_str(markdown);
            self.text.push('\n');
        }
    }

    /// Adds a table under a heading; the texts of its cells are escaped.
    pub fn table(&mut self, heading: &str, table: &Table) {
        let columns = &table.columns[..table.columns.len().min(MOST_COLUMNS)];
        let line = |cells: &mut dyn Iterator<Item = &Cell>| {
            let cells = cells.take(columns.len()).map(|cell| escaped(&text(cell)));
            format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
        };
        let rule = columns.iter().map(|column| match column.kind {
            ColumnKind::RowHead | ColumnKind::Text => "|---",
            ColumnKind::Figure => "|--:",
        });
        let header = line(&mut columns.iter().map(|column| &column.head));
        let start =
            format!("\n### {}\n\n{header}{}|\n", escaped(heading), rule.collect::<String>());
        let mut shown = 0;
        // Half of what is left: what comes after needs room, too.
        let left = MOST_BYTES.saturating_sub(RESERVE + self.text.len());
        let end = self.text.len() + left / 2;
        if self.fits(start.len()) {
            self.text.push_str(&start);
            for row in &table.rows {
                let row = line(&mut row.cells.iter());
                if self.text.len() + row.len() > end {
                    break;
                }
                self.text.push_str(&row);
                shown += 1;
            }
        }
        self.left_out(table.rows.len() - shown, "row", table.rows.len());
        self.left_out(table.columns.len() - columns.len(), "column", table.columns.len());
    }

    /// Adds a list of texts.
    pub fn list(&mut self, items: impl ExactSizeIterator<Item = String>) {
        let (all, mut shown) = (items.len(), 0);
        self.text.push('\n');
        for item in items {
            let item = format!("- {item}\n");
            if !self.fits(item.len()) {
                break;
            }
            self.text.push_str(&item);
            shown += 1;
        }
        self.left_out(all - shown, "line", all);
    }

    /// Notes how much is left out, if anything is.
    fn left_out(&mut self, number: usize, what: &str, of: usize) {
        let note = format!(
            "\n*{number} of {of} {what}s are left out, because the page would be too long: see the other \
             formats.*\n"
        );
        if number > 0 && self.text.len() + note.len() < MOST_BYTES {
            self.text.push_str(&note);
        }
    }

    /// The page with its last line, already Markdown.
    pub fn finish(mut self, last: &str) -> String {
        if self.text.len() + last.len() + 2 < MOST_BYTES {
            self.text.push('\n');
            self.text.push_str(last);
            self.text.push('\n');
        }
        self.text
    }

    fn fits(&self, bytes: usize) -> bool {
        self.text.len() + bytes + RESERVE < MOST_BYTES
    }
}

/// The text of a cell; a verdict on a threshold has a sign.
fn text(cell: &Cell) -> String {
    let sign = match cell.kind {
        CellKind::Verdict(ThresholdVerdict::Pass) => "✅",
        CellKind::Verdict(ThresholdVerdict::Fail) => "❌",
        CellKind::Verdict(ThresholdVerdict::Inconclusive) => "❔",
        _ => return cell.text.clone(),
    };
    format!("{sign} {}", cell.text.to_lowercase())
}

/// A sentence of a report with names in it, which may be longer than a name.
pub fn sentence(text: &str) -> String {
    const LONGEST: usize = 4000;
    let mut rest: &str = match text.char_indices().nth(LONGEST) {
        Some((end, _)) => &text[..end],
        None => text,
    };
    // Words are escaped one by one, so that the sentence is not cut like a long name.
    let mut escaped_words = String::new();
    while let Some((word, after)) = rest.split_once(' ') {
        escaped_words.push_str(&escaped(word));
        escaped_words.push(' ');
        rest = after;
    }
    escaped_words + &escaped(rest)
}
