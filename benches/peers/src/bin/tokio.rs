//! The storm on tokio's paused clock: a task for each client, and a semaphore. It promises no order at the same
//! instant.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use peers::{Inputs, RETRY, Totals};
use tokio::sync::Semaphore;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep, sleep_until};

fn main() {
    let inputs = Inputs::read();
    peers::measure(|| {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().expect("a runtime");
        let totals = Rc::new(RefCell::new(Totals::default()));
        let tasks = LocalSet::new();
        runtime.block_on(tasks.run_until(async {
            let connections = Rc::new(Semaphore::new(inputs.limit));
            let start = Instant::now();
            let mut clients = Vec::new();
            for (&arrival, &transfer) in inputs.arrivals.iter().zip(&inputs.transfers) {
                let (connections, totals) = (connections.clone(), totals.clone());
                clients.push(tokio::task::spawn_local(async move {
                    sleep_until(start + Duration::from_millis(arrival)).await;
                    loop {
                        totals.borrow_mut().attempts += 1;
                        let Ok(connection) = connections.try_acquire() else {
                            sleep(Duration::from_millis(RETRY)).await;
                            continue;
                        };
                        sleep(Duration::from_millis(transfer)).await;
                        drop(connection);
                        let end = start.elapsed().as_millis() as u64;
                        return totals.borrow_mut().complete(arrival, end);
                    }
                }));
            }
            for client in clients {
                client.await.expect("it ends");
            }
        }));
        std::mem::take(&mut totals.borrow_mut())
    });
}
