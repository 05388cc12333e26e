//! The event engine where transfers share bandwidth, points fail and servers have queues.
//!
//! # How it differs from the plain engine
//!
//! The executor (`executor.rs`) goes round as ever, but a client that waits may be
//! woken earlier or later than it thought: its connection is cut, its turn comes, others slow its
//! transfer. Events cannot be taken back out of the queue. So the engine remembers for each slot
//! which event it *expects*, and drops all others as stale; to wake a client at another time is to
//! expect another event. Distribution points have slots of their own, above those of the clients:
//! for each there is at most one event for the end of its next transfer, and one for its next change.

use std::cell::{Cell, RefCell};
use std::sync::atomic::AtomicBool;

use super::event_queue::{Due, EventQueue};
use super::executor::{Stage, YieldOnce, play};
use super::server::{Connection, Reply, Server};
use super::waiting::{NEVER, News, Waiting};
use crate::model::{
    Answer, Carried, ClientId, Clock, Event, EventKind, FullClient, FullWorld, Load, Members,
    Newcomer, Observer, Order, PointId, Rate, Replication, Time, Work, run_full_advertisement,
};

/// Plays `replication` as [`event_engine::run`](super::event_engine::run) does.
pub fn run<O: Observer>(replication: &Replication<'_>, observer: O, stop: &AtomicBool) -> O {
    let world = FullEventWorld::new(replication, observer);
    world.start(replication);
    play(&world, replication, stop);
    world.observer.into_inner()
}

/// A full world as the event engine plays it.
struct FullEventWorld<'s, O> {
    now: Cell<Time>,
    horizon: Time,
    /// Who is being polled.
    current: Cell<u32>,
    points: Vec<RefCell<Point<'s>>>,
    /// Points at which somebody came or went since the last look.
    touched: RefCell<Vec<PointId>>,
    clients: RefCell<Vec<Waiting>>,
    /// Events to be scheduled.
    agenda: RefCell<Vec<(Time, Order, u32)>>,
    /// How many clients are stranded, and who waits until that are so many.
    stranded: Cell<u64>,
    waiting_for_stranded: RefCell<Vec<(u64, u32)>>,
    observer: RefCell<O>,
}

struct Point<'s> {
    server: Server<'s>,
    /// When the next transfer ends, as far as the queue knows.
    end_expected: Time,
}

/// The slots from here on are those of points. So many clients fit into no memory.
const FIRST_POINT: u32 = u32::MAX - u16::MAX as u32;

/// The slot of a point.
fn slot_of(point: PointId) -> u32 {
    FIRST_POINT + u32::from(point.0)
}

/// The point whose slot it is, if it is none of a client.
fn point_of(slot: u32) -> Option<PointId> {
    slot.checked_sub(FIRST_POINT).map(|point| PointId(point as u16))
}

impl<'s, O: Observer> FullEventWorld<'s, O> {
    fn new(replication: &Replication<'s>, observer: O) -> Self {
        let points = replication.distribution_points.iter().zip(0..).map(|(point, id)| {
            let server = Server::new(PointId(id), point, replication.timeline(PointId(id)));
            RefCell::new(Point { server, end_expected: NEVER })
        });
        FullEventWorld {
            now: Cell::new(Time::ZERO),
            horizon: replication.horizon,
            current: Cell::new(0),
            points: points.collect(),
            touched: RefCell::default(),
            clients: RefCell::default(),
            agenda: RefCell::default(),
            stranded: Cell::new(0),
            waiting_for_stranded: RefCell::default(),
            observer: RefCell::new(observer),
        }
    }

    /// Tells the observer of points that begin in another state, and schedules their changes.
    fn start(&self, replication: &Replication<'_>) {
        for (point, id) in replication.distribution_points.iter().zip(0..) {
            let limit = self.points[usize::from(id)].borrow().server.limit();
            if limit != point.connection_limit {
                self.observer.borrow_mut().limit_changed(Time::ZERO, PointId(id), limit);
            }
            self.schedule_change(PointId(id));
        }
    }

    fn schedule_change(&self, id: PointId) {
        let next = self.points[id.index()].borrow_mut().server.next_change(self.horizon);
        if let Some(at) = next {
            self.agenda.borrow_mut().push((at, Order::PointChange, slot_of(id)));
        }
    }

