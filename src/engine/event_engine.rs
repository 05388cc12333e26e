//! The event engine: the model's clients on a virtual clock, exact at equal instants.
//!
//! The executor (`executor.rs`) goes round; this is the world that its clients live in, where
//! points have a connection limit and nothing else.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll};

use super::event_queue::{Due, EventQueue};
use super::executor::{Stage, YieldOnce, play};
use super::full_event_engine;
use crate::model::{
    Client, ClientId, Clock, ConnectionRefused, Event, EventKind, Members, Newcomer, Observer,
    Order, PointId, Replication, Span, Time, World, run_advertisement,
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
    play(&world, replication, stop);
    world.observer.into_inner()
}

/// The world as the event engine plays it.
struct EventWorld<O> {
    now: Cell<Time>,
    horizon: Time,
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
            horizon: replication.horizon,
            wake_at: Cell::new(Time::ZERO),
            wake_order: Cell::new(Order::Arrival),
            points: points.collect(),
            observer: RefCell::new(observer),
        }
    }
}

impl<O: Observer> Stage for EventWorld<O> {
    #[inline]
    fn set_now(&self, now: Time) {
        self.now.set(now);
    }

    #[inline]
    fn client<'w>(
        &'w self,
        members: &'w Members<'w>,
        newcomer: Newcomer,
    ) -> impl Future<Output = ()> + 'w {
        run_advertisement(Client::new(self, members, newcomer.index, newcomer.at))
    }

    #[inline]
    fn enter(&self, _: u32) {}

    #[inline]
    fn wakes(&self, due: Due) -> Option<u32> {
        Some(due.slot)
    }

    #[inline]
    fn about_to_poll(&self, _: u32) {}

    #[inline]
    fn schedule(&self, queue: &mut EventQueue, waiting: Option<u32>) {
        // A client that waits has just said when it wants to go on.
        if let Some(slot) = waiting {
            let at = self.wake_at.get();
            if at <= self.horizon {
                queue.push(at, self.wake_order.get(), slot);
            }
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
