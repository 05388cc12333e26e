//! Access logs in JSON, one object per line, by the names of their fields.
//!
//! nginx's variables keep their names and meanings. `ts` and `duration` are Caddy's, `StartUTC` and `Duration`
//! are Traefik's, `start_time` and `response_code` are Envoy's. Other names of times are read as those of a
//! trace's columns: with their unit (`took_ms`), or as a text with its unit (`"12ms"`).

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::clock::{Clock, epoch};
use super::status;
use crate::log::observed::lengths::LONGEST;
use crate::log::observed::load::Request;
use crate::log::observed::retries::key;
use crate::scenario::CellTimes;

/// Reads lines of JSON.
#[derive(Default)]
pub struct Json {
    clock: Clock,
}

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    /// When the request began.
    Start,
    /// When it ended, which is when its line was written.
    End,
    /// How long it took, in seconds, milliseconds, nanoseconds, or by its name and text.
    Seconds,
    Millis,
    Nanos,
    Length,
    Status,
    Client,
    Agent,
    Path,
    /// An object with such fields.
    Inner,
}

/// The names of fields, in small letters.
const FIELDS: [(Field, &[&str]); 11] = [
    (Field::Start, &["startutc", "start_time", "starttime", "started_at", "start"]),
    (
        Field::End,
        &[
            "msec",
            "time_iso8601",
            "time_local",
            "ts",
            "time",
            "timestamp",
            "@timestamp",
            "date",
            "end",
        ],
    ),
    (Field::Seconds, &["request_time", "elapsed_seconds"]),
    (Field::Millis, &["responsetime", "response_time_ms", "latency_ms"]),
    (Field::Nanos, &["duration_nano"]),
    (
        Field::Length,
        &[
            "duration",
            "duration_ms",
            "duration_us",
            "duration_ns",
            "duration_s",
            "elapsed",
            "elapsed_ms",
            "latency",
            "took",
            "took_ms",
            "request_time_ms",
            "response_time",
            "latency_us",
            "duration_seconds",
        ],
    ),
    (
        Field::Status,
        &[
            "status",
            "status_code",
            "statuscode",
            "downstreamstatus",
            "response_code",
            "code",
            "http_status",
        ],
    ),
    (
        Field::Client,
        &[
            "remote_addr",
            "remote_ip",
            "client_ip",
            "clienthost",
            "clientip",
            "client",
            "ip",
            "host_ip",
            "remoteip",
            "source_ip",
            "client_addr",
            "downstream_remote_address",
            "x_forwarded_for",
        ],
    ),
    (Field::Agent, &["http_user_agent", "user_agent", "useragent", "request_user-agent", "agent"]),
    (
        Field::Path,
        &["request_uri", "uri", "path", "requestpath", "requesturl", "request_url", "url"],
    ),
    (Field::Inner, &["request", "response", "http", "req", "res", "httprequest"]),
];

impl Json {
    /// The request of a line; `None` if it is none.
    pub fn read(&mut self, line: &[u8]) -> Option<Request> {
        let fields = Object { depth: 0 }.read(std::str::from_utf8(object(line)?).ok()?)?;
        let length = fields.length.and_then(|(field, name, value)| length(field, &name, value));
        let start = fields.start.and_then(|value| self.instant(value));
        let mut moved = 0;
        let start = match start {
            Some(start) => start,
            None => {
                let end = self.instant(fields.end?)?;
                moved = self.clock.within_second();
                end - length.unwrap_or(0)
            }
        };
        let is_refused = fields.status.is_some_and(|value| status::is_refusal_text(&text(value)));
        // A line of another kind, such as an error, has neither.
        if fields.status.is_none() && length.is_none() {
            return None;
        }
        let parts = [fields.client, fields.agent, fields.path];
        let [client, agent, path] = parts.map(|value| value.map(text).unwrap_or_default());
        let client = match client.is_empty() {
            true => 0,
            false => key(&[client.as_bytes(), agent.as_bytes(), path.as_bytes()]),
        };
        Some(Request { start, length, moved, is_refused, client, ..Request::default() })
    }

