//! Rows and cells of a text in which a character separates the cells of a line, as RFC 4180 describes it.
//!
//! A cell that begins with a quote ends with one: separators and line breaks between them belong to it,
//! and two quotes stand for one. In another cell a quote is an ordinary character. Blanks around a cell
//! do not count. Lines without any value are not rows.

use std::borrow::Cow;
use std::ops::Range;

/// A row: its cells, and where they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The cells, as they are written, without the blanks around them.
    pub cells: Vec<Range<usize>>,
}

/// Why a row cannot be divided into cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The quote at this place is never closed. No row follows.
    Unclosed(Range<usize>),
    /// Text follows the closing quote of a cell.
    AfterQuote {
        /// The text.
        text: Range<usize>,
        /// The cell, with its quotes.
        cell: Range<usize>,
    },
}

/// The rows of a text from the byte `start` on.
pub fn rows(text: &str, start: usize, separator: char) -> Rows<'_> {
    Rows { text, at: start, separator }
}

/// The text of a cell, without its quotes and the blanks around it.
pub fn cell_text<'t>(text: &'t str, cell: &Range<usize>) -> Cow<'t, str> {
    let raw = &text[cell.clone()];
    let inner = raw.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    match inner {
        Some(inner) if inner.contains('"') => Cow::Owned(inner.replace("\"\"", "\"").trim().into()),
        Some(inner) => Cow::Borrowed(inner.trim()),
        None => Cow::Borrowed(raw),
    }
}

/// See [`rows`].
pub struct Rows<'t> {
    text: &'t str,
    /// Where the next row begins.
    at: usize,
    separator: char,
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.text.len() {
            match self.row() {
                Ok(row) if self.is_without_value(&row) => {}
                row => return Some(row),
            }
        }
        None
    }
}

impl Rows<'_> {
    /// Where the text continues after the rows so far.
    pub fn position(&self) -> usize {
        self.at
    }

    fn is_without_value(&self, row: &Row) -> bool {
        row.cells.iter().all(|cell| cell_text(self.text, cell).is_empty())
    }

    fn row(&mut self) -> Result<Row, Fault> {
        let mut cells = Vec::new();
        loop {
            let cell = self.cell()?;
            cells.push(cell);
            let rest = &self.text[self.at..];
            if let Some(after) = rest.strip_prefix(self.separator) {
                self.at = self.text.len() - after.len();
                continue;
            }
            self.end_line();
            return Ok(Row { cells });
        }
    }

    /// The cell at the current place, which is then at the separator or the line break behind it.
    fn cell(&mut self) -> Result<Range<usize>, Fault> {
        self.skip_blanks();
        let start = self.at;
        if !self.text[start..].starts_with('"') {
            self.at = self.end_of_cell();
            let length = self.text[start..self.at].trim_end().len();
            return Ok(start..start + length);
        }
        let Some(end) = self.closing_quote(start + 1) else {
            self.at = self.text.len();
            return Err(Fault::Unclosed(start..start + 1));
        };
        self.at = end;
        self.skip_blanks();
        let after = self.end_of_cell();
        if after > self.at {
            let text = self.at..self.at + self.text[self.at..after].trim_end().len();
            self.at = self.end_of_line();
            self.end_line();
            return Err(Fault::AfterQuote { text, cell: start..end });
        }
        Ok(start..end)
    }

    /// The end of the quoted cell whose content begins at `from`; a quote after a quote is part of it.
    fn closing_quote(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at += self.text[at..].find('"')? + 1;
            match self.text[at..].starts_with('"') {
                true => at += 1,
                false => return Some(at),
            }
        }
    }

    fn skip_blanks(&mut self) {
        let is_blank = |c: char| (c == ' ' || c == '\t') && c != self.separator;
        self.at = self.text.len() - self.text[self.at..].trim_start_matches(is_blank).len();
    }

    fn end_of_cell(&self) -> usize {
        let ends = |c: char| c == self.separator || c == '\n' || c == '\r';
        self.text[self.at..].find(ends).map_or(self.text.len(), |length| self.at + length)
    }

    fn end_of_line(&self) -> usize {
        let length = self.text[self.at..].find(['\n', '\r']);
        length.map_or(self.text.len(), |length| self.at + length)
    }

    /// Goes to the beginning of the next line.
    fn end_line(&mut self) {
        let rest = &self.text[self.at..];
        let after = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']));
        self.at = self.text.len() - after.unwrap_or(rest).len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, separator: char) -> Vec<Result<Vec<String>, Fault>> {
        let cells = |row: Row| {
            row.cells.iter().map(|cell| cell_text(text, cell).into_owned()).collect::<Vec<_>>()
        };
        rows(text, 0, separator).map(|row| row.map(cells)).collect()
    }

    #[track_caller]
    fn assert_reads(text: &str, separator: char, rows: &[&[&str]]) {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| Ok(row.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect();
        assert_eq!(read(text, separator), rows, "{text:?}");
    }

    #[test]
    fn quotes_belong_to_a_cell_that_begins_with_one() {
        assert_reads("a,b\n1,\"x,\"\"y\"\"\nz\"\n", ',', &[&["a", "b"], &["1", "x,\"y\"\nz"]]);
        assert_reads("1,3.5\" disk\n2, \"x\" ,\n", ',', &[&["1", "3.5\" disk"], &["2", "x", ""]]);
    }

    #[test]
    fn every_line_break_ends_a_row_and_lines_without_a_value_are_none() {
        assert_reads("a\r\nb\rc\n\n,,\n \t\nd", ',', &[&["a"], &["b"], &["c"], &["d"]]);
        assert_reads("a\t\t b\n", '\t', &[&["a", "", "b"]]);
        assert_reads("", ',', &[]);
    }

    #[test]
    fn a_quote_that_is_not_closed_and_text_after_one_are_faults() {
        assert_eq!(read("x\n\"a,1\nb,2\n", ',')[1], Err(Fault::Unclosed(2..3)));
        let after = read("\"a\"b,1\nc,2\n", ',');
        assert_eq!(after[0], Err(Fault::AfterQuote { text: 3..4, cell: 0..3 }));
        assert_eq!(after[1], Ok(vec!["c".to_owned(), "2".to_owned()]));
    }

    #[test]
    fn no_text_makes_it_panic_or_loop() {
        let pieces = ["\"", "\"\"", ",", ";", "\n", "\r\n", "\r", " ", "\t", "ü", "a", "1"];
        let mut state: u64 = 88_172_645_463_325_252;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..state % 12 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                text.push_str(pieces[(state % pieces.len() as u64) as usize]);
            }
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            for separator in [',', '\t'] {
                assert!(read(&text, separator).len() <= text.len(), "{text:?}");
            }
        }
    }
}
