//! The answer that logs give: who is stranded and by which bug, and how loaded servers were.
//!
//! Times are in milliseconds, shares between 0 and 1. Within a schema version fields are added, never
//! changed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::against::Against;
use super::concurrency::Concurrency;
use super::observed::bins::Bins;
use super::observed::lengths::Lengths;
use super::observed::load::{ARRIVED, Load, REFUSED};
use super::observed::programs::{Programs, Totals};
use super::program::{Bug, Counts, Outcome, ProgramLog};
use super::read::Observed;
use super::spread::Spread;
use super::stamp::Stamp;
use crate::results::Tool;

/// The schema of an answer in JSON.
pub const SCHEMA: &str = "distpoint.log/1";

/// What logs show.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The program that read them.
    pub tool: Tool,
    /// What was read.
    pub input: InputRead,
    /// What logs of clients show, if there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<Clients>,
    /// What logs of servers show, if there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<Server>,
    /// A scenario beside that, if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
}

/// What was read.
#[derive(Clone, Debug, Serialize)]
pub struct InputRead {
    /// Logs.
    pub files: u64,
    /// How many of each format.
    pub formats: BTreeMap<&'static str, u64>,
    /// Their bytes, decompressed.
    pub bytes: u64,
    /// Their lines: records, further lines of these, blank lines and comments, and broken lines.
    pub lines: u64,
    /// See `lines`.
    pub records: u64,
    /// See `lines`.
    pub continuations: u64,
    /// See `lines`.
    pub blank: u64,
    /// See `lines`.
    pub broken: u64,
    /// Files below directories that are no logs.
    pub unrecognised: u64,
    /// How many inputs could not be read, or not to their end.
    pub unreadable: u64,
    /// Why, for the first of them.
    pub problems: Vec<String>,
}

/// What logs of clients show.
#[derive(Clone, Debug, Serialize)]
pub struct Clients {
    /// Programs, counted once for each client.
    pub programs: u64,
    /// Programs by what became of them.
    pub stranded: u64,
    /// See `stranded`.
    pub spinning: u64,
    /// See `stranded`.
    pub retrying: u64,
    /// See `stranded`.
    pub unscheduled: u64,
    /// See `stranded`.
    pub completed: u64,
    /// Programs by the bug that strands them or lets them spin.
    pub by_bug: BTreeMap<String, u64>,
    /// Attempts of all programs.
    #[serde(flatten)]
    pub counts: Counts,
    /// Times between an attempt that failed and the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_intervals: Option<Spread>,
    /// How long programs ran that completed, if the logs have when these began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holding: Option<Spread>,
    /// The clients with a stranded program: the collection for the workaround of Q268500.
    pub machines: Vec<String>,
    /// Programs: first those that are stranded, then those that spin, then the others.
    pub rows: Vec<ProgramLog>,
    /// How many programs have no row.
    pub rows_left_out: u64,
}

/// What logs of servers show.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    /// When the first request began.
    pub from: String,
    /// When the last request ended, or began where its length is not known.
    pub until: String,
    /// Requests or sessions.
    pub requests: u64,
    /// Those that were refused.
    pub refused: u64,
    /// The share that was refused.
    pub refused_share: f64,
    /// Requests that began in a minute.
    pub arrivals: Arrivals,
    /// Connections that were open at the same time, if the log has how long requests took.
    pub concurrency: Option<Concurrency>,
    /// How long served requests took, if the log has that.
    pub holding: Option<Spread>,
    /// How long requests waited in a queue, if the log has that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queued: Option<Spread>,
    /// Requests of clients that were refused before.
    pub retries: Retries,
    /// Arrivals, refusals and open connections over time.
    pub course: Vec<Moment>,
}

/// Requests that began in a minute.
#[derive(Clone, Debug, Serialize)]
pub struct Arrivals {
    /// On average over the whole time.
    pub per_minute: f64,
    /// In the busiest minute.
    pub per_minute_peak: f64,
    /// When that began.
    pub peak_at: String,
}

/// Requests of clients that were refused before.
#[derive(Clone, Debug, Serialize)]
pub struct Retries {
    /// Refused requests that were tried again.
    pub retried: u64,
    /// Requests that were served after refusals.
    pub served: u64,
    /// Times from a refusal to the next request of the same client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intervals: Option<Spread>,
}

/// A part of the time, of the same length as the others.
#[derive(Clone, Debug, Serialize)]
pub struct Moment {
    /// When it began, in ms since the first request; the first part begins before that, with a whole minute.
    pub at: f64,
    /// Requests that began in it.
    pub arrivals: u64,
    /// Those that were refused.
    pub refused: u64,
    /// Connections that were open on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<f64>,
}

/// The most moments of a course.
const MOMENTS: i64 = 240;