    fn instant(&mut self, value: &str) -> Option<i64> {
        let text = text(value);
        if let Some(at) = self.clock.read(text.as_bytes()) {
            return Some(at);
        }
        // Caddy writes as many decimals as there are.
        let whole = text.split('.').next().unwrap_or_default();
        epoch(text.as_bytes()).or_else(|| epoch(whole.as_bytes()))
    }
}

/// The object of a line, before which there may be what syslog or a container writes.
pub fn object(line: &[u8]) -> Option<&[u8]> {
    const LONGEST_PREFIX: usize = 200;
    let line = line.trim_ascii();
    if line.last() != Some(&b'}') {
        return None;
    }
    let open = memchr::memchr(b'{', &line[..line.len().min(LONGEST_PREFIX)])?;
    // A quote before it is that of another format.
    (!line[..open].contains(&b'"')).then_some(&line[open..])
}

/// A length of time in ms.
fn length(field: Field, name: &str, value: &str) -> Option<i64> {
    let text = text(value);
    let number = || text.parse::<f64>().ok().filter(|number| *number >= 0.0);
    // The casts saturate.
    let millis = |of: f64| number().map(|number| (number * of).round() as i64);
    let length = match field {
        Field::Seconds => millis(1000.0),
        Field::Millis => millis(1.0),
        Field::Nanos => millis(1e-6),
        // Traefik's is in nanoseconds, with a capital letter; Caddy's in seconds, with decimals; Envoy's in
        // milliseconds.
        Field::Length if name == "Duration" && !text.contains('.') => millis(1e-6),
        Field::Length if name == "duration" && text.contains('.') && number().is_some() => {
            millis(1000.0)
        }
        Field::Length => CellTimes::lengths(name).cell(&text),
        _ => None,
    };
    length.map(|length| length.min(LONGEST))
}

/// The text of a value: without its quotes, and with its escapes resolved.
fn text(value: &str) -> Cow<'_, str> {
    match value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) if !inner.contains('\\') => Cow::Borrowed(inner),
        Some(_) => serde_json::from_str::<String>(value).map_or(Cow::Borrowed(value), Cow::Owned),
        None => Cow::Borrowed(value),
    }
}

/// The fields of an object that count. Of several of a kind, the first.
#[derive(Default)]
struct Fields<'l> {
    start: Option<&'l str>,
    end: Option<&'l str>,
    length: Option<(Field, String, &'l str)>,
    status: Option<&'l str>,
    client: Option<&'l str>,
    agent: Option<&'l str>,
    path: Option<&'l str>,
}

impl<'l> Fields<'l> {
    /// Sets the field of an object in `depth` others.
    fn set(&mut self, field: Field, name: String, value: &'l str, depth: u32) {
        let place = match field {
            Field::Start => &mut self.start,
            Field::End => &mut self.end,
            Field::Status => &mut self.status,
            Field::Client => &mut self.client,
            Field::Agent => &mut self.agent,
            Field::Path => &mut self.path,
            Field::Inner => {
                if value.starts_with('{')
                    && depth < DEEPEST
                    && let Some(inner) = (Object { depth: depth + 1 }).read(value)
                {
                    self.fill(inner);
                }
                return;
            }
            Field::Seconds | Field::Millis | Field::Nanos | Field::Length => {
                self.length.get_or_insert((field, name, value));
                return;
            }
        };
        // A nested object is no value.
        if !value.starts_with(['{', '[']) {
            place.get_or_insert(value);
        }
    }

    fn fill(&mut self, inner: Fields<'l>) {
        self.status = self.status.or(inner.status);
        self.client = self.client.or(inner.client);
        self.agent = self.agent.or(inner.agent);
        self.path = self.path.or(inner.path);
        self.length = self.length.take().or(inner.length);
    }
}

/// An object in `depth` others.
struct Object {
    depth: u32,
}

/// In objects that are in more than so many others, no field is looked for.
const DEEPEST: u32 = 3;

impl Object {
    fn read(self, text: &str) -> Option<Fields<'_>> {
        let mut from = serde_json::Deserializer::from_str(text);
        let fields = self.deserialize(&mut from).ok()?;
        from.end().ok().map(|()| fields)
    }
}

