//! One log: its lines, read by the reader of its format.

use std::io;

use super::access::combined::Combined;
use super::access::haproxy::Haproxy;
use super::access::json::{Json, object};
use super::access::postgres::{Line, Postgres};
use super::access::table::{Row, Table};
use super::client::client_of;
use super::events;
use super::format::LogFormat;
use super::input::source::Source;
use super::observed::load::{Load, Request};
use super::sms::reader::Reader;
use super::sms::story::Story;
use super::tally::Tally;
use super::told::Told;

/// What one log has.
pub struct One {
    /// Its format.
    pub format: LogFormat,
    /// What became of its lines.
    pub tally: Tally,
    /// Its size in bytes, decompressed and in UTF-8.
    pub bytes: u64,
    /// What it told.
    pub content: Content,
}

/// What a log told, by what wrote it.
pub enum Content {
    /// A client.
    Client(Box<Told>),
    /// A server.
    Server(Box<Load>),
}

const NO_REQUEST: &str = "it is no line of this format";

/// Reads a log of the format `format`, which `name` is the name of: a path, or what stands for standard input.
/// What is read before an error of the input counts.
pub fn read(
    source: &mut Source,
    name: &std::path::Path,
    format: LogFormat,
) -> (One, io::Result<()>) {
    let mut tally = Tally::default();
    let (content, ended) = match format {
        LogFormat::Sms => {
            let mut story = Story::of(&client_of(name), &name.to_string_lossy());
            let ended = sms(source, &mut story, &mut tally);
            (Content::Client(Box::new(story.end())), ended)
        }
        LogFormat::Combined => {
            let mut combined = Combined::default();
            requests(source, &mut tally, |line, with_client| {
                match combined.read(line, with_client) {
                    Some(request) => What::Request(request),
                    None => What::of(line),
                }
            })
        }
        LogFormat::Haproxy => {
            let mut haproxy = Haproxy::default();
            requests(source, &mut tally, |line, with_client| {
                match haproxy.read(line, with_client) {
                    Some(request) => What::Request(request),
                    // It writes its own messages to the same log.
                    None if memchr::memmem::find(line, b"haproxy[").is_some() => What::Record,
                    None => What::of(line),
                }
            })
        }
        LogFormat::Events => {
            let mut story = events::story::Story::of(&name.to_string_lossy());
            let ended = lines(source, &mut tally, |line, number| match events::line::read(line) {
                Some(event) => {
                    story.line(&event, number, line);
                    What::Record
                }
                None => What::of_object(line),
            });
            (Content::Client(Box::new(story.end())), ended)
        }
        LogFormat::JsonLines => {
            let mut json = Json::default();
            requests(source, &mut tally, |line, _| match json.read(line) {
                Some(request) => What::Request(request),
                // An object without the fields of a request, such as an error.
                None => What::of_object(line),
            })
        }
        LogFormat::Table => {
            let mut table = Table::default();
            requests(source, &mut tally, |line, _| match What::of(line) {
                What::Broken => match table.read(line) {
                    Some(Row::Request(request)) => What::Request(request),
                    Some(Row::Header) => What::Blank,
                    None => What::Broken,
                },
                other => other,
            })
        }
        LogFormat::Postgresql => {
            let mut postgres = Postgres::default();
            requests(source, &mut tally, |line, _| match postgres.read(line) {
                Some(Line::Request(request)) => What::Request(request),
                Some(Line::Other) => What::Record,
                None if line.first() == Some(&b'\t') => What::Continuation,
                None => What::of(line),
            })
        }
    };
    (One { format, tally, bytes: source.bytes(), content }, ended)
}

fn sms(source: &mut Source, story: &mut Story, tally: &mut Tally) -> io::Result<()> {
    let mut reader = Reader::default();
    let mut ended = Ok(());
    let mut number = 0;
    loop {
        let line = match source.next() {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(error) => {
                ended = Err(error);
                break;
            }
        };
        number += 1;
        reader.line(line, number, tally, &mut |record| story.record(record));
    }
    reader.end(tally, &mut |record| story.record(record));
    ended
}

/// What a line of a server's log is.
enum What {
    Request(Request),
    /// Another message of the same log.
    Record,
    /// More of the message before.
    Continuation,
    /// A blank line or a comment.
    Blank,
    Broken,
}

impl What {
    fn of(line: &[u8]) -> What {
        match line.trim_ascii_start().first() {
            None | Some(b'#') => What::Blank,
            Some(_) => What::Broken,
        }
    }

    /// Where each line is an object, one that is not understood is another message all the same.
    fn of_object(line: &[u8]) -> What {
        if object(line).is_some() { What::Record } else { What::of(line) }
    }
}

fn requests(
    source: &mut Source,
    tally: &mut Tally,
    mut read: impl FnMut(&[u8], bool) -> What,
) -> (Content, io::Result<()>) {
    let mut load = Load::default();
    let ended = lines(source, tally, |line, _| {
        let what = read(line, load.retries.has_any());
        if let What::Request(request) = &what {
            load.request(request);
        }
        what
    });
    (Content::Server(Box::new(load)), ended)
}

/// Counts each line as what it is, which `read` tells of it and its number.
fn lines(
    source: &mut Source,
    tally: &mut Tally,
    mut read: impl FnMut(&[u8], u64) -> What,
) -> io::Result<()> {
    let mut number = 0;
    loop {
        let Some(line) = source.next()? else { return Ok(()) };
        number += 1;
        match read(line, number) {
            What::Request(_) | What::Record => tally.record(1),
            What::Continuation => tally.continuations += 1,
            What::Blank => tally.blank(),
            What::Broken => tally.broken(1, number, line, NO_REQUEST),
        }
    }
}
