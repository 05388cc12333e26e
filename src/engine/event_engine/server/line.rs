//! The clients that wait at a server for an answer: in its queue, or because of its rate limit.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Place, Queue, Request, Span, Time};

/// The clients that wait at a server, each known by its slot.
#[derive(Debug)]
pub struct Line {
    rules: Queue,
    queue: BTreeMap<Place, Queued>,
    /// Those that the rate limit delays, by when it lets them pass, and in which order they came.
    delayed: BTreeMap<(Time, u64), Queued>,
    /// Of these, and of those that left meanwhile, what was to happen: an event for each will come.
    passes: BTreeSet<(Time, u64)>,
    spots: BTreeMap<u32, Spot>,
    /// Numbers clients in the order in which they come.
    numbers: u64,
    /// How many connections all of them wait for.
    awaited: u64,
}

/// A client that waits, and what it asked for.
#[derive(Clone, Copy, Debug)]
pub struct Queued {
    pub slot: u32,
    pub request: Request,
}

/// Where a client waits.
#[derive(Clone, Copy, Debug)]
enum Spot {
    Queue(Place),
    Delayed(Time, u64),
}

impl Line {
    /// Nobody waits.
    pub fn new(rules: Queue) -> Line {
        Line {
            rules,
            queue: BTreeMap::new(),
            delayed: BTreeMap::new(),
            passes: BTreeSet::new(),
            spots: BTreeMap::new(),
            numbers: 0,
            awaited: 0,
        }
    }

    /// How long a client may wait in the queue.
    pub fn timeout(&self) -> Option<Span> {
        self.rules.timeout
    }

    /// How many connections the clients wait for.
    pub fn awaited(&self) -> u64 {
        self.awaited
    }

    /// Whether a client with `priority` that came now would be the first in the queue.
    pub fn would_be_first(&self, priority: u32) -> bool {
        let place = self.rules.order.place(priority, self.numbers + 1);
        self.first_place().is_none_or(|first| place < first)
    }

    /// Whether one more client may wait in the queue.
    pub fn has_room(&self) -> bool {
        self.queue.len() < self.rules.length as usize
    }

    /// A client enters the queue.
    pub fn enter(&mut self, queued: Queued) {
        self.numbers += 1;
        let place = self.rules.order.place(queued.request.priority, self.numbers);
        self.queue.insert(place, queued);
        self.note(queued, Spot::Queue(place));
    }

    /// A client waits for the rate limit until `until`.
    pub fn delay(&mut self, queued: Queued, until: Time) {
        self.numbers += 1;
        self.delayed.insert((until, self.numbers), queued);
        self.passes.insert((until, self.numbers));
        self.note(queued, Spot::Delayed(until, self.numbers));
    }

    fn note(&mut self, queued: Queued, spot: Spot) {
        self.spots.insert(queued.slot, spot);
        self.awaited += u64::from(queued.request.connections);
    }

    fn first_place(&self) -> Option<Place> {
        self.queue.first_key_value().map(|(place, _)| *place)
    }

    /// The first client in the queue.
    pub fn first(&self) -> Option<Queued> {
        self.queue.first_key_value().map(|(_, queued)| *queued)
    }

    /// The client in `slot` waits no longer; gives what it asked for.
    pub fn leave(&mut self, slot: u32) -> Option<Queued> {
        let queued = match self.spots.remove(&slot)? {
            Spot::Queue(place) => self.queue.remove(&place)?,
            Spot::Delayed(until, number) => self.delayed.remove(&(until, number))?,
        };
        self.awaited -= u64::from(queued.request.connections);
        Some(queued)
    }

    /// The time has come to let the next client pass: takes it out, if it still waits. At the same instant they
    /// come one by one, in the order in which they were delayed, and other things happen between them.
    pub fn pass_delayed(&mut self) -> Option<Queued> {
        let delayed = self.delayed.get(&self.passes.pop_first()?)?;
        self.leave(delayed.slot)
    }

    /// All clients in the queue that need more connections than `limit`, in the order in which they would leave
    /// it; if that is 0, also those that wait for the rate limit.
    pub fn hopeless(&self, limit: u32) -> Vec<Queued> {
        let hopeless = |queued: &&Queued| queued.request.connections > limit;
        let queued = self.queue.values().filter(hopeless);
        let delayed = self.delayed.values().filter(|_| limit == 0);
        queued.chain(delayed).copied().collect()
    }
}
