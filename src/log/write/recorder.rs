//! Records the events of some clients, and writes them as logs.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{self, Write};
use std::sync::atomic::AtomicBool;

use serde_json::json;

use super::line::{self, Record, WriteFormat};
use super::messages::{Message, Names};
use crate::diagnostic::quoted;
use crate::engine::event_engine;
use crate::log::stamp::{Stamp, instant};
use crate::model::{ClientId, Event, EventKind, Observer, Outcome, RefusalCode, Replication, Time};
use crate::scenario::Scenario;

/// What a client notes of an attempt that timed out; 121 (0x79) is Win32's `ERROR_SEM_TIMEOUT`.
const TOO_LONG: &str = "The attempt took too long.";

/// The program that all clients run, and its file.
const PROGRAM: &str = "Run setup.exe";
const FILE: &str = "setup.exe";

/// Which clients write logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those whose advertisement is stranded.
    Stranded,
    /// All.
    All,
    /// About so many, at equal distances.
    Sample(u64),
    /// Those of these names.
    Named(Vec<String>),
}

impl Wanted {
    /// Whether `scenario` has the clients that are named.
    ///
    /// # Errors
    ///
    /// A name that no client has.
    pub fn check(&self, scenario: &Scenario) -> Result<(), String> {
        let Wanted::Named(names) = self else { return Ok(()) };
        let replication = scenario.replication(0);
        named(names, &replication, &names_of_groups(&replication)).map(|_| ())
    }
}

/// The events of clients that write logs.
pub struct Recorded {
    events: Vec<Event>,
    /// The names of clients by their groups, without the number.
    groups: Vec<String>,
    package: String,
    /// The instant at which the simulation starts, in ms since 1970.
    start: i64,
}

/// Simulates replication 0 of `scenario` and records the events of the clients that are wanted.
///
/// # Errors
///
/// A name that no client has.
pub fn record(scenario: &Scenario, wanted: &Wanted, stop: &AtomicBool) -> Result<Recorded, String> {
    let replication = scenario.replication(0);
    let groups = names_of_groups(&replication);
    let clients: Option<BTreeSet<ClientId>> = match wanted {
        Wanted::All => None,
        Wanted::Stranded => Some(event_engine::run(&replication, Stranded::default(), stop).0),
        Wanted::Sample(number) => {
            let all: Vec<ClientId> = newcomers(&replication);
            let step = (all.len() as u64).div_ceil((*number).max(1)).max(1) as usize;
            Some(all.into_iter().step_by(step).collect())
        }
        Wanted::Named(names) => Some(named(names, &replication, &groups)?),
    };
    let recorder = Recorder { clients, events: Vec::new() };
    let events = event_engine::run(&replication, recorder, stop).events;
    let package = one_line(&scenario.name);
    Ok(Recorded { events, groups, package, start: start_of(scenario) })
}

/// The clients of these names.
fn named(
    names: &[String],
    replication: &Replication<'_>,
    groups: &[String],
) -> Result<BTreeSet<ClientId>, String> {
    let clients = newcomers(replication).into_iter();
    let all: HashMap<String, ClientId> =
        clients.map(|client| (name_of(groups, client), client)).collect();
    let found = names.iter().map(|name| {
        all.get(name).copied().ok_or_else(|| {
            let example = all.keys().min().map(|name| format!(", such as {}", quoted(name)));
            let (name, example) = (quoted(name), example.unwrap_or_default());
            format!("there is no client {name}: its group and its number make a name{example}")
        })
    });
    found.collect()
}

fn newcomers(replication: &Replication<'_>) -> Vec<ClientId> {
    let newcomers = replication.newcomers().into_iter();
    newcomers.map(|newcomer| ClientId { group: newcomer.group, index: newcomer.index }).collect()
}

/// The instant at which a simulation starts, in ms since 1970: in the week of the log of Q268500, which begins
/// on Monday, 15 May 2000.
fn start_of(scenario: &Scenario) -> i64 {
    let monday = instant([2000, 5, 15], [0; 3], 0).unwrap_or_default();
    monday + scenario.start().as_millis() as i64
}

/// The clients whose advertisement was stranded.
#[derive(Default)]
struct Stranded(BTreeSet<ClientId>);

impl Observer for Stranded {
    const EVERY_ATTEMPT: bool = false;

    fn observe(&mut self, event: &Event) {
        if is_unscheduling(event.kind) {
            self.0.insert(event.client);
        }
    }
}

/// Whether an error handler unscheduled the program: where no workaround may come, or after one, its story ends
/// there.
fn is_unscheduling(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Unscheduled { .. }
            | EventKind::ReadvertisementEnded { outcome: Outcome::Stranded, .. }
            | EventKind::Ended { outcome: Outcome::Stranded, .. }
    )
}

/// Keeps the events of some clients.
struct Recorder {
    /// Which; `None` for all.
    clients: Option<BTreeSet<ClientId>>,
    events: Vec<Event>,
}

