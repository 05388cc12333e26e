//! A distribution point as tokio simulates it: its connections, its queue, and its transfers.
//!
//! As simple as possible: every client that comes or goes wakes all others at the point, and each
//! transfer works out anew what it has done, at which rate it continues, and when it will end.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tokio::sync::futures::Notified;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::model::{
    Answer, Bandwidth, ClientId, DistributionPoint, Estimate, Load, Rate, RetryAfter, Span, Time,
    Work,
};

/// A distribution point at work.
pub(super) struct Server {
    start: Instant,
    /// The limit in force; 0 while the point is down.
    limit: Cell<u32>,
    /// Each open connection holds a permit.
    permits: Arc<Semaphore>,
    /// How many permits there are: as many as the limit, or more while more connections are open.
    issued: Cell<u32>,
    bandwidth: Option<Bandwidth>,
    retry_after: Option<RetryAfter>,
    estimate: RefCell<Estimate>,
    queue_limit: usize,
    queue: RefCell<VecDeque<Queued>>,
    /// The answers to clients that have not left the queue yet.
    answers: RefCell<BTreeMap<ClientId, Answer<OwnedSemaphorePermit>>>,
    transfers: RefCell<Vec<ActiveTransfer>>,
    /// The instant up to which the transfers' work is done.
    settled: Cell<Time>,
    numbers: Cell<u64>,
    /// Rates are different from now on, a transfer was cut, or a client in the queue was answered.
    changed: Notify,
    /// The simulation is over: clients in the queue stay there.
    over: Cell<bool>,
}

/// A client that waits for connections.
#[derive(Clone, Copy)]
struct Queued {
    client: ClientId,
    connections: u32,
}

struct ActiveTransfer {
    number: u64,
    connections: u32,
    /// The work that is left to each connection, and the rate that each cannot exceed.
    left: Work,
    cap: u128,
    cut: bool,
}

impl Server {
    /// `point` with the limit that it has at the `start` of the simulation.
    pub fn new(point: &DistributionPoint, limit: u32, start: Instant) -> Server {
        Server {
            start,
            limit: Cell::new(limit),
            permits: Arc::new(Semaphore::new(limit as usize)),
            issued: Cell::new(limit),
            bandwidth: point.bandwidth.clone(),
            retry_after: point.retry_after,
            estimate: RefCell::default(),
            queue_limit: point.queue as usize,
            queue: RefCell::default(),
            answers: RefCell::default(),
            transfers: RefCell::default(),
            settled: Cell::new(Time::ZERO),
            numbers: Cell::new(0),
            changed: Notify::new(),
            over: Cell::new(false),
        }
    }

    fn now(&self) -> Time {
        Time::from_millis(self.start.elapsed().as_millis() as u64)
    }

