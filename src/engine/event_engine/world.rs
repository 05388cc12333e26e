//! The world of the event engine: its clock, its servers, and what its clients wait for.
//!
//! # Plain and full
//!
//! In a [`Plain`](crate::model::Plain) simulation a client that waits is woken at the instant that it
//! noted, and servers only count connections. In a [`Full`](crate::model::Full) one a client may be
//! woken earlier or later than it thought: its connection is cut, its turn comes, others slow its
//! transfer. Events cannot be taken back out of the queue. So the world remembers for each slot which
//! event it *expects*, and drops all others as stale; to wake a client at another time is to expect
//! another event. Servers have slots, too, above those of the clients: for each there is at most one
//! event for the end of its next transfer, and one for its next change.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::orbit::{Occasion, Orbits};
use super::plain_server::PlainServer;
use super::queue::{Due, EventQueue};
use super::server::Server;
use super::waiting::{Waiting, Wakeup};
use crate::engine::sessions_left;
use crate::model::{
    Answer, ClientId, Detail, Event, EventKind, KeptTrying, Load, Observer, Order, PointId,
    Process, Processes, Rate, Replication, Request, Span, Time, TransferEnd, Work, World,
};

/// The world in which the event engine simulates clients.
pub(super) struct EventWorld<'s, O, D> {
    pub(super) now: Cell<Time>,
    pub(super) horizon: Time,
    /// The slot of the client that is polled.
    pub(super) current: Cell<u32>,
    /// When it wants to continue, if it waits: two cells, because a pair would be written in parts and
    /// read as a whole, which stalls the processor.
    wake_at: Cell<Time>,
    wake_order: Cell<Order>,
    /// The servers of a plain simulation.
    pub(super) plain_servers: Vec<PlainServer>,
    /// The servers of a full one.
    pub(super) servers: Vec<RefCell<Server<'s>>>,
    pub(super) observer: RefCell<O>,
    pub(super) pending: Schedule,
    /// Clients whose refused retries are not simulated, if there are any such.
    /// What the clients of each process share.
    processes: RefCell<Processes>,
    pub(super) orbits: Option<RefCell<Orbits>>,
    pub(super) occasion: Cell<Occasion>,
    /// The point at which the client that is polled has its turn.
    pub(super) turn_taken_at: Cell<Option<PointId>>,
    /// When the observer is to be told of refusals.
    pub(super) refusals_due: Cell<Time>,
    /// What clients in orbit wait for, in a plain simulation; see [`Waiting`] for a full one.
    pub(super) deadlines: RefCell<Vec<u64>>,
    detail: PhantomData<D>,
}

/// What only a full simulation needs, but for the agenda.
#[derive(Default)]
pub(super) struct Schedule {
    /// What the client in each slot waits for.
    pub(super) clients: RefCell<Vec<Waiting>>,
    /// Events to be scheduled.
    pub(super) agenda: RefCell<Vec<(Time, Order, u32)>>,
    /// Servers at which a client came or went since the last look.
    pub(super) touched: RefCell<Vec<PointId>>,
    /// For each server, when its next transfer ends, as far as the queue knows.
    pub(super) end_expected: RefCell<Vec<Time>>,
    /// How many clients are stranded, and the slots that wait for how many.
    stranded: Cell<u64>,
    waiting_for_stranded: RefCell<Vec<(u64, u32)>>,
}

/// The slots from here on are those of servers. No memory holds that many clients.
const FIRST_SERVER: u32 = u32::MAX - u16::MAX as u32;

pub(super) fn slot_of(server: PointId) -> u32 {
    FIRST_SERVER + u32::from(server.0)
}

/// The server that has this slot, if no client has it.
fn server_of(slot: u32) -> Option<PointId> {
    slot.checked_sub(FIRST_SERVER).map(|server| PointId(server as u16))
}

