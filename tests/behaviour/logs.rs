//! Logs of any content: pieces of every grammar in any order, and what would break a report. And logs that simulated
//! clients write: what is read in them is what happened.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::atomic::AtomicBool;

use distpoint::engine::event_engine;
use distpoint::log::{
    Answer, Bug, Calibration, Counts, Estimate, Outcome, Recorded, Spread, WRITE_FORMATS, Wanted,
    WriteFormat, read_stream, record,
};
use distpoint::model::{self, ClientId, Event, EventKind, RefusalCode, Span, Time};
use distpoint::scenario::Scenario;
use proptest::prelude::*;

use crate::checks::{TARGETS, drawn, scenario};
use crate::harness::cases;

/// Pieces of lines, and what ends or begins something in some report.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\r\n",
    " ",
    "  SCHED DATA  : ",
    "SCHEDULER   : ",
    "Return code = 0x80070047; x~~; Could not enable program 'a.exe'.~",
    "Return code = 0x47; x",
    "Handling an error condition (0x80070047) for program P in package Q.~",
    "Handling an error condition (0x35) for program <script>alert(1)</script> in package =1+1.~",
    "Handling an error condition (0xe0040013) for program \u{1b}[2J\u{202e} in package | `x` $y$.",
    "*** UNRECOGNISED JOB COMPLETION RETURN CODE.",
    "Returning action code 2.~",
    "Returning action code 4.~",
    "The network is too slow.  Use the next schedule time.",
    "Failed to set up program.",
    "For program P in package Q compiling",
    "Program completed successfully.",
    "Unscheduling program P in package Q for <ANY USER>.~",
    "Unscheduling program <script>alert(1)</script> in package =1+1 for D\\U.~",
    "  $$<APM><Tue May 16 13:17:10.804 2000><thread=1512 (0x5E8)>",
    "$$<APM><Tue May 16",
    "13:27:10.804 2000>>thread=7 (0x7)>",
    "$$<X><Tue Nov 10 17:56:25 1998~><thread=E0>",
    "$$<X><11-30-2022 01:03:34.179-60><thread=5 (0x5)>",
    "$$<",
    "~",
    "--Later--",
    "<![LOG[",
    "]LOG]!>",
    "<time=\"08:25:31.391+240\" date=\"08-16-2020\" thread=\"7\">",
    "10.0.0.1 - - [16/Nov/2023:18:17:03 +0000] \"GET /a HTTP/1.1\" 503 5 \"-\" \"x\" 1.500",
    "[31/Dec/9999:23:59:59 -1800] \"",
    " 200 ",
    "\\\"",
    "haproxy[1]: 10.0.1.2:3 [06/Feb/2009:12:14:14.655] a b/c 0/0/0/0/5 200 1 - - ---- 1/1/1/1/0 0/0 \"x\"",
    "0/-1/-1/-1/99999999",
    "2024-05-01 10:00:00 UTC [78] LOG:  disconnection: session time: 0:00:01.234 host=a",
    "1601-01-01 00:00:00 UTC [78] FATAL:  sorry, too many clients already",
    "{\"ts\":1700158623.1,\"status\":503,\"duration\":1e300}",
    "{\"time\":\"2023-11-16T18:17:03Z\",\"request\":{\"request\":{\"ip\":\"\\ud800\"}},\"status\":200}",
    "{\"time\":\"2000-05-15T08:00:00Z\",\"client\":\"<script>alert(1)</script>\",\"event\":\"",
    "arrived\",\"program\":\"=1+1\",\"package\":\"| `x` $y$\"}",
    "completed\",\"took_ms\":9223372036854775807}",
    "refused\",\"error\":\"0x80070047\"}",
    "unscheduled\"}",
    "ended\",\"outcome\":\"stranded\"}",
    "start,duration_s,status",
    "0.5,1,503",
    "9999999999999,1e30,",
    "\u{feff}",
    "\0",
    "größe",
];

/// What happened to a client, as far as a log shows it.
#[derive(Debug, Default, PartialEq)]
struct Happened {
    counts: Counts,
    outcome: Option<Outcome>,
    bug: Option<Bug>,
    /// When it was unscheduled, when its first attempt began and when it was last heard of.
    unscheduled: Option<String>,
    first: Option<String>,
    last: Option<String>,
    /// Times between an attempt that failed and the next one, and of attempts whose beginning and end are known.
    gaps: Lengths,
    held: Lengths,
}

/// How many times there are, their sum, the least and the greatest, in ms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Lengths(u64, u64, u64, u64);

impl Lengths {
    fn add(&mut self, span: Span) {
        let ms = span.as_millis();
        let least = if self.0 == 0 { ms } else { self.2.min(ms) };
        *self = Lengths(self.0 + 1, self.1 + ms, least, self.3.max(ms));
    }

