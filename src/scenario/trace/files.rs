//! The files of traces: each is read once, and its text is kept for messages.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cell_error::CellError;
use super::column::{Column, MAX_WRONG_ROWS};
use super::header::{Header, is_for_people};
use super::separated::{Fault, Row, rows};
use super::separator::{SEPARATORS, declared, detect};
use super::times::{Meaning, origin};
use super::{counts, sizes, times};
use crate::diagnostic::{Diagnostic, Location, SourceId, Sources, quoted, quoted_list};
use crate::limited;
use crate::model::{Size, Span, Trace};
use crate::scenario::check::available::most_of_a_file;
use crate::scenario::form::Field;
use crate::scenario::problems::plain;

/// How much more than its text takes a file in memory, its text included.
const IN_MEMORY: u64 = 4;

/// The columns that were read, by file, separator, position and what they are for.
type Columns<R> = RefCell<HashMap<(SourceId, char, usize, Meaning), Option<Arc<[R]>>>>;

/// A file that was read: its place among the texts of messages, and its text.
type Opened = (SourceId, Arc<str>);

/// A kind of value that the cells of a column may hold.
pub trait Rows: Copy + PartialOrd {
    /// Reads the cells of a column; `None` if any is wrong, which is reported.
    fn read(column: &Column<'_>, meaning: Meaning) -> Option<Vec<Self>>;

    /// The columns of this kind that were read.
    fn columns(traces: &Traces) -> &Columns<Self>;
}

impl Rows for Span {
    fn read(column: &Column<'_>, meaning: Meaning) -> Option<Vec<Span>> {
        times::read(column, meaning)
    }

    fn columns(traces: &Traces) -> &Columns<Span> {
        &traces.times
    }
}

impl Rows for Size {
    fn read(column: &Column<'_>, _: Meaning) -> Option<Vec<Size>> {
        sizes::read(column)
    }

    fn columns(traces: &Traces) -> &Columns<Size> {
        &traces.sizes
    }
}

impl Rows for u64 {
    fn read(column: &Column<'_>, _: Meaning) -> Option<Vec<u64>> {
        counts::read(column)
    }

    fn columns(traces: &Traces) -> &Columns<u64> {
        &traces.counts
    }
}

/// The keys of a table that name a column.
#[derive(Clone, Copy)]
pub struct ColumnKeys<'a> {
    /// The value of `file`.
    pub file: Field<'a>,
    /// The value of `column`.
    pub column: Option<Field<'a>>,
    /// The value of `separator`.
    pub separator: Option<Field<'a>>,
    /// The value of `origin`.
    pub origin: Option<Field<'a>>,
    /// For arrivals, whether they must be in order of time.
    pub sorted: Option<bool>,
}

/// Reads each file once, and keeps the texts that messages quote.
pub struct Traces {
    /// The directory of the files; `None` if they are not to be read.
    directory: Option<PathBuf>,
    sources: RefCell<Sources>,
    files: RefCell<HashMap<PathBuf, Option<Opened>>>,
    times: Columns<Span>,
    sizes: Columns<Size>,
    counts: Columns<u64>,
}

impl Traces {
    /// Files are looked for in `directory`; their texts are added to `sources`. Without a directory no
    /// file is read, and all traces are without rows.
    pub fn new(directory: Option<PathBuf>, sources: Sources) -> Traces {
        Traces {
            directory,
            sources: RefCell::new(sources),
            files: RefCell::default(),
            times: RefCell::default(),
            sizes: RefCell::default(),
            counts: RefCell::default(),
        }
    }

    /// Whether traces have the rows of their files.
    pub fn are_read(&self) -> bool {
        self.directory.is_some()
    }

    /// All texts that were read.
    pub fn into_sources(self) -> Sources {
        self.sources.into_inner()
    }

    /// The trace `named`, whose keys are `keys`, with the rows of its file; `None` if these are wrong, which is
    /// reported.
    pub fn read<R: Rows>(&self, keys: ColumnKeys<'_>, named: Trace<R>) -> Option<Trace<R>> {
        let Some(directory) = &self.directory else { return Some(named) };
        let ColumnKeys { file, sorted, .. } = keys;
        let (source, text) = self.open(&directory.join(file.string()?), file)?;
        let (separator, start) = separator(&text, keys)?;
        let header = Header::of(&text, start, separator);
        if header.columns == 1 && is_for_people(&text, start) {
            let error = "the columns of this file have a fixed width, or a line of dashes, for people to read";
            let help = "let the program separate them with `,`, `;`, `|` or a tab: `sacct --parsable2` (`-P`), \
                        `squeue -o '%i|%V'`, `psql --csv`";
            return file.refuse(error, help);
        }
        check_rows(&text, source, &header, separator, file)?;
        let index = header.find(keys.column, file)?;
        header.check_name(index, source, file)?;
        let column = Column {
            text: &text,
            source,
            start: header.data,
            separator,
            index,
            name: header.names.get(index).map(String::as_str),
            file,
            origin: keys.origin,
        };
        let meaning = match (sorted, keys.origin) {
            (None, _) => Meaning::Lengths,
            (Some(_), Some(field)) => Meaning::Arrivals { origin: Some(origin(field.string()?)?) },
            (Some(_), None) => Meaning::Arrivals { origin: None },
        };
        let rows = self.column(&column, meaning)?;
        if sorted == Some(true) {
            check_order(&rows, &column)?;
        }
        Some(Trace { column: column.name.unwrap_or_default().to_owned(), sorted, rows, ..named })
    }

