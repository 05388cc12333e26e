//! The keys that name a column of a CSV file: traces of arrivals, transfers and sizes have them.

use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::super::form::Field;
use super::super::form::{Fields, KeyEntry, TableShape, boolean, optional, required, text};
use super::super::trace::{Cell, Traces};
use crate::model::Trace;

/// The keys `file` and `column`; `example` is a file in TOML. [`with_rows`] reads the
/// rows, because other tables decide whether the rows must be in order.
pub fn csv_column<R>(example: &'static str) -> CsvColumn<R> {
    CsvColumn { example, is_ordered: false, rows: PhantomData }
}

/// See [`csv_column`].
pub struct CsvColumn<R> {
    example: &'static str,
    is_ordered: bool,
    rows: PhantomData<R>,
}

impl<R> CsvColumn<R> {
    /// The same with the key `sorted`.
    pub fn ordered(self) -> Self {
        CsvColumn { is_ordered: true, ..self }
    }

    fn file(&self) -> impl KeyEntry<Value = String> {
        required(self.example, text())
    }

    fn column() -> impl KeyEntry<Value = Option<String>> {
        optional("the only column", text())
    }

    fn sorted() -> impl KeyEntry<Value = Option<bool>> {
        optional("true, unless the same file has the transfers", boolean())
    }
}

impl<R> KeyEntry for CsvColumn<R> {
    type Value = Trace<R>;

    fn read(&self, fields: &mut Fields<'_>, _: &'static str) -> Option<Trace<R>> {
        let file = self.file().read(fields, "file");
        let column = Self::column().read(fields, "column");
        let sorted = match self.is_ordered {
            true => Self::sorted().read(fields, "sorted"),
            false => Some(None),
        };
        let column = column?.unwrap_or_default();
        Some(Trace { file: file?, column, sorted: sorted?, rows: Arc::new([]) })
    }

    fn write(&self, trace: &Trace<R>, _: &'static str, into: &mut Map<String, Json>) {
        self.file().write(&trace.file, "file", into);
        // The only column of a file need not have a name.
        let column = Some(trace.column.clone()).filter(|name| !name.is_empty());
        Self::column().write(&column, "column", into);
        Self::sorted().write(&trace.sorted, "sorted", into);
    }

    fn describe(&self, _: &'static str, _: &str, table: &mut TableShape) {
        self.file().describe(
            "file",
            "The CSV file; its path is relative to the directory of the scenario file.",
            table,
        );
        Self::column().describe("column", "The name of the column.", table);
        if self.is_ordered {
            let meaning = "Whether the times must be in ascending order.";
            Self::sorted().describe("sorted", meaning, table);
        }
    }
}

/// The trace that the table `field` names, with its rows; for arrivals, `sorted` is whether they must be
/// in order of time.
pub fn with_rows<R: Cell>(
    field: Field<'_>,
    sorted: Option<bool>,
    traces: &Traces,
) -> Option<Trace<R>> {
    traces.read(field.get("file")?, field.get("column"), sorted)
}
