//! Formats of logs, and how they are recognised.

use serde::Serialize;

use super::access::combined::Combined;
use super::access::haproxy::Haproxy;
use super::access::json::Json;
use super::access::postgres::Postgres;
use super::access::table::{Row, Table};
use super::events::line;
use super::sms::record::{OPENING, head, trailer_start};

/// A format of logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// SMS and Configuration Manager, also in CMTrace's format.
    Sms,
    /// Access logs of nginx and Apache.
    Combined,
    /// HAProxy.
    Haproxy,
    /// PostgreSQL.
    Postgresql,
    /// Events of simulated clients, as JSON objects.
    Events,
    /// Access logs of JSON objects.
    JsonLines,
    /// CSV and TSV with a column of times.
    Table,
}

/// Every format with its name, and other words for it.
pub const LOG_FORMATS: [(LogFormat, &str, &[&str]); 7] = [
    (LogFormat::Sms, "sms", &["smsapm32", "cmtrace"]),
    (LogFormat::Combined, "combined", &["access", "nginx", "apache"]),
    (LogFormat::Haproxy, "haproxy", &[]),
    (LogFormat::Postgresql, "postgresql", &["postgres"]),
    (LogFormat::Events, "events", &[]),
    (LogFormat::JsonLines, "json-lines", &["jsonl", "ndjson"]),
    (LogFormat::Table, "table", &["tsv"]),
];

/// The most lines that are looked at to recognise a format.
const LOOK_AT: usize = 200;

impl LogFormat {
    /// Its name.
    pub fn name(self) -> &'static str {
        LOG_FORMATS.iter().find(|(format, ..)| *format == self).map_or("", |(_, name, _)| name)
    }

    /// Whether clients write such logs; otherwise servers do.
    pub fn is_of_clients(self) -> bool {
        matches!(self, LogFormat::Sms | LogFormat::Events)
    }

    /// The format of this name, or of another word for it.
    pub fn named(name: &str) -> Option<LogFormat> {
        let is = |(_, known, more): &&(_, &str, &[&str])| *known == name || more.contains(&name);
        LOG_FORMATS.iter().find(is).map(|(format, ..)| *format)
    }

    /// The format of a log that begins with `start`: the one that most of its first lines have.
    pub fn recognise(start: &[u8]) -> Option<LogFormat> {
        let (mut combined, mut haproxy, mut postgres) =
            (Combined::default(), Haproxy::default(), Postgres::default());
        let (mut json, mut table) = (Json::default(), Table::default());
        let mut scores = [0; LOG_FORMATS.len()];
        for line in start.split(|byte| *byte == b'\n').take(LOOK_AT) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let is = [
                is_sms(line),
                combined.read(line, false).is_some(),
                haproxy.read(line, false).is_some(),
                postgres.read(line).is_some(),
                // They are access logs, too: of equal scores the first one counts.
                line::read(line).is_some(),
                json.read(line).is_some(),
                // A header alone may be any line.
                matches!(table.read(line), Some(Row::Request(_))),
            ];
            scores.iter_mut().zip(is).for_each(|(score, is)| *score += usize::from(is));
        }
        let best = scores.into_iter().max().filter(|best| *best > 0)?;
        let place = scores.iter().position(|score| *score == best)?;
        Some(LOG_FORMATS[place].0)
    }
}

/// Whether a line has what only logs of SMS have: a trailer, the brackets of CMTrace, or a component.
fn is_sms(line: &[u8]) -> bool {
    trailer_start(line).is_some()
        || line.trim_ascii_start().starts_with(OPENING)
        || head(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_recognised_among_other_lines() {
        for (text, format) in [
            ("words\n  SCHED DATA  : x~  $$<APM>\nmore words\n", Some(LogFormat::Sms)),
            ("SCHED DATA  : x~\n", Some(LogFormat::Sms)),
            ("<![LOG[x]LOG]!><time=\"1\">\n", Some(LogFormat::Sms)),
            (
                "# comment\n1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.1\" 200 1\n",
                Some(LogFormat::Combined),
            ),
            (
                "2024-05-01 10:00:10.123 UTC [78] LOG:  checkpoint starting\n",
                Some(LogFormat::Postgresql),
            ),
            ("{\"ts\":1700158623.5,\"status\":200,\"duration\":0.1}\n", Some(LogFormat::JsonLines)),
            (
                "{\"time\":\"2000-05-15T08:00:00Z\",\"client\":\"a\",\"event\":\"completed\",\"status\":200}\n",
                Some(LogFormat::Events),
            ),
            ("start,duration_s\n2023-11-16T18:17:03Z,1\n", Some(LogFormat::Table)),
            ("start,duration_s\n", None),
            ("", None),
            ("only words\n", None),
            ("\u{0}\u{1}\u{2}", None),
        ] {
            assert_eq!(LogFormat::recognise(text.as_bytes()), format, "{text}");
        }
    }

    #[test]
    fn a_format_has_one_name_and_other_words() {
        for (format, name, more) in LOG_FORMATS {
            assert_eq!(LogFormat::named(name), Some(format));
            assert!(more.iter().all(|word| LogFormat::named(word) == Some(format)));
            assert_eq!(format.name(), name);
        }
        assert_eq!(LogFormat::named("xlm"), None);
    }
}
