//! The clients that wait at a server for an answer: in its queue, or because of its rate limit.

use std::collections::BTreeMap;

use super::abandoned::Gone;
use super::caller::Caller;
use crate::model::{Place, Queue, Request, Span, Time};

/// The clients that wait at a server, and the requests of those that have gone.
#[derive(Debug)]
pub struct Line {
    rules: Queue,
    queue: BTreeMap<Place, Queued>,
    /// Those that the rate limit delays, by when it lets them pass, and in which order they came.
    delayed: BTreeMap<(Time, u64), Queued>,
    /// What is to happen when, in the order in which that was found out: an event for each will come.
    due: BTreeMap<(Time, u64), DueFor>,
    spots: BTreeMap<Caller, Spot>,
    /// Numbers clients in the order in which they come.
    numbers: u64,
    /// How many connections all of them wait for.
    awaited: u64,
}

/// A client that waits, and what it asked for.
#[derive(Clone, Copy, Debug)]
pub struct Queued {
    pub caller: Caller,
    pub request: Request,
    /// When it asked.
    pub since: Time,
    /// What is to be done if it has gone.
    pub gone: Option<Gone>,
}

/// To whom something is to happen.
#[derive(Clone, Copy, Debug)]
enum DueFor {
    /// The rate limit lets a request pass.
    Delayed,
    /// A request is refused whose client has gone.
    Gone(Caller),
}

/// What is to happen now.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// The rate limit lets this request pass.
    Pass(Queued),
    /// This one has waited for as long as it may, and its client has gone.
    Refuse(Caller),
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
            due: BTreeMap::new(),
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
        self.due.insert((until, self.numbers), DueFor::Delayed);
        self.note(queued, Spot::Delayed(until, self.numbers));
    }

    fn note(&mut self, queued: Queued, spot: Spot) {
        self.spots.insert(queued.caller, spot);
        self.awaited += u64::from(queued.request.connections);
    }

    fn first_place(&self) -> Option<Place> {
        self.queue.first_key_value().map(|(place, _)| *place)
    }

    /// The first client in the queue.
    pub fn first(&self) -> Option<Queued> {
        self.queue.first_key_value().map(|(_, queued)| *queued)
    }

    /// The request of `caller` waits no longer; gives what it was.
    pub fn leave(&mut self, caller: Caller) -> Option<Queued> {
        let queued = match self.spots.remove(&caller)? {
            Spot::Queue(place) => self.queue.remove(&place)?,
            Spot::Delayed(until, number) => self.delayed.remove(&(until, number))?,
        };
        self.awaited -= u64::from(queued.request.connections);
        Some(queued)
    }

    /// The request of `client` is one of `gone` from now on, at the same place; when it came.
    pub fn hand_over(&mut self, client: Caller, caller: Caller, gone: Gone) -> Option<Time> {
        let spot = self.spots.remove(&client)?;
        let queued = match &spot {
            Spot::Queue(place) => self.queue.get_mut(place)?,
            Spot::Delayed(until, number) => self.delayed.get_mut(&(*until, *number))?,
        };
        (queued.caller, queued.gone) = (caller, Some(gone));
        let since = queued.since;
        self.spots.insert(caller, spot);
        Some(since)
    }

    /// The request of `gone` is to be refused at `until`, if it still waits then.
    pub fn refuse_at(&mut self, until: Time, gone: Caller) {
        self.numbers += 1;
        self.due.insert((until, self.numbers), DueFor::Gone(gone));
    }

    /// The time has come for what is due next: takes it out, if it still waits. At the same instant they come one
    /// by one, in the order in which that was found out, and other things happen between them.
    pub fn take_due(&mut self) -> Option<Due> {
        let (at, what) = self.due.pop_first()?;
        match what {
            DueFor::Delayed => {
                let delayed = self.delayed.get(&at)?.caller;
                self.leave(delayed).map(Due::Pass)
            }
            DueFor::Gone(caller) => Some(Due::Refuse(caller)),
        }
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
