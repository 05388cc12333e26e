//! A distribution point of the full tokio world: its connections, its queue, and its transfers.
//!
//! As plain as can be: whoever comes or goes wakes everybody at the point, and each transfer works
//! out anew what it has done, at which rate it goes on, and when it will end.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use crate::model::{
    Answer, Bandwidth, ClientId, DistributionPoint, Estimate, Load, Rate, RetryAfter, Span, Time,
    Work,
};

/// A distribution point at work.
pub(super) struct Point {
    start: Instant,
    /// The limit in force; 0 while the point is down.
    pub limit: Cell<u32>,
    open: Cell<u32>,
    bandwidth: Option<Bandwidth>,
    retry_after: Option<RetryAfter>,
    estimate: RefCell<Estimate>,
    queue_limit: usize,
    queue: RefCell<VecDeque<Queued>>,
    transfers: RefCell<Vec<Transfer>>,
    /// The instant up to which the transfers' work is done.
    settled: Cell<Time>,
    numbers: Cell<u64>,
    /// Rates are different from now on, or a transfer was cut.
    pub changed: Notify,
    /// The simulation is over: whoever is in the queue stays there.
    pub over: Cell<bool>,
}

struct Queued {
    number: u64,
    client: ClientId,
    /// How many connections it waits for.
    connections: u32,
    tell: oneshot::Sender<Told>,
    hears: Option<oneshot::Receiver<Told>>,
}

/// What a client in the queue is told.
pub(super) enum Told {
    ComeIn,
    /// The limit is lower than what it needs now; and when it may come again.
    GoAway(Option<Span>),
    Down,
}

struct Transfer {
    number: u64,
    connections: u32,
    /// What is left to each connection, and the rate that each cannot exceed.
    left: Work,
    cap: u128,
    cut: bool,
}

impl Point {
    /// `point` with the limit that it has at the `start` of the simulation.
    pub fn new(point: &DistributionPoint, limit: u32, start: Instant) -> Point {
        Point {
            start,
            limit: Cell::new(limit),
            open: Cell::new(0),
            bandwidth: point.bandwidth.clone(),
            retry_after: point.retry_after,
            estimate: RefCell::default(),
            queue_limit: point.queue as usize,
            queue: RefCell::default(),
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

    /// `client` asks for so many connections at once; `None`: it is in the queue now, the last.
    pub fn request(&self, client: ClientId, connections: u32) -> Option<Answer<Open<'_>>> {
        if self.limit.get() == 0 {
            return Some(Answer::Unreachable);
        }
        if self.has_room_for(connections) && self.queue.borrow().is_empty() {
            self.set_open(self.open.get() + connections);
            return Some(Answer::Admitted(self.connection(connections)));
        }
        // Who needs more than there can be would wait for ever, and all others behind it.
        if connections <= self.limit.get() && self.queue.borrow().len() < self.queue_limit {
            let (tell, hears) = oneshot::channel();
            let (number, hears) = (self.number(), Some(hears));
            let queued = Queued { number, client, connections, tell, hears };
            self.queue.borrow_mut().push_back(queued);
            return None;
        }
        Some(Answer::Refused(self.hint(client, connections)))
    }

    /// What a client that is refused is told.
    fn hint(&self, client: ClientId, connections: u32) -> Option<Span> {
        Some(match self.retry_after? {
            RetryAfter::Fixed(span) => span,
            RetryAfter::Estimated => {
                let (now, limit) = (self.now(), self.limit.get());
                self.estimate.borrow_mut().next(client, now, limit, connections)
            }
        })
    }

    /// The connections of a client that has just been let in.
    pub fn connection(&self, connections: u32) -> Open<'_> {
        Open { point: self, number: self.number(), connections, since: self.now() }
    }

    /// What the client that was the last to enter the queue has to know: its number, how many
    /// connections it waits for, and where it hears whether it gets them.
    pub fn last_in_queue(&self) -> Option<(u64, u32, oneshot::Receiver<Told>)> {
        let mut queue = self.queue.borrow_mut();
        let last = queue.back_mut()?;
        Some((last.number, last.connections, last.hears.take()?))
    }

    /// A client hangs up.
    pub fn leave_queue(&self, number: u64) {
        self.queue.borrow_mut().retain(|queued| queued.number != number);
        // Who comes after may need fewer connections.
        self.serve_queue();
    }

    /// The limit changes; at 0 all are cut. Whoever can no longer be let in is sent away.
    pub fn change(&self, limit: u32) {
        self.settle();
        self.limit.set(limit);
        if limit == 0 {
            self.transfers.borrow_mut().iter_mut().for_each(|transfer| transfer.cut = true);
            self.changed.notify_waiters();
        }
        let (stay, go): (VecDeque<_>, VecDeque<_>) =
            self.queue.take().into_iter().partition(|queued| queued.connections <= limit);
        self.queue.replace(stay);
        for Queued { client, connections, tell, .. } in go {
            let told = match limit {
                0 => Told::Down,
                _ => Told::GoAway(self.hint(client, connections)),
            };
            let _ = tell.send(told);
        }
        self.serve_queue();
    }

    /// How busy it is.
    pub fn load(&self) -> Load {
        let queue = self.queue.borrow();
        let queued: u64 = queue.iter().map(|queued| u64::from(queued.connections)).sum();
        Load { busy: u64::from(self.open.get()) + queued, limit: self.limit.get() }
    }

    /// A transfer begins over `open`.
    pub fn begin(&self, open: &Open<'_>, work: Work, link: Option<Rate>) {
        let &Open { number, connections, .. } = open;
        let cap = link.map_or(u128::MAX, |link| link.grains_per_milli_each(connections));
        self.settle();
        let transfer = Transfer { number, connections, left: work, cap, cut: false };
        self.transfers.borrow_mut().push(transfer);
        self.changed.notify_waiters();
    }

    /// A number that nobody had before.
    fn number(&self) -> u64 {
        self.numbers.set(self.numbers.get() + 1);
        self.numbers.get()
    }

    /// Opens or closes connections.
    fn set_open(&self, open: u32) {
        self.settle();
        self.open.set(open);
        self.changed.notify_waiters();
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

    /// The rate of each connection of each transfer: whoever is slowest takes first, at most an
    /// equal share.
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
            Some(bandwidth) => bandwidth.grains_per_milli(self.open.get()),
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
                // All who come after are faster yet: they get the same, rounded down.
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
        let Transfer { left, cut, .. } = transfers.remove(place);
        !cut && matches!(left, Work::Carry(0) | Work::Hold(Span::ZERO))
    }

    fn has_room_for(&self, connections: u32) -> bool {
        u64::from(self.open.get()) + u64::from(connections) <= u64::from(self.limit.get())
    }

    fn first_fits(&self) -> bool {
        self.queue.borrow().front().is_some_and(|first| self.has_room_for(first.connections))
    }

    /// Lets in whoever is first in the queue, as long as there is room.
    fn serve_queue(&self) {
        while self.first_fits() && !self.over.get() {
            let Some(first) = self.queue.borrow_mut().pop_front() else { return };
            self.set_open(self.open.get() + first.connections);
            let _ = first.tell.send(Told::ComeIn);
        }
    }
}

/// The open connections of a client. Dropping them closes them.
pub(super) struct Open<'w> {
    pub point: &'w Point,
    number: u64,
    connections: u32,
    since: Time,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let point = self.point;
        point.settle();
        if point.take(self.number) {
            let lasted = point.now().since(self.since);
            point.estimate.borrow_mut().ended_after(lasted, self.connections);
        }
        point.set_open(point.open.get() - self.connections);
        point.serve_queue();
    }
}
