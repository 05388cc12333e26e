//! The world as tokio simulates it: tokio's paused clock, and its servers.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::server::{Open, Server};
use crate::engine::sessions_left;
use crate::model::{
    Answer, ClientId, Event, EventKind, Load, Observer, Order, PointId, Process, Processes, Rate,
    Replication, Request, Span, Time, Timeline, TransferEnd, Work, World,
};

/// The world in which the tokio engine simulates clients.
pub(super) struct TokioWorld<O> {
    start: Instant,
    pub horizon: Time,
    servers: Vec<Server>,
    observer: Rc<RefCell<O>>,
    processes: RefCell<Processes>,
    /// How many clients are stranded, and a notification of each.
    stranded: Cell<u64>,
    one_more_stranded: Notify,
    /// Cancelled when the simulation ends.
    pub end: CancellationToken,
    stop: Arc<AtomicBool>,
}

impl<O: Observer> TokioWorld<O> {
    /// The world at its start, which is now. Observers learn of points that begin in another state.
    pub fn new(
        replication: &Replication<'_>,
        observer: Rc<RefCell<O>>,
        stop: Arc<AtomicBool>,
    ) -> TokioWorld<O> {
        let start = Instant::now();
        let points = replication.distribution_points.iter().zip((0..).map(PointId));
        let servers = points.map(|(point, id)| {
            let limit = replication.timeline(id).state();
            if limit != point.connection_limit {
                observer.borrow_mut().limit_changed(Time::ZERO, id, limit);
            }
            Server::new(point, limit, start)
        });
        TokioWorld {
            servers: servers.collect(),
            start,
            horizon: replication.horizon,
            observer,
            processes: RefCell::new(Processes::new(replication)),
            stranded: Cell::new(0),
            one_more_stranded: Notify::new(),
            end: CancellationToken::new(),
            stop,
        }
    }

    /// Takes a point through its states.
    pub async fn change(&self, id: PointId, mut timeline: Timeline<'_>) {
        while let Some(at) = timeline.advance(self.horizon) {
            self.sleep_until(at, Order::PointChange).await;
            self.observer.borrow_mut().limit_changed(at, id, timeline.state());
            self.with_sessions(id, |server| server.change(timeline.state()));
        }
    }

    /// Ends the idle sessions of a point, each at its time.
    pub async fn end_sessions(&self, id: PointId) {
        let server = &self.servers[id.index()];
        loop {
            let next = server.next_session_end().unwrap_or(Time::MAX);
            if next <= self.now() {
                self.with_sessions(id, Server::end_sessions);
            } else {
                self.before(next, server.one_more_idle.notified()).await;
            }
        }
    }

    /// Works at a point for clients that have gone.
    pub async fn work_for_nobody(&self, id: PointId) {
        let server = &self.servers[id.index()];
        loop {
            let changed = server.changed();
            let next = server.next_for_nobody().unwrap_or(Time::MAX);
            if next <= self.now() {
                self.with_sessions(id, Server::work_for_nobody);
            } else {
                self.before(next, changed).await;
                server.settle();
            }
        }
    }

    /// Waits until there is no work for clients that have gone.
    pub async fn until_nobody_is_served(&self) {
        for server in &self.servers {
            loop {
                let changed = server.changed();
                if !server.works_for_nobody() {
                    break;
                }
                changed.await;
            }
        }
    }

    /// Does something with a server, and tells the observer how many idle sessions there are then, and what happened
    /// to work for clients that have gone.
    fn with_sessions<'w, T>(&'w self, id: PointId, act: impl FnOnce(&'w Server) -> T) -> T {
        let server = &self.servers[id.index()];
        let before = i64::from(server.lingering());
        let outcome = act(server);
        let change = i64::from(server.lingering()) - before;
        let mut observer = self.observer.borrow_mut();
        if change != 0 {
            observer.lingering_changed(self.now(), id, change);
        }
        for work in server.for_nobody.take_untold() {
            observer.abandoned_work(self.now(), id, work);
        }
        drop(observer);
        outcome
    }

    /// Ends the simulation: all clients that are left are dropped.
    pub fn close(&self, replication: &Replication<'_>) {
        for (server, id) in self.servers.iter().zip((0..).map(PointId)) {
            let (mut observer, now) = (self.observer.borrow_mut(), self.now());
            sessions_left::tell(&mut *observer, replication, id, now, server.session_ends());
        }
        self.servers.iter().for_each(Server::close);
        self.end.cancel();
    }

