//! What events tell of each client: its attempts, and what became of them.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::line::{Kind, Line};
use crate::log::input::encoding::{beginning, text};
use crate::log::observed::load::Request;
use crate::log::program::{Bug, Counts, Diagnosis, Evidence, Outcome, ProgramLog, Time};
use crate::log::sms::signature::{is_refusal, is_wrapped};
use crate::log::stamp::Stamp;
use crate::log::told::Told;

/// The most clients that are kept. Those whose story ended give way; if it goes on for all of them, what is beyond
/// them is not told apart.
const MOST_CLIENTS: usize = 1 << 17;

/// The most bytes of a name, and of a line that is evidence.
const LONGEST_NAME: usize = 256;
const LONGEST_EVIDENCE: usize = 300;

/// A program of a package.
#[derive(Debug, PartialEq, Eq)]
struct Names {
    program: String,
    package: String,
}

/// The stories of the clients of a log.
pub struct Story {
    file: String,
    /// The program that was advertised last.
    names: Arc<Names>,
    clients: HashMap<Arc<str>, Client>,
    /// Clients whose story ended, each once, in their order; for some it went on since.
    ended: VecDeque<Arc<str>>,
    told: Told,
}

/// What is known of one client.
struct Client {
    names: Arc<Names>,
    counts: Counts,
    outcome: Outcome,
    first: Option<Stamp>,
    last: Option<Stamp>,
    /// When the attempt that goes on was admitted.
    connected: Option<Stamp>,
    /// Its last attempt, if that failed.
    failed: Option<Failure>,
    /// Whether its program was unscheduled, also if a new advertisement came after that.
    is_unscheduled: bool,
    /// Whether its story ended; a client may come again.
    has_ended: bool,
    /// Whether it is among those whose story ended.
    is_queued: bool,
    diagnosis: Option<Box<Diagnosis>>,
}

/// An attempt that failed.
struct Failure {
    at: Stamp,
    code: u32,
    evidence: Box<Evidence>,
}

impl Story {
    /// The stories of the log `file`.
    pub fn of(file: &str) -> Story {
        let (program, package) = ("(not named)".to_owned(), String::new());
        let names = Arc::new(Names { program, package });
        Story {
            file: file.to_owned(),
            names,
            clients: HashMap::new(),
            ended: VecDeque::new(),
            told: Told::default(),
        }
    }

    /// Reads on: the event of the line of the number `number`, whose bytes are `bytes`.
    pub fn line(&mut self, line: &Line<'_>, number: u64, bytes: &[u8]) {
        let name = cut(&line.client);
        if let Kind::Arrived { program, package } = &line.kind {
            self.advertised(cut(program), cut(package));
        }
        let is_new = !self.clients.contains_key(name);
        let is_full = is_new && self.clients.len() >= MOST_CLIENTS && !self.makes_room();
        let name = if is_full { "(further clients)" } else { name };
        if is_new && !self.clients.contains_key(name) {
            self.clients.insert(name.into(), Client::of(&self.names));
        }
        let Some(client) = self.clients.get_mut(name) else { return };
        client.has_ended = false;
        let evidence = || {
            let text = text(beginning(bytes, LONGEST_EVIDENCE)).into_owned();
            Evidence { line: number, text }
        };
        let at = line.at;
        match line.kind {
            Kind::Arrived { .. } | Kind::Other => {}
            Kind::Connected => client.connected = Some(at),
            Kind::Completed(took) => {
                let start = client.attempt(at, took, false, &mut self.told);
                client.completed(start, at, &mut self.told);
            }
            Kind::Failed(code, took) => {
                client.attempt(at, took, false, &mut self.told);
                client.failed(at, code, evidence());
            }
            Kind::Refused(code) => {
                client.connected = None;
                client.attempt(at, None, is_refusal(code), &mut self.told);
                client.failed(at, code, evidence());
            }
            Kind::Unscheduled => client.unscheduled(at, evidence(), &self.file),
            Kind::Ended { is_stranded } => {
                if is_stranded && !client.is_unscheduled {
                    client.unscheduled(at, evidence(), &self.file);
                }
                // What comes after the end is no retry.
                (client.failed, client.has_ended) = (None, true);
                if !std::mem::replace(&mut client.is_queued, true) {
                    self.ended.push_back(name.into());
                }
            }
        }
    }

    /// What was told, at the end of the log.
    pub fn end(mut self) -> Told {
        let open = std::mem::take(&mut self.clients);
        for (name, client) in open {
            self.tell(&name, client);
        }
        self.told
    }

    fn advertised(&mut self, program: &str, package: &str) {
        let is_known = self.names.program == program && self.names.package == package;
        if !(is_known || program.is_empty()) {
            let (program, package) = (program.to_owned(), package.to_owned());
            self.names = Arc::new(Names { program, package });
        }
    }

    /// Tells the story that ended first; returns whether there is one.
    fn makes_room(&mut self) -> bool {
        while let Some(name) = self.ended.pop_front() {
            let Some(client) = self.clients.get_mut(&name) else { continue };
            client.is_queued = false;
            if client.has_ended
                && let Some(client) = self.clients.remove(&name)
            {
                self.tell(&name, client);
                return true;
            }
        }
        false
    }

    /// Adds the program of a client, unless nothing is known of any attempt.
    fn tell(&mut self, name: &str, client: Client) {
        if client.counts.attempts == 0 && !client.is_unscheduled {
            return;
        }
        let Names { program, package } = &*client.names;
        let new = ProgramLog::new(name, &self.file, program.clone(), package.clone());
        self.told.programs.add(ProgramLog {
            counts: client.counts,
            outcome: client.outcome,
            first: client.first.map(Time),
            last: client.last.map(Time),
            diagnosis: client.diagnosis.map(|diagnosis| *diagnosis),
            ..new
        });
    }
}

