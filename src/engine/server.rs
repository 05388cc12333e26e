//! A distribution point at work: its connections, its queue, and who is to be told what.

use std::collections::BTreeMap;

use super::sharing::{Begin, Sharing, Ticket};
use crate::model::{
    ClientId, DistributionPoint, Estimate, Load, PointId, Rate, RetryAfter, Span, Time, Timeline,
    Work,
};

/// A distribution point of a full world. Whatever happens to it happens at the instant up to which
/// it was [advanced](Server::advance).
#[derive(Debug)]
pub struct Server<'s> {
    id: PointId,
    timeline: Timeline<'s>,
    /// The limit in force; 0 while the point is down.
    limit: u32,
    open: u32,
    now: Time,
    sharing: Sharing,
    /// Whether rates depend on who is connected.
    shares: bool,
    /// Every connection that transfers, by the number it got when it was opened.
    running: BTreeMap<u64, Transfer>,
    numbers: u64,
    /// Who waits, in the order in which they came, and where each is.
    queue: BTreeMap<u64, Queued>,
    places: BTreeMap<u32, u64>,
    /// How many connections they wait for.
    awaited: u64,
    queue_limit: usize,
    retry_after: Option<RetryAfter>,
    estimate: Estimate,
}

/// Who waits for how many connections.
#[derive(Clone, Copy, Debug)]
struct Queued {
    slot: u32,
    client: ClientId,
    connections: u32,
}

#[derive(Clone, Copy, Debug)]
struct Transfer {
    slot: u32,
    end: End,
}

/// When a transfer ends.
#[derive(Clone, Copy, Debug)]
enum End {
    At(Time),
    Shared(Ticket),
}

/// The open connections of a client: one, or several that come and go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    pub point: PointId,
    pub count: u32,
    pub number: u64,
    pub since: Time,
}

/// What the server says at once.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    Admitted(Connection),
    Queued,
    Refused(Option<Span>),
    Unreachable,
}

