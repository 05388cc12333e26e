//! PostgreSQL's logs with `log_connections` and `log_disconnections`.
//!
//! ```text
//! 2024-05-01 10:00:00.123 UTC [77] LOG:  connection received: host=10.0.0.5 port=54321
//! 2024-05-01 10:00:01.357 UTC [77] LOG:  disconnection: session time: 0:00:01.234 user=app database=app host=10.0.0.5 port=54321
//! 2024-05-01 10:00:02.000 UTC [78] FATAL:  sorry, too many clients already
//! ```
//!
//! Lines of `csvlog` and `jsonlog` are read as well. A session is known when it ends, with its length. A refusal (53300) has no address; that of its process is
//! in the line of the connection before it.

use memchr::memmem::find;

use super::clock::Clock;
use super::postgres_entry::{self as entry, Message};
use crate::log::observed::load::Request;
use crate::log::observed::retries::key;

/// The places of the table of processes, a power of two.
const PLACES: usize = 1 << 12;

/// Reads lines of PostgreSQL.
#[derive(Clone, Debug, Default)]
pub struct Postgres {
    clock: Clock,
    /// The clients of processes whose connections were received last, by the number of the process.
    received: Vec<(u32, u64)>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A session or a refusal.
    Request(Request),
    /// Another message.
    Other,
}

/// The state with which PostgreSQL refuses when it has as many connections as it accepts (`too_many_connections`),
/// and its words for it.
const REFUSAL: &[u8] = b"53300";
const REFUSALS: [&[u8]; 4] = [
    b"sorry, too many clients already",
    b"remaining connection slots are reserved",
    b"too many connections for role",
    b"too many connections for database",
];

impl Postgres {
    /// What a line is; `None` if it does not begin as a line of PostgreSQL does.
    pub fn read(&mut self, line: &[u8]) -> Option<Line> {
        let Message { when, process, severity, state, text } = entry::read(line)?;
        let at = self.instant(&when)?;
        if let Some(host) = text.strip_prefix(b"connection received: host=") {
            self.receive(process, host);
            return Some(Line::Other);
        }
        if let Some(text) = text.strip_prefix(b"disconnection: session time: ") {
            let length = session_time(text)?;
            let client = find(text, b"host=").map_or(0, |host| client(&text[host + 5..]));
            let (start, length) = (at - length, Some(length));
            let moved = self.clock.within_second();
            let is_served = Request { start, length, moved, client, ..Request::default() };
            return Some(Line::Request(is_served));
        }
        let is_refusal =
            || *state == *REFUSAL || REFUSALS.iter().any(|words| text.starts_with(words));
        if *severity == *b"FATAL" && is_refusal() {
            let client = self.client_of(process);
            let refused = Request { start: at, is_refused: true, client, ..Request::default() };
            return Some(Line::Request(refused));
        }
        Some(Line::Other)
    }

    /// The instant at the beginning of a line, or of one of its first words.
    fn instant(&mut self, prefix: &[u8]) -> Option<i64> {
        // `log_line_prefix` may have other things before it, and syslog has.
        let mut from = date(prefix).unwrap_or(0);
        for _ in 0..4 {
            let word = &prefix[from..];
            let word = word.strip_prefix(b"[").unwrap_or(word);
            // The date, the time and the zone are words of their own.
            for words in [3, 2, 1] {
                let end = nth_blank(word, words);
                let text = word[..end].trim_ascii_end();
                let text = text.strip_suffix(b"]").or(text.strip_suffix(b",")).unwrap_or(text);
                if let Some(at) = self.clock.read(text) {
                    return Some(at);
                }
            }
            from += nth_blank(&prefix[from..], 1) + 1;
            if from >= prefix.len() {
                break;
            }
        }
        None
    }

    fn receive(&mut self, process: Option<u32>, host: &[u8]) {
        if let Some(process) = process {
            if self.received.is_empty() {
                self.received = vec![(0, 0); PLACES];
            }
            self.received[process as usize % PLACES] = (process, client(host));
        }
    }

    fn client_of(&self, process: Option<u32>) -> u64 {
        let process = process.unwrap_or(0);
        let known = self.received.get(process as usize % PLACES);
        known
            .filter(|(owner, _)| *owner == process && process != 0)
            .map_or(0, |(_, client)| *client)
    }
}

/// Where the first date is: `2024-05-01`, and behind it a blank or a `T`.
fn date(prefix: &[u8]) -> Option<usize> {
    prefix.windows(11).position(|text| {
        let is_date = |(place, byte): (usize, &u8)| match place {
            4 | 7 => *byte == b'-',
            10 => matches!(byte, b' ' | b'T'),
            _ => byte.is_ascii_digit(),
        };
        text.iter().enumerate().all(is_date)
    })
}