    fn of(spread: Option<&Spread>) -> Lengths {
        spread.map_or(Lengths::default(), |spread| {
            let sum = (spread.mean * spread.count as f64).round() as u64;
            Lengths(spread.count, sum, spread.min as u64, spread.max as u64)
        })
    }
}

/// What a log in `format` shows of a client with these events. The formats of SMS have no line for the beginning of
/// an attempt that does not complete, and write the unscheduling after a misreport 90 ms after it, as in Q268500.
fn happened(events: &[Event], format: WriteFormat, start: Span) -> Happened {
    let is_json = format == WriteFormat::JsonLines;
    let shown = |at: Time, more: u64| {
        // The simulation starts in the week from Monday, 15 May 2000, on.
        let ms = at.as_millis() + more + start.as_millis();
        let (day, ms) = (15 + ms / 86_400_000, ms % 86_400_000);
        let (month, day) = if day > 31 { (6, day - 31) } else { (5, day) };
        let (seconds, ms, zone) =
            (ms / 1000, ms % 1000, if format == WriteFormat::Sms { "" } else { "Z" });
        let [hour, minute, second] = [seconds / 3600, seconds / 60 % 60, seconds % 60];
        format!("2000-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}{zone}")
    };
    let mut all = Happened::default();
    let (mut connected, mut failed): (Option<Time>, Option<(Time, RefusalCode)>) = (None, None);
    let mut was_unscheduled = false;
    for event in events {
        let at = event.at;
        // One of the server stands for other failures, too.
        let failure = match event.kind {
            EventKind::Refused { code, .. } => Some(code),
            EventKind::Cut { .. } | EventKind::TimedOut { .. } => Some(RefusalCode::ServerError),
            _ => None,
        };
        let is_completed = matches!(event.kind, EventKind::Disconnected { .. });
        if failure.is_some() || is_completed {
            let begin = connected.take().filter(|_| is_completed || is_json);
            let start = begin.unwrap_or(at);
            begin.into_iter().for_each(|begin| all.held.add(at.since(begin)));
            all.counts.attempts += 1;
            if let Some((failed, _)) = failed.take() {
                all.counts.retries += 1;
                all.gaps.add(start.since(failed));
            }
            all.first.get_or_insert(shown(start, 0));
            (all.last, all.bug, all.unscheduled) = (Some(shown(at, 0)), None, None);
            all.outcome = Some(if is_completed { Outcome::Completed } else { Outcome::Retrying });
        }
        match failure {
            Some(RefusalCode::NoMoreConnections) => all.counts.refusals += 1,
            Some(RefusalCode::Misreported) => {
                all.counts.refusals += 1;
                all.counts.misreports += 1;
            }
            Some(_) => all.counts.failures += 1,
            None => all.counts.completions += u64::from(is_completed),
        }
        failed = failure.map(|code| (at, code)).or(failed);
        let was_before = was_unscheduled;
        was_unscheduled |= matches!(event.kind, EventKind::Unscheduled { .. });
        match event.kind {
            EventKind::Connected { .. } => connected = Some(at),
            // It stays stranded, whatever came of the new advertisement.
            EventKind::Ended { .. } if was_before => {}
            EventKind::Unscheduled { .. }
            | EventKind::ReadvertisementEnded { outcome: model::Outcome::Stranded, .. }
            | EventKind::Ended { outcome: model::Outcome::Stranded, .. } => {
                let Some((failed, code)) = failed.take() else {
                    // Nothing but the client itself refused it.
                    all.first.get_or_insert(shown(at, 0));
                    all.last = Some(shown(at, 0));
                    if all.outcome != Some(Outcome::Completed) {
                        all.outcome = Some(Outcome::Unscheduled);
                    }
                    continue;
                };
                // What comes later is the work of a poll.
                let is_misreport = code == RefusalCode::Misreported && failed == at;
                let is_known = is_json
                    || matches!(
                        code,
                        RefusalCode::Misreported
                            | RefusalCode::NoMoreConnections
                            | RefusalCode::NetworkPathNotFound
                    );
                let bug = if is_misreport { Bug::Q268500 } else { Bug::Q302674 };
                let when = shown(at, if is_misreport && !is_json { 90 } else { 0 });
                (all.last, all.unscheduled) = (Some(when.clone()), Some(when));
                (all.outcome, all.bug) = (Some(Outcome::Stranded), Some(bug).filter(|_| is_known));
            }
            _ => {}
        }
        // Only events say that what comes after the end is no retry.
        if is_json && matches!(event.kind, EventKind::Ended { .. }) {
            failed = None;
        }
    }
    all
}