impl Answer {
    /// What `observed` amounts to; concurrency is set against `limit`.
    pub fn of(observed: Observed, limit: Option<u64>) -> Answer {
        let has_clients = observed.formats.keys().any(|format| format.is_of_clients());
        let has_servers = observed.load.requests > 0;
        let tally = &observed.tally;
        let input = InputRead {
            files: observed.formats.values().sum(),
            formats: observed
                .formats
                .iter()
                .map(|(format, number)| (format.name(), *number))
                .collect(),
            bytes: observed.bytes,
            lines: tally.lines(),
            records: tally.records,
            continuations: tally.continuations,
            blank: tally.blank,
            broken: tally.broken,
            unrecognised: observed.unrecognised.number,
            unreadable: observed.problems.number,
            problems: observed.problems.kept,
        };
        Answer {
            schema: SCHEMA,
            tool: Tool::this(),
            input,
            clients: has_clients.then(|| {
                Clients::of(observed.programs, &observed.gaps, &observed.attempts.holding)
            }),
            server: has_servers.then(|| Server::of(&observed.load, limit)),
            against: None,
        }
    }

    /// How many programs are stranded; `None` if no log of a client was read.
    pub fn stranded(&self) -> Option<u64> {
        self.clients.as_ref().map(|clients| clients.stranded)
    }
}

impl Clients {
    fn of(programs: Programs, gaps: &Lengths, holding: &Lengths) -> Clients {
        let totals: Totals = programs.totals();
        let rows_left_out = programs.left_out();
        let rows = programs.into_kept();
        let stranded = rows.iter().filter(|program| program.outcome == Outcome::Stranded);
        let mut machines: Vec<String> = stranded.map(|program| program.client.clone()).collect();
        machines.dedup();
        let bugs = [Bug::Q268500, Bug::Q302674, Bug::Q302535];
        let by_bug = bugs.into_iter().map(|bug| (bug.to_string(), totals.by(bug)));
        Clients {
            programs: totals.programs,
            stranded: totals.with(Outcome::Stranded),
            spinning: totals.with(Outcome::Spinning),
            retrying: totals.with(Outcome::Retrying),
            unscheduled: totals.with(Outcome::Unscheduled),
            completed: totals.with(Outcome::Completed),
            by_bug: by_bug.filter(|(_, number)| *number > 0).collect(),
            counts: totals.counts,
            retry_intervals: Spread::of(gaps),
            holding: Spread::of(holding),
            machines,
            rows,
            rows_left_out,
        }
    }
}

impl Server {
    fn of(load: &Load, limit: Option<u64>) -> Server {
        let (from, until) = load.span.unwrap_or_default();
        let minutes = (until - from) as f64 / 60_000.0;
        let busiest = busiest(&load.minutes);
        // Of less than a minute, all of them are in that minute.
        let per_minute = load.requests as f64 / minutes.max(1.0);
        Server {
            from: shown(from),
            until: shown(until),
            requests: load.requests,
            refused: load.refused,
            refused_share: load.refused as f64 / load.requests.max(1) as f64,
            arrivals: Arrivals {
                per_minute,
                per_minute_peak: busiest.1,
                peak_at: shown(busiest.0),
            },
            concurrency: Concurrency::of(load, limit),
            holding: Spread::of(&load.holding),
            queued: Spread::of(&load.queued),
            retries: Retries {
                retried: load.retries.retried,
                served: load.retries.served,
                intervals: Spread::of(&load.retries.intervals),
            },
            course: course(load, from, until),
        }
    }
}

/// When the bin with the most arrivals begins, and how many these are in a minute.
fn busiest(minutes: &Bins<2>) -> (i64, f64) {
    let of_minute = 60_000.0 / minutes.width() as f64;
    let all = minutes.all().iter().enumerate();
    // Of equal ones, the first.
    let most = all.max_by_key(|(place, counts)| (counts[ARRIVED], std::cmp::Reverse(*place)));
    let (place, counts) = most.unwrap_or((0, &[0; 2]));
    (minutes.start() + place as i64 * minutes.width(), f64::from(counts[ARRIVED]) * of_minute)
}

/// The course of the load: a bin of minutes each, or of several.
fn course(load: &Load, from: i64, until: i64) -> Vec<Moment> {
    let minutes = &load.minutes;
    let each = (minutes.all().len() as i64).div_euclid(MOMENTS) + 1;
    let width = each * minutes.width();
    let open = Concurrency::over(load, minutes.start(), width, until);
    let moment = |(place, bins): (usize, &[[u32; 2]])| {
        let sum = |kind: usize| bins.iter().map(|counts| u64::from(counts[kind])).sum();
        let open = open.as_ref().map(|open| open.get(place).copied().unwrap_or(0.0));
        let at = (minutes.start() - from + place as i64 * width) as f64;
        Moment { at, arrivals: sum(ARRIVED), refused: sum(REFUSED), open }
    };
    minutes.all().chunks(each as usize).enumerate().map(moment).collect()
}

/// An instant in ms since 1970 as ISO 8601.
fn shown(millis: i64) -> String {
    Stamp { local: millis, ahead: Some(0) }.to_string()
}
