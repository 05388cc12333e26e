//! HAProxy's logs of HTTP and of TCP connections.
//!
//! ```text
//! ... haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET /index.html HTTP/1.1"
//! ```
//!
//! The instant is when the connection was accepted. Times are those of the request, in the queue, to
//! connect, to the response, and the total, in ms (HAProxy's documentation, section 8.2.3); `-1` where it
//! did not come to that.

use memchr::{memchr, memrchr};

use super::clock::Clock;
use super::status;
use crate::log::observed::load::Request;
use crate::log::observed::retries::key;

/// Reads lines of HAProxy.
#[derive(Clone, Debug, Default)]
pub struct Haproxy {
    clock: Clock,
}

impl Haproxy {
    /// The request of a line; `None` if it is none. Whose it is, is found out if `with_client` or if it was
    /// refused.
    pub fn read(&mut self, line: &[u8], with_client: bool) -> Option<Request> {
        let (brackets, start) = self.clock.in_brackets(line)?;
        let address = line[..brackets.start].trim_ascii_end();
        let address = &address[memrchr(b' ', address).map_or(0, |at| at + 1)..];
        let mut words =
            line[brackets.end..].split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        let (_frontend, backend, timers) = (words.next()?, words.next()?, words.next()?);
        if !backend.contains(&b'/') {
            return None;
        }
        let mut parts = [0; 5];
        let mut count = 0;
        for part in timers.split(|byte| *byte == b'/') {
            *parts.get_mut(count)? = timer(part)?;
            count += 1;
        }
        // Of HTTP there are five times and a status, of TCP three: in the queue, to connect, the total.
        let (queued, total, status) = match count {
            5 => (parts[1], parts[4], Some(status_code(words.next()?)?)),
            3 => (parts[0], parts[2], None),
            _ => return None,
        };
        let mut rest = words;
        let is_state = |word: &&[u8]| {
            word.len() == if status.is_some() { 4 } else { 2 } && !word.contains(&b'/')
        };
        // Behind the bytes, and of HTTP the captured cookies.
        let state = rest.by_ref().skip(1).find(is_state).unwrap_or_default();
        let is_queue_full = matches!(state, [b's' | b'S' | b'P', b'Q', ..]);
        let is_refused = status.is_some_and(status::is_refusal) || is_queue_full;
        let client = match with_client || is_refused {
            true => {
                // The port differs from connection to connection.
                let address = &address[..memrchr(b':', address).unwrap_or(address.len())];
                let request = memchr(b'"', line).map_or(&b""[..], |at| &line[at..]);
                key(&[address, request])
            }
            false => 0,
        };
        let queued = Some(queued).filter(|queued| *queued >= 0);
        let length = Some(total).filter(|total| *total >= 0);
        Some(Request { start, length, is_refused, queued, client, ..Request::default() })
    }
}

/// A status; 0 where the client went away before there was one.
fn status_code(text: &[u8]) -> Option<u32> {
    if matches!(text, b"-1" | b"0") { Some(0) } else { status::code(text) }
}

/// A time in ms; with `option logasap` a `+` is before it.
fn timer(text: &[u8]) -> Option<i64> {
    if text == b"-1" {
        return Some(-1);
    }
    crate::log::stamp::number(text.strip_prefix(b"+").unwrap_or(text)).map(i64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Request> {
        Haproxy::default().read(line.as_bytes(), false)
    }

    #[test]
    fn lines_of_http_and_tcp_are_read() {
        let http = "Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in \
                    static/srv1 10/7/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} \"GET /i HTTP/1.1\"";
        let request = read(http).expect("a request");
        assert_eq!((request.start, request.length), (1_233_922_454_655, Some(109)));
        assert_eq!((request.queued, request.is_refused), (Some(7), false));
        let refused = "haproxy[1]: 10.0.1.2:3 [06/Feb/2009:12:14:14.655] in static/<NOSRV> 0/-1/-1/-1/0 503 212 - - \
                       SC-- 1/1/1/1/0 0/0 \"GET /i HTTP/1.1\"";
        let request = read(refused).expect("a request");
        assert!(request.is_refused && request.queued.is_none());
        assert_eq!(request.client, key(&[b"10.0.1.2", b"\"GET /i HTTP/1.1\""]));
        let tcp = "haproxy[1]: 10.0.1.2:33313 [06/Feb/2009:12:12:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0";
        let request = read(tcp).expect("a connection");
        assert_eq!((request.length, request.is_refused), (Some(5007), false));
        let aborted = "haproxy[1]: 10.0.1.2:3 [06/Feb/2009:12:14:14.655] in~ in/<NOSRV> -1/-1/-1/-1/10060 -1 0 - - CR-- \
                       1/1/1/1/0 0/0 \"<BADREQ>\"";
        let request = read(aborted).expect("a request");
        assert_eq!((request.length, request.is_refused), (Some(10060), false));
        let full = "haproxy[1]: 10.0.1.2:33313 [06/Feb/2009:12:12:51.443] fnt bck/<NOSRV> 5000/-1/5000 0 sQ 0/0/0/0/3 0/0";
        assert!(read(full).is_some_and(|request| request.is_refused));
    }

    #[test]
    fn what_is_no_request_is_none() {
        for line in ["", "haproxy[1]: Proxy in started.", "[06/Feb/2009:12:12:51.443] a b/c 1/2 3"]
        {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
