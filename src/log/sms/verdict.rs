//! Which bug an unscheduling after an error shows, as far as the text supports it.

use super::episode::{Episode, Lines};
use super::signature::{is_network, is_refusal, is_wrapped, win32};
use crate::log::program::{Bug, Diagnosis, Time};
use crate::log::stamp::Stamp;

/// An unscheduling that comes so long after the error, in ms, is not the reaction to it, which comes at once:
/// in Q268500, 90 ms after it.
const LATER: i64 = 60_000;

/// Before a program was unscheduled, ...
pub enum Seen {
    /// the same thread handled an error of it.
    Own(Episode),
    /// another thread handled an error of it, or the same thread did and went on.
    Other {
        /// The code of the error.
        code: u32,
        /// The lines that show it.
        evidence: Lines,
        /// The number of the first of them among all records.
        from: u64,
    },
}

impl Seen {
    /// The number of the first record.
    pub fn from(&self) -> u64 {
        match self {
            Seen::Own(episode) => episode.from,
            Seen::Other { from, .. } => *from,
        }
    }
}

/// What an unscheduling shows. `attempted` is when the attempt failed, `stamp` when the program was unscheduled,
/// and `line` the record that shows it.
pub fn diagnose(
    seen: Seen,
    attempted: Option<Stamp>,
    stamp: Option<Stamp>,
    line: (u64, &[u8]),
) -> Diagnosis {
    let after = attempted.zip(stamp).map(|(from, to)| to.millis() - from.millis());
    let is_later = after.is_some_and(|after| after > LATER);
    let (code, mut evidence, own) = match seen {
        Seen::Own(mut episode) => {
            let evidence = std::mem::take(&mut episode.evidence);
            (episode.code.unwrap_or(0), evidence, Some(episode))
        }
        Seen::Other { code, evidence, .. } => (code, evidence, None),
    };
    evidence.push(line.0, line.1);
    let (bug, path, reason) = judge(code, own.as_ref(), is_later, after.is_some());
    Diagnosis {
        bug,
        path,
        reason,
        when: stamp.map(Time),
        code: Some(format!("{code:#x}")),
        file: String::new(),
        records: 0,
        threads: Vec::new(),
        evidence: evidence.shown(),
    }
}

fn judge(
    code: u32,
    own: Option<&Episode>,
    is_later: bool,
    has_times: bool,
) -> (Option<Bug>, &'static str, String) {
    let own = own.filter(|_| !is_later);
    let is_misreported = is_wrapped(code);
    if let Some(episode) = own
        && is_misreported
        && is_refusal(code)
    {
        let action = match episode.action {
            Some(2) => "action code 2 unscheduled the program",
            _ => "the program was unscheduled; the log lacks the action code",
        };
        return (
            Some(Bug::Q268500),
            "misreport",
            format!("a refusal was reported as {code:#x}, which was not recognised, and {action}"),
        );
    }
    let error = match win32(code).filter(|_| is_network(code)) {
        Some(71) => "a refusal (error 71)".to_owned(),
        Some(error) => format!("a network error ({error})"),
        None => {
            let reason = format!("error {code:#x}, then an unscheduling: none of the known bugs");
            return (None, "other", reason);
        }
    };
    match (own, has_times) {
        (None, _) if is_later => (
            Some(Bug::Q302674),
            "poll",
            format!(
                "a retry was pending after {error} when the program was unscheduled, as a poll does"
            ),
        ),
        (None, _) => (
            Some(Bug::Q302674),
            "poll",
            format!(
                "a retry was pending after {error} when another thread unscheduled the program"
            ),
        ),
        (Some(episode), _) if episode.action == Some(2) => (
            None,
            "other",
            format!("{error}, and action code 2 unscheduled the program: none of the known bugs"),
        ),
        (Some(_), true) => (
            Some(Bug::Q302674),
            "network",
            format!("{error}, and the program was unscheduled at once; the log shows no poll"),
        ),
        (Some(_), false) => (
            Some(Bug::Q302674),
            "network",
            format!(
                "{error}, then an unscheduling; the records have neither times nor threads, so they do not \
                 show whether a poll came between"
            ),
        ),
    }
}
