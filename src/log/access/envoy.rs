//! What Envoy and Istio write behind the status of a request, by default:
//!
//! ```text
//! [2016-04-15T20:17:00.310Z] "POST /api HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "agent" "id" "host" "tcp://10.0.2.1:80"
//! [2020-11-25T21:26:18.409Z] "GET / HTTP/1.1" 418 - via_upstream - "-" 0 135 3 1 "-" "agent" "id" "host" "10.0.2.1:80" ...
//! ```
//!
//! The instant is the beginning of the request. Behind it come flags, the bytes received and sent, how long it took and
//! how long the server behind took in ms, for whom it was forwarded, and the agent.

use super::quoted::quoted;
use crate::log::stamp::number;

/// What is behind the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail<'l> {
    /// How long it took, in ms.
    pub length: i64,
    /// For whom it was forwarded; empty if that is not known.
    pub client: &'l [u8],
    /// The agent.
    pub agent: &'l [u8],
}

/// Reads what is behind the status; `None` if it is something else.
pub fn tail(text: &[u8]) -> Option<Tail<'_>> {
    /// Flags and details of the answer.
    const MOST_BEFORE: usize = 5;
    let mut rest = text;
    let mut next = || {
        rest = rest.trim_ascii_start();
        if rest.starts_with(b"\"") {
            let (_, after) = quoted(rest)?;
            rest = after;
            return Some(None);
        }
        let end = memchr::memchr(b' ', rest).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(number(word))
    };
    let _received = (0..MOST_BEFORE).find_map(|_| next().flatten())?;
    let (_sent, length, _behind) = (next()??, next()??, next()?);
    let (client, rest) = quoted(rest)?;
    let (agent, _) = quoted(rest)?;
    let client = client.split(|byte| *byte == b',').next().unwrap_or_default();
    let client = if client == b"-" { &b""[..] } else { client };
    Some(Tail { length: i64::from(length), client, agent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_number_is_the_time() {
        let of = |text: &'static str| tail(text.as_bytes());
        let client = &b"10.0.35.28"[..];
        assert_eq!(
            of(r#"- 154 0 226 100 "10.0.35.28, 10.0.0.1" "agent" "id" "host" "tcp://10.0.2.1:80""#),
            Some(Tail { length: 226, client, agent: b"agent" })
        );
        assert_eq!(
            of(r#"UO upstream_overflow - "-" 0 81 0 - "-" "agent" "id" "host" "-" outbound"#),
            Some(Tail { length: 0, client: b"", agent: b"agent" })
        );
        for text in [
            "",
            "- 154 0",
            "- 154 0 226 100",
            "- a b c d e 1 2 3 4 \"\" \"\"",
            "- 1 - 3 4 \"\" \"\"",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
