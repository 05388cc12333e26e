//! Logs of any content: pieces of every grammar in any order, and what would break a report. And logs that simulated
//! clients write: what is read in them is what happened.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::atomic::AtomicBool;

use distpoint::engine::event_engine;
use distpoint::log::{
    Answer, Bug, Calibration, Estimate, Outcome, ProgramLog, Wanted, WriteFormat, read_stream,
    record,
};
use distpoint::model::{self, ClientId, Event, EventKind, RefusalCode};
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
    "start,duration_s,status",
    "0.5,1,503",
    "9999999999999,1e30,",
    "\u{feff}",
    "\0",
    "größe",
];

/// What happened to a client: attempts that were refused, that failed otherwise and that completed, the outcome,
/// and when it was unscheduled.
#[derive(Debug, Default, PartialEq)]
struct Happened {
    refusals: u64,
    failures: u64,
    completions: u64,
    retries: u64,
    outcome: Option<Outcome>,
    bug: Option<Bug>,
}

fn happened(events: &[Event]) -> Happened {
    let mut all = Happened::default();
    let (mut has_failed, mut misreported) = (false, None);
    for event in events {
        let is_attempt = matches!(
            event.kind,
            EventKind::Refused { .. } | EventKind::Cut { .. } | EventKind::Disconnected { .. }
        );
        all.retries += u64::from(is_attempt && has_failed);
        has_failed = if is_attempt { true } else { has_failed };
        match event.kind {
            EventKind::Refused { code, .. } => {
                match code {
                    RefusalCode::NoMoreConnections | RefusalCode::Misreported => all.refusals += 1,
                    _ => all.failures += 1,
                }
                all.outcome = Some(Outcome::Retrying);
                misreported = (code == RefusalCode::Misreported).then_some(event.at);
            }
            EventKind::Cut { .. } => {
                all.failures += 1;
                all.outcome = Some(Outcome::Retrying);
            }
            EventKind::Disconnected { .. } => {
                all.completions += 1;
                all.outcome = Some(Outcome::Completed);
            }
            EventKind::Ended { outcome: model::Outcome::Stranded, .. } => {
                all.outcome = Some(Outcome::Stranded);
                // What comes later is the work of a poll.
                let is_misreport = misreported == Some(event.at);
                all.bug = Some(if is_misreport { Bug::Q268500 } else { Bug::Q302674 });
            }
            _ => {}
        }
    }
    all
}

fn read_back(name: &str, text: String) -> Option<ProgramLog> {
    let observed =
        read_stream(&format!("{name}/SMSAPM32.log"), Cursor::new(text.into_bytes()), None);
    let answer = Answer::of(observed, None);
    assert_eq!(answer.input.broken, 0, "{answer:?}");
    let mut rows = answer.clients?.rows;
    assert!(rows.len() < 2, "{rows:?}");
    rows.pop()
}

/// Asserts that the log of each client, written and read again, has what happened to it.
fn is_read_as_it_happened(scenario: &Scenario) {
    let stop = AtomicBool::new(false);
    let events = event_engine::run(&scenario.replication(0), Vec::new(), &stop);
    let mut by_client: BTreeMap<ClientId, Vec<Event>> = BTreeMap::new();
    events.into_iter().for_each(|event| by_client.entry(event.client).or_default().push(event));
    let recorded = record(scenario, &Wanted::All, &stop).expect("all are there");
    for format in [WriteFormat::Sms, WriteFormat::CmTrace] {
        let logs: Vec<(String, String)> = recorded.of_each(format).collect();
        assert_eq!(logs.len(), by_client.len());
        for ((name, text), events) in logs.into_iter().zip(by_client.values()) {
            let wanted = happened(events);
            let shown = text.clone();
            let Some(row) = read_back(&name, text) else {
                assert_eq!(wanted, Happened::default(), "{shown}");
                continue;
            };
            // A program that is running at the end has no outcome yet.
            let outcome = Some(row.outcome).filter(|_| row.counts.attempts > 0);
            let read = Happened {
                refusals: row.counts.refusals,
                failures: row.counts.failures,
                completions: row.counts.completions,
                retries: row.counts.retries,
                outcome,
                bug: row.diagnosis.and_then(|diagnosis| diagnosis.bug),
            };
            assert_eq!(read, wanted, "{shown}");
            assert_eq!(
                (row.client, row.counts.attempts),
                (name, wanted.refusals + wanted.failures + wanted.completions)
            );
        }
    }
}

#[test]
fn the_case_of_the_article_is_read_as_it_happened() {
    let text = "name = 'A case'\nhorizon = '2d'\n[distribution_points.A]\nconnection_limit = 2\n\
                [clients.g]\ncount = 60\nrelease = 'sms-2.0-sp2'\nmisreport_probability = 0.05\n\
                arrival = { kind = 'uniform', over = '10m' }\n\
                transfer = { kind = 'lognormal', median = '2m', sigma = 0.5 }\n";
    is_read_as_it_happened(&scenario(text));
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
