//! The tokio world: one task a client, tokio's paused clock, a semaphore as the connection limit.
//!
//! It plays the same client code as the event engine with nothing in common but that code, and so
//! checks it: where no two clients act at the same millisecond, both give the same outcome for
//! every single client. At equal instants the order is tokio's, not the model's
//! ([`Order`]). It is far slower (`make bench` says how much).

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::full_tokio_engine;
use super::tokio_executor::{Ground, Stage, play};
use crate::model::{
    Client, ClientId, Clock, ConnectionRefused, EventKind, Members, Newcomer, Observer, Order,
    PointId, Replication, Span, Time, World, run_advertisement,
};

/// The longest horizon it can play: tokio's timers reach 2^36 ms, some two years, ahead.
pub const MAX_HORIZON: Span = Span::from_days(2 * 365);

/// Plays `replication` from its start to its horizon, at most [`MAX_HORIZON`], or until no client
/// is left, and gives `observer` back. If `stop` becomes true it ends early.
///
/// # Errors
///
/// If the system does not let it build a runtime.
pub fn run<O: Observer + 'static>(
    replication: &Replication<'_>,
    observer: O,
    stop: &Arc<AtomicBool>,
) -> std::io::Result<O> {
    if !replication.is_plain() {
        return full_tokio_engine::run(replication, observer, stop);
    }
    let limits = replication.distribution_points.iter().map(|point| point.connection_limit);
    let points = limits.map(|limit| Arc::new(Semaphore::new(limit as usize))).collect();
    play(replication, observer, stop, |ground| TokioWorld { ground, points })
}

/// The world as tokio plays it.
struct TokioWorld<O> {
    ground: Ground<O>,
    points: Vec<Arc<Semaphore>>,
}

impl<O: Observer + 'static> Stage<O> for TokioWorld<O> {
    fn ground(&self) -> &Ground<O> {
        &self.ground
    }

    fn client<'w>(
        &'w self,
        members: &'w Members<'w>,
        newcomer: Newcomer,
    ) -> impl Future<Output = ()> + 'w {
        run_advertisement(Client::new(self, members, newcomer.index, newcomer.at))
    }

    async fn point(&self, _: PointId) {}

    fn close(&self) {}
}

impl<O: Observer> Clock for TokioWorld<O> {
    fn now(&self) -> Time {
        self.ground.now()
    }

    async fn sleep_until(&self, at: Time, order: Order) {
        self.ground.sleep_until(at, order).await;
    }

    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind) {
        self.ground.observe(client, arrived, kind);
    }
}

impl<O: Observer> World for TokioWorld<O> {
    type Connection<'w>
        = OwnedSemaphorePermit
    where
        Self: 'w;

    async fn connect(&self, point: PointId) -> Result<OwnedSemaphorePermit, ConnectionRefused> {
        self.ground.look_at_stop();
        let point = self.points[point.index()].clone();
        point.try_acquire_owned().map_err(|_| ConnectionRefused)
    }

    async fn transfer(&self, _: &OwnedSemaphorePermit, duration: Span) {
        self.sleep_until(self.now() + duration, Order::ConnectionEnd).await;
    }
}
