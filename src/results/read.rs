//! Reading results back: of this version or another, complete or cut off, from this program or not.

use std::fmt;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_path_to_error::Segment;

use super::check::{LONGEST, Step, check};
use super::{Results, SCHEMA, SHARD_SCHEMA};
use crate::diagnostic::{Diagnostic, Diagnostics, Location, Sources, printable, quoted};
use crate::human::shortened;
use crate::limited::{self, MOST_OF_A_STREAM};
use crate::scenario::{available_bytes, gibibytes, most_of_a_file, plain};

/// How much more than the text of results takes all of them in memory, its text included. What a study needs
/// is more, so whatever a machine writes it can read.
const IN_MEMORY: u64 = 2;

/// What to do about a file that is not what it should be.
const REMEDY: &str = "results are written by `distpoint run SCENARIO -o results.json`";

/// Why something cannot be used as results: what is wrong, where, and what would be right.
#[derive(Debug)]
pub struct ReadError {
    diagnostics: Diagnostics,
    sources: Sources,
}

impl ReadError {
    /// The errors for a reader, each with its line and a caret; in colour if `styled`.
    pub fn render(&self, styled: bool) -> String {
        self.diagnostics.render(&self.sources, styled)
    }

    fn nowhere(message: String, help: &str) -> ReadError {
        let diagnostics = Diagnostics::new();
        diagnostics.push(Diagnostic::error(message).help(help));
        ReadError { diagnostics, sources: Sources::new() }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for ReadError {}

/// Reads the results in a file.
///
/// # Errors
///
/// [`ReadError`] if it cannot be read or is not whole and sound results of this schema.
pub fn read_file(path: &Path) -> Result<Results, ReadError> {
    let name = path.display().to_string();
    let unreadable = |problem: io::Error| unreadable(&name, &plain(&problem), REMEDY);
    parse_bytes(&name, read_bytes(path).map_err(unreadable)?)
}

/// Checks that [`read`] accepts `results`, as it does all that a study has: not those that were summed up from
/// damaged parts.
///
/// # Errors
///
/// What is wrong first, printable.
pub fn check_readable(results: &Results) -> Result<(), String> {
    let text = serde_json::to_string(results).map_err(|error| error.to_string())?;
    match parse(&text, f64::INFINITY) {
        Ok(_) => Ok(()),
        Err(wrong) => {
            // The message names keys, which may have anything in them.
            let first = wrong.into_iter().next().map(|wrong| printable(&wrong.message));
            Err(first.unwrap_or_default())
        }
    }
}

/// The bytes of a file of results or of a part of a study. Results that this program could write fit into
/// memory, so the memory is the limit; that of what states no size, such as a pipe, is 256 MiB.
///
/// # Errors
///
/// The error of the system, or one that explains the limit.
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    limited::read_file(path, most_of_a_file(IN_MEMORY))
}

/// Reads results from `input`, which messages call `name`.
///
/// # Errors
///
/// [`ReadError`] if it cannot be read or is not whole and sound results of this schema.
pub fn read(name: &str, input: impl Read) -> Result<Results, ReadError> {
    let bytes = limited::read(input, MOST_OF_A_STREAM).map_err(|error| {
        let help = match error.kind() {
            io::ErrorKind::FileTooLarge => "write the results to a file, and name that",
            _ => REMEDY,
        };
        unreadable(name, &plain(&error), help)
    })?;
    parse_bytes(name, bytes)
}

fn parse_bytes(name: &str, bytes: Vec<u8>) -> Result<Results, ReadError> {
    let text = text(name, bytes)?;
    // The text itself has its memory already.
    let heaviest = available_bytes().unwrap_or(f64::INFINITY);
    parse(&text, heaviest).map_err(|wrong| {
        let diagnostics = Diagnostics::new();
        let mut sources = Sources::new();
        let id = sources.add(name, Arc::<str>::from(text));
        for Wrong { message, at, help } in wrong {
            let error = Diagnostic::error(message).at(Location::new(id, at));
            diagnostics.push(error.help(help));
        }
        ReadError { diagnostics, sources }
    })
}

fn unreadable(name: &str, problem: &str, help: &str) -> ReadError {
    ReadError::nowhere(format!("cannot read {}: {problem}", quoted(name)), help)
}

/// The text of `bytes`, without a byte order mark.
fn text(name: &str, mut bytes: Vec<u8>) -> Result<String, ReadError> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        unreadable(name, &format!("byte {} is not UTF-8 text", at + 1), REMEDY)
    })
}

