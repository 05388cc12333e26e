//! Traces: columns of times and sizes from files of values, as spreadsheets, logs and accounting tools
//! write them.
//!
//! A value is understood or refused, never guessed. [`separated`] finds rows and cells, [`header`] the
//! columns, [`unit`] what their names state; [`times`], [`sizes`] and [`counts`] read the cells of one column.

mod cell_error;
mod clock;
mod column;
mod counts;
mod decimal;
mod files;
mod header;
mod instant;
mod separated;
mod separator;
mod sizes;
mod stream;
#[cfg(test)]
mod tests;
mod time_words;
mod times;
mod unit;

pub use files::{ColumnKeys, Rows, Traces};
pub use separator::SEPARATORS;
pub use stream::CellTimes;
pub use times::origin;