fn client(host: &[u8]) -> u64 {
    let end = host.iter().position(|byte| *byte == b' ').unwrap_or(host.len());
    key(&[&host[..end]])
}

/// The place of the blank number `n` from 1, or the end.
fn nth_blank(text: &[u8], n: usize) -> usize {
    memchr::memchr_iter(b' ', text).nth(n - 1).unwrap_or(text.len())
}

/// `0:00:01.234` in ms; hours may have many digits.
fn session_time(text: &[u8]) -> Option<i64> {
    let end = text.iter().position(|byte| *byte == b' ').unwrap_or(text.len());
    let mut parts = text[..end].split(|byte| *byte == b':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let (seconds, fraction) = match memchr::memchr(b'.', seconds) {
        Some(point) => (&seconds[..point], &seconds[point + 1..]),
        None => (seconds, &b"0"[..]),
    };
    let number = |digits: &[u8]| crate::log::stamp::number(digits).map(i64::from);
    let whole = number(hours)? * 3600 + number(minutes)? * 60 + number(seconds)?;
    Some(whole * 1000 + i64::from(crate::log::stamp::millis(fraction)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_and_refusals_are_read() {
        let mut postgres = Postgres::default();
        let received =
            "2024-05-01 10:00:00.123 UTC [77] LOG:  connection received: host=10.0.0.5 port=54321";
        assert_eq!(postgres.read(received.as_bytes()), Some(Line::Other));
        let refused = "2024-05-01 10:00:00.125 UTC [77] FATAL:  sorry, too many clients already";
        let of = key(&[b"10.0.0.5"]);
        let Some(Line::Request(request)) = postgres.read(refused.as_bytes()) else {
            panic!("refused")
        };
        assert!(request.is_refused && request.client == of && request.length.is_none());
        let ended = "2024-05-01 10:00:10.123 UTC [78] LOG:  disconnection: session time: 0:00:01.234 user=a \
                     database=a host=10.0.0.5 port=1";
        let Some(Line::Request(request)) = postgres.read(ended.as_bytes()) else {
            panic!("a session")
        };
        assert_eq!((request.length, request.client, request.is_refused), (Some(1234), of, false));
        assert_eq!(request.start % 100_000, 8_889);
        let other = "2024-05-01 10:00:10.123 CEST [78] app@app ERROR:  syntax error";
        assert_eq!(postgres.read(other.as_bytes()), Some(Line::Other));
    }

    #[test]
    fn the_prefix_may_be_another_one() {
        for line in [
            "2024-05-01 10:00:02 UTC:10.0.0.5(1):app@app:[77]:FATAL:  sorry, too many clients already",
            "[77] 2024-05-01 10:00:02.000 GMT FATAL:  remaining connection slots are reserved for superusers",
            "[2024-05-01 10:00:02.000 +02] [77] app@app FATAL:  sorry, too many clients already",
            "time=2024-05-01 10:00:02.000 UTC, pid=77 FATAL:  sorry, too many clients already",
            "2024-05-01 10:00:02.000 UTC|app|app|77|FATAL:  sorry, too many clients already",
            "May  1 10:00:02 db postgres[77]: [3-1] 2024-05-01 10:00:02.000 UTC FATAL:  sorry, too many clients already",
            "2024-05-01T10:00:02.000Z [77]: FATAL:  sorry, too many clients already",
            "1714557602.000 [77] FATAL:  too many connections for role \"app\"",
        ] {
            let read = Postgres::default().read(line.as_bytes());
            assert!(matches!(read, Some(Line::Request(request)) if request.is_refused), "{line}");
        }
        // What a message quotes is none.
        for line in [
            "2024-05-01 10:00:02 UTC [77] STATEMENT:  select 'disconnection: session time: 0:00:01.234'",
            "2024-05-01 10:00:02 UTC [77] FATAL:  password authentication failed for user \"53300\"",
            "2024-05-01 10:00:02 UTC [77] ERROR:  53300: too many connections for role \"app\"",
        ] {
            assert_eq!(Postgres::default().read(line.as_bytes()), Some(Line::Other), "{line}");
        }
        for line in ["", "\tselect 1", "LOG:  no instant", "2024-05-01 10:00:02 UTC words"] {
            assert_eq!(Postgres::default().read(line.as_bytes()), None, "{line}");
        }
    }
}
