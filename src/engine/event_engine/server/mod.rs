//! A distribution point at work: its connections, its queue, and its answers.

mod abandoned;
mod caller;
mod for_nobody;
mod idle;
mod line;
mod sharing;

use std::collections::BTreeMap;

use abandoned::WorkForNobody;
use caller::Caller;
use idle::{IdleSessions, Session};
use line::{Line, Queued};
use sharing::{Begin, Sharing, Ticket};

use crate::model::{
    Answer, ClientId, DistributionPoint, Estimate, Limiter, Load, Rate, Request, RetryAfter,
    Ruling, Span, Time, Timeline, Work,
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
    connected: BTreeMap<Caller, ConnectedClient>,
    /// Numbers connections.
    numbers: u64,
    line: Line,
    idle: IdleSessions,
    limiter: Option<Limiter>,
    /// The share of attempts that fail although they could be admitted.
    errors: f64,
    retry_after: Option<RetryAfter>,
    estimate: Estimate,
    for_nobody: WorkForNobody,
}

/// What a server says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// This answer.
    Now(Answer<()>),
    /// None yet: the client is in the queue.
    InQueue,
    /// None before this instant, at which the rate limit lets it pass.
    NotBefore(Time),
}

/// The open connections of a client: one, or several that come and go together.
#[derive(Clone, Copy, Debug)]
struct ConnectedClient {
    client: ClientId,
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
            line: Line::new(point.queue),
            idle: IdleSessions::new(point.linger),
            limiter: point.rate_limit.map(Limiter::new),
            errors: point.errors,
            retry_after: point.retry_after,
            estimate: Estimate::new(point.linger),
            for_nobody: WorkForNobody::new(point.abandoned),
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

    /// How long a client may wait in its queue.
    pub fn queue_timeout(&self) -> Option<Span> {
        self.line.timeout()
    }

    /// The client in `slot` asks for connections.
    pub fn request(&mut self, slot: u32, request: Request) -> Reply {
        if self.limit == 0 {
            return Reply::Now(Answer::Unreachable);
        }
        let now = self.now;
        let queued = Queued { caller: Caller::client(slot), request, since: now, gone: None };
        let ruling = self.limiter.as_mut().map(|limiter| limiter.request(request.address, now));
        match ruling {
            Some(Ruling::Refuse(due)) => Reply::Now(Answer::RateLimited(self.limiter_hint(due))),
            Some(Ruling::Delay(delay)) => {
                self.line.delay(queued, now + delay);
                Reply::NotBefore(now + delay)
            }
            Some(Ruling::Pass) | None => self.admit_or_queue(queued),
        }
    }

    /// What becomes of a request that the rate limit lets pass.
    fn admit_or_queue(&mut self, queued: Queued) -> Reply {
        let Request { client, connections, priority, .. } = queued.request;
        // No client overtakes the first in the queue, which may wait for more connections than are
        // free. A client that has a session needs no other.
        if self.idle.has(client)
            || (self.has_room_for(connections) && self.line.would_be_first(priority))
        {
            return Reply::Now(self.admit(queued));
        }
        // A client that needs more than there can be would wait for ever, and all others behind it.
        if connections <= self.limit && self.line.has_room() {
            self.line.enter(queued);
            return Reply::InQueue;
        }
        Reply::Now(Answer::Refused(self.hint(client, connections)))
    }

    /// Opens the connections of a client, or answers with an error.
    fn admit(&mut self, queued: Queued) -> Answer<()> {
        let Queued { caller, request: Request { client, connections, luck, .. }, .. } = queued;
        if luck < self.errors {
            return Answer::Failed;
        }
        if let Some(own) = self.idle.take(client) {
            self.end_session(own);
        }
        self.open(caller, client, connections);
        Answer::Admitted(())
    }

    /// Whether it would do anything else than refuse a client that asks for `connections`, if it has no
    /// queue.
    pub fn would_answer(&self, connections: u32) -> bool {
        self.limit == 0 || self.has_room_for(connections)
    }

    fn has_room_for(&self, connections: u32) -> bool {
        let held = self.open.saturating_add(self.idle.connections());
        held.saturating_add(connections) <= self.limit
    }

    fn hint(&mut self, client: ClientId, connections: u32) -> Option<Span> {
        match self.retry_after? {
            RetryAfter::Fixed(span) => Some(span),
            RetryAfter::Estimated => self.estimate.next(client, self.now, self.limit, connections),
        }
    }

    /// When a client may come back that the rate limit refuses, if a request would pass after `due`: in whole
    /// seconds, at least one, as in HTTP's `Retry-After`.
    fn limiter_hint(&self, due: Span) -> Option<Span> {
        self.retry_after.map(|hint| match hint {
            RetryAfter::Fixed(span) => span,
            RetryAfter::Estimated => Span::from_secs(due.as_millis().div_ceil(1000).max(1)),
        })
    }

    fn open(&mut self, caller: Caller, client: ClientId, count: u32) {
        self.open += count;
        self.estimate.opened(self.now, count);
        self.numbers += 1;
        let (number, since) = (self.numbers, self.now);
        let connected = ConnectedClient { client, count, number, since, end: None };
        self.connected.insert(caller, connected);
        self.share_out();
    }

    /// The client in `slot` waits no longer.
    pub fn leave_queue(&mut self, slot: u32) {
        self.line.leave(Caller::client(slot));
    }

    /// The client in `slot` has waited for as long as it may: the answer to it.
    pub fn time_out(&mut self, slot: u32) -> Option<Answer<()>> {
        let Request { client, connections, .. } = self.line.leave(Caller::client(slot))?.request;
        Some(Answer::Refused(self.hint(client, connections)))
    }

