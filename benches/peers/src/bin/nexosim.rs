//! The storm for NeXosim: the server is a model that schedules attempts and ends for itself. (A model for each client
//! is slower.) Its documentation promises that events of the same instant happen in the order in which they were
//! scheduled, so an end may come after an attempt.

use std::sync::Arc;
use std::time::Duration;

use nexosim::model::{BuildContext, Context, Model, ProtoModel, schedulable};
use nexosim::ports::{EventSinkReader, Output, SinkState, event_slot};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use peers::{Inputs, RETRY, Totals};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
struct Server {
    open: usize,
    completed: usize,
    totals: Totals,
    done: Output<Totals>,
}

#[Model(type Env=Arc<Inputs>)]
impl Server {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>, inputs: &mut Arc<Inputs>) {
        for (client, &arrival) in (0..).zip(&inputs.arrivals) {
            cx.schedule_event(time(arrival), schedulable!(Self::attempt), client)
                .expect("it is later");
        }
    }

    #[nexosim(schedulable)]
    fn attempt(&mut self, client: u32, cx: &Context<Self>, inputs: &mut Arc<Inputs>) {
        self.totals.attempts += 1;
        if self.open < inputs.limit {
            self.open += 1;
            let transfer = Duration::from_millis(inputs.transfers[client as usize]);
            cx.schedule_event(transfer, schedulable!(Self::end), client)
        } else {
            let retry = Duration::from_millis(RETRY);
            cx.schedule_event(retry, schedulable!(Self::attempt), client)
        }
        .expect("it is later");
    }

    #[nexosim(schedulable)]
    async fn end(&mut self, client: u32, cx: &Context<Self>, inputs: &mut Arc<Inputs>) {
        self.open -= 1;
        self.completed += 1;
        let now = cx.time().duration_since(time(0)).as_millis() as u64;
        self.totals.complete(inputs.arrivals[client as usize], now);
        if self.completed == inputs.arrivals.len() {
            self.done.send(self.totals.clone()).await;
        }
    }
}

/// Gives the server its inputs, which are no part of its state.
struct Proto {
    server: Server,
    inputs: Arc<Inputs>,
}

impl ProtoModel for Proto {
    type Model = Server;

    fn build(self, _: &mut BuildContext<Self>) -> (Server, Arc<Inputs>) {
        (self.server, self.inputs)
    }
}

/// The instant that is so many ms after the start of the storm. What is scheduled must be later than the start of the
/// simulation, so that is at zero, and the storm starts a little later.
fn time(millis: u64) -> MonotonicTime {
    MonotonicTime::EPOCH + Duration::from_millis(1 + millis)
}

fn main() {
    let inputs = Arc::new(Inputs::read());
    peers::measure(|| {
        let mut server = Server::default();
        let (sink, mut done) = event_slot(SinkState::Enabled);
        server.done.connect_sink(sink);
        let proto = Proto { server, inputs };
        // All events are of one model, so more threads have nothing to do.
        let bench = SimInit::with_num_threads(1).add_model(proto, Mailbox::new(), "server");
        let mut simulation = bench.init(MonotonicTime::EPOCH).expect("it starts");
        simulation.run().expect("it runs");
        done.try_read().expect("all are done")
    });
}