    /// Runs `task` until the simulation ends. From then on nothing happens: neither the connections that
    /// the tasks ended before it have closed, nor the millisecond at which the end is noticed, moves it on.
    pub async fn run_to_the_end(&self, task: impl Future<Output = ()>) {
        let mut task = pin!(task);
        // Of a task that can continue and a cancellation, `run_until_cancelled` prefers the task.
        let until_then = poll_fn(|context| match self.end.is_cancelled() {
            true => Poll::Pending,
            false => task.as_mut().poll(context),
        });
        self.end.run_until_cancelled(until_then).await;
    }

    /// Waits for `future`, but not beyond `at`, if that comes before the end.
    async fn before<F: Future>(&self, at: Time, future: F) -> Option<F::Output> {
        if at > self.horizon {
            return Some(future.await);
        }
        timeout_at(self.instant(at), future).await.ok()
    }

    /// An instant of the simulation on tokio's clock.
    pub fn instant(&self, at: Time) -> Instant {
        self.start + Duration::from_millis(at.as_millis())
    }
}

impl<O: Observer> World for TokioWorld<O> {
    const EVERY_ATTEMPT: bool = O::EVERY_ATTEMPT;

    type Connection<'w>
        = Open<'w>
    where
        Self: 'w;

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

    fn request(&self, id: PointId, request: Request) -> Option<Answer<Open<'_>>> {
        if self.stop.load(Ordering::Relaxed) {
            self.end.cancel();
        }
        self.with_sessions(id, |server| server.request(request))
    }

    fn queue_timeout(&self, id: PointId) -> Option<Span> {
        self.servers[id.index()].queue_timeout()
    }

    async fn wait_in_queue(&self, client: ClientId, id: PointId, deadline: Time) {
        let server = &self.servers[id.index()];
        loop {
            let changed = server.changed();
            let until = server.delayed_until(client);
            if until.is_some_and(|until| until <= self.now()) {
                self.with_sessions(id, |server| server.pass(client));
            } else if server.has_answered(client) || deadline <= self.now() {
                return;
            } else {
                let wakes = until.map_or(deadline, |until| until.min(deadline));
                self.before(wakes, changed).await;
            }
        }
    }

    fn leave_queue(
        &self,
        client: ClientId,
        id: PointId,
        timed_out: bool,
    ) -> Option<Answer<Open<'_>>> {
        self.with_sessions(id, |server| server.leave_queue(client, timed_out))
    }

    async fn transfer(
        &self,
        _: PointId,
        open: &Open<'_>,
        work: Work,
        link: Option<Rate>,
        until: Time,
    ) {
        let server = open.server();
        server.begin(open, work, link);
        loop {
            let changed = server.changed();
            let (_, end, cut) = server.look(open);
            if cut || end.min(until) <= self.now() {
                return;
            }
            self.before(end.min(until), changed).await;
            server.settle();
        }
    }

    fn close(&self, id: PointId, open: Open<'_>) -> TransferEnd {
        let end = match open.server().look(&open) {
            (left, _, true) => TransferEnd::Cut(left),
            (_, end, false) if end <= self.now() => TransferEnd::Done,
            (left, ..) => TransferEnd::Stopped(left),
        };
        self.with_sessions(id, |_| match end {
            TransferEnd::Cut(_) => drop(open),
            _ => open.close(),
        });
        end
    }

    fn abandon_request(
        &self,
        client: ClientId,
        id: PointId,
        work: Work,
        link: Option<Rate>,
    ) -> Option<Answer<Open<'_>>> {
        self.with_sessions(id, |server| server.abandon_request(client, work, link))
    }

    fn abandon_transfer(&self, id: PointId, open: Open<'_>) -> TransferEnd {
        match self.with_sessions(id, |_| open.server().abandon_transfer(open)) {
            Ok((left, goes_on)) => TransferEnd::Abandoned { left, goes_on },
            Err(open) => World::close(self, id, open),
        }
    }

    fn process<T>(&self, client: ClientId, ask: impl FnOnce(&mut Process) -> T) -> T {
        ask(self.processes.borrow_mut().of(client))
    }

    fn load(&self, id: PointId) -> Load {
        self.servers[id.index()].load()
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
}
