//! One column of a file, cell by cell.

use std::ops::Range;

use super::cell_error::CellError;
use super::separated::{Row, cell_text, rows};
use crate::diagnostic::{Diagnostic, Location, SourceId, quoted};
use crate::scenario::form::Field;

/// The number of wrong rows of one file after which its other rows are not checked.
pub const MAX_WRONG_ROWS: usize = 5;

/// One column of a file, in whose rows no cell is missing.
pub struct Column<'a> {
    /// The text of the file.
    pub text: &'a str,
    /// Where the text is among those that messages point into.
    pub source: SourceId,
    /// Where the rows begin, behind the header.
    pub start: usize,
    /// What separates the cells of a row.
    pub separator: char,
    /// The place of the column, from 0.
    pub index: usize,
    /// Its name, if the file has a header.
    pub name: Option<&'a str>,
    /// The value of the key `file`, where errors of the whole file are reported.
    pub file: Field<'a>,
    /// The value of the key `origin`.
    pub origin: Option<Field<'a>>,
}

impl<'a> Column<'a> {
    /// All cells, each read by `read`. `help` is for errors that have no advice of their own. `None` if any
    /// is wrong, which is reported, or if there is none.
    pub fn read<T>(
        &self,
        help: &str,
        mut read: impl FnMut(&str) -> Result<T, CellError>,
    ) -> Option<Vec<T>> {
        let mut values = Vec::new();
        let mut wrong = 0;
        for cell in self.cells() {
            match read(&cell_text(self.text, &cell)) {
                Ok(value) => values.push(value),
                Err(error) => {
                    let help = error.help.clone().unwrap_or_else(|| help.to_owned());
                    wrong += 1;
                    self.reject(cell, CellError::with_help(error.message, help), wrong);
                }
            }
            if wrong == MAX_WRONG_ROWS {
                break;
            }
        }
        if wrong > 0 {
            return None;
        }
        if values.is_empty() {
            let error = "the trace is empty: its file has no rows";
            return self.file.refuse(error, "row i is client i: write one row per client");
        }
        Some(values)
    }

    /// Reports an error of row `row`, counted from 0.
    pub fn reject_row<T>(&self, row: usize, error: CellError) -> Option<T> {
        let cell = self.cells().nth(row)?;
        let mut diagnostic = Diagnostic::error(error.message).at(Location::new(self.source, cell));
        diagnostic.helps.extend(error.help);
        self.file.reject(diagnostic)
    }

    fn reject(&self, cell: Range<usize>, error: CellError, wrong: usize) {
        let name = quoted(self.name.unwrap_or("the column"));
        let diagnostic = Diagnostic::error(format!("{name}: {}", error.message));
        let mut diagnostic = diagnostic.at(Location::new(self.source, cell));
        diagnostic.helps.extend(error.help);
        if wrong == MAX_WRONG_ROWS {
            diagnostic = diagnostic.note("the rows below are not checked");
        }
        self.file.reject::<()>(diagnostic);
    }

    fn cells(&self) -> impl Iterator<Item = Range<usize>> {
        let rows = rows(self.text, self.start, self.separator);
        let cell = |row: Row| row.cells.into_iter().nth(self.index);
        rows.filter_map(move |row| cell(row.ok()?))
    }
}
