//! The keys that name a column of a CSV file: traces of arrivals, transfers and sizes have them.

use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::super::form::Field;
use super::super::form::{
    Fields, Form, KeyEntry, TableShape, boolean, checked, described, optional, required, text,
    words,
};
use super::super::trace::{ColumnKeys, Rows, SEPARATORS, Traces, origin};
use crate::diagnostic::quoted;
use crate::model::Trace;

/// The keys `file`, `column` and `separator`; `example` is a file in TOML. [`with_rows`] reads the
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
    /// The same with the keys `sorted` and `origin`.
    pub fn ordered(self) -> Self {
        CsvColumn { is_ordered: true, ..self }
    }

    fn file(&self) -> impl KeyEntry<Value = String> {
        required(self.example, text())
    }

    fn column() -> impl KeyEntry<Value = Option<String>> {
        optional("the only column", text())
    }

    fn separator() -> impl KeyEntry<Value = Option<&'static str>> {
        let words = words(SEPARATORS.map(|(word, _)| (word, word)).to_vec());
        optional("the one of its first line", words)
    }

    fn sorted() -> impl KeyEntry<Value = Option<bool>> {
        optional("true, unless the same file has the transfers", boolean())
    }

    fn origin() -> impl KeyEntry<Value = Option<String>> {
        optional("the earliest instant of the column", an_instant())
    }
}

/// An instant, as it is written.
fn an_instant() -> impl Form<Value = String> {
    let instant = checked(
        text(),
        |text, field| match origin(&text) {
            Some(_) => Some(text),
            None => {
                let error = format!("{} is not an instant", quoted(&text));
                let help = "write for example `\"2023-11-16T18:00:00Z\"`, or seconds since 1970";
                field.refuse(error, help)
            }
        },
        Clone::clone,
    );
    described(instant, || json!({ "examples": ["2023-11-16T18:00:00Z", "1700157600"] }))
}

impl<R> KeyEntry for CsvColumn<R> {
    type Value = Trace<R>;

    fn read(&self, fields: &mut Fields<'_>, _: &'static str) -> Option<Trace<R>> {
        let file = self.file().read(fields, "file");
        let column = Self::column().read(fields, "column");
        let separator = Self::separator().read(fields, "separator");
        let sorted = match self.is_ordered {
            true => Self::sorted().read(fields, "sorted"),
            false => Some(None),
        };
        let origin = match self.is_ordered {
            true => Self::origin().read(fields, "origin"),
            false => Some(None),
        };
        let column = column?.unwrap_or_default();
        let (separator, origin) = (separator?, origin?);
        Some(Trace { file: file?, column, separator, origin, sorted: sorted?, rows: Arc::new([]) })
    }

    fn write(&self, trace: &Trace<R>, _: &'static str, into: &mut Map<String, Json>) {
        self.file().write(&trace.file, "file", into);
        // The only column of a file need not have a name.
        let column = Some(trace.column.clone()).filter(|name| !name.is_empty());
        Self::column().write(&column, "column", into);
        Self::separator().write(&trace.separator, "separator", into);
        Self::sorted().write(&trace.sorted, "sorted", into);
        Self::origin().write(&trace.origin, "origin", into);
    }

    fn describe(&self, _: &'static str, _: &str, table: &mut TableShape) {
        self.file().describe(
            "file",
            "The CSV file; its path is relative to the directory of the scenario file.",
            table,
        );
        Self::column().describe("column", "The name of the column.", table);
        let meaning = "The character that separates the columns.";
        Self::separator().describe("separator", meaning, table);
        if self.is_ordered {
            let meaning = "Whether the times must be in ascending order.";
            Self::sorted().describe("sorted", meaning, table);
            let meaning = "The instant of the start of the simulation, for a column of instants.";
            Self::origin().describe("origin", meaning, table);
        }
    }
}

/// The trace `named`, whose table is `field`, with the rows of its file; for arrivals, `sorted` is whether
/// they must be in order of time.
pub fn with_rows<R: Rows>(
    field: Field<'_>,
    sorted: Option<bool>,
    traces: &Traces,
    named: &Trace<R>,
) -> Option<Trace<R>> {
    let keys = ColumnKeys {
        file: field.get("file")?,
        column: field.get("column"),
        separator: field.get("separator"),
        origin: field.get("origin"),
        sorted,
    };
    traces.read(keys, named.clone())
}