/// What the log of a client is read as, with the name of the client; `None` if nothing is known of it.
fn read_back(file: &str, text: String) -> Option<(String, Happened)> {
    let observed = read_stream(file, Cursor::new(text.into_bytes()), None);
    let answer = Answer::of(observed, None);
    assert_eq!(answer.input.broken, 0, "{answer:?}");
    let clients = answer.clients?;
    let (gaps, held) =
        [&clients.retry_intervals, &clients.holding].map(|of| Lengths::of(of.as_ref())).into();
    let mut rows = clients.rows;
    assert!(rows.len() < 2, "{rows:?}");
    let row = rows.pop()?;
    let diagnosis = row.diagnosis.as_ref();
    let read = Happened {
        counts: row.counts,
        outcome: Some(row.outcome),
        bug: diagnosis.and_then(|diagnosis| diagnosis.bug),
        unscheduled: diagnosis.and_then(|diagnosis| diagnosis.when).map(|when| when.0.to_string()),
        first: row.first.map(|first| first.0.to_string()),
        last: row.last.map(|last| last.0.to_string()),
        gaps,
        held,
    };
    Some((row.client, read))
}

/// Asserts that the log of each client, written and read again, has what happened to it.
fn is_read_as_it_happened(scenario: &Scenario) {
    let stop = AtomicBool::new(false);
    let events = event_engine::run(&scenario.replication(0), Vec::new(), &stop);
    let mut by_client: BTreeMap<ClientId, Vec<Event>> = BTreeMap::new();
    events.into_iter().for_each(|event| by_client.entry(event.client).or_default().push(event));
    let recorded = record(scenario, &Wanted::All, &stop).expect("all are there");
    for (_, format) in WRITE_FORMATS {
        let file = if format == WriteFormat::JsonLines { "events.jsonl" } else { "SMSAPM32.log" };
        let logs: Vec<(String, String)> = recorded.of_each(format).collect();
        assert_eq!(logs.len(), by_client.len());
        let mut all: Vec<(String, Happened)> = Vec::new();
        for ((name, text), events) in logs.into_iter().zip(by_client.values()) {
            let wanted = happened(events, format, scenario.start());
            let read = read_back(&format!("{name}/{file}"), text.clone());
            // A program that is running at the end has no outcome yet.
            let wanted = wanted.outcome.is_some().then_some((name, wanted));
            assert_eq!(read, wanted, "{text}");
            all.extend(wanted);
        }
        if format == WriteFormat::JsonLines {
            is_read_together(&recorded, &all);
        }
    }
}

/// Asserts that the events of all clients in one log have what happened to each of them.
fn is_read_together(recorded: &Recorded, all: &[(String, Happened)]) {
    let mut log = Vec::new();
    recorded.merged(WriteFormat::JsonLines, &mut log).expect("it is in memory");
    let answer = Answer::of(read_stream("events.jsonl", Cursor::new(log), None), None);
    let mut rows = answer.clients.map_or(Vec::new(), |clients| clients.rows);
    rows.sort_by(|a, b| a.client.cmp(&b.client));
    let read = rows.into_iter().map(|row| (row.client, row.counts, Some(row.outcome)));
    let mut wanted: Vec<_> =
        all.iter().map(|(name, all)| (name.clone(), all.counts, all.outcome)).collect();
    wanted.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(read.collect::<Vec<_>>(), wanted);
}

#[test]
fn the_case_of_the_article_is_read_as_it_happened() {
    let text = "name = 'A case'\nhorizon = '2d'\n[distribution_points.A]\nconnection_limit = 2\n\
                [clients.g]\ncount = 60\nrelease = 'sms-2.0-sp2'\nmisreport_probability = 0.05\n\
                arrival = { kind = 'uniform', over = '10m' }\n\
                transfer = { kind = 'lognormal', median = '2m', sigma = 0.5 }\n";
    is_read_as_it_happened(&scenario(text));
}

/// A throttle rejects the attempts of its own client: the log has none when a poll unschedules the program.
#[test]
fn what_is_unscheduled_before_any_attempt_is_first_mentioned_then() {
    let text = "name = 'A case'\nhorizon = '2h'\n[distribution_points.A]\nconnection_limit = 3\n\
                [clients.g]\ncount = 60\nrelease = 'sms-1.2'\npoll_unschedules = true\nprocesses = 2\n\
                retry = { policy = 'linear', step = '1m', cap = '3m', jitter = '+9s' }\n\
                arrival = { kind = 'uniform', over = '13m' }\n\
                transfer = { kind = 'constant', duration = '150s' }\n\
                throttle = { k = 1.5, window = '2m' }\n";
    let scenario = scenario(text);
    let events = event_engine::run(&scenario.replication(0), Vec::new(), &AtomicBool::new(false));
    let attempted = |client: ClientId| {
        let tries = |event: &&Event| {
            matches!(event.kind, EventKind::Refused { .. } | EventKind::Connected { .. })
        };
        events.iter().filter(tries).any(|event| event.client == client)
    };
    let unscheduled = events.iter().filter(|event| {
        matches!(event.kind, EventKind::Ended { outcome: model::Outcome::Stranded, .. })
    });
    assert!(unscheduled.filter(|event| !attempted(event.client)).count() > 0, "the case has some");
    is_read_as_it_happened(&scenario);
}

