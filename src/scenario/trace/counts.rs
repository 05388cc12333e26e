//! Cells with numbers of clients.

use super::cell_error::CellError;
use super::column::Column;
use super::sizes::{comma, has_comma};
use crate::diagnostic::quoted;

const HELP: &str =
    "a number of clients is a whole number; `0`, `-` and an empty cell are no clients";

/// The greatest number in one cell: no simulation has more clients.
const MOST: u64 = u32::MAX as u64;

/// The numbers of a column; `None` if any cell is wrong, which is reported.
pub fn read(column: &Column<'_>) -> Option<Vec<u64>> {
    column.read(HELP, count)
}

fn count(cell: &str) -> Result<u64, CellError> {
    if matches!(cell, "" | "-") {
        return Ok(0);
    }
    if has_comma(cell) {
        return Err(comma(cell));
    }
    // Spreadsheets write whole numbers as `60.0`.
    let whole = cell.split_once('.').filter(|(_, rest)| rest.bytes().all(|digit| digit == b'0'));
    match whole.map_or(cell, |(whole, _)| whole).parse() {
        Ok(count) if count <= MOST => Ok(count),
        Ok(_) => Err(CellError::new(format!("{} is more than {MOST}", quoted(cell)))),
        Err(_) => Err(CellError::new(format!("{} is not a whole number", quoted(cell)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_are_counts() {
        for (cell, number) in [("60", 60), ("60.0", 60), ("", 0), ("-", 0), ("0", 0)] {
            assert_eq!(count(cell).ok(), Some(number), "{cell}");
        }
        for cell in ["1.5", "1,000", "many", "-3", "99999999999", "10/s"] {
            assert!(count(cell).is_err(), "{cell}");
        }
    }
}
