//! The header of a file: the names of its columns.

use std::ops::Range;

use super::clock::iso_duration;
use super::instant::instant;
use super::separated::{cell_text, rows};
use crate::diagnostic::{Diagnostic, Location, SourceId, did_you_mean, quoted, quoted_list};
use crate::scenario::form::Field;

/// The first row of a file.
pub struct Header {
    /// The names of the columns; none if the first row is data already.
    pub names: Vec<String>,
    /// The number of columns.
    pub columns: usize,
    /// Where the rows of data begin.
    pub data: usize,
    cells: Vec<Range<usize>>,
}

impl Header {
    /// The header of a text whose first row is at the byte `start` or later.
    pub fn of(text: &str, start: usize, separator: char) -> Header {
        let mut rows = rows(text, start, separator);
        // A broken row is reported with the other ones.
        let cells = rows.next().and_then(Result::ok).map(|row| row.cells).unwrap_or_default();
        let names: Vec<_> = cells.iter().map(|cell| cell_text(text, cell).into_owned()).collect();
        let present = names.iter().any(|name| !is_data(name));
        Header {
            columns: cells.len(),
            data: if present { rows.position() } else { start },
            names: if present { names } else { Vec::new() },
            cells,
        }
    }

    /// Whether the first row names columns.
    pub fn is_present(&self) -> bool {
        !self.names.is_empty()
    }

    /// The place of the column that `column` names, or of the only one; `None` if there is no such column,
    /// which is reported.
    pub fn find(&self, column: Option<Field<'_>>, file: Field<'_>) -> Option<usize> {
        let list = || quoted_list(self.names.iter().map(String::as_str));
        let Some(column) = column else {
            if self.columns > 1 {
                let error = "the file has several columns, but `column` is missing";
                return file.refuse(error, match self.is_present() {
                    true => format!("add `column = ...` with one of {}", list()),
                    false => {
                        "add a first line with the names of the columns, and `column = ...` here".into()
                    }
                });
            }
            return Some(0);
        };
        let name = column.string()?;
        if let Some(index) = self.names.iter().position(|known| known == name) {
            return Some(index);
        }
        let mut error = Diagnostic::error(format!("the file has no column {}", quoted(name)));
        error = match did_you_mean(name, self.names.iter().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean {}?", quoted(near))),
            None if self.is_present() => error.help(format!("its columns are: {}", list())),
            None => error
                .help("its first line is data: add a line with the names of the columns above it"),
        };
        if self.columns == 1 {
            error = error.note("`,`, `;`, `|` or a tab separates the columns of a file");
        }
        column.reject(error)
    }

    /// Checks that no other column has the name of column `index`; `None` if one has, which is reported.
    pub fn check_name(&self, index: usize, source: SourceId, file: Field<'_>) -> Option<()> {
        let Some(name) = self.names.get(index) else { return Some(()) };
        let second = self.names.iter().skip(index + 1).position(|other| other == name);
        let Some(second) = second.map(|place| index + 1 + place) else { return Some(()) };
        let error = Diagnostic::error(format!("two columns have the name {}", quoted(name)));
        let error = error.at(Location::new(source, self.cells[second].clone()));
        let label = format!("the same as column {}", index + 1);
        file.reject(error.label(label).help("give one of them another name"))
    }
}

/// Whether the text of a file of one column, whose rows begin at the byte `start`, is a table for people: its
/// columns have a fixed width, or a line of dashes is below its names.
pub fn is_for_people(text: &str, start: usize) -> bool {
    let mut lines = text[start..].lines();
    let names = lines.next().unwrap_or_default().trim();
    let rule = lines.next().unwrap_or_default();
    let is_rule = rule.trim().len() >= 3
        && rule.chars().all(|c| matches!(c, '-' | '=' | '+' | ' ' | '\t' | '\u{2500}'));
    let gaps = names.split("  ").filter(|part| !part.trim().is_empty()).count();
    is_rule || gaps > 2
}

/// Whether a cell of the first row is data rather than a name. A name hardly begins like a number, and a wrong
/// number must not pass for a name.
fn is_data(cell: &str) -> bool {
    let number = cell.trim_start_matches(['+', '-', '.', '[']);
    number.starts_with(|c: char| c.is_ascii_digit())
        || matches!(cell, "" | "-")
        || instant(cell).is_some()
        || iso_duration(cell).is_some()
}
