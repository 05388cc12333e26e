//! Cells with sizes.

use super::cell_error::CellError;
use super::column::Column;
use super::unit::{Stated, of_sizes};
use crate::diagnostic::quoted;
use crate::model::Size;
use crate::value::{Inexact, Number, Unit};

const HELP: &str = "a size is a whole number of bytes, or a number with a unit, such as `40 MB`; `0`, \
                    `-` and an empty cell are no bytes";

/// The sizes of a column; `None` if any cell is wrong, which is reported.
pub fn read(column: &Column<'_>) -> Option<Vec<Size>> {
    let stated = of_sizes(column.name.unwrap_or_default());
    column.read(HELP, |cell| size(cell, &stated))
}

fn size(cell: &str, stated: &Stated<&'static str>) -> Result<Size, CellError> {
    // What logs write where nothing was transferred. No transfer has less than one byte.
    let least = || Ok(Size::from_bytes_f64(0.0));
    if matches!(cell, "" | "-") {
        return least();
    }
    let digits =
        cell.len() - cell.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (number, unit) = (Number::parse(&cell[..digits]), cell[digits..].trim());
    let is_size = Unit::named(unit).is_some_and(|unit| !unit.is_rate());
    if number.is_some_and(|number| number.to_f64() == 0.0) && (unit.is_empty() || is_size) {
        return least();
    }
    match (number.filter(|_| unit.is_empty()), stated) {
        (Some(_), Stated::Unclear(what)) => Err(CellError::with_help(
            format!("{} has no certain unit: the name of its column has {what}", quoted(cell)),
            "end the name with a unit, such as `_MB` or `_MiB`, or write the units: `40 MB`",
        )),
        (Some(number), stated) => {
            let unit = match stated {
                Stated::Unit(unit) => *unit,
                _ => "B",
            };
            match number.times(Unit::named(unit).map_or(1, Unit::factor)) {
                Ok(bytes) if bytes <= Size::MAX.as_bytes() => Ok(Size::from_bytes(bytes)),
                Err(Inexact::NotWhole) => {
                    Err(CellError::new(format!("{} is not a whole number of bytes", quoted(cell))))
                }
                _ => Err(CellError::new(format!("{} is larger than {}", quoted(cell), Size::MAX))),
            }
        }
        (None, _) if has_comma(cell) => Err(comma(cell)),
        (None, _) => cell.parse().map_err(|error: crate::value::ValueError| {
            CellError::new(format!("{} is not a size: {}", quoted(cell), error.message))
        }),
    }
}

/// Whether a cell is a number with a comma, between thousands or before decimals.
pub fn has_comma(cell: &str) -> bool {
    let number = cell.strip_prefix('-').unwrap_or(cell);
    let is_number = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let begins = number.starts_with(|c: char| c.is_ascii_digit());
    begins && number.contains(',') && number.chars().take_while(|c| *c != ' ').all(is_number)
}

/// The error about a number with a comma.
pub fn comma(cell: &str) -> CellError {
    CellError::with_help(
        format!("{} has a comma, which may be before decimals or between thousands", quoted(cell)),
        "write decimals after a point, such as `1.5`, and nothing between thousands",
    )
}
