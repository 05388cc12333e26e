//! A distribution point as tokio simulates it: its connections, its queue, and its transfers.
//!
//! As simple as possible: every client that comes or goes wakes all others at the point, and each
//! transfer works out anew what it has done, at which rate it continues, and when it will end.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::futures::Notified;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::abandoned::{Waiting, WorkForNobody};
use super::transfers::Transfers;
use crate::model::{
    Answer, ClientId, DistributionPoint, Estimate, Limiter, Load, Place, Queue, Rate, Request,
    RetryAfter, Ruling, Span, Time, Work,
};

/// A distribution point at work.
pub(super) struct Server {
    start: Instant,
    /// The limit in force; 0 while the point is down.
    pub(super) limit: Cell<u32>,
    /// Each open connection holds a permit.
    permits: Arc<Semaphore>,
    /// How many permits there are: as many as the limit, or more while more connections are open.
    issued: Cell<u32>,
    retry_after: Option<RetryAfter>,
    pub(super) estimate: RefCell<Estimate>,
    pub(super) rules: Queue,
    pub(super) queue: RefCell<BTreeMap<Place, Waiting>>,
    /// The clients that the rate limit delays, and until when.
    pub(super) delayed: RefCell<BTreeMap<ClientId, (Time, Waiting)>>,
    limiter: Option<RefCell<Limiter>>,
    pub(super) errors: f64,
    linger: Span,
    idle: RefCell<BTreeMap<ClientId, IdleSession>>,
    /// A session has become idle.
    pub one_more_idle: Notify,
    /// The answers to clients that have not left the queue yet.
    answers: RefCell<BTreeMap<ClientId, Answer<OwnedSemaphorePermit>>>,
    pub(super) transfers: RefCell<Transfers>,
    numbers: Cell<u64>,
    /// Rates are different from now on, a transfer was cut, or a client in the queue was answered.
    pub(super) changed: Notify,
    /// The simulation is over: clients in the queue stay there.
    over: Cell<bool>,
    pub(super) for_nobody: WorkForNobody,
}

/// The connections of a client that stay although it transfers nothing.
struct IdleSession {
    permits: OwnedSemaphorePermit,
    since: Time,
    ends: Time,
}

impl Server {
    /// `point` with the limit that it has at the `start` of the simulation.
    pub fn new(point: &DistributionPoint, limit: u32, start: Instant) -> Server {
        Server {
            start,
            limit: Cell::new(limit),
            permits: Arc::new(Semaphore::new(limit as usize)),
            issued: Cell::new(limit),
            retry_after: point.retry_after,
            estimate: RefCell::new(Estimate::new(point.linger)),
            rules: point.queue,
            queue: RefCell::default(),
            delayed: RefCell::default(),
            limiter: point.rate_limit.map(|limit| RefCell::new(Limiter::new(limit))),
            errors: point.errors,
            linger: point.linger,
            idle: RefCell::default(),
            one_more_idle: Notify::new(),
            answers: RefCell::default(),
            transfers: RefCell::new(Transfers::new(point.bandwidth.clone())),
            numbers: Cell::new(0),
            changed: Notify::new(),
            over: Cell::new(false),
            for_nobody: WorkForNobody::new(point.abandoned),
        }
    }

    pub(super) fn now(&self) -> Time {
        Time::from_millis(self.start.elapsed().as_millis() as u64)
    }

