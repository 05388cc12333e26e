//! A distribution point at work: its connections, its queue, and its answers.

use std::collections::BTreeMap;

use super::sharing::{Begin, Sharing, Ticket};
use crate::model::{
    Answer, ClientId, DistributionPoint, Estimate, Load, Rate, RetryAfter, Span, Time, Timeline,
    Work,
};

/// A distribution point at work. Its clients are known by their slots. All that happens to it happens
/// at the instant up to which it was [advanced](Server::advance).
#[derive(Debug)]
pub struct Server<'s> {
    /// The limit in force; 0 while the point is down.
    limit: u32,
    open: u32,
    timeline: Timeline<'s>,
    now: Time,
    sharing: Sharing,
    /// Whether rates depend on which clients are connected.
    shares: bool,
    connected: BTreeMap<u32, ConnectedClient>,
    /// Numbers connections and places in the queue.
    numbers: u64,
    /// The clients that wait, in the order in which they came, and the place of each.
    queue: BTreeMap<u64, Queued>,
    places: BTreeMap<u32, u64>,
    /// How many connections they wait for.
    awaited: u64,
    queue_limit: usize,
    retry_after: Option<RetryAfter>,
    estimate: Estimate,
}

/// A client that waits for connections.
#[derive(Clone, Copy, Debug)]
struct Queued {
    slot: u32,
    client: ClientId,
    connections: u32,
}

/// The open connections of a client: one, or several that come and go together.
#[derive(Clone, Copy, Debug)]
struct ConnectedClient {
    count: u32,
    /// Clients that were connected earlier have lower numbers.
    number: u64,
    since: Time,
    /// The end of its transfer; `None` before it begins, and after it was cut or stopped.
    end: Option<End>,
}

/// When a transfer ends.
#[derive(Clone, Copy, Debug)]
enum End {
    At(Time),
    Shared(Ticket),
}

