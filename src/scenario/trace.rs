//! Traces: columns of times and sizes from CSV files.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check::available::most_of_a_file;
use super::document::Value;
use super::form::Field;
use super::problems::plain;
use crate::diagnostic::{
    Diagnostic, Location, SourceId, Sources, did_you_mean, quoted, quoted_list,
};
use crate::limited;
use crate::model::{Size, Span, Trace};

/// The number of wrong rows of one file after which its other rows are not checked.
const MAX_WRONG_ROWS: usize = 5;

/// How much more than its text takes a file in memory, its text included.
const IN_MEMORY: u64 = 4;

/// The columns that were read, by file and position.
type Columns<R> = RefCell<HashMap<(SourceId, usize), Option<Arc<[R]>>>>;

/// A kind of value that a cell may hold.
pub trait Cell: Copy + PartialOrd {
    /// How a cell has to be written.
    const HELP: &str;

    /// Reads a cell of the column `name`.
    fn parse(cell: &str, name: Option<&str>) -> Result<Self, String>;

    /// The columns of this kind that were read.
    fn columns(traces: &Traces) -> &Columns<Self>;
}

impl Cell for Span {
    const HELP: &str = "a time is a number of milliseconds (of seconds in a column whose name \
                        ends in `_s`), or a number with a unit, such as `90s`";

    fn parse(cell: &str, name: Option<&str>) -> Result<Span, String> {
        let is_in_seconds = name.is_some_and(|name| name.ends_with("_s"));
        parse_time(cell, if is_in_seconds { 1000.0 } else { 1.0 })
    }

    fn columns(traces: &Traces) -> &Columns<Span> {
        &traces.times
    }
}

impl Cell for Size {
    const HELP: &str =
        "a size is a whole number of bytes, or a number with a unit, such as `40 MB`";

    fn parse(cell: &str, _: Option<&str>) -> Result<Size, String> {
        let bare = !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit());
        let text = if bare { format!("{cell} B") } else { cell.to_owned() };
        match text.parse() {
            Ok(size) => Ok(size),
            Err(_) if cell.is_empty() => Err("this cell is empty".to_owned()),
            Err(error) => Err(format!("{} is not a size: {}", quoted(cell), error.message)),
        }
    }

    fn columns(traces: &Traces) -> &Columns<Size> {
        &traces.sizes
    }
}

/// Reads each CSV file once, and keeps the texts that messages quote.
pub struct Traces {
    /// The directory of the files; `None` if they are not to be read.
    directory: Option<PathBuf>,
    sources: RefCell<Sources>,
    files: RefCell<HashMap<PathBuf, Option<SourceId>>>,
    times: Columns<Span>,
    sizes: Columns<Size>,
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

    /// Reads the column that `column` names from the file that `file` names. For
    /// arrivals, `sorted` is whether they must be in order of time.
    pub fn read<R: Cell>(
        &self,
        file: Field<'_>,
        column: Option<Field<'_>>,
        sorted: Option<bool>,
    ) -> Option<Trace<R>> {
        let name = file.string()?;
        let Some(directory) = &self.directory else {
            let column = column.and_then(|column| column.string()).unwrap_or_default();
            let (file, column) = (name.to_owned(), column.to_owned());
            return Some(Trace { file, column, sorted, rows: Arc::new([]) });
        };
        let source = self.open(&directory.join(name), file)?;
        let text = self.sources.borrow().text(source).to_owned();
        let header = Header::of(&text);
        let index = header.find(column, file)?;
        let column = Column { source, text: &text, header: &header, index, file };
        column.check_name()?;
        let known = R::columns(self).borrow().get(&(source, index)).cloned();
        let rows = known.unwrap_or_else(|| {
            let rows = column.read();
            R::columns(self).borrow_mut().insert((source, index), rows.clone());
            rows
        })?;
        if sorted == Some(true) {
            column.check_order(&rows)?;
        }
        let column = header.names.get(index).cloned().unwrap_or_default();
        Some(Trace { file: name.to_owned(), column, sorted, rows })
    }

    fn open(&self, path: &Path, file: Field<'_>) -> Option<SourceId> {
        if let Some(known) = self.files.borrow().get(path) {
            return *known;
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
        let source = match text {
            Ok(text) => Some(self.sources.borrow_mut().add(path.display().to_string(), text)),
            Err((problem, help)) => {
                let error =
                    format!("cannot read {}: {problem}", quoted(&path.display().to_string()));
                file.refuse(error, help)
            }
        };
        self.files.borrow_mut().insert(path.to_owned(), source);
        source
    }
}

/// The first line of a CSV file.
struct Header {
    /// The names of the columns; none if the first line is data already.
    names: Vec<String>,
    columns: usize,
    /// Whether the first line names columns.
    present: bool,
    /// Its first byte.
    start: usize,
}

impl Header {
    fn of(text: &str) -> Header {
        let mut reader = reader(text);
        let mut record = csv::StringRecord::new();
        // A broken record is reported when the rows are read.
        let _ = reader.read_record(&mut record);
        let start = record.position().map_or(0, |position| position.byte() as usize);
        let present = !record.is_empty() && record.iter().any(is_no_data);
        let names = record.iter().map(|name| name.trim().to_owned());
        let names = if present { names.collect() } else { Vec::new() };
        Header { names, columns: record.len(), present, start }
    }

