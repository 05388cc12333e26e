//! Access logs of nginx and Apache in the combined format, with and without times of requests.
//!
//! ```text
//! 10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 2326 "referer" "agent" 0.123
//! ```
//!
//! The number behind the agent tells who wrote the line, and what its instant is: nginx's `$request_time` is
//! in seconds with three decimals, and the instant is the end of the request; Apache's `%D` is a whole number,
//! of microseconds, and the instant is its beginning, as it is with Traefik's `15ms`. Of several whole numbers that
//! are not `%T` and `%D` it is not known which is a time, and so it is none. Numbers with a name (`rt=0.123`, `request_time=0.123`)
//! are read anywhere. What Envoy writes by default is read as well. `$msec` (`1700158623.979`) is more exact than the instant in brackets.

use memchr::{memchr, memchr2};

use super::clock::{Clock, epoch};
use super::envoy::{self, Tail};
use super::quoted::quoted;
use super::status;
use crate::log::observed::load::Request;
use crate::log::observed::retries::key;
use crate::log::stamp::number;

/// Reads lines of the combined format.
#[derive(Clone, Debug, Default)]
pub struct Combined {
    clock: Clock,
}

impl Combined {
    /// The request of a line; `None` if it is none. Whose it is, is found out if `with_client` or if it was
    /// refused.
    pub fn read(&mut self, line: &[u8], with_client: bool) -> Option<Request> {
        // `$msec` may be first, with or without brackets.
        let mut msec = None;
        let mut rest = line;
        if let Some((first, after)) = split_at(line, b' ')
            && let Some(at) = epoch(first).filter(|_| first.contains(&b'.'))
        {
            (msec, rest) = (Some(at), after);
        }
        let (brackets, at) = self.clock.in_brackets(rest)?;
        let before = &rest[..brackets.start];
        let (request, after) = quoted(&rest[brackets.end..])?;
        let (status, after) =
            split_at(after.trim_ascii_start(), b' ').unwrap_or((after.trim_ascii(), b""));
        // Without an answer, nginx writes zeros and Apache a dash.
        let is_without = matches!(status, b"000" | b"-");
        let status = status::code(status).or_else(|| is_without.then_some(0))?;
        let is_refused = status::is_refusal(status);
        // Envoy writes nothing before the instant.
        if brackets.start == 0
            && let Some(Tail { length, client, agent }) = envoy::tail(after)
        {
            let client = key_of(client, agent, path(request));
            let length = Some(length);
            return Some(Request { start: at, length, is_refused, client, ..Request::default() });
        }
        // The size is a number or a dash.
        let (_, after) = split_at(after, b' ').unwrap_or((b"", b""));
        let mut agent = &b""[..];
        let mut extra = after;
        if let Some((_, after)) = quoted(after)
            && let Some((text, after)) = quoted(after)
        {
            (agent, extra) = (text, after);
        }
        let took = took(extra, &mut msec);
        let (start, length) = match (took, msec) {
            (Some(Took::BeforeTheInstant(length)), msec) => {
                (msec.unwrap_or(at) - length, Some(length))
            }
            (Some(Took::AfterTheInstant(length)), _) => (at, Some(length)),
            (None, msec) => (msec.unwrap_or(at), None),
        };
        let client = match with_client || is_refused {
            true => key_of(client(before), agent, path(request)),
            false => 0,
        };
        let moved = if msec.is_some() { 0 } else { self.clock.within_second() };
        Some(Request { start, length, moved, is_refused, client, ..Request::default() })
    }
}

/// A number for a client; 0 if it is not known.
fn key_of(client: &[u8], agent: &[u8], path: &[u8]) -> u64 {
    if matches!(client, b"" | b"-") { 0 } else { key(&[client, agent, path]) }
}

/// How long a request took, in ms, and whether the instant of its line is the end or the beginning.
enum Took {
    BeforeTheInstant(i64),
    AfterTheInstant(i64),
}

