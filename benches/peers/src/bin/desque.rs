//! The storm for desque: an event for each attempt and for each end. Its time is of a type of ours, which says that
//! ends come before attempts of the same instant.

use desque::serial::{OkEvent, Simulation};
use desque::{SimState, SimTime};
use peers::{Inputs, RETRY, Totals};

/// In ms, and then what happens.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Time(u64, What);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    End,
    Attempt,
}

impl SimTime for Time {}

struct Server<'i> {
    inputs: &'i Inputs,
    open: usize,
    totals: Totals,
}

impl SimState<Time> for Server<'_> {}

#[derive(Debug)]
struct Attempt {
    client: u32,
}

#[derive(Debug)]
struct End {
    client: u32,
}

impl OkEvent<Server<'_>, Time> for Attempt {
    fn execute(&mut self, simulation: &mut Simulation<Server<'_>, Time>) {
        let &Time(now, _) = simulation.current_time();
        let client = self.client;
        let server = simulation.state_mut();
        server.totals.attempts += 1;
        if server.open < server.inputs.limit {
            server.open += 1;
            let end = now + server.inputs.transfers[client as usize];
            simulation.schedule(End { client }, Time(end, What::End)).expect("it is later");
        } else {
            let retry = Time(now + RETRY, What::Attempt);
            simulation.schedule(Attempt { client }, retry).expect("it is later");
        }
    }
}

impl OkEvent<Server<'_>, Time> for End {
    fn execute(&mut self, simulation: &mut Simulation<Server<'_>, Time>) {
        let &Time(now, _) = simulation.current_time();
        let server = simulation.state_mut();
        server.open -= 1;
        server.totals.complete(server.inputs.arrivals[self.client as usize], now);
    }
}

fn main() {
    let inputs = Inputs::read();
    peers::measure(|| {
        let server = Server { inputs: &inputs, open: 0, totals: Totals::default() };
        let mut simulation = Simulation::new(server, Time(0, What::End));
        for (client, &arrival) in (0..).zip(&inputs.arrivals) {
            let time = Time(arrival, What::Attempt);
            simulation.schedule(Attempt { client }, time).expect("it is later");
        }
        simulation.run().expect("no event fails");
        std::mem::take(&mut simulation.state_mut().totals)
    });
}