impl<'de> DeserializeSeed<'de> for Object {
    type Value = Fields<'de>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Fields<'de>, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields<'de>, M::Error> {
        let mut fields = Fields::default();
        while let Some(name) = map.next_key::<String>()? {
            let lower = name.to_ascii_lowercase();
            match FIELDS.iter().find(|(_, names)| names.contains(&lower.as_str())) {
                Some((field, _)) => {
                    let value: &'de RawValue = map.next_value()?;
                    fields.set(*field, name, value.get(), self.depth);
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2023-11-16 18:17:03 UTC.
    const AT: i64 = 1_700_158_623_000;

    fn read(line: &str) -> Option<(i64, Option<i64>, bool)> {
        let request = Json::default().read(line.as_bytes())?;
        Some((request.start, request.length, request.is_refused))
    }

    #[test]
    fn lines_of_several_servers_are_read() {
        for (line, wanted) in [
            // nginx with `escape=json`.
            (
                r#"{"time_local":"16/Nov/2023:18:17:03 +0000","remote_addr":"10.0.0.1","request":"GET / HTTP/1.1","status":"503","request_time":"1.500"}"#,
                (AT - 1500, Some(1500), true),
            ),
            // Caddy.
            (
                r#"{"level":"info","ts":1700158623.0001234,"request":{"remote_ip":"10.0.0.1","uri":"/","headers":{"User-Agent":["x"]}},"duration":0.25,"status":200}"#,
                (AT - 250, Some(250), false),
            ),
            // Traefik.
            (
                r#"{"ClientHost":"10.0.0.1","DownstreamStatus":429,"Duration":250000000,"StartUTC":"2023-11-16T18:17:03Z","time":"2023-11-16T18:17:04Z"}"#,
                (AT, Some(250), true),
            ),
            // Envoy.
            (
                r#"{"start_time":"2023-11-16T18:17:03.000Z","duration":12,"response_code":200}"#,
                (AT, Some(12), false),
            ),
            (
                r#"{"timestamp":"2023-11-16T18:17:03Z","status":200,"took_ms":40}"#,
                (AT - 40, Some(40), false),
            ),
            (
                r#"{"time":"2023-11-16T18:17:03Z","status":200,"latency":"1.5s"}"#,
                (AT - 1500, Some(1500), false),
            ),
            (
                r#"Nov 16 18:17:03 web app[7]: {"time":"2023-11-16T18:17:03Z","status":200,"took_ms":40}"#,
                (AT - 40, Some(40), false),
            ),
        ] {
            assert_eq!(read(line), Some(wanted), "{line}");
        }
        let (start, length, _) =
            read(r#"{"time":"1601-01-01T00:00:00Z","status":200,"latency_ms":1e300}"#)
                .expect("one");
        assert!(start < 0 && length == Some(LONGEST));
        for line in [
            "",
            "{",
            "[1]",
            r#"{"level":"error","ts":1700158623.1,"msg":"x"}"#,
            r#"{"status":200}"#,
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn who_asks_for_what_is_known_by_several_names() {
        let client = |line: &str| Json::default().read(line.as_bytes()).map(|one| one.client);
        let wanted = Some(key(&[b"10.0.0.1", b"", b"/a"]));
        for fields in [
            r#""remote_addr":"10.0.0.1","request_uri":"/a""#,
            r#""httpRequest":{"remoteIp":"10.0.0.1","requestUrl":"/a"}"#,
            r#""request":{"client_ip":"10.0.0.1","path":"/a"}"#,
        ] {
            let line = format!(r#"{{"ts":1700158623.0,"status":503,{fields}}}"#);
            assert_eq!(client(&line), wanted, "{line}");
        }
        assert_eq!(client(r#"{"ts":1700158623.0,"status":503}"#), Some(0));
    }

    #[test]
    fn objects_within_objects_without_end_take_neither_stack_nor_time() {
        let deep = |depth: usize, inner: &str| {
            let (open, close) = ("{\"http\":".repeat(depth), "}".repeat(depth));
            format!("{{\"ts\":1700158623.0,\"req\":{open}{inner}{close}}}")
        };
        assert_eq!(read(&deep(2, "{\"status\":503}")), Some((AT, None, true)));
        assert_eq!(read(&deep(20_000, "{\"status\":503}")), None);
    }
}