/// What the executor asks for.
impl<'s, O: Observer, D: Detail> EventWorld<'s, O, D> {
    /// The world at its start. Observers learn of points that begin in another state. Retries that are
    /// refused are skipped where that is exact, unless `each_attempt` is to be simulated.
    pub fn new(replication: &Replication<'s>, observer: O, each_attempt: bool) -> Self {
        let points = || replication.distribution_points.iter().zip((0..).map(PointId));
        let server = |(point, id)| RefCell::new(Server::new(point, replication.timeline(id)));
        let world = EventWorld {
            now: Cell::new(Time::ZERO),
            horizon: replication.horizon,
            current: Cell::new(0),
            wake_at: Cell::new(Time::ZERO),
            wake_order: Cell::new(Order::Arrival),
            plain_servers: points()
                .map(|(_, id)| PlainServer::new(replication.timeline(id).state()))
                .collect(),
            servers: points().map(server).collect(),
            observer: RefCell::new(observer),
            pending: Schedule {
                end_expected: RefCell::new(points().map(|_| Time::MAX).collect()),
                ..Schedule::default()
            },
            processes: RefCell::new(Processes::new(replication)),
            orbits: match O::EVERY_ATTEMPT || each_attempt {
                true => None,
                false => Orbits::new(replication).map(RefCell::new),
            },
            occasion: Cell::new(Occasion::START),
            turn_taken_at: Cell::new(None),
            refusals_due: Cell::new(Time::MAX),
            deadlines: RefCell::default(),
            detail: PhantomData,
        };
        for (point, id) in points() {
            let limit = world.servers[id.index()].borrow().limit();
            if limit != point.connection_limit {
                world.observer.borrow_mut().limit_changed(Time::ZERO, id, limit);
            }
            world.schedule_change(id);
        }
        world
    }

    pub fn into_observer(self, replication: &Replication<'_>) -> O {
        let (mut observer, now) = (self.observer.into_inner(), self.now.get());
        for (server, id) in self.servers.iter().zip((0..).map(PointId)) {
            let server = server.borrow();
            sessions_left::tell(&mut observer, replication, id, now, server.session_ends());
        }
        observer
    }

    #[inline]
    pub fn set_now(&self, now: Time) {
        self.now.set(now);
        if now >= self.refusals_due.get() {
            self.tell_refusals();
        }
    }

    /// The client in `slot` will be polled next.
    #[inline]
    pub fn set_current(&self, slot: u32) {
        // Nothing else asks for it in a plain simulation.
        if D::FULL || self.orbits.is_some() {
            self.current.set(slot);
        }
    }

    /// A client has got `slot`, and is about to begin.
    #[inline]
    pub fn enter(&self, slot: u32) {
        if D::FULL {
            let mut clients = self.pending.clients.borrow_mut();
            if slot as usize == clients.len() {
                clients.push(Waiting::FOR_NOTHING);
            }
            clients[slot as usize].make_room();
        }
        if let Some(orbits) = &self.orbits {
            orbits.borrow_mut().make_room(slot);
            self.forget_deadline(slot);
        }
    }

    /// The client that continues, if any, now that an event has come that is no arrival.
    #[inline]
    pub fn wakes(&self, due: Due) -> Option<u32> {
        if !D::FULL {
            return match &self.orbits {
                None => Some(due.slot),
                Some(_) => self.wakes_around_orbits(due),
            };
        }
        match server_of(due.slot) {
            Some(server) if due.is(Order::Turn) => self.turn_at(server),
            Some(server) if due.is(Order::ConnectionEnd) => self.transfer_ends_at(server),
            Some(server) if due.is(Order::Poll) => self.meet_due_at(server),
            Some(server) => {
                self.change(server);
                None
            }
            None => {
                let waiting = &mut self.pending.clients.borrow_mut()[due.slot as usize];
                waiting.meets(due.at, due.order()).then_some(due.slot)
            }
        }
    }

    /// Schedules what has come up, in the order in which it did: before the first event, and after
    /// each; `waiting` is the client that was polled, if it waits now.
    #[inline]
    pub fn schedule(&self, queue: &mut EventQueue, waiting: Option<u32>) {
        if D::FULL || self.orbits.is_some() {
            self.offer_next_turn();
            for (at, order, slot) in self.pending.agenda.borrow_mut().drain(..) {
                queue.push(at, order, slot);
            }
        }
        if let Some(slot) = waiting {
            let (at, order) = (self.wake_at.get(), self.wake_order.get());
            let scheduled = match (D::FULL, &self.orbits) {
                (true, _) => self.expect(at, order, slot, Wakeup::Time),
                (false, Some(_)) => self.expect_deadline(at, order, slot),
                (false, None) => at <= self.horizon,
            };
            if scheduled {
                queue.push(at, order, slot);
            }
        }
        if D::FULL {
            self.schedule_ends(queue);
        }
    }
}

/// What happens around orbits.
impl<'s, O: Observer, D: Detail> EventWorld<'s, O, D> {
    /// As [`wakes`](Self::wakes), in a plain simulation with clients in orbit.
    fn wakes_around_orbits(&self, due: Due) -> Option<u32> {
        match due.order() {
            Order::Turn => self.turn_at(server_of(due.slot)?),
            order @ (Order::Poll | Order::LastRefusal) => {
                self.meets_deadline(due.at, order, due.slot).then_some(due.slot)
            }
            _ => Some(due.slot),
        }
    }
}