/// The time of a request among the words behind the agent; `msec` becomes the instant among them.
fn took(extra: &[u8], msec: &mut Option<i64>) -> Option<Took> {
    let mut rest = extra;
    let mut took = None;
    // Numbers that may be a time, and how many there are.
    let (mut whole, mut count) = ([0; 2], 0);
    while took.is_none() || msec.is_none() {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            break;
        }
        if rest[0] == b'"' {
            let Some((text, after)) = quoted(rest) else { break };
            rest = after;
            // Times may be in quotes; but lists of addresses and other texts are none.
            if took.is_none() {
                took = seconds(text).map(Took::BeforeTheInstant);
            }
            continue;
        }
        let end = memchr2(b' ', b'\t', rest).unwrap_or(rest.len());
        let word = &rest[..end];
        rest = &rest[end..];
        let (name, value) = match memchr(b'=', word) {
            Some(at) => (&word[..at], word[at + 1..].trim_ascii()),
            None => (&b""[..], word),
        };
        let value = value.strip_prefix(b"\"").unwrap_or(value);
        let value = value.strip_suffix(b"\"").unwrap_or(value);
        // Others are times of servers behind this one.
        let is_whole =
            matches!(name, b"" | b"rt" | b"request_time" | b"time" | b"took" | b"duration");
        if msec.is_none()
            && let Some(at) = epoch(value).filter(|_| value.contains(&b'.'))
        {
            *msec = Some(at);
        } else if is_whole && took.is_none() {
            took = seconds(value).map(Took::BeforeTheInstant).or_else(|| millis(value));
            if took.is_some() {
                continue;
            }
            if let Some(micros) = number(value).filter(|_| !name.is_empty()) {
                took = Some(micros_after(micros));
            } else if let Some(micros) = both(value) {
                took = Some(micros_after(micros));
            } else if let Some(number) = number(value) {
                whole[count.min(1)] = number;
                count += 1;
            }
        }
    }
    took.or_else(|| match (count, whole) {
        (1, [micros, _]) => Some(micros_after(micros)),
        (2, [seconds, micros] | [micros, seconds]) if is_same(seconds, micros) => {
            Some(micros_after(micros))
        }
        // Of several others, such as bytes in and out, nobody knows which is a time.
        _ => None,
    })
}

/// Apache's `%D`.
fn micros_after(micros: u32) -> Took {
    Took::AfterTheInstant(i64::from(micros.div_ceil(1000)))
}

/// Whether a number of seconds and one of microseconds are the same time, as `%T` and `%D` are.
fn is_same(seconds: u32, micros: u32) -> bool {
    seconds == micros / 1_000_000
}

/// Apache's `%T/%D`, in microseconds.
fn both(text: &[u8]) -> Option<u32> {
    let (seconds, micros) = split_at(text, b'/')?;
    let (seconds, micros) = (number(seconds)?, number(micros)?);
    is_same(seconds, micros).then_some(micros)
}

/// Traefik's time: `15ms`, from the instant on.
fn millis(text: &[u8]) -> Option<Took> {
    let number = number(text.strip_suffix(b"ms")?)?;
    Some(Took::AfterTheInstant(i64::from(number)))
}

/// Seconds with three decimals, in ms.
fn seconds(text: &[u8]) -> Option<i64> {
    let point = memchr(b'.', text).filter(|point| (1..8).contains(point))?;
    let fraction = &text[point + 1..];
    let whole = number(&text[..point])?;
    let millis = crate::log::stamp::millis(fraction).filter(|_| fraction.len() == 3)?;
    Some(i64::from(whole) * 1000 + i64::from(millis))
}

/// The client before the instant: the first word that is an address. Before it there may be the name of a virtual
/// host, or what syslog and containers write. A client with a name is the word before a dash, or the first one.
fn client(before: &[u8]) -> &[u8] {
    let words = || before.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    if let Some(address) = words().find(|word| is_address(word)) {
        return address;
    }
    let named = words().zip(words().skip(1)).find(|(_, next)| *next == b"-");
    named.map(|(word, _)| word).or_else(|| words().next()).unwrap_or_default()
}

/// An address of IPv4, which has three dots, or of IPv6, in which zeros are left out or eight groups remain.
fn is_address(word: &[u8]) -> bool {
    let is_of_address = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b'.' | b':');
    let count = |byte| memchr::memchr_iter(byte, word).count();
    word.len() < 64
        && word.iter().all(is_of_address)
        && (count(b'.') == 3 || count(b':') == 7 || memchr::memmem::find(word, b"::").is_some())
}

/// The path of `GET /a HTTP/1.1`.
fn path(request: &[u8]) -> &[u8] {
    request.split(|byte| *byte == b' ').nth(1).unwrap_or(request)
}

