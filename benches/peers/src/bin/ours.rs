//! The storm for distpoint: its event engine with the standard statistics. It draws the inputs itself, before the
//! simulation as the others read them, and needs of the file only how many they are.

use std::sync::atomic::AtomicBool;

use distpoint::engine::event_engine;
use distpoint::stats::Standard;
use peers::{Inputs, Totals};

fn main() {
    let inputs = Inputs::read();
    let scenario = peers::scenario(inputs.arrivals.len(), inputs.limit);
    let replication = scenario.replication(0);
    peers::measure(|| {
        let stop = AtomicBool::new(false);
        let observer = event_engine::run(&replication, Standard::new(&replication), &stop);
        let run = observer.finish(replication.horizon);
        let mut completion = 0;
        run.groups[0].completions.for_each(|millis, number| completion += millis * number);
        let end = run.groups[0].last_completion.map_or(0, |last| last.as_millis());
        Totals { attempts: run.points[0].attempts(), completion, end }
    });
}