/// Something wrong in the text.
struct Wrong {
    message: String,
    at: std::ops::Range<usize>,
    help: String,
}

/// The schema alone; everything else is skipped, but has to be JSON.
#[derive(Deserialize)]
struct Head<'t> {
    #[serde(borrow, default)]
    schema: Option<&'t RawValue>,
}

/// The results in a text whose values take at most `heaviest` bytes of memory.
fn parse(text: &str, heaviest: f64) -> Result<Results, Vec<Wrong>> {
    let one = |message: String, at, help: &str| vec![Wrong { message, at, help: help.to_owned() }];
    let start = text.len() - text.trim_start().len();
    match text[start..].chars().next() {
        None => return Err(one("the file is empty, not results".to_owned(), 0..0, REMEDY)),
        Some('{') => {}
        Some(_) => {
            return Err(one("this is not results in JSON".to_owned(), start..start + 1, REMEDY));
        }
    }
    let weight = weight(text) as f64;
    if weight > heaviest {
        let message = format!(
            "this holds more values than results do: reading it would take about {} of memory, but only \
             {} are available",
            gibibytes(weight),
            gibibytes(heaviest)
        );
        return Err(one(message, start..start + 1, REMEDY));
    }
    let head: Head<'_> =
        serde_json::from_str(text).map_err(|error| vec![syntax_error(text, &error)])?;
    check_schema(text, head.schema).map_err(|wrong| vec![wrong])?;

    let mut reader = serde_json::Deserializer::from_str(text);
    let results: Results = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path: Option<Vec<Step>> = error.path().iter().map(step).collect();
        vec![type_error(text, path.as_deref(), error.inner())]
    })?;
    let wrong = check(&results);
    if wrong.is_empty() {
        return Ok(results);
    }
    Err(wrong
        .into_iter()
        .map(|(path, message, help)| Wrong { message, at: locate(text, &path), help })
        .collect())
}

/// Roughly how much memory the values of a JSON text take: a small text can hold values that take much
/// memory.
fn weight(text: &str) -> u64 {
    // Somewhat more than results take, measured on a sweep of 400 points and 220 groups and points.
    const ENTRY: u64 = 32;
    const STRING: u64 = 8;
    const VALUE: u64 = 8;
    let (mut weight, mut in_string, mut escaped) = (0, false, false);
    for byte in text.bytes() {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_string = false,
            (true, _) => {}
            (false, b'"') => {
                in_string = true;
                weight += STRING;
            }
            (false, b':') => weight += ENTRY,
            (false, b',' | b'[' | b'{') => weight += VALUE,
            (false, _) => {}
        }
    }
    weight
}

fn syntax_error(text: &str, error: &serde_json::Error) -> Wrong {
    let at = offset(text, error.line(), error.column());
    if error.is_eof() {
        let message = "the JSON ends too early: the file is cut off".to_owned();
        let help = "write it again; `distpoint` itself never leaves a file half written".to_owned();
        return Wrong { message, at: text.len()..text.len(), help };
    }
    let message = format!("this is not JSON: {}", without_place(error));
    Wrong { message, at: at..at + 1, help: REMEDY.to_owned() }
}

/// The bytes before a line and column of serde_json, which count from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        None => 0,
        Some(breaks) => text.match_indices('\n').nth(breaks).map_or(0, |(at, _)| at + 1),
    };
    (start + column.saturating_sub(1)).min(text.len())
}

fn check_schema(text: &str, schema: Option<&RawValue>) -> Result<(), Wrong> {
    let at = schema.map_or(0..1, |raw| place(text, raw.get()));
    let wrong = |message: &str, help: &str| {
        Err(Wrong { message: message.to_owned(), at: at.clone(), help: help.to_owned() })
    };
    let Some(raw) = schema else {
        return wrong("these are not results: they have no `schema`", REMEDY);
    };
    let Ok(schema) = serde_json::from_str::<String>(raw.get()) else {
        return wrong("the `schema` of results is a string", REMEDY);
    };
    if schema == SCHEMA {
        return Ok(());
    }
    let (family, version) = schema.rsplit_once('/').unwrap_or((&schema, ""));
    let (ours, our_version) = SCHEMA.rsplit_once('/').unwrap_or((SCHEMA, ""));
    let number = |version: &str| version.parse::<u64>().ok();
    let shown = quoted(&shortened(&schema, LONGEST));
    let reads = |age: &str| {
        format!("these results are of {age} schema, {shown}; this program reads `{SCHEMA}`")
    };
    match number(version).zip(number(our_version)) {
        Some((theirs, ours_is)) if family == ours && theirs > ours_is => wrong(
            &reads("a newer"),
            "use a newer version of distpoint, such as the one that wrote them",
        ),
        Some(_) if family == ours => {
            wrong(&reads("an older"), "run the study again; the results hold its scenario and seed")
        }
        _ if family == "distpoint.comparison" => wrong(
            "this is a comparison, not results",
            "name one of the two results that it compares",
        ),
        _ if schema == SHARD_SCHEMA => wrong(
            "this is a part of a study that was simulated with --shard",
            "join the parts with `distpoint merge PART.json ... -o results.json`",
        ),
        _ => wrong(
            &format!("these are not results: their schema is {shown}, not `{SCHEMA}`"),
            REMEDY,
        ),
    }
}