impl Client {
    fn of(names: &Arc<Names>) -> Client {
        Client {
            names: names.clone(),
            counts: Counts::default(),
            outcome: Outcome::Unscheduled,
            first: None,
            last: None,
            connected: None,
            failed: None,
            is_unscheduled: false,
            has_ended: false,
            is_queued: false,
            diagnosis: None,
        }
    }

    /// Counts an attempt that ended at `at`. It took `took` ms, or if that is not known, the time since it was
    /// admitted; one that was not admitted took none. Returns when it began.
    fn attempt(
        &mut self,
        at: Stamp,
        took: Option<i64>,
        is_refused: bool,
        told: &mut Told,
    ) -> Stamp {
        let connected = self.connected.take();
        let length = took.or_else(|| {
            let length = at.millis() - connected?.millis();
            Some(length).filter(|length| *length >= 0)
        });
        let start = Stamp { local: at.local - length.unwrap_or(0), ..at };
        self.counts.attempts += 1;
        if let Some(failed) = self.failed.take() {
            self.counts.retries += 1;
            told.gaps.add(start.millis() - failed.at.millis());
        }
        self.first.get_or_insert(start);
        self.last = Some(at);
        let is_retry = self.counts.attempts > 1;
        let start_ms = start.millis();
        let request =
            Request { start: start_ms, length, is_refused, is_retry, ..Request::default() };
        told.request(request);
        start
    }

    fn completed(&mut self, start: Stamp, at: Stamp, told: &mut Told) {
        let first = self.first.unwrap_or(start);
        self.counts.completions += 1;
        if self.counts.completions == 1 {
            told.journeys.add(at.millis() - first.millis());
        }
        (self.outcome, self.diagnosis) = (Outcome::Completed, None);
    }

    fn failed(&mut self, at: Stamp, code: u32, evidence: Evidence) {
        match is_refusal(code) {
            true => self.counts.refusals += 1,
            false => self.counts.failures += 1,
        }
        self.counts.misreports += u64::from(is_refusal(code) && is_wrapped(code));
        (self.outcome, self.diagnosis) = (Outcome::Retrying, None);
        self.failed = Some(Failure { at, code, evidence: Box::new(evidence) });
    }

    fn unscheduled(&mut self, at: Stamp, evidence: Evidence, file: &str) {
        self.is_unscheduled = true;
        self.first.get_or_insert(at);
        self.last = Some(at);
        let Some(failure) = self.failed.take() else {
            // Nothing failed before, as far as the log goes.
            if self.outcome != Outcome::Completed {
                self.outcome = Outcome::Unscheduled;
            }
            return;
        };
        let code = failure.code;
        // The reaction to a misreported refusal comes at once.
        let is_misreport = is_refusal(code) && is_wrapped(code) && failure.at == at;
        let (bug, path, reason) = match is_misreport {
            true => (
                Bug::Q268500,
                "misreport",
                format!(
                    "a refusal was reported as {code:#x}, which was not recognised, and the program was unscheduled"
                ),
            ),
            false => (
                Bug::Q302674,
                "poll",
                format!(
                    "a retry was pending after error {code:#x} when the program was unscheduled, as a poll does"
                ),
            ),
        };
        self.outcome = Outcome::Stranded;
        self.diagnosis = Some(Box::new(Diagnosis {
            bug: Some(bug),
            path,
            reason,
            when: Some(Time(at)),
            code: Some(format!("{code:#x}")),
            file: file.to_owned(),
            records: 2,
            threads: Vec::new(),
            evidence: vec![*failure.evidence, evidence],
        }));
    }
}

/// The beginning of a name that is too long.
fn cut(name: &str) -> &str {
    let is_end = |end: &usize| name.is_char_boundary(*end);
    &name[..(0..=name.len().min(LONGEST_NAME)).rev().find(is_end).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(events: impl Iterator<Item = (usize, Kind<'static>)>) -> Told {
        let mut story = Story::of("events.jsonl");
        for (number, kind) in events {
            let at = Stamp { local: number as i64, ahead: Some(0) };
            let line = Line { at, client: format!("office-{number:05}").into(), kind };
            story.line(&line, number as u64 + 1, b"{}");
        }
        story.end()
    }

    #[test]
    fn clients_whose_story_ended_make_room_for_others() {
        let all = MOST_CLIENTS + 500;
        let whole = || [Kind::Connected, Kind::Completed(None), Kind::Ended { is_stranded: false }];
        let totals = told((0..all).flat_map(|n| whole().map(|kind| (n, kind)))).programs.totals();
        assert_eq!((totals.programs, totals.counts.completions), (all as u64, all as u64));
        // While the stories of all go on, those beyond the most are one program.
        let refused = (0..all).map(|n| (n, Kind::Refused(0x47)));
        let totals = told(refused).programs.totals();
        assert_eq!(
            (totals.programs, totals.counts.refusals),
            (MOST_CLIENTS as u64 + 1, all as u64)
        );
    }

    #[test]
    fn a_client_that_comes_again_goes_on_with_its_story() {
        let end = || (0, Kind::Ended { is_stranded: false });
        let rounds = [(0, Kind::Refused(0x47)), end(), (0, Kind::Completed(None)), end(), end()];
        let totals = told(rounds.into_iter()).programs.totals();
        let wanted = Counts { attempts: 2, refusals: 1, completions: 1, ..Counts::default() };
        assert_eq!((totals.programs, totals.counts), (1, wanted));
    }
}