    /// Wakes the client in `slot` at `at` and not when it thought.
    fn wake(&self, at: Time, order: Order, slot: u32, news: News) {
        let waiting = &mut self.clients.borrow_mut()[slot as usize];
        if waiting.expect(at, order, news, self.horizon) {
            self.agenda.borrow_mut().push((at, order, slot));
        }
    }

    /// Lets the client that is polled wait for `at`, and for news.
    fn wait_until(&self, at: Time, order: Order) -> YieldOnce {
        self.wake(at, order, self.current.get(), News::None);
        YieldOnce { pending: true }
    }

    fn news(&self) -> News {
        self.clients.borrow_mut()[self.current.get() as usize].take_news()
    }

    /// What happens at a point: a transfer ends, whose client is to be polled, or it changes.
    fn happens_at(&self, id: PointId, order: Order) -> Option<u32> {
        let now = self.now.get();
        let mut point = self.points[id.index()].borrow_mut();
        point.server.advance(now);
        if order == Order::ConnectionEnd {
            if point.end_expected != now {
                return None;
            }
            point.end_expected = NEVER;
            self.touched.borrow_mut().push(id);
            let done = point.server.take_done();
            if let Some(slot) = done {
                // It no longer waits for anything else.
                self.clients.borrow_mut()[slot as usize].hear(News::Done);
            }
            return done;
        }
        let cut = point.server.change();
        self.observer.borrow_mut().limit_changed(now, id, point.server.limit());
        for (slot, left) in cut {
            self.wake(now, Order::PointChange, slot, News::Cut(left));
        }
        for (slot, reply) in point.server.turn_away() {
            self.wake(now, Order::PointChange, slot, News::Answer(reply));
        }
        self.serve_queue(&mut point);
        drop(point);
        self.touched.borrow_mut().push(id);
        self.schedule_change(id);
        None
    }

    fn serve_queue(&self, point: &mut Point<'_>) {
        while let Some((slot, connection)) = point.server.serve_queue() {
            // Before the point can change at this instant: then the connection is cut.
            let admitted = News::Answer(Reply::Admitted(connection));
            self.wake(self.now.get(), Order::ConnectionEnd, slot, admitted);
        }
    }

    /// What a client hears; `None`: it is in the queue.
    fn answer(&self, reply: Reply) -> Option<Answer<Open<'_, 's, O>>> {
        match reply {
            Reply::Queued => None,
            Reply::Admitted(connection) => Some(Answer::Admitted(Open { world: self, connection })),
            Reply::Refused(hint) => Some(Answer::Refused(hint)),
            Reply::Unreachable => Some(Answer::Unreachable),
        }
    }

    fn touch(&self, id: PointId) -> std::cell::RefMut<'_, Point<'s>> {
        self.touched.borrow_mut().push(id);
        let mut point = self.points[id.index()].borrow_mut();
        point.server.advance(self.now.get());
        point
    }
}

impl<O: Observer> Stage for FullEventWorld<'_, O> {
    fn set_now(&self, now: Time) {
        self.now.set(now);
    }

    fn client<'w>(
        &'w self,
        members: &'w Members<'w>,
        newcomer: Newcomer,
    ) -> impl Future<Output = ()> + 'w {
        run_full_advertisement(FullClient::new(self, members, newcomer.index, newcomer.at))
    }

    /// Makes room for what it will wait for.
    fn enter(&self, slot: u32) {
        let mut clients = self.clients.borrow_mut();
        if slot as usize == clients.len() {
            clients.push(Waiting::FOR_NOTHING);
        }
        clients[slot as usize] = Waiting::FOR_NOTHING;
    }

    fn wakes(&self, due: Due) -> Option<u32> {
        match point_of(due.slot) {
            Some(point) => self.happens_at(point, due.order()),
            None => {
                let waiting = &mut self.clients.borrow_mut()[due.slot as usize];
                waiting.meets(due.at, due.order()).then_some(due.slot)
            }
        }
    }

    fn about_to_poll(&self, slot: u32) {
        self.current.set(slot);
    }

    /// What clients wait for, they have put on the agenda.
    fn schedule(&self, queue: &mut EventQueue, _: Option<u32>) {
        for (at, order, slot) in self.agenda.borrow_mut().drain(..) {
            queue.push(at, order, slot);
        }
        for id in self.touched.borrow_mut().drain(..) {
            let mut point = self.points[id.index()].borrow_mut();
            // If the next transfer ends later than expected, the event that is in the queue will
            // find nothing done, and look again.
            if let Some(at) = point.server.next_end()
                && at < point.end_expected
                && at <= self.horizon
            {
                point.end_expected = at;
                queue.push(at, Order::ConnectionEnd, slot_of(id));
            }
        }
    }
}

