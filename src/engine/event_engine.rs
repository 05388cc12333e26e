//! The event engine: a single-threaded executor over a virtual clock.
//!
//! # How it goes round
//!
//! Clients are async functions that wait for one thing at a time. A client that waits has noted
//! in the world when it wants to go on; the executor moves the note to the
//! event queue (`event_queue.rs`), pops the next event, sets the clock, and polls the client
//! that the event names. There are no wakers, no tasks and no allocation per client or event.
//!
//! A client's future is made when it arrives and its slot is used again when it ends, so memory
//! follows the number of clients that are present, not of all that ever come.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use super::arena::Arena;
use super::event_queue::EventQueue;
use super::full_event_engine;
use crate::model::{
    Client, ClientId, Clock, ConnectionRefused, Delay, Event, EventKind, Observer, Order, PointId,
    Replication, Span, Time, World, run_advertisement,
};

/// Plays `replication` from its start to its horizon, or until no client is left, and gives
/// `observer` back. If `stop` becomes true it ends early; the clients present are then unfinished.
pub fn run<O: Observer>(replication: &Replication<'_>, observer: O, stop: &AtomicBool) -> O {
    if replication.is_plain() {
        run_plain(replication, observer, stop)
    } else {
        run_in_full(replication, observer, stop)
    }
}

/// Plays `replication` in a world with shared bandwidth, failures and queues, even if it has none:
/// then it does the same as [`run`], only slower. For tests.
#[doc(hidden)]
pub fn run_in_full<O: Observer>(
    replication: &Replication<'_>,
    observer: O,
    stop: &AtomicBool,
) -> O {
    full_event_engine::run(replication, observer, stop)
}

fn run_plain<O: Observer>(replication: &Replication<'_>, observer: O, stop: &AtomicBool) -> O {
    let world = EventWorld::new(replication, observer);
    let mut newcomers = replication.newcomers();
    // Whoever would come after the end never comes. Nor is anything scheduled after it.
    newcomers.truncate(newcomers.partition_point(|client| client.at <= replication.horizon));
    let (pending, delay) = usual_load(replication, newcomers.len());
    let mut queue = EventQueue::new(pending, delay);
    let mut arena = Arena::with_capacity(newcomers.len());
    let mut arrived = 0;

    // A window is some hundred events: often enough to look at `stop`.
    while !stop.load(Ordering::Relaxed)
        && let Some(end) = queue.next_window(newcomers.get(arrived).map(|client| client.at))
    {
        let mut next = arrived;
        while let Some(client) = newcomers.get(next)
            && client.at < end
        {
            queue.admit(client.at, Order::Arrival, next as u32);
            next += 1;
        }
        queue.sort();
        while let Some(due) = queue.pop() {
            world.now.set(due.at);
            let slot = if due.is(Order::Arrival) {
                let newcomer = newcomers[due.slot as usize];
                let group = &replication.groups[newcomer.group.index()];
                let client = Client::new(&world, group, newcomer.index, newcomer.at);
                arena.insert(run_advertisement(client))
            } else {
                due.slot
            };
            // A fetch from memory takes as long as several events.
            arena.prefetch(due.soon);
            // A client that is pending has just said when it wants to go on.
            if arena.poll(slot).is_pending() {
                let at = world.wake_at.get();
                if at <= replication.horizon {
                    queue.push(at, world.wake_order.get(), slot);
                }
            }
        }
        arrived = next;
    }
    // Whoever is still there is unfinished, and says so when it is dropped.
    drop(arena);
    world.observer.into_inner()
}

/// About how many events will be outstanding at a time, and how far ahead.
pub(super) fn usual_load(replication: &Replication<'_>, clients: usize) -> (usize, Span) {
    let delays = replication.groups.iter().map(|members| match members.group.release.retry.delay {
        Delay::Fixed { interval: delay, .. }
        | Delay::Linear { step: delay, .. }
        | Delay::Exponential { base: delay, .. }
        | Delay::Memoryless { mean: delay }
        | Delay::Server { interval: delay, .. } => delay,
    });
    (clients, delays.min().unwrap_or(Span::from_mins(10)))
}

