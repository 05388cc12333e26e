//! The tokio world where transfers share bandwidth, points fail and servers have queues.
//!
//! It is as plain as can be, for it checks the event engine: whoever comes or goes wakes everybody
//! at the point, and each transfer works out anew what it has done, at which rate it goes on, and
//! when it will end. It shares with the event engine the client's code, the rates' definition (whole
//! grains a millisecond) and the timeline of each point, and no other line.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::task::LocalSet;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::model::{
    Answer, Bandwidth, Carried, ClientGroup, ClientId, Clock, DistributionPoint, Estimate, Event,
    EventKind, FullClient, FullWorld, Load, Members, Observer, Order, PointId, Rate, Replication,
    RetryAfter, Span, Time, Work, run_full_advertisement,
};

/// Plays `replication` as [`tokio_engine::run`](super::tokio_engine::run) does.
pub fn run<O: Observer + 'static>(
    replication: &Replication<'_>,
    observer: O,
    stop: &Arc<AtomicBool>,
) -> std::io::Result<O> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let tasks = LocalSet::new();
    let newcomers = replication.newcomers();
    let observer = Rc::new(RefCell::new(observer));
    let world = tasks.block_on(&runtime, async {
        let world = Rc::new(FullTokioWorld::new(replication, observer.clone(), stop.clone()));
        let points = TaskTracker::new();
        for (point, id) in replication.distribution_points.iter().zip(0..) {
            let (world, point) = (world.clone(), point.clone());
            let (seed, number) = (replication.seed, replication.number);
            points.spawn_local(async move {
                let changes = world.play_changes(PointId(id), &point, seed, number);
                world.end.run_until_cancelled(changes).await;
            });
        }
        let clients = TaskTracker::new();
        for newcomer in newcomers {
            let world = world.clone();
            let streams = replication.groups[newcomer.group.index()].streams;
            let expires = replication.groups[newcomer.group.index()].expires;
            let workaround = replication.groups[newcomer.group.index()].workaround;
            clients.spawn_local(async move {
                let group = &world.groups[newcomer.group.index()];
                let mut members = Members::new(newcomer.group, group, streams, expires);
                members.workaround = workaround;
                let client = FullClient::new(&*world, &members, newcomer.index, newcomer.at);
                world.end.run_until_cancelled(run_full_advertisement(client)).await;
            });
        }
        clients.close();
        points.close();
        // Everything up to and at the horizon happens; whoever is left then is unfinished.
        let after = world.instant(world.horizon + Span::MILLISECOND);
        let _ = timeout_at(after, clients.wait()).await;
        world.points.iter().for_each(|point| point.over.set(true));
        world.end.cancel();
        clients.wait().await;
        points.wait().await;
        world
    });
    drop((world, tasks));
    match Rc::try_unwrap(observer) {
        Ok(observer) => Ok(observer.into_inner()),
        Err(_) => unreachable!("all tasks have ended, and the world with them"),
    }
}

/// A full world as tokio plays it.
struct FullTokioWorld<O> {
    start: Instant,
    horizon: Time,
    groups: Vec<ClientGroup>,
    points: Vec<Point>,
    observer: Rc<RefCell<O>>,
    /// How many clients are stranded, and who is told of each.
    stranded: Cell<u64>,
    one_more_stranded: Notify,
    /// Cancelled when the simulation ends.
    end: CancellationToken,
    stop: Arc<AtomicBool>,
}

/// A distribution point at work.
struct Point {
    limit: Cell<u32>,
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
    changed: Notify,
    /// The simulation is over: whoever is in the queue stays there.
    over: Cell<bool>,
}

