//! Queues, idle sessions, rate limits and attempts that time out against a second, naive simulator, client by client.

mod simulator;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use distpoint::engine::{event_engine, tokio_engine};
use distpoint::model::{AbandonedWork, Event, EventKind, Observer, Outcome, PointId, Time};
use rand::Rng;
use rand_pcg::Pcg64Mcg;

use crate::harness::{cases, scenario};
use simulator::{Abandoned, Client, Fate, ForNobody, RateLimit, Server, Work, fates};

/// Whose clients are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Those that wait as long as an attempt takes.
    Patient,
    /// Those that do not, and that may share a bandwidth, over several connections.
    Impatient,
}

/// Draws a server and its clients. All times are multiples of `unit`, so that many things happen at the same
/// instant if it is large.
fn draw(seed: u64, unit: u64, kind: Kind) -> (Server, Vec<Client>) {
    let mut generator = Pcg64Mcg::new(u128::from(seed) << 64 | 0x5851_f42d_4c95_7f2d);
    for _ in 0..4 {
        generator.next_u64();
    }
    let mut below = |n: u64| ((u128::from(generator.next_u64()) * u128::from(n)) >> 64) as u64;
    let scale = 1000 / unit.min(1000);
    let time = |below: &mut dyn FnMut(u64) -> u64, most: u64| (1 + below(most * scale)) * unit;
    let rate_limit = match below(6) {
        0 => Some(RateLimit::Window { most: 1 + below(4) as usize, window: time(&mut below, 30) }),
        1 | 2 => Some(RateLimit::Bucket {
            every: time(&mut below, 4),
            burst: below(5),
            delay: below(2) == 0,
        }),
        _ => None,
    };
    let is_impatient = kind == Kind::Impatient;
    let server = Server {
        limit: 1 + below(4) as usize,
        queue: below(6) as usize,
        queue_timeout: (below(2) == 0).then(|| time(&mut below, 20)),
        lifo: below(2) == 0,
        linger: if below(3) == 0 { time(&mut below, 15) } else { 0 },
        rate_limit,
        bandwidth: 8 * (1 + below(5)),
        abandoned: match below(3) {
            0 => Abandoned::Served,
            1 => Abandoned::Dropped,
            _ => Abandoned::Cancelled,
        },
    };
    let mut client = || {
        let hold = time(&mut below, 12);
        let several = is_impatient && below(4) == 0;
        let connections = if several { 1 + below(server.limit as u64) as usize } else { 1 };
        let carries = is_impatient && below(3) == 0;
        Client {
            arrival: time(&mut below, 40),
            work: match carries {
                true => Work::Carry((8 * hold) as f64),
                false => Work::Hold(hold),
            },
            connections,
            priority: (below(3) == 0).then(|| below(3) as u32),
            patience: (below(3) == 0).then(|| time(&mut below, 15)),
            timeout: (is_impatient && below(4) != 0).then(|| time(&mut below, 15)),
            resumes: is_impatient && below(2) == 0,
            retry: time(&mut below, 10),
            max_retries: below(6) as u32,
        }
    };
    let clients = (0..30).map(|_| client()).collect();
    (server, clients)
}

/// The scenario of a server and its clients, each of which is a group.
fn text(server: &Server, clients: &[Client]) -> String {
    let mut text = format!(
        "name = \"naive\"\nhorizon = \"10d\"\n[distribution_points.A]\nconnection_limit = {}\n\
         bandwidth = \"{} kbit/s\"\nabandoned = \"{}\"\n",
        server.limit,
        server.bandwidth,
        format!("{:?}", server.abandoned).to_lowercase(),
    );
    let timeout =
        server.queue_timeout.map_or(String::new(), |ms| format!(", timeout = \"{ms}ms\""));
    let order = if server.lifo { "lifo" } else { "fifo" };
    text += &format!(
        "queue = {{ length = {}, order = \"{order}\"{timeout} }}\nlinger = \"{}ms\"\n",
        server.queue, server.linger
    );
    text += &match server.rate_limit {
        None => String::new(),
        Some(RateLimit::Window { most, window }) => {
            format!("rate_limit = {{ most = {most}, window = \"{window}ms\" }}\n")
        }
        Some(RateLimit::Bucket { every, burst, delay }) => {
            let excess = if delay { "delay" } else { "refuse" };
            format!(
                "rate_limit = {{ rate = \"1/{every}ms\", burst = {burst}, excess = \"{excess}\" }}\n"
            )
        }
    };
    for (number, client) in clients.iter().enumerate() {
        let priority = client.priority.map_or(String::new(), |it| format!("priority = {it}\n"));
        let time = |key: &str, ms: Option<u64>| {
            ms.map_or(String::new(), |ms| format!("{key} = \"{ms}ms\"\n"))
        };
        let (patience, timeout) =
            (time("patience", client.patience), time("timeout", client.timeout));
        let transfer = match client.work {
            Work::Hold(ms) => format!("kind = \"constant\", duration = \"{ms}ms\""),
            Work::Carry(bits) => {
                let bytes = bits as usize * client.connections / 8;
                format!("kind = \"size\", bytes = \"{bytes}B\"")
            }
        };
        let on_cut = if client.resumes { "resume" } else { "restart" };
        text += &format!(
            "[clients.c{number:02}]\ncount = 1\n{priority}{patience}{timeout}on_cut = \"{on_cut}\"\n\
             connections = {}\n\
             retry = {{ policy = \"fixed\", interval = \"{}ms\", max_retries = {} }}\n\
             arrival = {{ kind = \"burst\", at = \"{}ms\" }}\n\
             transfer = {{ {transfer} }}\n",
            client.connections, client.retry, client.max_retries, client.arrival,
        );
    }
    text
}

