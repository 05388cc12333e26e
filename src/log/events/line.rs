//! One event of a client as a line of JSON.
//!
//! ```text
//! {"time":"2000-05-15T08:00:00.000Z","client":"office-00007","event":"refused","attempt":1,"status":503,"error":"0x47"}
//! ```

use std::borrow::Cow;

use serde::Deserialize;

use crate::log::access::clock;
use crate::log::observed::lengths::LONGEST;
use crate::log::sms::signature;
use crate::log::stamp::Stamp;

/// Win32 error 64, `ERROR_NETNAME_DELETED`: the connection was cut.
const CUT: u32 = 0x40;
/// Win32 error 121, `ERROR_SEM_TIMEOUT`: it took too long.
const TIMED_OUT: u32 = 0x79;

/// An event of a client.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'l> {
    /// When.
    pub at: Stamp,
    /// To whom.
    pub client: Cow<'l, str>,
    /// What.
    pub kind: Kind<'l>,
}

/// What can happen to a client.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'l> {
    /// It learned of a program of a package.
    Arrived {
        /// The program.
        program: Cow<'l, str>,
        /// Its package.
        package: Cow<'l, str>,
    },
    /// An attempt was admitted.
    Connected,
    /// The program ran; the time that it took in ms, if it is known.
    Completed(Option<i64>),
    /// An attempt that was admitted failed with a code of Windows, after so many ms.
    Failed(u32, Option<i64>),
    /// An attempt was not admitted, with this code.
    Refused(u32),
    /// The program was unscheduled.
    Unscheduled,
    /// The end of the story; whether the program was unscheduled.
    Ended {
        /// Whether it was.
        is_stranded: bool,
    },
    /// Something that changes nothing here.
    Other,
}

#[derive(Deserialize)]
struct Fields<'l> {
    #[serde(borrow)]
    time: Cow<'l, str>,
    #[serde(borrow)]
    client: Cow<'l, str>,
    #[serde(borrow)]
    event: Cow<'l, str>,
    #[serde(default)]
    program: Cow<'l, str>,
    #[serde(default)]
    package: Cow<'l, str>,
    #[serde(default)]
    error: Cow<'l, str>,
    #[serde(default)]
    outcome: Cow<'l, str>,
    took_ms: Option<i64>,
}

/// The event of a line; `None` if it is none.
pub fn read(line: &[u8]) -> Option<Line<'_>> {
    let line = line.trim_ascii();
    if line.first() != Some(&b'{') {
        return None;
    }
    let fields: Fields<'_> = serde_json::from_slice(line).ok()?;
    let is_stranded = fields.outcome == "stranded";
    let took = fields.took_ms.filter(|took| (0..=LONGEST).contains(took));
    let kind = match &*fields.event {
        "arrived" => Kind::Arrived { program: fields.program, package: fields.package },
        "connected" => Kind::Connected,
        "completed" => Kind::Completed(took),
        "cut" => Kind::Failed(CUT, took),
        "timed out" => Kind::Failed(TIMED_OUT, took),
        "refused" => Kind::Refused(signature::code(fields.error.as_bytes())?),
        "unscheduled" => Kind::Unscheduled,
        "readvertisement ended" if is_stranded => Kind::Unscheduled,
        "rejected" | "readvertised" | "readvertisement ended" => Kind::Other,
        "ended" => Kind::Ended { is_stranded },
        _ => return None,
    };
    Some(Line { at: clock::any(fields.time.as_bytes())?, client: fields.client, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_an_instant_a_client_and_a_kind() {
        for (rest, wanted) in [
            (r#""event":"connected","attempt":1"#, Kind::Connected),
            (r#""event":"completed","status":200,"took_ms":40"#, Kind::Completed(Some(40))),
            (r#""event":"timed out","status":504,"took_ms":null"#, Kind::Failed(0x79, None)),
            (r#""event":"refused","error":"0x80070047""#, Kind::Refused(0x8007_0047)),
            (r#""event":"refused","error":"429""#, Kind::Refused(429)),
            (
                r#""event":"ended","outcome":"stranded","attempts":3"#,
                Kind::Ended { is_stranded: true },
            ),
            (r#""event":"readvertisement ended","outcome":"completed""#, Kind::Other),
        ] {
            let line = format!(r#"{{"time":"2000-05-15T08:00:00.000Z","client":"a\"b",{rest}}}"#);
            let read = read(line.as_bytes()).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((read.kind, &*read.client), (wanted, "a\"b"), "{line}");
            assert_eq!(read.at.to_string(), "2000-05-15T08:00:00.000Z");
        }
    }

    #[test]
    fn another_object_is_no_event() {
        for line in [
            "",
            "{",
            r#"{"time":"2000-05-15T08:00:00Z","client":"10.0.0.1","status":200,"took_ms":40}"#,
            r#"{"time":"2000-05-15T08:00:00Z","client":"a","event":"login"}"#,
            r#"{"time":"2000-05-15T08:00:00Z","client":"a","event":"refused"}"#,
            r#"{"time":"yesterday","client":"a","event":"connected"}"#,
            r#"{"time":1,"client":"a","event":"connected"}"#,
        ] {
            assert_eq!(read(line.as_bytes()), None, "{line}");
        }
    }
}