/// The world as the event engine plays it.
struct EventWorld<O> {
    now: Cell<Time>,
    /// When the client that was the last to wait wants to go on.
    wake_at: Cell<Time>,
    wake_order: Cell<Order>,
    points: Vec<Point>,
    observer: RefCell<O>,
}

struct Point {
    open: Cell<u32>,
    limit: u32,
}

impl<O: Observer> EventWorld<O> {
    fn new(replication: &Replication<'_>, observer: O) -> Self {
        let points = replication
            .distribution_points
            .iter()
            .map(|point| Point { open: Cell::new(0), limit: point.connection_limit });
        EventWorld {
            now: Cell::new(Time::ZERO),
            wake_at: Cell::new(Time::ZERO),
            wake_order: Cell::new(Order::Arrival),
            points: points.collect(),
            observer: RefCell::new(observer),
        }
    }
}

impl<O: Observer> Clock for EventWorld<O> {
    #[inline]
    fn now(&self) -> Time {
        self.now.get()
    }

    #[inline]
    fn sleep_until(&self, at: Time, order: Order) -> impl Future<Output = ()> {
        // The event is scheduled here, so that what is awaited, and lies in every client's
        // future, is a single byte.
        let waits = at > self.now.get();
        if waits {
            self.wake_at.set(at);
            self.wake_order.set(order);
        }
        YieldOnce { pending: waits }
    }

    // Always inlined, so that each call, which names its kind of event, keeps only what the
    // observer does about that kind.
    #[inline(always)]
    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind) {
        let at = self.now.get();
        self.observer.borrow_mut().observe(&Event { at, client, arrived, kind });
    }
}

impl<O: Observer> World for EventWorld<O> {
    type Connection<'w>
        = Open<'w>
    where
        Self: 'w;

    #[inline]
    fn connect(
        &self,
        point: PointId,
    ) -> impl Future<Output = Result<Self::Connection<'_>, ConnectionRefused>> {
        let point = &self.points[point.index()];
        let open = point.open.get();
        Admission(if open < point.limit {
            point.open.set(open + 1);
            Some(Open(point))
        } else {
            None
        })
    }

    #[inline]
    fn transfer<'w>(
        &'w self,
        _: &Self::Connection<'w>,
        duration: Span,
    ) -> impl Future<Output = ()> {
        self.sleep_until(self.now.get() + duration, Order::ConnectionEnd)
    }
}

/// An open connection to a point: one word, as it lies in the client's future.
struct Open<'w>(&'w Point);

impl Drop for Open<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.open.set(self.0.open.get() - 1);
    }
}

/// The answer to an attempt, which is there at once; also one word.
struct Admission<'w>(Option<Open<'w>>);

impl<'w> Future for Admission<'w> {
    type Output = Result<Open<'w>, ConnectionRefused>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(self.0.take().ok_or(ConnectionRefused))
    }
}

/// Ready at once, or at the second poll.
pub(super) struct YieldOnce {
    pub(super) pending: bool,
}

impl Future for YieldOnce {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::take(&mut self.pending) { Poll::Pending } else { Poll::Ready(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Origin, load};

    #[test]
    fn a_plain_client_fits_into_two_cache_lines() {
        let text = "
            name = 'one'
            distribution_points.DP01.connection_limit = 1
            [clients.g]
            count = 1
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '1s' }
        ";
        let loaded = load(Origin::Text { name: "test", text }, &[]).expect("right");
        let replication = loaded.base.replication(0);
        let world = EventWorld::new(&replication, ());
        let client = Client::new(&world, &replication.groups[0], 0, Time::ZERO);
        // More would cost the events of all (`make bench`): what only some scenarios need belongs
        // to the full client.
        let bytes = size_of_val(&run_advertisement(client));
        assert!(bytes <= 72, "{bytes}");
    }
}