fn type_error(text: &str, path: Option<&[Step]>, error: &serde_json::Error) -> Wrong {
    let (name, at) = match path {
        Some(path) => (path.iter().map(Step::to_string).collect(), locate(text, path)),
        None => {
            let at = offset(text, error.line(), error.column());
            (String::new(), at..at + 1)
        }
    };
    let name = name.trim_start_matches('.');
    let place =
        if name.is_empty() { String::new() } else { format!(" at `{}`", shortened(name, LONGEST)) };
    Wrong {
        message: format!("wrong results{place}: {}", expected(&without_place(error))),
        at,
        help: "`distpoint schema results` describes them".to_owned(),
    }
}

/// What serde expected, in the words of JSON instead of Rust.
fn expected(message: &str) -> String {
    let (found, wanted) = match message.rsplit_once(", expected ") {
        Some((found, wanted)) => (found, wanted),
        None => return message.to_owned(),
    };
    let wanted = match wanted {
        "f64" => "a number",
        "u64" => "a whole number from 0 on",
        "a sequence" => "an array",
        "a map" => "an object",
        wanted if wanted.starts_with("struct ") => "an object",
        wanted => wanted,
    };
    format!("{found}, expected {wanted}")
}

/// An error's message without the line and column, which are shown beside it.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    shortened(&message[..end], LONGEST)
}

fn step(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Seq { index } => Some(Step::Item(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        _ => None,
    }
}

/// Where the value at `path` is in the text; of a path that leads nowhere, its last value.
fn locate(text: &str, path: &[Step]) -> std::ops::Range<usize> {
    let mut found = text;
    for step in path {
        let below = match step {
            Step::Key(key) => {
                let entries = serde_json::from_str::<indexmap::IndexMap<String, &RawValue>>(found);
                entries.ok().and_then(|entries| entries.get(key).map(|raw| raw.get()))
            }
            Step::Item(index) => {
                let items = serde_json::from_str::<Vec<&RawValue>>(found);
                items.ok().and_then(|items| items.get(*index).map(|raw| raw.get()))
            }
        };
        match below {
            Some(below) => found = below,
            None => break,
        }
    }
    place(text, found)
}

/// The place of a fragment of a text; of a table or an array only its start, which shows as much.
fn place(text: &str, part: &str) -> std::ops::Range<usize> {
    let part = part.trim_start();
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let length = if part.starts_with(['{', '[']) { 1 } else { part.len() };
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_largest_file_is_not_read() {
        let error = read("x.json", std::io::repeat(b'[')).unwrap_err().to_string();
        assert!(error.contains("cannot read `x.json`: it is larger than 256 MiB"), "{error}");
    }

    #[test]
    fn what_would_take_much_memory_is_weighed_before_it_is_parsed() {
        assert_eq!(weight(r#"{"a,:[\"": [1, 2]}"#), 8 + 8 + 32 + 8 + 8);
        let many = format!("{{\"scenario\": [{}0]}}", "[],".repeat(20_000_000));
        let Err(wrong) = parse(&many, 2e8) else { panic!("it was read") };
        assert!(wrong[0].message.contains("0.3 GiB of memory"), "{}", wrong[0].message);
    }

    #[test]
    fn a_value_is_found_by_its_path() {
        let text = r#" { "a": [ 1, {"b": "c" } ] }"#;
        let path = [Step::Key("a".into()), Step::Item(1), Step::Key("b".into())];
        assert_eq!(&text[locate(text, &path)], "\"c\"");
        let beyond = [Step::Key("a".into()), Step::Item(9)];
        assert_eq!(locate(text, &beyond), 8..9);
    }
}