impl<O: Observer> Clock for FullEventWorld<'_, O> {
    fn now(&self) -> Time {
        self.now.get()
    }

    fn sleep_until(&self, at: Time, order: Order) -> impl Future<Output = ()> {
        if at > self.now.get() { self.wait_until(at, order) } else { YieldOnce { pending: false } }
    }

    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind) {
        let at = self.now.get();
        self.observer.borrow_mut().observe(&Event { at, client, arrived, kind });
    }
}

impl<'s, O: Observer> FullWorld for FullEventWorld<'s, O> {
    type Connection<'w>
        = Open<'w, 's, O>
    where
        Self: 'w;

    fn request(
        &self,
        client: ClientId,
        point: PointId,
        connections: u32,
    ) -> Option<Answer<Self::Connection<'_>>> {
        let reply = self.touch(point).server.request(self.current.get(), client, connections);
        self.answer(reply)
    }

    async fn wait_in_queue(
        &self,
        point: PointId,
        deadline: Time,
    ) -> Option<Answer<Self::Connection<'_>>> {
        if deadline > self.now.get() {
            self.wait_until(deadline, Order::Poll).await;
        }
        match self.news() {
            News::Answer(reply) => self.answer(reply),
            News::Cut(_) | News::Done | News::None => {
                let mut point = self.touch(point);
                point.server.leave_queue(self.current.get());
                // Who comes after may need fewer connections.
                self.serve_queue(&mut point);
                None
            }
        }
    }

    // What is awaited, and lies in every client's future, is only what is needed afterwards.
    fn carry(
        &self,
        open: &Open<'_, 's, O>,
        work: Work,
        link: Option<Rate>,
        until: Time,
    ) -> impl Future<Output = Carried> {
        let connection = open.connection;
        let Connection { point, number, .. } = connection;
        let slot = self.current.get();
        let end = self.touch(point).server.begin(connection, work, link, slot);
        let ends = end.filter(|end| *end <= until);
        let wait = match ends {
            Some(end) => self.wait_until(end, Order::ConnectionEnd),
            None => self.wait_until(until, Order::Poll),
        };
        let ends = ends.is_some();
        async move {
            wait.await;
            match self.news() {
                News::Cut(left) => Carried::Cut(left),
                News::None if !ends => Carried::Stopped(self.touch(point).server.stop(number)),
                _ => Carried::Done,
            }
        }
    }

    fn load(&self, point: PointId) -> Load {
        self.points[point.index()].borrow().server.load()
    }

    fn strand(&self) {
        let stranded = self.stranded.get() + 1;
        self.stranded.set(stranded);
        let mut waiting = self.waiting_for_stranded.borrow_mut();
        // A scenario has one workaround: all wait for the same number.
        if waiting.first().is_some_and(|(count, _)| *count <= stranded) {
            for (_, slot) in waiting.drain(..) {
                self.wake(self.now.get(), Order::Poll, slot, News::None);
            }
        }
    }

    async fn until_stranded(&self, count: u64) {
        if self.stranded.get() < count {
            self.waiting_for_stranded.borrow_mut().push((count, self.current.get()));
            self.wait_until(NEVER, Order::Poll).await;
        }
    }
}

/// The open connections of a client.
struct Open<'w, 's, O: Observer> {
    world: &'w FullEventWorld<'s, O>,
    connection: Connection,
}

impl<O: Observer> Drop for Open<'_, '_, O> {
    fn drop(&mut self) {
        let mut point = self.world.touch(self.connection.point);
        point.server.close(self.connection);
        self.world.serve_queue(&mut point);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Origin, load};

    #[test]
    fn a_client_takes_no_more_memory_than_is_reckoned_with() {
        let text = "
            name = 'one'
            distribution_points.DP01.connection_limit = 1
            [clients.g]
            count = 1
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '1s' }
        ";
        let loaded = load(Origin::Text { name: "test", text }, &[]).expect("right");
        let replication = loaded.base.replication(0);
        let world = FullEventWorld::new(&replication, ());
        let client = FullClient::new(&world, &replication.groups[0], 0, Time::ZERO);
        // See `BYTES_PER_FULL_CLIENT` of the scenario's `memory.rs`.
        let bytes = size_of_val(&run_full_advertisement(client));
        assert!(bytes <= 448, "{bytes}");
    }
}
