//! Watch a simulation event by event, with an observer of what no metric reports: which attempt of
//! a client is the lucky one.
//!
//! ```console
//! $ cargo run --example custom_observer
//! ```

#![expect(clippy::print_stdout, reason = "an example prints its results")]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::AtomicBool;

use distpoint::engine::event_engine;
use distpoint::model::{Event, EventKind, Observer};
use distpoint::scenario::{Origin, load};

/// 300 clients come within 5 minutes to a server with 20 connections.
const SCENARIO: &str = r#"
    name = "A small storm"
    [distribution_points.DP01]
    connection_limit = 20
    [clients.office]
    count = 300
    arrival  = { kind = "even", over = "5m" }
    transfer = { kind = "constant", duration = "2m" }
    retry    = { policy = "fixed", interval = "10m" }
"#;

/// How many clients got their connection at which attempt.
///
/// Observers are static: the engine is compiled for each, and one that ignores an event costs
/// nothing there.
#[derive(Default)]
struct LuckyAttempts(BTreeMap<u32, u32>);

impl Observer for LuckyAttempts {
    // It does not look at refusals, so the engine need not simulate each of them.
    const EVERY_ATTEMPT: bool = false;

    fn observe(&mut self, event: &Event) {
        if let EventKind::Connected { attempt, .. } = event.kind {
            *self.0.entry(attempt).or_default() += 1;
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    for (attempt, clients) in answer()?.0 {
        println!("attempt {attempt:2}: {clients:3} clients are connected");
    }
    Ok(())
}

/// Simulates one replication and gives its observer back.
fn answer() -> Result<LuckyAttempts, Box<dyn Error>> {
    let loaded = load(Origin::Text { name: "storm.toml", text: SCENARIO }, &[])?;
    let replication = loaded.base.replication(0);
    // Another thread could set it to end the simulation early.
    let stop = AtomicBool::new(false);
    // A pair of observers is one, too: `(LuckyAttempts::default(), Standard::new(&replication))`
    // would collect the metrics as well.
    Ok(event_engine::run(&replication, LuckyAttempts::default(), &stop))
}

#[test]
fn every_client_is_connected_once_and_the_first_ones_at_once() {
    let LuckyAttempts(attempts) = answer().expect("a right scenario");
    assert_eq!(attempts.values().sum::<u32>(), 300, "{attempts:?}");
    // A client comes each second. 20 connections are taken within 20 seconds and are free again
    // from 2 minutes on, so 60 of the first tries of 300 seconds meet a free one.
    assert_eq!(attempts[&1], 60, "{attempts:?}");
    main().expect("the example runs");
}