impl<'s> Server<'s> {
    /// `point`, which is number `id`, before anything happens, with the states it will go through.
    pub fn new(id: PointId, point: &DistributionPoint, timeline: Timeline<'s>) -> Server<'s> {
        Server {
            id,
            limit: timeline.state(),
            timeline,
            open: 0,
            now: Time::ZERO,
            sharing: Sharing::new(point.bandwidth.clone()),
            shares: false,
            running: BTreeMap::new(),
            numbers: 0,
            queue: BTreeMap::new(),
            places: BTreeMap::new(),
            awaited: 0,
            queue_limit: point.queue as usize,
            retry_after: point.retry_after,
            estimate: Estimate::default(),
        }
    }

    /// Lets transfers go on until `now`.
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

    /// `client`, in `slot`, asks for so many connections at once.
    pub fn request(&mut self, slot: u32, client: ClientId, connections: u32) -> Reply {
        if self.limit == 0 {
            return Reply::Unreachable;
        }
        // Nobody overtakes the first in the queue, who may wait for more connections than are free.
        if self.has_room_for(connections) && self.queue.is_empty() {
            return Reply::Admitted(self.open(connections));
        }
        // Who needs more than there can be would wait for ever, and all others behind it.
        if connections <= self.limit && self.queue.len() < self.queue_limit {
            self.numbers += 1;
            self.queue.insert(self.numbers, Queued { slot, client, connections });
            self.places.insert(slot, self.numbers);
            self.awaited += u64::from(connections);
            return Reply::Queued;
        }
        Reply::Refused(self.hint(client, connections))
    }

    fn has_room_for(&self, connections: u32) -> bool {
        self.open.saturating_add(connections) <= self.limit
    }

    fn hint(&mut self, client: ClientId, connections: u32) -> Option<Span> {
        Some(match self.retry_after? {
            RetryAfter::Fixed(span) => span,
            RetryAfter::Estimated => self.estimate.next(client, self.now, self.limit, connections),
        })
    }

    fn open(&mut self, count: u32) -> Connection {
        self.open += count;
        self.numbers += 1;
        self.share_out();
        Connection { point: self.id, count, number: self.numbers, since: self.now }
    }

    /// The client of `slot` hangs up.
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

    /// Opens connections for the first of the queue, if there is room.
    pub fn serve_queue(&mut self) -> Option<(u32, Connection)> {
        let (&place, first) = self.queue.first_key_value()?;
        if !self.has_room_for(first.connections) {
            return None;
        }
        let Queued { slot, connections, .. } = self.take_from_queue(place)?;
        Some((slot, self.open(connections)))
    }

    /// Begins a transfer for the client of `slot`; gives its end if others cannot change that.
    pub fn begin(
        &mut self,
        connection: Connection,
        work: Work,
        link: Option<Rate>,
        slot: u32,
    ) -> Option<Time> {
        let (end, known) = match work {
            Work::Hold(span) => (End::At(self.now + span), Some(self.now + span)),
            Work::Carry(grains) => {
                if !self.shares {
                    self.shares = true;
                    self.sharing.advance(self.now);
                }
                let Connection { number, count: connections, .. } = connection;
                let transfer = Begin { grains, connections, link, number, slot };
                let ticket = self.sharing.begin(transfer);
                self.share_out();
                (End::Shared(ticket), None)
            }
        };
        self.running.insert(connection.number, Transfer { slot, end });
        known
    }

    /// A client stops the transfer of the connection with this number; gives what is left of it.
    pub fn stop(&mut self, number: u64) -> Work {
        match self.running.remove(&number).map(|transfer| transfer.end) {
            Some(End::At(end)) => Work::Hold(end.since(self.now)),
            Some(End::Shared(ticket)) => Work::Carry(self.sharing.remove(ticket)),
            None => Work::Hold(Span::ZERO),
        }
    }

    /// How busy it is.
    pub fn load(&self) -> Load {
        Load { busy: u64::from(self.open) + self.awaited, limit: self.limit }
    }

    /// Its client closed its connections.
    pub fn close(&mut self, connection: Connection) {
        self.open -= connection.count;
        // What was cut or stopped is no longer here.
        if let Some(transfer) = self.running.remove(&connection.number) {
            self.estimate.ended_after(self.now.since(connection.since), connection.count);
            if let End::Shared(ticket) = transfer.end {
                self.sharing.remove(ticket);
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

    /// Whose transfer is done; it closes its connection then.
    pub fn take_done(&mut self) -> Option<u32> {
        self.sharing.take_done()
    }

    /// When the point changes its state next, if by `horizon`. The state is that then.
    pub fn next_change(&mut self, horizon: Time) -> Option<Time> {
        self.timeline.advance(horizon)
    }

    /// The point changes its state now. If it goes down, all transfers are cut: whose, in the order
    /// in which they were connected, and what is left of each. The connections are still to be closed.
    pub fn change(&mut self) -> Vec<(u32, Work)> {
        self.limit = self.timeline.state();
        if self.limit > 0 {
            return Vec::new();
        }
        let cut = std::mem::take(&mut self.running);
        cut.into_values()
            .map(|transfer| {
                let left = match transfer.end {
                    End::At(end) => Work::Hold(end.since(self.now)),
                    End::Shared(ticket) => Work::Carry(self.sharing.remove(ticket)),
                };
                (transfer.slot, left)
            })
            .collect()
    }

    /// Sends all away who wait for more connections than there can be now: the point is down, or its
    /// limit was lowered. Whose, in the order in which they came, and what each is told.
    pub fn turn_away(&mut self) -> Vec<(u32, Reply)> {
        let limit = self.limit;
        let hopeless = self.queue.iter().filter(|(_, queued)| queued.connections > limit);
        let places: Vec<u64> = hopeless.map(|(place, _)| *place).collect();
        let gone: Vec<Queued> =
            places.into_iter().filter_map(|place| self.take_from_queue(place)).collect();
        let told = gone.into_iter().map(|Queued { slot, client, connections }| {
            let reply = match limit {
                0 => Reply::Unreachable,
                _ => Reply::Refused(self.hint(client, connections)),
            };
            (slot, reply)
        });
        told.collect()
    }
}
