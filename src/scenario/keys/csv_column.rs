//! A column of a CSV file: what traces of arrivals, transfers and sizes have in common.

use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::super::form::Field;
use super::super::form::{Entry, Fields, TableShape, boolean, optional, required, text};
use super::super::trace::{Cell, Traces};
use crate::model::Trace;

/// The keys `file` and `column`; `example` is a file in TOML. The rows are read by [`with_rows`],
/// for whether they must be in order depends on other tables.
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

    fn file(&self) -> impl Entry<Value = String> {
        required(self.example, text())
    }

    fn column() -> impl Entry<Value = Option<String>> {
        optional("the only one", text())
    }

    fn sorted() -> impl Entry<Value = Option<bool>> {
        optional("true, unless the same file gives the transfers", boolean())
    }
}

impl<R> Entry for CsvColumn<R> {
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
        self.file().describe("file", "A CSV file with a header, beside the scenario.", table);
        Self::column().describe("column", "Its column.", table);
        if self.is_ordered {
            let meaning = "Whether times have to ascend.";
            Self::sorted().describe("sorted", meaning, table);
        }
    }
}

/// The trace that the table `field` names, with its rows; arrivals say whether they are `sorted`.
pub fn with_rows<R: Cell>(
    field: Field<'_>,
    sorted: Option<bool>,
    traces: &Traces,
) -> Option<Trace<R>> {
    traces.read(field.get("file")?, field.get("column"), sorted)
}