    fn find(&self, column: Option<Field<'_>>, file: Field<'_>) -> Option<usize> {
        let list = || quoted_list(self.names.iter().map(String::as_str));
        let Some(column) = column else {
            if self.columns > 1 {
                return file.refuse("the file has several columns, but `column` is missing", match self.present {
                    true => format!("add `column = ...` with one of {}", list()),
                    false => {
                        "add a first line with the names of the columns, and `column = ...` here".into()
                    }
                });
            }
            return Some(0);
        };
        let Value::String(name) = column.value() else { return None };
        if let Some(index) = self.names.iter().position(|known| known == name) {
            return Some(index);
        }
        let error = Diagnostic::error(format!("the file has no column {}", quoted(name)));
        column.reject(match did_you_mean(name, self.names.iter().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean {}?", quoted(near))),
            None if self.present => error.help(format!("its columns are: {}", list())),
            None => error
                .help("its first line is data: add a line with the names of the columns above it"),
        })
    }
}

/// A column of a CSV file.
struct Column<'a> {
    source: SourceId,
    text: &'a str,
    header: &'a Header,
    index: usize,
    /// The key that names the file.
    file: Field<'a>,
}

impl Column<'_> {
    /// Where cell `index` of the row that starts at `start` is written.
    fn cell(&self, start: usize, index: usize) -> Location {
        Location::new(self.source, cell_range(self.text, start, index))
    }

    /// Checks that no other column has the same name.
    fn check_name(&self) -> Option<()> {
        let names = &self.header.names;
        let Some(name) = names.get(self.index) else { return Some(()) };
        let mut later = self.index + 1..names.len();
        let Some(second) = later.find(|i| names[*i] == *name) else { return Some(()) };
        let error = Diagnostic::error(format!("two columns have the name {}", quoted(name)));
        let label = format!("the same as column {}", self.index + 1);
        let error = error.at(self.cell(self.header.start, second)).label(label);
        self.file.reject(error.help("give one of them another name"))
    }

    fn read<R: Cell>(&self) -> Option<Arc<[R]>> {
        let name = self.header.names.get(self.index).map(String::as_str);
        let mut rows = Vec::new();
        let mut wrong = 0;
        for (start, record) in records(self.text, self.header.present) {
            let cell = match record.get(self.index) {
                None => Err("this row has no such column".to_owned()),
                Some(cell) => R::parse(cell.trim(), name),
            };
            match cell {
                Ok(value) => rows.push(value),
                Err(problem) => {
                    let name = quoted(name.unwrap_or("the column"));
                    let error = Diagnostic::error(format!("{name}: {problem}"));
                    let error = error.at(self.cell(start, self.index));
                    self.file.reject::<()>(error.help(R::HELP));
                    wrong += 1;
                    if wrong == MAX_WRONG_ROWS {
                        break;
                    }
                }
            }
        }
        if wrong > 0 {
            return None;
        }
        if rows.is_empty() {
            let error = "the trace is empty: its file has no rows";
            return self.file.refuse(error, "row i is client i: write one row per client");
        }
        Some(rows.into())
    }

    /// Checks that the rows are in order.
    fn check_order<R: Cell>(&self, rows: &[R]) -> Option<()> {
        let Some(earlier) = rows.windows(2).position(|pair| pair[1] < pair[0]) else {
            return Some(());
        };
        let (start, _) = records(self.text, self.header.present).nth(earlier + 1)?;
        let error = Diagnostic::error(format!(
            "the arrivals are not sorted: row {} is before row {}",
            earlier + 2,
            earlier + 1
        ));
        let help = "sort the file by time; if its rows are clients in another order, add \
                    `sorted = false` to `arrival`";
        self.file.reject(error.at(self.cell(start, self.index)).help(help))
    }
}

/// Whether a cell is neither a time nor a size.
fn is_no_data(cell: &str) -> bool {
    parse_time(cell, 1.0).is_err() && cell.trim().parse::<Size>().is_err()
}

fn reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes())
}

/// The rows of the file: where each row starts, and its cells. Blank lines are not rows.
fn records(text: &str, skip_first: bool) -> impl Iterator<Item = (usize, csv::StringRecord)> {
    let mut reader = reader(text);
    let mut record = csv::StringRecord::new();
    let rows = std::iter::from_fn(move || {
        // The text is UTF-8 and rows may have any length, so reading it cannot fail.
        let more = reader.read_record(&mut record).unwrap_or(false);
        let start = record.position().map_or(0, |position| position.byte() as usize);
        more.then(|| (start, record.clone()))
    });
    rows.skip(usize::from(skip_first))
}

/// Where cell `index` of the row that starts at `start` is written; the whole line if that
/// cannot be determined without parsing quotes.
fn cell_range(text: &str, start: usize, index: usize) -> std::ops::Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    // The reader counts the end of the line before as part of a row.
    let blank = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let (start, rest) = (start + blank, &rest[blank..]);
    let line = rest.split(['\r', '\n']).next().unwrap_or_default();
    let mut from = 0;
    for (i, cell) in line.split(',').enumerate() {
        if line.contains('"') {
            break;
        }
        if i == index {
            return start + from..start + from + cell.len();
        }
        from += cell.len() + 1;
    }
    start..start + line.len()
}

/// A time in a cell: a plain number of units of `unit` ms, or a number with its own unit.
fn parse_time(cell: &str, unit: f64) -> Result<Span, String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Err("this cell is empty".to_owned());
    }
    let Ok(number) = cell.parse::<f64>() else {
        let parsed = cell.parse::<Span>();
        return parsed
            .map_err(|error| format!("{} is not a time: {}", quoted(cell), error.message));
    };
    let millis = number * unit;
    if !millis.is_finite() {
        Err(format!("{} is not a number", quoted(cell)))
    } else if millis < 0.0 {
        Err(format!("{} is negative", quoted(cell)))
    } else if millis > Span::MAX.as_millis_f64() {
        Err(format!("{} is longer than {}", quoted(cell), Span::MAX))
    } else {
        Ok(Span::from_millis_f64(millis))
    }
}