impl Observer for Recorder {
    fn observe(&mut self, event: &Event) {
        if self.clients.as_ref().is_none_or(|clients| clients.contains(&event.client)) {
            self.events.push(*event);
        }
    }
}

/// A name for each group that a file can have, all different.
fn names_of_groups(replication: &Replication<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for members in &replication.groups {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        let plain: String =
            members.group.name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
        let mut name = plain.trim_start_matches('.').to_owned();
        while name.is_empty() || names.contains(&name) {
            name.push('_');
        }
        names.push(name);
    }
    names
}

/// A name on one line, as a message can have it.
fn one_line(name: &str) -> String {
    let words = name.split(|c: char| c.is_whitespace() || c.is_control() || c == '~');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn name_of(groups: &[String], client: ClientId) -> String {
    let group = groups.get(client.group.index()).map_or("", String::as_str);
    format!("{group}-{:05}", client.index)
}

impl Recorded {
    /// The log of each client, by its name.
    pub fn of_each(&self, format: WriteFormat) -> impl Iterator<Item = (String, String)> {
        let mut by_client: BTreeMap<ClientId, Vec<Event>> = BTreeMap::new();
        for event in &self.events {
            by_client.entry(event.client).or_default().push(*event);
        }
        by_client.into_iter().map(move |(client, events)| {
            let mut text = String::new();
            self.write(&events, format, false, &mut |line| text.push_str(line));
            (name_of(&self.groups, client), text)
        })
    }

    /// The events of all clients as one log.
    ///
    /// # Errors
    ///
    /// Those of `to`.
    pub fn merged(&self, format: WriteFormat, to: &mut impl Write) -> io::Result<()> {
        let mut result = Ok(());
        self.write(&self.events, format, true, &mut |line| {
            if result.is_ok() {
                result = to.write_all(line.as_bytes());
            }
        });
        result
    }

    /// Writes events. If they are `of_several` clients, each has a program and threads of its own.
    fn write(
        &self,
        events: &[Event],
        format: WriteFormat,
        of_several: bool,
        each: &mut impl FnMut(&str),
    ) {
        let mut text = String::new();
        let mut connected: HashMap<ClientId, Time> = HashMap::new();
        let mut last: HashMap<ClientId, &Event> = HashMap::new();
        let mut unscheduled: HashSet<ClientId> = HashSet::new();
        let next = next_of_same(events);
        for (event, next) in events.iter().zip(next) {
            text.clear();
            let at = Stamp { local: self.start + event.at.as_millis() as i64, ahead: None };
            if format == WriteFormat::JsonLines {
                self.json(event, at, &mut connected, &mut text);
            } else {
                let before = last.insert(event.client, event);
                let next = next.and_then(|next| events.get(next));
                let program = match of_several {
                    true => format!("{PROGRAM} ({})", name_of(&self.groups, event.client)),
                    false => PROGRAM.to_owned(),
                };
                let messages = self.messages(
                    event,
                    &program,
                    before,
                    next,
                    unscheduled.contains(&event.client),
                );
                if let EventKind::Unscheduled { .. } = event.kind {
                    unscheduled.insert(event.client);
                }
                for (after, component, thread, message) in messages {
                    let thread =
                        if of_several { self.thread_of(event.client, thread) } else { thread };
                    let at = Stamp { local: at.local + after, ..at };
                    let record = Record { at, component, message: &message, thread };
                    match format {
                        WriteFormat::CmTrace => line::cmtrace(&mut text, &record),
                        _ => line::sms(&mut text, &record),
                    }
                }
            }
            each(&text);
        }
    }

    /// The thread of a client in a log of several; there are thousands of numbers between two of a client.
    fn thread_of(&self, client: ClientId, thread: u32) -> u32 {
        let number =
            client.index.wrapping_mul(self.groups.len() as u32) + client.group.index() as u32;
        number.wrapping_mul(2048).wrapping_add(thread)
    }

    /// What a client writes about an event, `before` and `next` of which are its own events. Its last event says that
    /// it is stranded, also if it `was_unscheduled` long before and has tried again since.
    fn messages(
        &self,
        event: &Event,
        program: &str,
        before: Option<&Event>,
        next: Option<&Event>,
        was_unscheduled: bool,
    ) -> Vec<Message> {
        let names = Names { program, package: &self.package, file: FILE };
        let is_misreport = |event: Option<&Event>, at: Time| {
            event.is_some_and(|event| {
                event.at == at
                    && matches!(
                        event.kind,
                        EventKind::Refused { code: RefusalCode::Misreported, .. }
                    )
            })
        };
        match event.kind {
            EventKind::Connected { .. } => names.running(),
            EventKind::Disconnected { .. } => names.completed(),
            EventKind::Cut { .. } => {
                names.failed("0x40", "The specified network name is no longer available.")
            }
            EventKind::TimedOut { .. } => names.failed("0x79", TOO_LONG),
            EventKind::Refused { code, .. } => match code {
                RefusalCode::Misreported => {
                    let unscheduled =
                        next.is_some_and(|next| next.at == event.at && is_unscheduling(next.kind));
                    if unscheduled { names.stranded() } else { names.misreported() }
                }
                RefusalCode::NoMoreConnections => names.refused(),
                RefusalCode::NetworkPathNotFound => names.unreachable(),
                RefusalCode::RateLimited => {
                    names.failed("429", "The server accepts no more requests for now.")
                }
                RefusalCode::ServerError => names.failed("500", "The server failed."),
                RefusalCode::TimedOut => names.failed("504", TOO_LONG),
            },
            kind if is_unscheduling(kind) && is_misreport(before, event.at) => Vec::new(),
            // It was told when it happened.
            EventKind::Ended { .. } if was_unscheduled => Vec::new(),
            kind if is_unscheduling(kind) => names.unscheduled_by_poll(),
            EventKind::RetryScheduled { due, .. } => {
                let due = Stamp { local: self.start + due.as_millis() as i64, ahead: None };
                names.plain(&format!("The retry of {{}} is due at {due}."))
            }
            EventKind::Readvertised => names.plain("A new advertisement of {} was received."),
            EventKind::Ended { outcome: Outcome::GaveUp, .. } => {
                names.plain("No further retry of {}.")
            }
            EventKind::Ended { outcome: Outcome::Expired, .. } => {
                names.plain("The advertisement of {} has expired.")
            }
            EventKind::Arrived => names.plain("An advertisement of {} was received."),
            _ => Vec::new(),
        }
    }

    /// An event as a line of JSON. Attempts have a status as in HTTP, so that they are an access log, too.
    fn json(
        &self,
        event: &Event,
        at: Stamp,
        connected: &mut HashMap<ClientId, Time>,
        text: &mut String,
    ) {
        let time = Stamp { ahead: Some(0), ..at }.to_string();
        let client = name_of(&self.groups, event.client);
        let took = |connected: &HashMap<ClientId, Time>| {
            connected.get(&event.client).map(|from| event.at.as_millis() - from.as_millis())
        };
        let line = match event.kind {
            EventKind::Arrived => json!({
                "time": time, "client": client, "event": "arrived", "program": PROGRAM,
                "package": self.package,
            }),
            EventKind::Connected { attempt, .. } => {
                connected.insert(event.client, event.at);
                json!({"time": time, "client": client, "event": "connected", "attempt": attempt})
            }
            EventKind::Disconnected { .. } => json!({
                "time": time, "client": client, "event": "completed", "status": 200,
                "took_ms": took(connected),
            }),
            EventKind::Cut { .. } => json!({
                "time": time, "client": client, "event": "cut", "status": 500, "took_ms": took(connected),
            }),
            EventKind::TimedOut { .. } => json!({
                "time": time, "client": client, "event": "timed out", "status": 504,
                "took_ms": took(connected),
            }),
            EventKind::Refused { attempt, code, .. } => {
                let (code, status) = match code {
                    RefusalCode::NoMoreConnections => ("0x47", 503),
                    RefusalCode::Misreported => ("0x80070047", 503),
                    RefusalCode::NetworkPathNotFound => ("0x35", 502),
                    RefusalCode::RateLimited => ("429", 429),
                    RefusalCode::ServerError => ("500", 500),
                    RefusalCode::TimedOut => ("504", 504),
                };
                json!({
                    "time": time, "client": client, "event": "refused", "attempt": attempt, "status": status,
                    "error": code,
                })
            }
            // No server saw it, so it is no attempt.
            EventKind::Rejected { .. } => {
                json!({"time": time, "client": client, "event": "rejected"})
            }
            EventKind::Unscheduled { .. } => {
                json!({"time": time, "client": client, "event": "unscheduled"})
            }
            EventKind::Readvertised => {
                json!({"time": time, "client": client, "event": "readvertised"})
            }
            EventKind::ReadvertisementEnded { outcome, .. } => json!({
                "time": time, "client": client, "event": "readvertisement ended",
                "outcome": word(outcome),
            }),
            EventKind::Ended { outcome, attempts, .. } => json!({
                "time": time, "client": client, "event": "ended", "outcome": word(outcome),
                "attempts": attempts,
            }),
            _ => return,
        };
        text.push_str(&line.to_string());
        text.push('\n');
    }
}

/// The place of the next event of the same client, for each event.
fn next_of_same(events: &[Event]) -> Vec<Option<usize>> {
    let mut later: HashMap<ClientId, usize> = HashMap::new();
    let places = events.iter().enumerate().rev();
    let mut next: Vec<Option<usize>> =
        places.map(|(place, event)| later.insert(event.client, place)).collect();
    next.reverse();
    next
}

/// The word for an outcome, as in results.
fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "completed",
        Outcome::Stranded => "stranded",
        Outcome::GaveUp => "gave_up",
        Outcome::Expired => "expired",
        Outcome::Unfinished => "unfinished",
    }
}
