//! The storm for SimCore: a server that handles events. Attempts are emitted in order of time, which SimCore has
//! a faster queue for; only the ends of connections are not. What it happens to hold for the same instant comes in the
//! order in which it was emitted, so an end may come after an attempt.

use std::cell::RefCell;
use std::rc::Rc;

use peers::{Inputs, RETRY, Totals};
use serde::Serialize;
use simcore::{Event, EventHandler, Simulation, SimulationContext, cast};

#[derive(Clone, Serialize)]
struct Attempt {
    client: u32,
}

#[derive(Clone, Serialize)]
struct End {
    client: u32,
}

struct Server {
    inputs: &'static Inputs,
    open: usize,
    totals: Totals,
    context: SimulationContext,
}

impl EventHandler for Server {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Attempt { client } => {
                self.totals.attempts += 1;
                if self.open < self.inputs.limit {
                    self.open += 1;
                    let transfer = self.inputs.transfers[client as usize];
                    self.context.emit_self(End { client }, transfer as f64);
                } else {
                    self.context.emit_ordered_self(Attempt { client }, RETRY as f64);
                }
            }
            End { client } => {
                self.open -= 1;
                let arrival = self.inputs.arrivals[client as usize];
                self.totals.complete(arrival, event.time as u64);
            }
        })
    }
}

fn main() {
    // SimCore keeps its handlers for as long as it likes.
    let inputs: &'static Inputs = Box::leak(Box::new(Inputs::read()));
    peers::measure(|| {
        let mut simulation = Simulation::new(1);
        let context = simulation.create_context("server");
        let server = Server { inputs, open: 0, totals: Totals::default(), context };
        let server = Rc::new(RefCell::new(server));
        let id = simulation.add_handler("server", server.clone());
        let clients = simulation.create_context("clients");
        for (client, arrival) in (0..).zip(&inputs.arrivals) {
            clients.emit_ordered(Attempt { client }, id, *arrival as f64);
        }
        simulation.step_until_no_events();
        std::mem::take(&mut server.borrow_mut().totals)
    });
}