impl<'s> Server<'s> {
    /// `point` before anything happens, with the states it will go through.
    pub fn new(point: &DistributionPoint, timeline: Timeline<'s>) -> Server<'s> {
        Server {
            limit: timeline.state(),
            open: 0,
            timeline,
            now: Time::ZERO,
            sharing: Sharing::new(point.bandwidth.clone()),
            shares: false,
            connected: BTreeMap::new(),
            numbers: 0,
            queue: BTreeMap::new(),
            places: BTreeMap::new(),
            awaited: 0,
            queue_limit: point.queue as usize,
            retry_after: point.retry_after,
            estimate: Estimate::default(),
        }
    }

    /// Lets transfers continue until `now`.
    pub fn advance(&mut self, now: Time) {
        if now > self.now {
            self.now = now;
            if self.shares {
                self.sharing.advance(now);
            }
        }
    }

    /// The limit in force; 0 while the point is down.
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// `client`, in `slot`, asks for `connections` at once; `None`: it is in the queue now.
    pub fn request(&mut self, slot: u32, client: ClientId, connections: u32) -> Option<Answer<()>> {
        if self.limit == 0 {
            return Some(Answer::Unreachable);
        }
        // No client overtakes the first in the queue, which may wait for more connections than are
        // free.
        if self.has_room_for(connections) && self.queue.is_empty() {
            self.open(slot, connections);
            return Some(Answer::Admitted(()));
        }
        // A client that needs more than there can be would wait for ever, and all others behind it.
        if connections <= self.limit && self.queue.len() < self.queue_limit {
            self.numbers += 1;
            self.queue.insert(self.numbers, Queued { slot, client, connections });
            self.places.insert(slot, self.numbers);
            self.awaited += u64::from(connections);
            return None;
        }
        Some(Answer::Refused(self.hint(client, connections)))
    }

    /// Whether it would do anything else than refuse a client that asks for `connections`, if it has no
    /// queue.
    pub fn would_answer(&self, connections: u32) -> bool {
        self.limit == 0 || self.has_room_for(connections)
    }

    fn has_room_for(&self, connections: u32) -> bool {
        self.open.saturating_add(connections) <= self.limit
    }

    fn hint(&mut self, client: ClientId, connections: u32) -> Option<Span> {
        match self.retry_after? {
            RetryAfter::Fixed(span) => Some(span),
            RetryAfter::Estimated => self.estimate.next(client, self.now, self.limit, connections),
        }
    }

    fn open(&mut self, slot: u32, count: u32) {
        self.open += count;
        self.estimate.opened(self.now, count);
        self.numbers += 1;
        let connected = ConnectedClient { count, number: self.numbers, since: self.now, end: None };
        self.connected.insert(slot, connected);
        self.share_out();
    }

    pub fn leave_queue(&mut self, slot: u32) {
        if let Some(&place) = self.places.get(&slot) {
            self.take_from_queue(place);
        }
    }

    fn take_from_queue(&mut self, place: u64) -> Option<Queued> {
        let queued = self.queue.remove(&place)?;
        self.places.remove(&queued.slot);
        self.awaited -= u64::from(queued.connections);
        Some(queued)
    }

    /// Opens connections for the first client in the queue, if there is room; gives its slot.
    pub fn serve_queue(&mut self) -> Option<u32> {
        let (&place, first) = self.queue.first_key_value()?;
        if !self.has_room_for(first.connections) {
            return None;
        }
        let Queued { slot, connections, .. } = self.take_from_queue(place)?;
        self.open(slot, connections);
        Some(slot)
    }

    /// Begins the transfer of the client in `slot`; gives its end if others cannot change that.
    pub fn begin(&mut self, slot: u32, work: Work, link: Option<Rate>) -> Option<Time> {
        let connected = self.connected.get_mut(&slot)?;
        match work {
            Work::Hold(span) => {
                connected.end = Some(End::At(self.now + span));
                Some(self.now + span)
            }
            Work::Carry(grains) => {
                if !self.shares {
                    self.shares = true;
                    self.sharing.advance(self.now);
                }
                let ConnectedClient { number, count: connections, .. } = *connected;
                let transfer = Begin { grains, connections, link, number, slot };
                connected.end = Some(End::Shared(self.sharing.begin(transfer)));
                self.share_out();
                None
            }
        }
    }

    /// Stops the transfer of the client in `slot`, unless it is done; gives the work that is left.
    pub fn stop(&mut self, slot: u32) -> Option<Work> {
        let connected = self.connected.get_mut(&slot)?;
        let end = connected.end.take_if(|end| !matches!(end, End::At(at) if *at <= self.now))?;
        Some(self.work_left(end))
    }

    fn work_left(&mut self, end: End) -> Work {
        match end {
            End::At(end) => Work::Hold(end.since(self.now)),
            End::Shared(ticket) => Work::Carry(self.sharing.remove(ticket)),
        }
    }

    pub fn load(&self) -> Load {
        Load { busy: u64::from(self.open) + self.awaited, limit: self.limit }
    }

    /// The client in `slot` closes its connections.
    pub fn close(&mut self, slot: u32) {
        if let Some(ConnectedClient { count, since, end, .. }) = self.connected.remove(&slot) {
            self.open -= count;
            // One that was cut or stopped has no end.
            self.estimate.closed(since, self.now, count, end.is_some());
            if let Some(end) = end {
                self.work_left(end);
            }
        }
        self.share_out();
    }

    fn share_out(&mut self) {
        if self.shares {
            self.sharing.share_out(self.open);
        }
    }

    /// When the next transfer ends that shares the bandwidth.
    pub fn next_end(&self) -> Option<Time> {
        if self.shares { self.sharing.next_end() } else { None }
    }

    /// The slot of a client whose transfer is done; it closes its connection then.
    pub fn take_done(&mut self) -> Option<u32> {
        self.sharing.take_done()
    }

    /// When the point changes its state next, if by `horizon`.
    pub fn next_change(&mut self, horizon: Time) -> Option<Time> {
        self.timeline.advance(horizon)
    }

    /// The point changes its state now. If it goes down, all transfers are cut: the slots of their
    /// clients, in the order in which they were connected, and what is left of each. The connections
    /// are still to be closed.
    pub fn change(&mut self) -> Vec<(u32, Work)> {
        self.limit = self.timeline.state();
        if self.limit > 0 {
            return Vec::new();
        }
        let cut = self
            .connected
            .iter_mut()
            .filter_map(|(&slot, connected)| Some((connected.number, slot, connected.end.take()?)));
        let mut cut: Vec<(u64, u32, End)> = cut.collect();
        cut.sort_unstable_by_key(|(number, ..)| *number);
        cut.into_iter().map(|(_, slot, end)| (slot, self.work_left(end))).collect()
    }

    /// Dismisses all clients in the queue that wait for more connections than there can be now: the
    /// point is down, or its limit was lowered. Their slots, in the order in which they came, and the
    /// answer to each.
    pub fn dismiss(&mut self) -> Vec<(u32, Answer<()>)> {
        let limit = self.limit;
        let hopeless = self.queue.iter().filter(|(_, queued)| queued.connections > limit);
        let places: Vec<u64> = hopeless.map(|(place, _)| *place).collect();
        let dismissed = places.into_iter().filter_map(|place| {
            let Queued { slot, client, connections } = self.take_from_queue(place)?;
            let answer = match limit {
                0 => Answer::Unreachable,
                _ => Answer::Refused(self.hint(client, connections)),
            };
            Some((slot, answer))
        });
        dismissed.collect()
    }
}
