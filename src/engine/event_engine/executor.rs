//! The executor of the event engine: one thread, a virtual clock, no wakers.
//!
//! Clients are async functions that wait for one thing at a time. A client that waits has noted
//! in its world when it wants to continue; the world moves the note to the event queue, the executor
//! pops the next event, sets the clock, and polls the client that the event names. There are no tasks
//! and no allocation per client or event.
//!
//! A client's future is made when it arrives and its slot is used again when it ends, so memory
//! follows the number of clients that are present, not of all that ever come.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::arena::Arena;
use super::queue::EventQueue;
use super::world::EventWorld;
use crate::model::{
    Client, Detail, Full, Newcomer, Observer, Order, Plain, Replication, Span, run_advertisement,
};

/// Simulates `replication` from its start to its horizon, or until no client is left, and gives
/// `observer` back. If `stop` becomes true it ends early; the clients present are then unfinished.
pub fn run<O: Observer>(replication: &Replication<'_>, observer: O, stop: &AtomicBool) -> O {
    run_with_clock(replication, observer, stop, &AtomicU64::new(0))
}

/// Simulates `replication` as [`run`] does, and keeps `clock` at the simulated time, in ms, for others to
/// show how far it is.
pub fn run_with_clock<O: Observer>(
    replication: &Replication<'_>,
    observer: O,
    stop: &AtomicBool,
    clock: &AtomicU64,
) -> O {
    if replication.is_plain() {
        simulate::<O, Plain>(replication, observer, stop, clock, false)
    } else {
        simulate::<O, Full>(replication, observer, stop, clock, false)
    }
}

/// Simulates `replication` as [`run`] does, but each attempt, also where [`run`] skips refused retries:
/// the results are the same, only later. For tests.
#[doc(hidden)]
pub fn run_each_attempt<O: Observer>(
    replication: &Replication<'_>,
    observer: O,
    stop: &AtomicBool,
) -> O {
    let clock = &AtomicU64::new(0);
    if replication.is_plain() {
        simulate::<O, Plain>(replication, observer, stop, clock, true)
    } else {
        simulate::<O, Full>(replication, observer, stop, clock, true)
    }
}

/// Simulates `replication` in full detail even if it is plain: then it does the same as [`run`],
/// only slower. For tests.
#[doc(hidden)]
pub fn run_in_full<O: Observer>(
    replication: &Replication<'_>,
    observer: O,
    stop: &AtomicBool,
) -> O {
    simulate::<O, Full>(replication, observer, stop, &AtomicU64::new(0), false)
}

fn simulate<O: Observer, D: Detail>(
    replication: &Replication<'_>,
    observer: O,
    stop: &AtomicBool,
    clock: &AtomicU64,
    each_attempt: bool,
) -> O {
    let world = EventWorld::<O, D>::new(replication, observer, each_attempt);
    let mut newcomers = replication.newcomers();
    // Clients that would arrive after the end never do. Nor is anything scheduled after it.
    newcomers.truncate(newcomers.partition_point(|client| client.at <= replication.horizon));
    let client = |newcomer: Newcomer| {
        let members = &replication.groups[newcomer.group.index()];
        run_advertisement(Client::<_, D>::new(&world, members, newcomer.index, newcomer.at))
    };
    let mut queue = EventQueue::new(newcomers.len(), usual_delay(replication));
    let mut arena = Arena::with_capacity(newcomers.len());
    let mut arrived = 0;
    world.schedule(&mut queue, None);

    // A bucket is some hundred events: often enough to look at `stop`.
    while !stop.load(Ordering::Relaxed)
        && (arrived < newcomers.len() || !arena.is_empty() || world.works_for_nobody())
        && let Some(end) = queue.open_next(newcomers.get(arrived).map(|client| client.at))
    {
        clock.store(end.as_millis(), Ordering::Relaxed);
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
            if due.is(Order::Attempt) {
                while let Some(slot) = world.turn_before(due.slot) {
                    world.set_current(slot);
                    let waiting = arena.poll(slot).is_pending().then_some(slot);
                    world.schedule(&mut queue, waiting);
                }
            }
            let slot = if due.is(Order::Arrival) {
                let slot = arena.insert(client(newcomers[due.slot as usize]));
                world.enter(slot);
                world.begin_occasion(Order::Arrival, slot);
                Some(slot)
            } else {
                world.begin_occasion(due.order(), due.slot);
                world.wakes(due)
            };
            // A fetch from memory takes as long as several events.
            arena.prefetch(due.soon);
            let waiting = slot.filter(|&slot| {
                world.set_current(slot);
                arena.poll(slot).is_pending()
            });
            world.schedule(&mut queue, waiting);
        }
        arrived = next;
    }
    if !stop.load(Ordering::Relaxed) {
        for turn in world.end_orbits() {
            world.end_turn(turn);
            let _ = arena.poll(turn.slot);
        }
    }
    // Clients that are still there are unfinished, and report it when they are dropped.
    drop(arena);
    world.into_observer(replication)
}

/// About how far ahead most events will lie.
fn usual_delay(replication: &Replication<'_>) -> Span {
    let groups = replication.groups.iter();
    let delays = groups.map(|members| members.group.release.retry.first_delay());
    delays.min().unwrap_or(Span::from_mins(10))
}