/// Sees every event, and what is done for clients that have gone.
#[derive(Default)]
struct Watch {
    events: Vec<Event>,
    connections: u64,
    since: u64,
    for_nobody: ForNobody,
}

impl Watch {
    fn changes(&mut self, at: Time, by: i64) {
        self.for_nobody.area += (at.as_millis() - self.since) * self.connections;
        self.since = at.as_millis();
        self.connections = self.connections.saturating_add_signed(by);
    }
}

impl Observer for Watch {
    fn observe(&mut self, event: &Event) {
        self.events.push(*event);
        if let EventKind::TimedOut { connections, goes_on: true, .. } = event.kind {
            self.changes(event.at, i64::from(connections));
        }
    }

    fn abandoned_work(&mut self, at: Time, _: PointId, work: AbandonedWork) {
        match work {
            AbandonedWork::Begins(connections) => self.changes(at, i64::from(connections)),
            AbandonedWork::Ends { connections, is_done } => {
                self.changes(at, -i64::from(connections));
                self.for_nobody.done += u64::from(is_done);
            }
            AbandonedWork::Waits | AbandonedWork::WaitsNoLonger => {}
        }
    }
}

/// What became of each client, by group.
fn ends(events: &[Event]) -> Vec<Fate> {
    let ends = events.iter().filter_map(|event| match event.kind {
        EventKind::Ended { outcome, attempts, .. } => {
            let completed = outcome == Outcome::Completed;
            assert!(completed || outcome == Outcome::GaveUp, "{outcome:?}");
            Some((event.client.group, Fate { attempts, completed, at: event.at.as_millis() }))
        }
        _ => None,
    });
    ends.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// Asserts that an engine agrees with the naive simulator, but for the order of things at the same instant.
#[track_caller]
fn assert_agree(watch: &Watch, server: &Server, clients: &[Client], seed: u32) {
    let (observed, outcome) = (ends(&watch.events), fates(server, clients));
    let (expected, for_nobody) = (outcome.fates, outcome.for_nobody);
    let differs = observed.iter().zip(&expected).position(|(one, two)| one != two);
    let text = || text(server, clients);
    assert_eq!(observed, expected, "client {differs:?}, seed {seed}:\n{}", text());
    assert_eq!(watch.for_nobody, for_nobody, "seed {seed}:\n{}", text());
}

fn agree_in_the_event_engine(kind: Kind) {
    let stop = AtomicBool::new(false);
    let mut for_nobody = 0;
    for seed in 0..cases(400) {
        let unit = [1, 250, 1000][seed as usize % 3];
        let (server, clients) = draw(u64::from(seed), unit, kind);
        let scenario = scenario(&text(&server, &clients));
        let watch = event_engine::run(&scenario.replication(0), Watch::default(), &stop);
        assert_agree(&watch, &server, &clients, seed);
        for_nobody += u32::from(watch.for_nobody.area > 0);
    }
    let some = if kind == Kind::Impatient { cases(400) / 4 } else { 0 };
    assert!(for_nobody >= some, "only {for_nobody}");
}

fn agree_on_tokio(kind: Kind) {
    let stop = Arc::new(AtomicBool::new(false));
    let mut tried = 0;
    for seed in 0..cases(200) {
        let (server, clients) = draw(u64::from(seed) + 1_000_000, 1, kind);
        if fates(&server, &clients).ties {
            continue;
        }
        let scenario = scenario(&text(&server, &clients));
        let replication = scenario.replication(0);
        let watch = tokio_engine::run(&replication, Watch::default(), &stop).expect("tokio");
        assert_agree(&watch, &server, &clients, seed);
        tried += 1;
    }
    assert!(tried > cases(200) / 5, "only {tried}");
}

#[test]
fn each_client_fares_as_in_a_naive_simulator() {
    agree_in_the_event_engine(Kind::Patient);
}

#[test]
fn each_client_fares_so_on_tokio_where_nothing_ties() {
    agree_on_tokio(Kind::Patient);
}

#[test]
fn each_impatient_client_fares_as_in_a_naive_simulator() {
    agree_in_the_event_engine(Kind::Impatient);
}

#[test]
fn each_impatient_client_fares_so_on_tokio_where_nothing_ties() {
    agree_on_tokio(Kind::Impatient);
}