struct Queued {
    number: u64,
    /// How many connections it waits for.
    connections: u32,
    /// Told true when it is admitted, false when the point goes down.
    tell: oneshot::Sender<bool>,
    hears: Option<oneshot::Receiver<bool>>,
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
    fn new(point: &DistributionPoint, limit: u32) -> Point {
        Point {
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

    /// A number that nobody had before.
    fn number(&self) -> u64 {
        self.numbers.set(self.numbers.get() + 1);
        self.numbers.get()
    }

    /// Opens or closes connections.
    fn set_open(&self, now: Time, open: u32) {
        self.settle(now);
        self.open.set(open);
        self.changed.notify_waiters();
    }

    /// Does the work that was done since the last time.
    fn settle(&self, now: Time) {
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

    /// What is left of a transfer, when it ends, and whether it was cut.
    fn look(&self, number: u64, now: Time) -> (Work, Time, bool) {
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

    fn remove(&self, number: u64) {
        self.transfers.borrow_mut().retain(|transfer| transfer.number != number);
    }

    fn has_room_for(&self, connections: u32) -> bool {
        u64::from(self.open.get()) + u64::from(connections) <= u64::from(self.limit.get())
    }

    fn first_fits(&self) -> bool {
        self.queue.borrow().front().is_some_and(|first| self.has_room_for(first.connections))
    }

    /// Lets in whoever is first in the queue, as long as there is room.
    fn serve_queue(&self, now: Time) {
        while self.first_fits() && !self.over.get() {
            let Some(first) = self.queue.borrow_mut().pop_front() else { return };
            self.set_open(now, self.open.get() + first.connections);
            let _ = first.tell.send(true);
        }
    }
}

impl<O: Observer> FullTokioWorld<O> {
    fn new(
        replication: &Replication<'_>,
        observer: Rc<RefCell<O>>,
        stop: Arc<AtomicBool>,
    ) -> FullTokioWorld<O> {
        let points = replication.distribution_points.iter().zip(0..).map(|(point, id)| {
            let limit = replication.timeline(PointId(id)).state();
            if limit != point.connection_limit {
                observer.borrow_mut().limit_changed(Time::ZERO, PointId(id), limit);
            }
            Point::new(point, limit)
        });
        FullTokioWorld {
            start: Instant::now(),
            horizon: replication.horizon,
            groups: replication.groups.iter().map(|members| members.group.clone()).collect(),
            points: points.collect(),
            observer,
            stranded: Cell::new(0),
            one_more_stranded: Notify::new(),
            end: CancellationToken::new(),
            stop,
        }
    }

    fn instant(&self, at: Time) -> Instant {
        self.start + Duration::from_millis(at.as_millis())
    }

    /// Waits for `future`, but not beyond `at`, if that comes before the end.
    async fn before<F: Future>(&self, at: Time, future: F) -> Option<F::Output> {
        if at > self.horizon {
            return Some(future.await);
        }
        timeout_at(self.instant(at), future).await.ok()
    }

    /// Lets a point go through its states.
    async fn play_changes(&self, id: PointId, point: &DistributionPoint, seed: u64, number: u64) {
        let mut timeline = point.timeline(seed, number);
        let state = &self.points[id.index()];
        while let Some(at) = timeline.advance(self.horizon) {
            self.sleep_until(at, Order::PointChange).await;
            state.settle(at);
            state.limit.set(timeline.state());
            self.observer.borrow_mut().limit_changed(at, id, timeline.state());
            if timeline.state() == 0 {
                state.transfers.borrow_mut().iter_mut().for_each(|transfer| transfer.cut = true);
                state.changed.notify_waiters();
                for queued in state.queue.take() {
                    let _ = queued.tell.send(false);
                }
            }
            state.serve_queue(at);
        }
    }
}

impl<O: Observer> Clock for FullTokioWorld<O> {
    fn now(&self) -> Time {
        Time::from_millis(self.start.elapsed().as_millis() as u64)
    }

    async fn sleep_until(&self, at: Time, _: Order) {
        if at > self.horizon {
            // It never comes: the task is cancelled when the simulation ends.
            std::future::pending::<()>().await;
        }
        if at > self.now() {
            tokio::time::sleep_until(self.instant(at)).await;
        }
    }

    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind) {
        let at = self.now();
        self.observer.borrow_mut().observe(&Event { at, client, arrived, kind });
    }
}

impl<O: Observer> FullWorld for FullTokioWorld<O> {
    type Connection<'w>
        = Open<'w>
    where
        Self: 'w;

    fn request(&self, id: PointId, connections: u32) -> Option<Answer<Open<'_>>> {
        if self.stop.load(Ordering::Relaxed) {
            self.end.cancel();
        }
        let (point, now) = (&self.points[id.index()], self.now());
        if point.limit.get() == 0 {
            return Some(Answer::Unreachable);
        }
        if point.has_room_for(connections) && point.queue.borrow().is_empty() {
            point.set_open(now, point.open.get() + connections);
            return Some(Answer::Admitted(Open::new(point, connections, self.start, now)));
        }
        if point.queue.borrow().len() < point.queue_limit {
            let (tell, hears) = oneshot::channel();
            let queued = Queued { number: point.number(), connections, tell, hears: Some(hears) };
            point.queue.borrow_mut().push_back(queued);
            return None;
        }
        Some(Answer::Refused(point.retry_after.map(|retry_after| match retry_after {
            RetryAfter::Fixed(span) => span,
            RetryAfter::Estimated => {
                point.estimate.borrow_mut().next(now, point.limit.get(), connections)
            }
        })))
    }

    async fn wait_in_queue(&self, id: PointId, deadline: Time) -> Option<Answer<Open<'_>>> {
        let point = &self.points[id.index()];
        // It was the last to come.
        let (number, connections, hears) = {
            let mut queue = point.queue.borrow_mut();
            let last = queue.back_mut()?;
            (last.number, last.connections, last.hears.take()?)
        };
        let told = if deadline <= self.now() { None } else { self.before(deadline, hears).await };
        match told {
            Some(Ok(true)) => {
                Some(Answer::Admitted(Open::new(point, connections, self.start, self.now())))
            }
            Some(_) => Some(Answer::Unreachable),
            None => {
                point.queue.borrow_mut().retain(|queued| queued.number != number);
                // Who comes after may need fewer connections.
                point.serve_queue(self.now());
                None
            }
        }
    }

    fn load(&self, id: PointId) -> Load {
        let point = &self.points[id.index()];
        let queued: u32 = point.queue.borrow().iter().map(|queued| queued.connections).sum();
        Load { busy: point.open.get() + queued, limit: point.limit.get() }
    }

    fn strand(&self) {
        self.stranded.set(self.stranded.get() + 1);
        self.one_more_stranded.notify_waiters();
    }

    async fn until_stranded(&self, count: u64) {
        while self.stranded.get() < count {
            self.one_more_stranded.notified().await;
        }
    }

    async fn carry(&self, open: &Open<'_>, work: Work, link: Option<Rate>, until: Time) -> Carried {
        let point = open.point;
        let connections = open.connections;
        let cap = link.map_or(u128::MAX, |link| link.grains_per_milli_each(connections));
        point.settle(self.now());
        let transfer = Transfer { number: open.number, connections, left: work, cap, cut: false };
        point.transfers.borrow_mut().push(transfer);
        point.changed.notify_waiters();
        loop {
            let changed = point.changed.notified();
            let (left, end, cut) = point.look(open.number, self.now());
            if cut {
                return Carried::Cut(left);
            }
            if end <= self.now() {
                return Carried::Done;
            }
            if until <= self.now() {
                return Carried::Stopped(left);
            }
            let _ = self.before(end.min(until), changed).await;
            point.settle(self.now());
        }
    }
}

/// The open connections of a client. Dropping them closes them.
struct Open<'w> {
    point: &'w Point,
    number: u64,
    connections: u32,
    start: Instant,
    since: Time,
}

impl<'w> Open<'w> {
    fn new(point: &'w Point, connections: u32, start: Instant, since: Time) -> Open<'w> {
        Open { point, number: point.number(), connections, start, since }
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let point = self.point;
        let now = Time::from_millis(self.start.elapsed().as_millis() as u64);
        point.settle(now);
        point.remove(self.number);
        point.estimate.borrow_mut().ended_after(now.since(self.since), self.connections);
        point.set_open(now, point.open.get() - self.connections);
        point.serve_queue(now);
    }
}
