//! Traces: columns of CSV files.

use std::sync::Arc;

use crate::value::Span;

/// A column from a CSV file: of times, or of sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace<R = Span> {
    /// The file as the scenario names it.
    pub file: String,
    /// The column's name.
    pub column: String,
    /// The word for what separates its columns, where the scenario names it.
    pub separator: Option<&'static str>,
    /// The instant from which its instants count, as the scenario writes it (arrivals only).
    pub origin: Option<String>,
    /// Whether the rows must be in order of time (arrivals only).
    pub sorted: Option<bool>,
    /// The cells, one per row.
    pub rows: Arc<[R]>,
}

/// The rows of a trace in which row i is client i.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientRows<'t> {
    /// The file as the scenario names it.
    pub file: &'t str,
    /// The column's name.
    pub column: &'t str,
    /// How many rows there are.
    pub number: usize,
}

impl<R> Trace<R> {
    /// Its rows, if row i is client i.
    pub(super) fn client_rows(&self) -> ClientRows<'_> {
        ClientRows { file: &self.file, column: &self.column, number: self.rows.len() }
    }
}