fn split_at(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr(byte, text)?;
    Some((&text[..at], &text[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2023-11-16 18:17:03 UTC.
    const AT: i64 = 1_700_158_623_000;

    fn read(line: &str) -> Option<Request> {
        Combined::default().read(line.as_bytes(), false)
    }

    #[test]
    fn a_time_with_three_decimals_ends_at_the_instant_and_a_whole_number_begins_there() {
        let line = r#"10.0.0.1 - - [16/Nov/2023:11:17:03 -0700] "GET /a HTTP/1.1" 200 2326 "-" "Mozilla (x; \"y\")""#;
        for (extra, start, length) in [
            ("", AT, None),
            (" 1.500", AT - 1500, Some(1500)),
            (" \"1.500\"", AT - 1500, Some(1500)),
            (" \"10.1.1.1, 10.2.2.2\" 1.500 0.100 .", AT - 1500, Some(1500)),
            (" urt=\"0.100\" rt=1.500 uht=0.001", AT - 1500, Some(1500)),
            (" 1.500 1700158623.250", AT - 1250, Some(1500)),
            (" 1500001", AT, Some(1501)),
            (" 1 1500001", AT, Some(1501)),
            (" 1500001 1", AT, Some(1501)),
            (" 1/1500001", AT, Some(1501)),
            // Requests before it, and the router and the server that Traefik chose.
            (" 77 \"web@docker\" \"http://10.0.0.9:80\" 1500ms", AT, Some(1500)),
            // The length of the request, and of Kubernetes' ingress what it passed the request to.
            (" 512 1.500 [web-80] [] 10.0.0.9:80 5 0.100 200 ab12", AT - 1500, Some(1500)),
            // Bytes in and out.
            (" 412 2326", AT, None),
            (" - -", AT, None),
        ] {
            let request = read(&format!("{line}{extra}")).unwrap_or_else(|| panic!("{extra}"));
            assert_eq!((request.start, request.length), (start, length), "{extra}");
            assert!(!request.is_refused);
        }
        let common =
            r#"example.com:80 10.0.0.1 - a b [16/Nov/2023:11:17:03 -0700] "GET /a HTTP/1.1" 503 -"#;
        let request = read(common).expect("the common format");
        assert!(request.is_refused && request.start == AT);
        assert_eq!(request.client, key(&[b"10.0.0.1", b"", b"/a"]));
        for before in [
            "10.0.0.1 - [10.0.0.1] - -",
            "Nov 16 18:17:03 web nginx[77]: 10.0.0.1 - -",
            "2023-11-16T18:17:03.97Z stdout F 10.0.0.1 - -",
        ] {
            let line = format!(r#"{before} [16/Nov/2023:11:17:03 -0700] "GET /a HTTP/1.1" 503 -"#);
            let request = read(&line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((request.start, request.client), (AT, key(&[b"10.0.0.1", b"", b"/a"])));
        }
        for (before, is) in [
            ("2001:db8::1 - bob", "2001:db8::1"),
            ("Nov 16 18:17:03 web nginx: pc7.example.com - bob", "pc7.example.com"),
            ("pc7.example.com x bob", "pc7.example.com"),
            ("", ""),
        ] {
            assert_eq!(client(before.as_bytes()), is.as_bytes());
        }
        let envoy = r#"[2023-11-16T18:17:03.000Z] "GET /a HTTP/2" 503 UO 154 0 226 - "10.0.0.1" "x" "id" "h" "-""#;
        let request = read(envoy).expect("a request of Envoy");
        assert_eq!((request.start, request.length, request.is_refused), (AT, Some(226), true));
        assert_eq!(request.client, key(&[b"10.0.0.1", b"x", b"/a"]));
        let nobody = r#"- - - [16/Nov/2023:11:17:03 -0700] "GET /a HTTP/1.1" 503 -"#;
        assert_eq!(read(nobody).map(|request| request.client), Some(0));
        for status in ["000", "-"] {
            let line = format!(r#"a - - [16/Nov/2023:11:17:03 -0700] "" {status} 0 "-" "-""#);
            assert!(read(&line).is_some_and(|request| !request.is_refused), "{line}");
        }
        let msec = r#"1700158623.250 10.0.0.1 - - [16/Nov/2023:11:17:03 -0700] "GET / HTTP/1.1" 429 0 "-" "x" 0.250"#;
        assert_eq!(read(msec).map(|request| request.start), Some(AT));
    }

    #[test]
    fn what_is_no_request_is_none() {
        for line in [
            "",
            "words",
            r#"1.2.3.4 - - [16/Nov/2023:11:17:03 -0700] "GET /"#,
            r#"1.2.3.4 - - [soon] "GET / HTTP/1.1" 200 1"#,
            r#"1.2.3.4 - - [16/Nov/2023:11:17:03 -0700] "GET / HTTP/1.1" OK 1"#,
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
