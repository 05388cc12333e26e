//! The executor of the event engine: one thread, a virtual clock, no wakers.
//!
//! # How it goes round
//!
//! Clients are async functions that wait for one thing at a time. A client that waits has noted
//! in its world when it wants to go on; the world moves the note to the
//! event queue (`event_queue.rs`), the executor pops the next event, sets the clock, and polls the
//! client that the event names. There are no tasks and no allocation per client or event.
//!
//! A client's future is made when it arrives and its slot is used again when it ends, so memory
//! follows the number of clients that are present, not of all that ever come.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use super::arena::Arena;
use super::event_queue::{Due, EventQueue};
use crate::model::{Members, Newcomer, Order, Replication, Span, Time};

/// A world whose clients the executor can play. Its clients are numbered by *slots*.
pub(super) trait Stage {
    /// Sets the clock.
    fn set_now(&self, now: Time);

    /// The story of a client that arrives now.
    fn client<'w>(
        &'w self,
        members: &'w Members<'w>,
        newcomer: Newcomer,
    ) -> impl Future<Output = ()> + 'w;

    /// A client has got a slot, and is about to begin.
    fn enter(&self, slot: u32);

    /// Which client goes on, if any, now that an event has come that is no arrival.
    fn wakes(&self, due: Due) -> Option<u32>;

    /// The client in `slot` is about to be polled.
    fn about_to_poll(&self, slot: u32);

    /// Schedules what has come up, in the order in which it did: before the first event, and after
    /// each; `waiting` is the client that was polled, if it waits now.
    fn schedule(&self, queue: &mut EventQueue, waiting: Option<u32>);
}

/// Plays `replication` in `world` from its start to its horizon, or until no client is left, or
/// until `stop` becomes true.
#[inline]
pub(super) fn play<W: Stage>(world: &W, replication: &Replication<'_>, stop: &AtomicBool) {
    let mut newcomers = replication.newcomers();
    // Whoever would come after the end never comes. Nor is anything scheduled after it.
    newcomers.truncate(newcomers.partition_point(|client| client.at <= replication.horizon));
    let mut queue = EventQueue::new(newcomers.len(), usual_delay(replication));
    let mut arena = Arena::with_capacity(newcomers.len());
    let mut arrived = 0;
    world.schedule(&mut queue, None);

    // A window is some hundred events: often enough to look at `stop`.
    while !stop.load(Ordering::Relaxed)
        && (arrived < newcomers.len() || !arena.is_empty())
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
            world.set_now(due.at);
            let slot = if due.is(Order::Arrival) {
                let newcomer = newcomers[due.slot as usize];
                let members = &replication.groups[newcomer.group.index()];
                let slot = arena.insert(world.client(members, newcomer));
                world.enter(slot);
                Some(slot)
            } else {
                world.wakes(due)
            };
            // A fetch from memory takes as long as several events.
            arena.prefetch(due.soon);
            let waiting = slot.filter(|&slot| {
                world.about_to_poll(slot);
                arena.poll(slot).is_pending()
            });
            world.schedule(&mut queue, waiting);
        }
        arrived = next;
    }
    // The arena is dropped here. Whoever is still there is unfinished, and says so then.
}

/// About how far ahead most events will lie.
fn usual_delay(replication: &Replication<'_>) -> Span {
    let groups = replication.groups.iter();
    let delays = groups.map(|members| members.group.release.retry.first_delay());
    delays.min().unwrap_or(Span::from_mins(10))
}

/// Ready at once, or at the second poll: when the client's world has noted when it goes on, all that
/// is left to await is a single byte.
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
