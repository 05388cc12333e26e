//! Tables of requests, as CSV or TSV: the first line names the columns.
//!
//! A column of starts is needed; lengths or ends, a status and who asked are used where they are there. Times
//! are read by the rules of traces.

use super::status;
use crate::log::input::encoding::text;
use crate::log::observed::load::Request;
use crate::log::observed::retries::key;
use crate::scenario::CellTimes;

/// What may separate cells.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// Words in the names of columns, for each of their meanings; the first that occurs decides.
const STARTS: [&str; 9] =
    ["start", "begin", "arriv", "submit", "timestamp", "time", "date", "ts", "at"];
const ENDS: [&str; 3] = ["end", "finish", "complet"];
const LENGTHS: [&str; 11] = [
    "duration", "took", "elapsed", "latency", "length", "holding", "hold", "service", "runtime",
    "transfer", "response",
];
const STATUSES: [&str; 5] = ["status", "code", "result", "outcome", "refused"];
const CLIENTS: [&str; 7] = ["client", "address", "addr", "ip", "user", "host", "agent"];

/// Reads the rows of a table.
#[derive(Default)]
pub struct Table {
    columns: Option<Columns>,
}

struct Columns {
    separator: char,
    number: usize,
    start: (usize, CellTimes),
    /// How long it took, or when it ended.
    length: Option<(usize, CellTimes)>,
    end: Option<(usize, CellTimes)>,
    status: Option<usize>,
    client: Option<usize>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The names of the columns.
    Header,
    /// A request.
    Request(Request),
}

impl Table {
    /// What a line is; `None` if it is neither the header nor a request.
    pub fn read(&mut self, line: &[u8]) -> Option<Row> {
        let line = text(line);
        let Some(columns) = &mut self.columns else {
            // What Excel writes before the names.
            if line.len() == 5 && line.starts_with("sep=") {
                return Some(Row::Header);
            }
            self.columns = Some(Columns::of(&line)?);
            return Some(Row::Header);
        };
        let mut cells = cells(&line, columns.separator);
        if columns.separator != ',' {
            cells.iter_mut().for_each(with_point);
        }
        if cells.len() != columns.number {
            return None;
        }
        let cell = |place: usize| cells.get(place).map_or("", String::as_str);
        let start = columns.start.1.cell(cell(columns.start.0))?;
        let length = match (&mut columns.length, &mut columns.end) {
            (Some((place, times)), _) => times.cell(cell(*place)),
            (None, Some((place, times))) => times.cell(cell(*place)).map(|end| end - start),
            (None, None) => None,
        };
        let is_refused = columns.status.is_some_and(|place| {
            let value = cell(place);
            status::is_refusal_text(value) || value.eq_ignore_ascii_case("true")
        });
        let client = columns.client.map(cell).filter(|client| !client.is_empty());
        let client = client.map_or(0, |client| key(&[client.as_bytes()]));
        let length = length.filter(|length| *length >= 0);
        let request = Request { start, length, is_refused, client, ..Request::default() };
        Some(Row::Request(request))
    }
}

impl Columns {
    /// The columns that the header names; `None` if none of them has starts.
    fn of(header: &str) -> Option<Columns> {
        let number = |separator: &char| cells(header, *separator).len();
        let separator = SEPARATORS.into_iter().max_by_key(number)?;
        let names = cells(header, separator);
        let place = |words: &[&str], others: &[&[&str]]| {
            let fits = |name: &str, word: &str| {
                let has = |word: &str| words_of(name).any(|own| own.starts_with(word));
                has(word) && !others.iter().any(|others| others.iter().any(|other| has(other)))
            };
            words.iter().find_map(|word| names.iter().position(|name| fits(name, word)))
        };
        let length = place(&LENGTHS, &[]);
        let end = place(&ENDS, &[&LENGTHS]);
        let start = place(&STARTS, &[&LENGTHS, &ENDS, &STATUSES])?;
        let lengths = |place: usize| (place, CellTimes::lengths(&names[place]));
        let instants = |place: usize| (place, CellTimes::instants(&names[place]));
        Some(Columns {
            separator,
            number: names.len(),
            start: instants(start),
            length: length.map(lengths),
            end: end.map(instants),
            status: place(&STATUSES, &[]),
            client: place(&CLIENTS, &[&STATUSES]),
        })
    }
}

/// Where commas separate no cells, `1,25` is a number. `1,250` may be one or a thousand and more, so it is none.
fn with_point(cell: &mut String) {
    if let Some((whole, fraction)) = cell.split_once(',') {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if is_number(whole) && is_number(fraction) && fraction.len() != 3 {
            *cell = format!("{whole}.{fraction}");
        }
    }
}

/// The words of a name, in small letters.
fn words_of(name: &str) -> impl Iterator<Item = String> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// The cells of a line. In quotes a separator is none, and two quotes are one.
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut characters = line.chars().peekable();
    let mut is_quoted = false;
    while let Some(c) = characters.next() {
        let is_empty = cells.last().is_some_and(|cell| cell.trim().is_empty());
        if c == '"' && is_quoted && characters.peek() == Some(&'"') {
            characters.next();
            cells.last_mut().into_iter().for_each(|cell| cell.push('"'));
        } else if c == '"' && (is_quoted || is_empty) {
            is_quoted = !is_quoted;
        } else if c == separator && !is_quoted {
            cells.push(String::new());
        } else {
            cells.last_mut().into_iter().for_each(|cell| cell.push(c));
        }
    }
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Vec<Option<Row>> {
        let mut table = Table::default();
        lines.iter().map(|line| table.read(line.as_bytes())).collect()
    }

    fn request(start: i64, length: Option<i64>, is_refused: bool) -> Option<Row> {
        Some(Row::Request(Request { start, length, is_refused, ..Request::default() }))
    }

    #[test]
    fn columns_are_found_by_their_names() {
        let rows =
            read(&["start_s,duration_s,status", "0.5,\"1.25\",200", "2,0,503", "x,1,200", "1"]);
        assert_eq!(rows[0], Some(Row::Header));
        assert_eq!(rows[1], request(500, Some(1250), false));
        assert_eq!(rows[2], request(2000, Some(0), true));
        assert_eq!(rows[3..], [None, None]);
        let rows =
            read(&["ended\tbegan;x\tbegin", "2023-11-16T18:17:04Z\t1\t2023-11-16T18:17:03Z"]);
        assert_eq!(rows[1], request(1_700_158_623_000, Some(1000), false));
        let rows = read(&["Arrival Time;Refused", "1700158623;true"]);
        assert_eq!(rows[1], request(1_700_158_623_000, None, true));
        assert_eq!(read(&["sep=;", "start;took", "0;1s"])[2], request(0, Some(1000), false));
        let rows = read(&["start_s;duration_s", "0,5;1,25", "1,5;1.25", "1,5;1,250"]);
        let wanted = [request(500, Some(1250), false), request(1500, Some(1250), false)];
        assert_eq!((&rows[1..3], rows[3]), (&wanted[..], request(1500, None, false)));
        assert_eq!(read(&["name,size"]), [None]);
    }
}
