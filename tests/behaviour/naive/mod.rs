//! Queues, idle sessions and rate limits against a second, naive simulator, client by client.

mod simulator;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use distpoint::engine::{event_engine, tokio_engine};
use distpoint::model::{Event, EventKind, Outcome};
use rand::Rng;
use rand_pcg::Pcg64Mcg;

use crate::checks::worlds::depends_on_an_order;
use crate::harness::{cases, scenario};
use simulator::{Client, Fate, RateLimit, Server, fates};

/// Draws a server and its clients. All times are multiples of `unit`, so that many things happen at the same
/// instant if it is large.
fn draw(seed: u64, unit: u64) -> (Server, Vec<Client>) {
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
    let server = Server {
        limit: 1 + below(4) as usize,
        queue: below(6) as usize,
        queue_timeout: (below(2) == 0).then(|| time(&mut below, 20)),
        lifo: below(2) == 0,
        linger: if below(3) == 0 { time(&mut below, 15) } else { 0 },
        rate_limit,
    };
    let mut client = || Client {
        arrival: time(&mut below, 40),
        hold: time(&mut below, 12),
        priority: (below(3) == 0).then(|| below(3) as u32),
        patience: (below(3) == 0).then(|| time(&mut below, 15)),
        retry: time(&mut below, 10),
        max_retries: below(6) as u32,
    };
    (server, (0..30).map(|_| client()).collect())
}

/// The scenario of a server and its clients, each of which is a group.
fn text(server: &Server, clients: &[Client]) -> String {
    let mut text = format!(
        "name = \"naive\"\nhorizon = \"10d\"\n[distribution_points.A]\nconnection_limit = {}\n",
        server.limit
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
        let patience =
            client.patience.map_or(String::new(), |ms| format!("patience = \"{ms}ms\"\n"));
        text += &format!(
            "[clients.c{number:02}]\ncount = 1\n{priority}{patience}\
             retry = {{ policy = \"fixed\", interval = \"{}ms\", max_retries = {} }}\n\
             arrival = {{ kind = \"burst\", at = \"{}ms\" }}\n\
             transfer = {{ kind = \"constant\", duration = \"{}ms\" }}\n",
            client.retry, client.max_retries, client.arrival, client.hold
        );
    }
    text
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

#[test]
fn each_client_fares_as_in_a_naive_simulator() {
    let stop = AtomicBool::new(false);
    for seed in 0..cases(400) {
        let unit = [1, 250, 1000][seed as usize % 3];
        let (server, clients) = draw(u64::from(seed), unit);
        let text = text(&server, &clients);
        let scenario = scenario(&text);
        let events = event_engine::run(&scenario.replication(0), Vec::new(), &stop);
        let (observed, expected) = (ends(&events), fates(&server, &clients));
        let differs = observed.iter().zip(&expected).position(|(one, two)| one != two);
        assert_eq!(observed, expected, "client {differs:?}, seed {seed}:\n{text}");
    }
}

#[test]
fn each_client_fares_so_on_tokio_where_nothing_ties() {
    let stop = Arc::new(AtomicBool::new(false));
    let mut tried = 0;
    for seed in 0..cases(200) {
        let (server, clients) = draw(u64::from(seed) + 1_000_000, 1);
        let scenario = scenario(&text(&server, &clients));
        if depends_on_an_order(&scenario) {
            continue;
        }
        let tokio = tokio_engine::run(&scenario.replication(0), Vec::new(), &stop).expect("tokio");
        assert_eq!(ends(&tokio), fates(&server, &clients), "seed {seed}");
        tried += 1;
    }
    assert!(tried > cases(200) / 2, "only {tried}");
}