    /// A client asks for connections; `None`: it has to wait for the answer.
    pub fn request(&self, request: Request) -> Option<Answer<Open<'_>>> {
        if self.limit.get() == 0 {
            return Some(Answer::Unreachable);
        }
        let limiter = self.limiter.as_ref();
        let ruling =
            limiter.map(|limiter| limiter.borrow_mut().request(request.address, self.now()));
        match ruling {
            Some(Ruling::Refuse(due)) => Some(Answer::RateLimited(self.limiter_hint(due))),
            Some(Ruling::Delay(delay)) => {
                let until = self.now() + delay;
                let waiting = Waiting { request, since: self.now(), gone: None };
                self.delayed.borrow_mut().insert(request.client, (until, waiting));
                None
            }
            Some(Ruling::Pass) | None => {
                let answer = self.admit_or_queue(request, self.now())?;
                Some(answer.map(|permits| self.open(request.client, permits)))
            }
        }
    }

    /// What becomes of a request of `since` that the rate limit lets pass; `None`: it is in the queue now.
    fn admit_or_queue(
        &self,
        request: Request,
        since: Time,
    ) -> Option<Answer<OwnedSemaphorePermit>> {
        let Request { client, connections, priority, .. } = request;
        let place = self.rules.order.place(priority, self.number());
        let goes_first =
            self.queue.borrow().first_key_value().is_none_or(|(first, _)| place < *first);
        if (goes_first || self.has_session(client))
            && let Some(answer) = self.admit(request)
        {
            return Some(answer);
        }
        let has_room = self.queue.borrow().len() < self.rules.length as usize;
        // A client that needs more than there can be would wait for ever, and all others behind it.
        if connections <= self.limit.get() && has_room {
            let waiting = Waiting { request, since, gone: None };
            self.queue.borrow_mut().insert(place, waiting);
            return None;
        }
        Some(Answer::Refused(self.hint(client, connections)))
    }

    /// The connections for a request, or an error, if that many are free; those of its own session always are.
    fn admit(&self, request: Request) -> Option<Answer<OwnedSemaphorePermit>> {
        let fails = request.luck < self.errors;
        if self.has_session(request.client) {
            if fails {
                return Some(Answer::Failed);
            }
            return self.take_session(request.client).map(Answer::Admitted);
        }
        let permits = self.acquire(request.connections)?;
        if fails {
            // Nobody else is served meanwhile: the permits are free again when this returns.
            drop(permits);
            return Some(Answer::Failed);
        }
        Some(Answer::Admitted(permits))
    }

    fn has_session(&self, client: ClientId) -> bool {
        self.idle.borrow().contains_key(&client)
    }

    /// Until when the rate limit delays a client, if it does.
    pub fn delayed_until(&self, client: ClientId) -> Option<Time> {
        self.delayed.borrow().get(&client).map(|(until, _)| *until)
    }

    /// The rate limit lets a client pass that it delayed.
    pub fn pass(&self, client: ClientId) {
        let delayed = self.delayed.borrow_mut().remove(&client);
        let Some((_, Waiting { request, since, .. })) = delayed else { return };
        if let Some(answer) = self.admit_or_queue(request, since) {
            self.answer(client, answer);
        }
        // One that failed leaves its connections to the next.
        self.serve_queue();
    }

    /// How long a client may wait in its queue.
    pub fn queue_timeout(&self) -> Option<Span> {
        self.rules.timeout
    }

    /// Permits for `connections`, if that many are free within the limit.
    pub(super) fn acquire(&self, connections: u32) -> Option<OwnedSemaphorePermit> {
        self.settle();
        let permits = self.permits.clone().try_acquire_many_owned(connections).ok()?;
        self.changed.notify_waiters();
        Some(permits)
    }

    /// How many connections are open, idle sessions included.
    fn open_count(&self) -> u32 {
        self.issued.get() - self.permits.available_permits() as u32
    }

    /// When a client that is refused may come back.
    fn hint(&self, client: ClientId, connections: u32) -> Option<Span> {
        match self.retry_after? {
            RetryAfter::Fixed(span) => Some(span),
            RetryAfter::Estimated => {
                let (now, limit) = (self.now(), self.limit.get());
                self.estimate.borrow_mut().next(client, now, limit, connections)
            }
        }
    }

    /// When a client may come back that the rate limit refuses, if a request would pass after `due`.
    fn limiter_hint(&self, due: Span) -> Option<Span> {
        self.retry_after.map(|hint| match hint {
            RetryAfter::Fixed(span) => span,
            RetryAfter::Estimated => Span::from_secs(due.as_millis().div_ceil(1000).max(1)),
        })
    }

    /// The connections of a client that has just been admitted.
    fn open(&self, client: ClientId, permits: OwnedSemaphorePermit) -> Open<'_> {
        let since = self.now();
        self.estimate.borrow_mut().opened(since, permits.num_permits() as u32);
        Open { server: self, client, permits: Some(permits), number: self.number(), since }
    }

    /// Whether the request of a client in the queue is answered.
    pub fn has_answered(&self, client: ClientId) -> bool {
        self.answers.borrow().contains_key(&client)
    }

    /// Answers the request of a client that is in the queue no longer.
    fn answer(&self, client: ClientId, answer: Answer<OwnedSemaphorePermit>) {
        self.answers.borrow_mut().insert(client, answer);
        self.changed.notify_waiters();
    }

    /// A client leaves the queue; gives the answer to its request, if there is one. Where it has waited for as
    /// long as it may, that is a refusal.
    pub fn leave_queue(&self, client: ClientId, timed_out: bool) -> Option<Answer<Open<'_>>> {
        let answer = self.answers.borrow_mut().remove(&client);
        if let Some(answer) = answer {
            return Some(answer.map(|permits| self.open(client, permits)));
        }
        let delayed = self.delayed.borrow_mut().remove(&client).map(|(_, waiting)| waiting);
        let queued = take_out(&self.queue, |waiting| waiting.is_of(client));
        let waiting = delayed.or(queued.first().copied()).filter(|_| timed_out);
        let request = waiting.map(|waiting| waiting.request);
        let answer = request.map(|request| Answer::Refused(self.hint(client, request.connections)));
        // The next client may need fewer connections.
        self.serve_queue();
        answer
    }

    /// The limit changes; at 0 all transfers are cut. Clients in the queue that need more connections
    /// than it allows are refused.
    pub fn change(&self, limit: u32) {
        self.settle();
        self.limit.set(limit);
        let missing = limit.saturating_sub(self.issued.get());
        self.permits.add_permits(missing as usize);
        self.issued.set(self.issued.get() + missing);
        let forgotten = self.permits.forget_permits(self.surplus() as usize);
        self.issued.set(self.issued.get() - forgotten as u32);
        if limit == 0 {
            self.transfers.borrow_mut().cut_all();
            self.changed.notify_waiters();
        }
        let mut go = take_out(&self.queue, |waiting| waiting.request.connections > limit);
        if limit == 0 {
            go.extend(self.delayed.take().into_values().map(|(_, waiting)| waiting));
            self.for_nobody.forget_delayed();
            self.idle.take().into_values().for_each(|session| self.end(session, false));
        }
        for Waiting { request: Request { client, connections, .. }, gone, .. } in go {
            if gone.is_some() {
                self.for_nobody.leaves_queue();
                continue;
            }
            self.answer(
                client,
                match limit {
                    0 => Answer::Unreachable,
                    _ => Answer::Refused(self.hint(client, connections)),
                },
            );
        }
        self.serve_queue();
    }

    /// How many connections idle sessions have.
    pub fn lingering(&self) -> u32 {
        self.idle.borrow().values().map(|session| session.permits.num_permits() as u32).sum()
    }

    /// Of each idle session when it ends, and how many connections it has.
    pub fn session_ends(&self) -> Vec<(Time, u32)> {
        let idle = self.idle.borrow();
        let ends = idle.values().map(|it| (it.ends, it.permits.num_permits() as u32));
        ends.collect()
    }

    /// When the next idle session ends.
    pub fn next_session_end(&self) -> Option<Time> {
        self.idle.borrow().values().map(|session| session.ends).min()
    }

    /// Ends the idle sessions that are over.
    pub fn end_sessions(&self) {
        // Up to now they were idle, which the rates depend on.
        self.settle();
        let now = self.now();
        let over = take_out(&self.idle, |session| session.ends <= now);
        over.into_iter().for_each(|session| self.end(session, true));
        self.serve_queue();
    }

    fn end(&self, session: IdleSession, is_done: bool) {
        let IdleSession { permits, since, .. } = session;
        let connections = permits.num_permits() as u32;
        self.estimate.borrow_mut().closed(since, self.now(), connections, is_done);
        self.release(permits);
    }

    /// The connections of the idle session of a client, which ends.
    fn take_session(&self, client: ClientId) -> Option<OwnedSemaphorePermit> {
        self.settle();
        let IdleSession { permits, since, .. } = self.idle.borrow_mut().remove(&client)?;
        let connections = permits.num_permits() as u32;
        self.estimate.borrow_mut().closed(since, self.now(), connections, true);
        self.changed.notify_waiters();
        Some(permits)
    }

    /// The permits beyond the limit, which are held by open connections.
    fn surplus(&self) -> u32 {
        self.issued.get().saturating_sub(self.limit.get())
    }

    /// Gives permits back, except those that the limit no longer allows.
    pub(super) fn release(&self, mut permits: OwnedSemaphorePermit) {
        self.settle();
        let surplus = self.surplus().min(permits.num_permits() as u32);
        if let Some(surplus_permits) = permits.split(surplus as usize) {
            surplus_permits.forget();
            self.issued.set(self.issued.get() - surplus);
        }
        drop(permits);
        self.changed.notify_waiters();
    }

    /// The simulation is over.
    pub fn close(&self) {
        self.over.set(true);
    }

    /// Waits until rates are different, or a transfer was cut.
    pub fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    pub fn load(&self) -> Load {
        let (queue, delayed) = (self.queue.borrow(), self.delayed.borrow());
        let delayed = delayed.values().map(|(_, waiting)| waiting);
        let waiting = queue.values().chain(delayed);
        let queued: u64 = waiting.map(|it| u64::from(it.request.connections)).sum();
        let queued = queued + self.for_nobody.delayed_connections();
        Load { busy: u64::from(self.open_count()) + queued, limit: self.limit.get() }
    }

    /// A transfer begins over `open`.
    pub fn begin(&self, open: &Open<'_>, work: Work, link: Option<Rate>) {
        self.begin_numbered(open.number, open.connections(), work, link);
    }

    pub(super) fn begin_numbered(
        &self,
        number: u64,
        connections: u32,
        work: Work,
        link: Option<Rate>,
    ) {
        let cap = link.map_or(u128::MAX, |link| link.grains_per_milli_each(connections));
        self.settle();
        self.transfers.borrow_mut().begin(number, connections, work, cap);
        self.changed.notify_waiters();
    }

    pub(super) fn number(&self) -> u64 {
        self.numbers.set(self.numbers.get() + 1);
        self.numbers.get()
    }

    /// Does the work that was done since the last time.
    pub fn settle(&self) {
        self.transfers.borrow_mut().settle(self.now(), self.transferring());
    }

    /// How many connections are open and no idle sessions: the efficiency of the bandwidth depends on them.
    fn transferring(&self) -> u32 {
        self.open_count() - self.lingering()
    }

    /// What is left of the transfer over `open`, when it ends, and whether it was cut.
    pub fn look(&self, open: &Open<'_>) -> (Work, Time, bool) {
        self.transfers.borrow().look(open.number, self.now(), self.transferring())
    }

    /// When the transfer with that number ends; at once if it was cut.
    pub(super) fn end_of(&self, number: u64) -> Time {
        let now = self.now();
        let (_, end, cut) = self.transfers.borrow().look(number, now, self.transferring());
        if cut { now } else { end }
    }

    /// Answers the first clients in the queue, as long as there is room.
    pub(super) fn serve_queue(&self) {
        while !self.over.get() {
            let first =
                self.queue.borrow().first_key_value().map(|(place, waiting)| (*place, *waiting));
            let Some((place, waiting)) = first else { return };
            if waiting.gone.is_some() {
                if !self.serve_nobody(&waiting) {
                    return;
                }
                self.queue.borrow_mut().remove(&place);
                continue;
            }
            let Some(answer) = self.admit(waiting.request) else { return };
            self.queue.borrow_mut().remove(&place);
            self.answer(waiting.request.client, answer);
        }
    }
}

