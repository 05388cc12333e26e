//! The storm for ODEM-rs: an agent for each client. One that is connected has a higher rank, so that ends come before
//! attempts of the same instant.

use std::cell::{Cell, RefCell};

use odem_rs::prelude::*;
use peers::{Inputs, RETRY, Totals};

#[derive(Config)]
#[time(u64)]
#[rank(i32)]
struct Storm {
    inputs: Inputs,
    open: Cell<usize>,
    totals: RefCell<Totals>,
}

struct Client {
    arrival: u64,
    transfer: u64,
}

impl Behavior<Storm> for Client {
    type Output = ();

    async fn actions(&self, sim: &Sim<Storm>) {
        let storm = sim.global();
        loop {
            storm.totals.borrow_mut().attempts += 1;
            if storm.open.get() < storm.inputs.limit {
                break;
            }
            sim.advance(RETRY).await;
        }
        storm.open.update(|open| open + 1);
        sim.update_rank(1);
        sim.advance(self.transfer).await;
        storm.open.update(|open| open - 1);
        storm.totals.borrow_mut().complete(self.arrival, sim.now());
    }
}

fn main() {
    let inputs = Inputs::read();
    peers::measure(|| {
        let (open, totals) = (Cell::new(0), RefCell::default());
        let simulator = Simulator::new(Storm { inputs, open, totals });
        let run = simulator.run(async |sim| {
            let inputs = &sim.global().inputs;
            let mut clients = Vec::new();
            for (&arrival, &transfer) in inputs.arrivals.iter().zip(&inputs.transfers) {
                sim.advance_to(arrival).await;
                clients.push(sim.spawn(Client { arrival, transfer }));
            }
            // The run lasts for as long as this does.
            for client in clients {
                client.await;
            }
        });
        run.expect("somebody is always due");
        simulator.into_inner().totals.into_inner()
    });
}