    fn open(&self, path: &Path, file: Field<'_>) -> Option<Opened> {
        if let Some(known) = self.files.borrow().get(path) {
            return known.clone();
        }
        let read = limited::read_file(path, most_of_a_file(IN_MEMORY)).map_err(|problem| {
            let help = match problem.kind() {
                ErrorKind::IsADirectory => "name a CSV file in that directory",
                _ => "a path in a scenario is relative to the directory of the scenario file",
            };
            (plain(&problem), help)
        });
        let text = read.and_then(|bytes| {
            let wrong = |_| ("it is not UTF-8 text".to_owned(), "save the file as UTF-8");
            String::from_utf8(bytes).map_err(wrong)
        });
        let opened = match text {
            Ok(text) => {
                let text: Arc<str> = text.into();
                let name = path.display().to_string();
                Some((self.sources.borrow_mut().add(name, text.clone()), text))
            }
            Err((problem, help)) => {
                let error =
                    format!("cannot read {}: {problem}", quoted(&path.display().to_string()));
                file.refuse(error, help)
            }
        };
        self.files.borrow_mut().insert(path.to_owned(), opened.clone());
        opened
    }

    fn column<R: Rows>(&self, column: &Column<'_>, meaning: Meaning) -> Option<Arc<[R]>> {
        let key = (column.source, column.separator, column.index, meaning);
        if let Some(known) = R::columns(self).borrow().get(&key) {
            return known.clone();
        }
        let rows: Option<Arc<[R]>> = R::read(column, meaning).map(Into::into);
        R::columns(self).borrow_mut().insert(key, rows.clone());
        rows
    }
}

/// The separator of a file, and where its first row may begin; `None` if the separator is not certain, which
/// is reported.
fn separator(text: &str, keys: ColumnKeys<'_>) -> Option<(char, usize)> {
    let start = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let (declared, start) = match declared(text, start) {
        Some((separator, start)) => (Some(separator), start),
        None => (None, start),
    };
    // The word is one of these: the key was read before.
    let word = keys.separator.and_then(|field| field.as_str());
    if let Some((_, separator)) = SEPARATORS.iter().find(|(known, _)| Some(*known) == word) {
        return Some((*separator, start));
    }
    if let Some(separator) = declared {
        return Some((separator, start));
    }
    let column = keys.column.and_then(|column| column.as_str());
    match detect(text, start, column) {
        Ok(separator) => Some((separator, start)),
        Err(several) => {
            let list = quoted_list(several.iter().copied());
            let error = format!("the columns of this file may be separated by {list}");
            let help = format!("add `separator = \"{}\"`", several.first().unwrap_or(&","));
            keys.file.refuse(error, help)
        }
    }
}

/// Checks that every row has the cells of the first one; `None` if one has not, which is reported.
fn check_rows(
    text: &str,
    source: SourceId,
    header: &Header,
    separator: char,
    file: Field<'_>,
) -> Option<()> {
    let mut wrong = 0;
    for row in rows(text, header.data, separator) {
        let (at, error) = match row {
            Ok(row) if row.cells.len() == header.columns => continue,
            Ok(row) => uneven(&row, header, separator),
            Err(Fault::Unclosed(at)) => {
                let help =
                    "a cell that begins with `\"` ends with one; a `\"` within it is written twice";
                (at, CellError::with_help("this quote is never closed", help))
            }
            Err(Fault::AfterQuote { text: at, cell }) => {
                let opened = Location::new(source, cell);
                let (line, column) = line_column(text, &opened);
                let error = format!(
                    "text follows the end of the cell that begins with a quote in line {line}, column {column}"
                );
                (
                    at,
                    CellError::with_help(
                        error,
                        "close each quote; a `\"` within a cell is written twice",
                    ),
                )
            }
        };
        let mut diagnostic = Diagnostic::error(error.message).at(Location::new(source, at));
        diagnostic.helps.extend(error.help);
        wrong += 1;
        if wrong == MAX_WRONG_ROWS {
            diagnostic = diagnostic.note("the rows below are not checked");
        }
        file.reject::<()>(diagnostic);
        if wrong == MAX_WRONG_ROWS {
            break;
        }
    }
    (wrong == 0).then_some(())
}

/// Where a row has another number of cells than the first one, and the error.
fn uneven(row: &Row, header: &Header, separator: char) -> (std::ops::Range<usize>, CellError) {
    let cells = |number: usize| match number {
        1 => "1 cell".to_owned(),
        _ => format!("{number} cells"),
    };
    let columns = match header.columns {
        1 => "1 column".to_owned(),
        number => format!("{number} columns"),
    };
    let error = format!("this row has {}, but the file has {columns}", cells(row.cells.len()));
    let end = row.cells.last().map_or(0, |cell| cell.end);
    let first = if row.cells.len() > header.columns { header.columns } else { 0 };
    let start = row.cells.get(first).map_or(end, |cell| cell.start);
    let help = match (first, separator) {
        (0, _) => "write every cell of a row, also an empty one".to_owned(),
        (_, ',') => "a cell with a `,` needs quotes, and decimals follow a point: `1.5`".to_owned(),
        (_, separator) => format!("a cell with {} needs quotes", quoted(&separator.to_string())),
    };
    (start..end, CellError::with_help(error, help))
}

/// The line and the column of a place, both from 1.
fn line_column(text: &str, at: &Location) -> (usize, usize) {
    let before = &text[..at.span.start];
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line..].chars().count() + 1)
}

fn check_order<R: Rows>(rows: &[R], column: &Column<'_>) -> Option<()> {
    let Some(earlier) = rows.windows(2).position(|pair| pair[1] < pair[0]) else {
        return Some(());
    };
    let (earlier, later) = (earlier + 1, earlier + 2);
    let error = format!("the arrivals are not sorted: row {later} is before row {earlier}");
    let help = "sort the file by time; if its rows are clients in another order, add \
                `sorted = false` to `arrival`";
    column.reject_row(later - 1, CellError::with_help(error, help))
}