/// Takes those of a map out that are `wanted`, in their order.
pub(super) fn take_out<K: Copy + Ord, V>(
    map: &RefCell<BTreeMap<K, V>>,
    wanted: impl Fn(&V) -> bool,
) -> Vec<V> {
    let mut map = map.borrow_mut();
    let keys: Vec<K> = map.iter().filter(|(_, value)| wanted(value)).map(|(key, _)| *key).collect();
    keys.iter().filter_map(|key| map.remove(key)).collect()
}

/// The open connections of a client. Dropping them closes them.
pub(super) struct Open<'w> {
    server: &'w Server,
    client: ClientId,
    /// One for each connection; `None` only while it is dropped.
    pub(super) permits: Option<OwnedSemaphorePermit>,
    pub(super) number: u64,
    pub(super) since: Time,
}

impl<'w> Open<'w> {
    /// The server to which they are open.
    pub fn server(&self) -> &'w Server {
        self.server
    }

    fn connections(&self) -> u32 {
        self.permits.as_ref().map_or(0, |permits| permits.num_permits() as u32)
    }

    /// Closes them after a transfer that was not cut: they stay as an idle session, if the point keeps such.
    pub fn close(mut self) {
        let server = self.server;
        if server.linger > Span::ZERO
            && server.limit.get() > 0
            && let Some(permits) = self.permits.take()
        {
            server.settle();
            server.transfers.borrow_mut().take(self.number);
            let ends = server.now() + server.linger;
            let session = IdleSession { permits, since: self.since, ends };
            server.idle.borrow_mut().insert(self.client, session);
            server.one_more_idle.notify_one();
            server.changed.notify_waiters();
        }
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let Some(permits) = self.permits.take() else { return };
        let server = self.server;
        server.settle();
        let (done, connections) =
            (server.transfers.borrow_mut().take(self.number), permits.num_permits() as u32);
        server.estimate.borrow_mut().closed(self.since, server.now(), connections, done);
        server.release(permits);
        server.serve_queue();
    }
}