/// What clients wait for.
impl<'s, O: Observer, D: Detail> EventWorld<'s, O, D> {
    /// The client in `slot` waits for this event; whether it has to be scheduled.
    fn expect(&self, at: Time, order: Order, slot: u32, cause: Wakeup) -> bool {
        self.pending.clients.borrow_mut()[slot as usize].expect(at, order, cause, self.horizon)
    }

    /// Wakes the client in `slot` at this instant and not when it thought.
    pub(super) fn wake(&self, order: Order, slot: u32, cause: Wakeup) {
        let now = self.now.get();
        if self.expect(now, order, slot, cause) {
            self.pending.agenda.borrow_mut().push((now, order, slot));
        }
    }

    /// Lets the client that is polled wait until `at`, if that is in the future.
    #[inline]
    pub(super) fn sleep(&self, at: Time, order: Order) -> YieldOnce {
        if at > self.now.get() { self.wait_until(at, order) } else { YieldOnce { pending: false } }
    }

    /// Lets the client that is polled wait until `at`, or until it is woken before. What it waits
    /// for is noted here, so that what is awaited, and lies in every client's future, is a single
    /// byte.
    #[inline]
    pub(super) fn wait_until(&self, at: Time, order: Order) -> YieldOnce {
        self.wake_at.set(at);
        self.wake_order.set(order);
        YieldOnce { pending: true }
    }

    /// Why the client that is polled was woken.
    fn cause(&self) -> Wakeup {
        self.pending.clients.borrow_mut()[self.current.get() as usize].take_cause()
    }
}

impl<'s, O: Observer, D: Detail> World for EventWorld<'s, O, D> {
    const EVERY_ATTEMPT: bool = O::EVERY_ATTEMPT;

    type Connection<'w>
        = Connected
    where
        Self: 'w;

    #[inline]
    fn now(&self) -> Time {
        self.now.get()
    }

    #[inline]
    fn sleep_until(&self, at: Time, order: Order) -> impl Future<Output = ()> {
        self.sleep(at, order)
    }

    #[inline]
    fn retry_at(&self, point: PointId, at: Time) -> impl Future<Output = ()> {
        self.retry_outside(point, at)
    }

    #[inline]
    fn can_skip(&self, point: PointId, interval: Span) -> bool {
        self.has_orbit(point, interval)
    }

    fn keep_trying(
        &self,
        point: PointId,
        interval: Span,
        last: Option<(Time, Order)>,
    ) -> impl Future<Output = ()> {
        self.enter_orbit(point, interval, last)
    }

    fn kept_trying(&self, point: PointId, interval: Span) -> KeptTrying {
        self.left_orbit(point, interval)
    }