    /// `client` asks for `connections` at once; `None`: it is in the queue now.
    pub fn request(&self, client: ClientId, connections: u32) -> Option<Answer<Open<'_>>> {
        if self.limit.get() == 0 {
            return Some(Answer::Unreachable);
        }
        if self.queue.borrow().is_empty()
            && let Some(permits) = self.acquire(connections)
        {
            return Some(Answer::Admitted(self.open(permits)));
        }
        // A client that needs more than there can be would wait for ever, and all others behind it.
        if connections <= self.limit.get() && self.queue.borrow().len() < self.queue_limit {
            self.queue.borrow_mut().push_back(Queued { client, connections });
            return None;
        }
        Some(Answer::Refused(self.hint(client, connections)))
    }

    /// Permits for `connections`, if that many are free within the limit.
    fn acquire(&self, connections: u32) -> Option<OwnedSemaphorePermit> {
        self.settle();
        let permits = self.permits.clone().try_acquire_many_owned(connections).ok()?;
        self.changed.notify_waiters();
        Some(permits)
    }

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

    /// The connections of a client that has just been admitted.
    fn open(&self, permits: OwnedSemaphorePermit) -> Open<'_> {
        let since = self.now();
        self.estimate.borrow_mut().opened(since, permits.num_permits() as u32);
        Open { server: self, permits: Some(permits), number: self.number(), since }
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

    /// A client leaves the queue; gives the answer to its request, if there is one.
    pub fn leave_queue(&self, client: ClientId) -> Option<Answer<Open<'_>>> {
        let answer = self.answers.borrow_mut().remove(&client);
        if answer.is_none() {
            self.queue.borrow_mut().retain(|queued| queued.client != client);
            // The next client may need fewer connections.
            self.serve_queue();
        }
        Some(answer?.map(|permits| self.open(permits)))
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
            self.transfers.borrow_mut().iter_mut().for_each(|transfer| transfer.cut = true);
            self.changed.notify_waiters();
        }
        let (stay, go): (VecDeque<_>, VecDeque<_>) =
            self.queue.take().into_iter().partition(|queued| queued.connections <= limit);
        self.queue.replace(stay);
        for Queued { client, connections } in go {
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

    /// The permits beyond the limit, which are held by open connections.
    fn surplus(&self) -> u32 {
        self.issued.get().saturating_sub(self.limit.get())
    }

    /// Gives permits back, except those that the limit no longer allows.
    fn release(&self, mut permits: OwnedSemaphorePermit) {
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
        let queue = self.queue.borrow();
        let queued: u64 = queue.iter().map(|queued| u64::from(queued.connections)).sum();
        Load { busy: u64::from(self.open_count()) + queued, limit: self.limit.get() }
    }

    /// A transfer begins over `open`.
    pub fn begin(&self, open: &Open<'_>, work: Work, link: Option<Rate>) {
        let (number, connections) = (open.number, open.connections());
        let cap = link.map_or(u128::MAX, |link| link.grains_per_milli_each(connections));
        self.settle();
        let transfer = ActiveTransfer { number, connections, left: work, cap, cut: false };
        self.transfers.borrow_mut().push(transfer);
        self.changed.notify_waiters();
    }

    fn number(&self) -> u64 {
        self.numbers.set(self.numbers.get() + 1);
        self.numbers.get()
    }

    /// Does the work that was done since the last time.
    pub fn settle(&self) {
        let now = self.now();
        let millis = now.since(self.settled.replace(now));
        let rates = self.rates();
        for (transfer, rate) in self.transfers.borrow_mut().iter_mut().zip(rates) {
            if transfer.cut {
                continue;
            }
            transfer.left = match transfer.left {
                Work::Hold(left) => Work::Hold(Span::from_millis(
                    left.as_millis().saturating_sub(millis.as_millis()),
                )),
                Work::Carry(grains) => {
                    Work::Carry(grains.saturating_sub(rate * u128::from(millis.as_millis())))
                }
            };
        }
    }

    /// The rate of each connection of each transfer: the slowest take first, at most an equal share.
    fn rates(&self) -> Vec<u128> {
        let transfers = self.transfers.borrow();
        let mut takers: Vec<(u128, usize)> = transfers
            .iter()
            .enumerate()
            .filter(|(_, transfer)| !transfer.cut && matches!(transfer.left, Work::Carry(_)))
            .flat_map(|(place, transfer)| {
                std::iter::repeat_n((transfer.cap, place), transfer.connections as usize)
            })
            .collect();
        takers.sort_unstable();
        let mut left = match &self.bandwidth {
            Some(bandwidth) => bandwidth.grains_per_milli(self.open_count()),
            None => u128::MAX,
        };
        let mut rates = vec![0; transfers.len()];
        let count = takers.len();
        for (taken, (cap, place)) in takers.into_iter().enumerate() {
            let equal = left / (count - taken) as u128;
            if cap <= equal {
                left -= cap;
                rates[place] = cap;
            } else {
                // All that come after are faster yet: they get the same, rounded down.
                rates[place] = equal.max(1);
                left = equal * (count - taken - 1) as u128;
            }
        }
        rates
    }

    /// What is left of the transfer over `open`, when it ends, and whether it was cut.
    pub fn look(&self, open: &Open<'_>) -> (Work, Time, bool) {
        let (number, now) = (open.number, self.now());
        let rates = self.rates();
        let transfers = self.transfers.borrow();
        let Some(place) = transfers.iter().position(|transfer| transfer.number == number) else {
            return (Work::Carry(0), now, false);
        };
        let transfer = &transfers[place];
        let millis = match transfer.left {
            Work::Hold(span) => span.as_millis(),
            Work::Carry(0) => 0,
            Work::Carry(grains) => {
                let millis = grains.div_ceil(rates[place].max(1));
                u64::try_from(millis).unwrap_or(u64::MAX)
            }
        };
        let end = Time::from_millis(now.as_millis().saturating_add(millis));
        (transfer.left, end, transfer.cut)
    }

    /// Takes a transfer out; whether it was done.
    fn take(&self, number: u64) -> bool {
        let mut transfers = self.transfers.borrow_mut();
        let Some(place) = transfers.iter().position(|transfer| transfer.number == number) else {
            return false;
        };
        let ActiveTransfer { left, cut, .. } = transfers.remove(place);
        !cut && matches!(left, Work::Carry(0) | Work::Hold(Span::ZERO))
    }

    /// Admits the first clients in the queue, as long as there is room.
    fn serve_queue(&self) {
        while !self.over.get() {
            let Some(Queued { client, connections }) = self.queue.borrow().front().copied() else {
                return;
            };
            let Some(permits) = self.acquire(connections) else { return };
            self.queue.borrow_mut().pop_front();
            self.answer(client, Answer::Admitted(permits));
        }
    }
}

/// The open connections of a client. Dropping them closes them.
pub(super) struct Open<'w> {
    server: &'w Server,
    /// One for each connection; `None` only while it is dropped.
    permits: Option<OwnedSemaphorePermit>,
    number: u64,
    since: Time,
}

impl<'w> Open<'w> {
    /// The server to which they are open.
    pub fn server(&self) -> &'w Server {
        self.server
    }

    fn connections(&self) -> u32 {
        self.permits.as_ref().map_or(0, |permits| permits.num_permits() as u32)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let server = self.server;
        server.settle();
        let done = server.take(self.number);
        server.estimate.borrow_mut().closed(self.since, server.now(), self.connections(), done);
        self.permits.take().into_iter().for_each(|permits| server.release(permits));
        server.serve_queue();
    }
}