#[test]
fn attempts_that_take_too_long_are_read_as_failures_that_held_a_connection() {
    let text = "name = 'A case'\nhorizon = '2d'\n[distribution_points.A]\nconnection_limit = 2\n\
                [clients.g]\ncount = 30\ntimeout = '2m'\nmisreport_probability = 0.05\n\
                arrival = { kind = 'uniform', over = '10m' }\n\
                transfer = { kind = 'lognormal', median = '2m', sigma = 0.5 }\n";
    let scenario = scenario(text);
    is_read_as_it_happened(&scenario);
    let mut log = Vec::new();
    let recorded = record(&scenario, &Wanted::All, &AtomicBool::new(false)).expect("all");
    recorded.merged(WriteFormat::JsonLines, &mut log).expect("it is in memory");
    let answer = Answer::of(read_stream("events.jsonl", Cursor::new(log), None), None);
    let clients = answer.clients.expect("it is a log of clients");
    let held = clients.holding.expect("connections were held");
    let Counts { failures, completions, .. } = clients.counts;
    assert!(failures > 100 && completions > 5, "{:?}", clients.counts);
    assert_eq!((held.count, held.max), (failures + completions, 120_000.0));
}

/// What the log of a run with a seed is calibrated to.
fn calibrated(seed: u32) -> Calibration {
    let text = format!(
        "name = 'A case'\nseed = {seed}\nhorizon = '7d'\n[distribution_points.A]\nconnection_limit = 5\n\
         [clients.g]\ncount = 150\nrelease = 'sms-2.0-sp2'\nmisreport_probability = 0.03\n\
         arrival = {{ kind = 'uniform', over = '5m' }}\n\
         transfer = {{ kind = 'lognormal', median = '2m', sigma = 0.5 }}\n\
         retry = {{ policy = 'fixed', interval = '10m', jitter = '20%' }}\n"
    );
    let recorded = record(&scenario(&text), &Wanted::All, &AtomicBool::new(false));
    let mut log = Vec::new();
    recorded.expect("all").merged(WriteFormat::Sms, &mut log).expect("it is in memory");
    Calibration::of(&read_stream("SMSAPM32.log", Cursor::new(log), None))
}

#[test]
fn what_is_known_lies_in_the_intervals_that_are_calibrated() {
    let holds = |estimate: &Estimate, truth: f64| {
        let [low, high] = estimate.interval;
        u32::from((low..=high).contains(&truth))
    };
    let mut held = [0; 4];
    for seed in 0..100 {
        let calibration = calibrated(seed);
        let (_, misreport) = calibration.misreports.expect("there are refusals");
        let retry = calibration.retry.expect("there are retries");
        let fit = calibration.holding.expect("programs ran").lognormal.expect("a fit");
        held[0] += holds(&misreport, 0.03);
        held[1] += holds(&retry.interval, 600_000.0);
        held[2] += holds(&fit.median, 120_000.0);
        held[3] += holds(&fit.sigma, 0.5);
        assert_eq!((calibration.peak, calibration.is_stranded_by[0]), (Some(5), true));
        assert!((retry.jitter - 120_000.0).abs() < 6_000.0, "{retry:?}");
    }
    assert!(held.iter().all(|seeds| *seeds >= 90), "of 100 seeds: {held:?}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(60),
        rng_seed: proptest::test_runner::RngSeed::Fixed(268_500),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn logs_that_are_written_are_read_as_they_happened(text in drawn::any_scenario()) {
        let scenario = scenario(&text);
        prop_assume!(scenario.copied().next().is_none());
        is_read_as_it_happened(&scenario);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(16),
        rng_seed: proptest::test_runner::RngSeed::Fixed(268_500),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn logs_of_scenarios_with_everything_are_read_as_they_happened(
        text in drawn::any_full_scenario(),
    ) {
        let scenario = scenario(&text);
        prop_assume!(scenario.copied().next().is_none());
        is_read_as_it_happened(&scenario);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(300),
        rng_seed: proptest::test_runner::RngSeed::Fixed(302_674),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_log_is_read_and_its_reports_are_well_formed(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60),
        cut in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = pieces.concat().into_bytes();
        // A byte somewhere is another one.
        if !bytes.is_empty() {
            let place = cut.index(bytes.len());
            bytes[place] = byte;
        }
        let (_, check) = TARGETS.iter().find(|(name, _)| *name == "logs").expect("a target");
        check(&bytes);
    }
}