    // Always inlined, so that each call, which names its kind of event, keeps only what the
    // observer does about that kind.
    #[inline(always)]
    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind) {
        let at = self.now.get();
        self.observer.borrow_mut().observe(&Event { at, client, arrived, kind });
    }

    #[inline(always)]
    fn request(&self, point: PointId, request: Request) -> Option<Answer<Self::Connection<'_>>> {
        if D::FULL {
            return self.request_of_server(point, request);
        }
        Some(match self.plain_servers[point.index()].open() {
            true => Answer::Admitted(Connected(())),
            false => Answer::Refused(None),
        })
    }

    #[inline]
    fn wait_in_queue(&self, _: ClientId, _: PointId, deadline: Time) -> impl Future<Output = ()> {
        self.sleep(deadline, Order::Poll)
    }

    fn queue_timeout(&self, point: PointId) -> Option<Span> {
        self.servers[point.index()].borrow().queue_timeout()
    }

    fn leave_queue(
        &self,
        _: ClientId,
        point: PointId,
        timed_out: bool,
    ) -> Option<Answer<Self::Connection<'_>>> {
        if let Wakeup::Answered(answer) = self.cause() {
            return Some(answer.map(|()| Connected(())));
        }
        let mut server = self.touch(point);
        let answer = match timed_out {
            true => server.time_out(self.current.get()),
            false => {
                server.leave_queue(self.current.get());
                None
            }
        };
        // The next client in the queue may need fewer connections.
        self.serve_queue(&mut server);
        answer.map(|answer| answer.map(|()| Connected(())))
    }

    #[inline]
    fn transfer(
        &self,
        point: PointId,
        _: &Connected,
        work: Work,
        link: Option<Rate>,
        until: Time,
    ) -> impl Future<Output = ()> {
        let end = match (D::FULL, work) {
            (true, _) => self.touch(point).begin(self.current.get(), work, link),
            (false, Work::Hold(span)) => Some(self.now.get() + span),
            (false, Work::Carry(_)) => None,
        };
        match end.filter(|end| *end <= until) {
            Some(end) => self.wait_until(end, Order::ConnectionEnd),
            None => self.wait_until(until, Order::Poll),
        }
    }

    fn abandon_request(
        &self,
        _: ClientId,
        point: PointId,
        work: Work,
        link: Option<Rate>,
    ) -> Option<Answer<Self::Connection<'_>>> {
        if let Wakeup::Answered(answer) = self.cause() {
            return Some(answer.map(|()| Connected(())));
        }
        self.abandon_request_at(point, work, link);
        None
    }

    fn abandon_transfer(&self, point: PointId, connection: Connected) -> TransferEnd {
        self.abandon_transfer_at(point).unwrap_or_else(|| self.close(point, connection))
    }

    #[inline]
    fn close(&self, point: PointId, _: Connected) -> TransferEnd {
        if !D::FULL {
            self.plain_servers[point.index()].close();
            self.offer_turn(point);
            return TransferEnd::Done;
        }
        let slot = self.current.get();
        let cause = self.cause();
        let mut server = self.touch(point);
        let end = match cause {
            Wakeup::Cut(left) => TransferEnd::Cut(left),
            Wakeup::Time => server.stop(slot).map_or(TransferEnd::Done, TransferEnd::Stopped),
            Wakeup::Done | Wakeup::Answered(_) => TransferEnd::Done,
        };
        let lingering = server.lingering();
        server.close(slot, matches!(end, TransferEnd::Cut(_)));
        self.tell_lingering(point, lingering, server.lingering());
        self.serve_queue(&mut server);
        drop(server);
        self.offer_turn(point);
        end
    }

    fn process<T>(&self, client: ClientId, ask: impl FnOnce(&mut Process) -> T) -> T {
        ask(self.processes.borrow_mut().of(client))
    }

    fn load(&self, point: PointId) -> Load {
        self.servers[point.index()].borrow().load()
    }

    fn strand(&self) {
        let stranded = self.pending.stranded.get() + 1;
        self.pending.stranded.set(stranded);
        let mut waiting = self.pending.waiting_for_stranded.borrow_mut();
        // A scenario has one workaround: all wait for the same number.
        if waiting.first().is_some_and(|(count, _)| *count <= stranded) {
            for (_, slot) in waiting.drain(..) {
                self.wake(Order::Poll, slot, Wakeup::Time);
            }
        }
    }

    fn until_stranded(&self, count: u64) -> impl Future<Output = ()> {
        if self.pending.stranded.get() >= count {
            return YieldOnce { pending: false };
        }
        let waiting = (count, self.current.get());
        self.pending.waiting_for_stranded.borrow_mut().push(waiting);
        self.wait_until(Time::MAX, Order::Poll)
    }
}

/// The connections of the client that is polled to the point that it asked. Both are known wherever a
/// connection is used, so it takes no room in the futures of clients.
pub(super) struct Connected(pub(super) ());

/// Ready at once, or at the second poll.
pub(super) struct YieldOnce {
    pending: bool,
}

impl Future for YieldOnce {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::take(&mut self.pending) { Poll::Pending } else { Poll::Ready(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Client, Full, Plain, run_advertisement};
    use crate::scenario::{Origin, load};

    fn future_bytes<D: Detail>() -> usize {
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
        let world = EventWorld::<_, D>::new(&replication, (), false);
        let client = Client::<_, D>::new(&world, &replication.groups[0], 0, Time::ZERO);
        size_of_val(&run_advertisement(client))
    }

    #[test]
    fn a_plain_client_is_no_larger_than_a_cache_line() {
        // More would cost the events of all clients (`make bench`): what only some scenarios need
        // belongs to the full state. Futures of 80 bytes took 7% more time for the storm.
        let bytes = future_bytes::<Plain>();
        assert!(bytes <= 64, "{bytes}");
    }

    #[test]
    fn a_full_client_takes_no_more_memory_than_is_estimated() {
        // See `BYTES_PER_FULL_CLIENT` of the scenario's `memory.rs`.
        let bytes = future_bytes::<Full>();
        assert!(bytes <= 448, "{bytes}");
    }
}