    /// Answers the first client in the queue, if there is room for it; gives its slot. Requests of clients that have
    /// gone, as long as they are first, are served before.
    pub fn serve_queue(&mut self) -> Option<(u32, Answer<()>)> {
        loop {
            let first = self.line.first()?;
            if !self.has_room_for(first.request.connections) {
                return None;
            }
            self.line.leave(first.caller);
            match first.caller.slot() {
                Some(slot) => return Some((slot, self.admit(first))),
                None => self.serve_nobody(first),
            }
        }
    }

    /// How many connections idle sessions have.
    pub fn lingering(&self) -> u32 {
        self.idle.connections()
    }

    /// Of each idle session when it ends, and how many connections it has.
    pub fn session_ends(&self) -> impl Iterator<Item = (Time, u32)> {
        self.idle.ends()
    }

    /// Ends the sessions that are over by now.
    pub fn end_sessions(&mut self) {
        while let Some(session) = self.idle.take_over(self.now) {
            self.end_session(session);
        }
    }

    fn end_session(&mut self, session: Session) {
        self.estimate.closed(session.since, self.now, session.connections, true);
    }

    /// Begins the transfer of the client in `slot`; gives its end if others cannot change that.
    pub fn begin(&mut self, slot: u32, work: Work, link: Option<Rate>) -> Option<Time> {
        self.begin_for(Caller::client(slot), work, link)
    }

    fn begin_for(&mut self, caller: Caller, work: Work, link: Option<Rate>) -> Option<Time> {
        let connected = self.connected.get_mut(&caller)?;
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
                let transfer = Begin { grains, connections, link, number, caller };
                connected.end = Some(End::Shared(self.sharing.begin(transfer)));
                self.share_out();
                None
            }
        }
    }

    /// Stops the transfer of the client in `slot`, unless it is done; gives the work that is left.
    pub fn stop(&mut self, slot: u32) -> Option<Work> {
        let connected = self.connected.get_mut(&Caller::client(slot))?;
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
        let held = u64::from(self.open) + u64::from(self.idle.connections());
        Load { busy: held + self.line.awaited(), limit: self.limit }
    }

    /// The client in `slot` closes its connections; after a transfer that was not cut they stay as an idle
    /// session, if the point keeps such.
    pub fn close(&mut self, slot: u32, is_cut: bool) {
        if let Some(ConnectedClient { client, count, since, end, .. }) =
            self.connected.remove(&Caller::client(slot))
        {
            self.open -= count;
            if self.idle.are_kept() && !is_cut && self.limit > 0 {
                self.idle.begin(client, count, since, self.now);
            } else {
                // One that was cut or stopped has no end.
                self.estimate.closed(since, self.now, count, end.is_some());
            }
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

    /// When the next transfer ends that shares the bandwidth, or the next idle session.
    pub fn next_end(&self) -> Option<Time> {
        let transfer = if self.shares { self.sharing.next_end() } else { None };
        let others = self.idle.next_end().into_iter().chain(self.for_nobody.next_end());
        transfer.into_iter().chain(others).min()
    }

    /// The slot of a client whose transfer is done; it closes its connection then. Those of clients that have gone,
    /// as long as they come first, are closed before.
    pub fn take_done(&mut self) -> Option<u32> {
        while self.shares {
            let done = self.sharing.take_done()?;
            match done.slot() {
                Some(slot) => return Some(slot),
                None => self.close_abandoned(done, true),
            }
        }
        None
    }

    /// When the point changes its state next, if by `horizon`.
    pub fn next_change(&mut self, horizon: Time) -> Option<Time> {
        self.timeline.advance(horizon)
    }

    /// The point changes its state now. If it goes down, idle sessions end and all transfers
    /// are cut: the slots of their clients, in the order in which they were connected, and what is left of
    /// each. The connections are still to be closed.
    pub fn change(&mut self) -> Vec<(u32, Work)> {
        self.limit = self.timeline.state();
        if self.limit > 0 {
            return Vec::new();
        }
        for session in self.idle.take_all() {
            self.estimate.closed(session.since, self.now, session.connections, false);
        }
        let cut = self
            .connected
            .iter_mut()
            .filter_map(|(&caller, connected)| Some((connected.number, caller, connected.end?)));
        let mut cut: Vec<(u64, Caller, End)> = cut.collect();
        cut.sort_unstable_by_key(|(number, ..)| *number);
        let cut = cut.into_iter().filter_map(|(_, caller, end)| match caller.slot() {
            None => {
                self.close_abandoned(caller, false);
                None
            }
            Some(slot) => {
                self.connected.get_mut(&caller)?.end = None;
                Some((slot, self.work_left(end)))
            }
        });
        cut.collect()
    }

    /// Dismisses all clients in the queue that wait for more connections than there can be now: the
    /// point is down, or its limit was lowered. Their slots, in the order in which they would have left the
    /// queue, and the answer to each.
    pub fn dismiss(&mut self) -> Vec<(u32, Answer<()>)> {
        let limit = self.limit;
        let dismissed = self.line.hopeless(limit).into_iter().filter_map(|queued| {
            let Queued { caller, request, .. } = queued;
            self.line.leave(caller);
            let Some(slot) = caller.slot() else {
                self.leaves_queue();
                return None;
            };
            let answer = match limit {
                0 => Answer::Unreachable,
                _ => Answer::Refused(self.hint(request.client, request.connections)),
            };
            Some((slot, answer))
        });
        dismissed.collect()
    }
}
