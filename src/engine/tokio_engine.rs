//! The tokio world: one task a client, tokio's paused clock, a semaphore as the connection limit.
//!
//! It plays the same client code as the event engine with nothing in common but that code, and so
//! checks it: where no two clients act at the same millisecond, both give the same outcome for
//! every single client. At equal instants the order is tokio's, not the model's
//! ([`Order`]). It is far slower (`make bench` says how much).

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::LocalSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::full_tokio_engine;
use crate::model::{
    Client, ClientGroup, ClientId, Clock, ConnectionRefused, Event, EventKind, Members, Observer,
    Order, PointId, Replication, Span, Time, World, run_advertisement,
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
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let tasks = LocalSet::new();
    let newcomers = replication.newcomers();
    let observer = Rc::new(RefCell::new(observer));
    let world = tasks.block_on(&runtime, async {
        let world = Rc::new(TokioWorld::new(replication, observer.clone(), stop.clone()));
        let tracker = TaskTracker::new();
        for newcomer in newcomers {
            let world = world.clone();
            let streams = replication.groups[newcomer.group.index()].streams;
            let expires = replication.groups[newcomer.group.index()].expires;
            tracker.spawn_local(async move {
                let group = &world.groups[newcomer.group.index()];
                let members = Members::new(newcomer.group, group, streams, expires);
                let client = Client::new(&*world, &members, newcomer.index, newcomer.at);
                world.end.run_until_cancelled(run_advertisement(client)).await;
            });
        }
        tracker.close();
        // Everything up to and at the horizon happens; whoever is left then is unfinished.
        let after = world.instant(world.horizon + Span::MILLISECOND);
        if tokio::time::timeout_at(after, tracker.wait()).await.is_err() {
            world.end.cancel();
            tracker.wait().await;
        }
        world
    });
    drop((world, tasks));
    match Rc::try_unwrap(observer) {
        Ok(observer) => Ok(observer.into_inner()),
        Err(_) => unreachable!("all tasks have ended, and the world with them"),
    }
}

/// The world as tokio plays it.
struct TokioWorld<O> {
    start: Instant,
    horizon: Time,
    groups: Vec<ClientGroup>,
    points: Vec<Arc<Semaphore>>,
    observer: Rc<RefCell<O>>,
    /// Cancelled when the simulation ends.
    end: CancellationToken,
    stop: Arc<AtomicBool>,
}

impl<O> TokioWorld<O> {
    fn new(
        replication: &Replication<'_>,
        observer: Rc<RefCell<O>>,
        stop: Arc<AtomicBool>,
    ) -> TokioWorld<O> {
        let limits = replication.distribution_points.iter().map(|point| point.connection_limit);
        TokioWorld {
            start: Instant::now(),
            horizon: replication.horizon,
            groups: replication.groups.iter().map(|members| members.group.clone()).collect(),
            points: limits.map(|limit| Arc::new(Semaphore::new(limit as usize))).collect(),
            observer,
            end: CancellationToken::new(),
            stop,
        }
    }

    fn instant(&self, at: Time) -> Instant {
        self.start + Duration::from_millis(at.as_millis())
    }
}

impl<O: Observer> Clock for TokioWorld<O> {
    fn now(&self) -> Time {
        Time::from_millis(self.start.elapsed().as_millis() as u64)
    }

    async fn sleep_until(&self, at: Time, _: Order) {
        if at > self.horizon {
            // It never comes: the task is cancelled when the simulation ends.
            std::future::pending::<()>().await;
        }
        if at > self.now() {
            tokio::time::sleep_until(self.instant(at)).await;
        }
    }

    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind) {
        let at = self.now();
        self.observer.borrow_mut().observe(&Event { at, client, arrived, kind });
    }
}

impl<O: Observer> World for TokioWorld<O> {
    type Connection<'w>
        = OwnedSemaphorePermit
    where
        Self: 'w;

    async fn connect(&self, point: PointId) -> Result<OwnedSemaphorePermit, ConnectionRefused> {
        if self.stop.load(Ordering::Relaxed) {
            self.end.cancel();
        }
        let point = self.points[point.index()].clone();
        point.try_acquire_owned().map_err(|_| ConnectionRefused)
    }

    async fn transfer(&self, _: &OwnedSemaphorePermit, duration: Span) {
        self.sleep_until(self.now() + duration, Order::ConnectionEnd).await;
    }
}
