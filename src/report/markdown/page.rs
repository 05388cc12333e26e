//! A page of Markdown that never grows beyond what its reader takes, and says what it left out.

use super::super::names::markdown as escaped;

/// GitHub refuses a step summary of more than 1 MiB; this leaves room for what else a step says.
const MOST_BYTES: usize = 900 << 10;

/// Kept free for the notes on what was left out, and the page's end.
const RESERVE: usize = 8 << 10;

/// The most columns of a table.
const MOST_COLUMNS: usize = 40;

/// A page that is being written.
pub struct Page {
    text: String,
}

impl Page {
    /// A page with a heading.
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

    /// Adds a table under a heading of its own: cells are texts, which mean nothing but themselves.
    /// The first `texts` columns are aligned to the left, the others to the right.
    pub fn table(
        &mut self,
        heading: &str,
        header: &[String],
        texts: usize,
        rows: impl ExactSizeIterator<Item = Vec<String>>,
    ) {
        let columns = header.len().min(MOST_COLUMNS);
        let line = |cells: &[String]| {
            let cells = cells.iter().take(columns).map(|cell| escaped(cell));
            format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
        };
        let rule: String =
            (0..columns).map(|column| if column < texts { "|---" } else { "|--:" }).collect();
        let start = format!("\n### {}\n\n{}{rule}|\n", escaped(heading), line(header));
        let all = rows.len();
        let mut shown = 0;
        if self.fits(start.len()) {
            self.text.push_str(&start);
            for mut row in rows {
                row.resize(header.len(), String::new());
                let row = line(&row);
                if !self.fits(row.len()) {
                    break;
                }
                self.text.push_str(&row);
                shown += 1;
            }
        }
        self.left_out(all - shown, "row", all);
        self.left_out(header.len() - columns, "column", header.len());
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

    /// Says that something is missing here, if it is.
    fn left_out(&mut self, number: usize, what: &str, of: usize) {
        let note = format!(
            "\n*{number} of {of} {what}s are left out here, for the page would be too long: see the \
             other formats.*\n"
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
