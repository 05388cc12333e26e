//! The world that a client lives in: it gives time and connections, and observes what happens.

use super::{Address, ClientId, EventKind, Load, PointId, Process, Time, Work};
use crate::value::{Rate, Span};

/// Time and distribution points for [`run_advertisement`](super::run_advertisement).
///
/// The client's code knows nothing of engines, so the same code runs on the event engine and on
/// tokio. Both drop a client's future when the simulation ends.
pub trait World {
    /// Whether its observers look at every attempt.
    const EVERY_ATTEMPT: bool;

    /// What a client holds while it is connected to a distribution point: proof of its connections,
    /// one or several. [`close`](Self::close) takes it back; a client that is dropped with it is left
    /// over at the end of the simulation.
    type Connection<'w>
    where
        Self: 'w;

    /// The present instant.
    fn now(&self) -> Time;

    /// Waits until `at`; returns at once if that is not in the future. `order` decides which client
    /// goes first at equal instants, where the world keeps an order.
    fn sleep_until(&self, at: Time, order: Order) -> impl Future<Output = ()>;

    /// Waits until its next attempt at `point`, at `at`; returns at once if that is not in the future.
    fn retry_at(&self, point: PointId, at: Time) -> impl Future<Output = ()> {
        let _ = point;
        self.sleep_until(at, Order::Attempt)
    }

    /// Whether a client that retries `point` at a constant `interval` may [keep
    /// trying](Self::keep_trying): whether refused retries there can be skipped.
    fn can_skip(&self, point: PointId, interval: Span) -> bool {
        let _ = (point, interval);
        false
    }

    /// Retries `point` every `interval` from now on, and waits until an attempt has to be simulated, as
    /// it would not be refused, or until `last`: the instant at which it stops to try, before its attempt at
    /// that instant ([`Order::Poll`]) or after it ([`Order::LastRefusal`]).
    fn keep_trying(
        &self,
        point: PointId,
        interval: Span,
        last: Option<(Time, Order)>,
    ) -> impl Future<Output = ()> {
        let _ = point;
        let (at, order) = last.unwrap_or((Time::MAX, Order::Poll));
        let next = self.now() + interval;
        self.sleep_until(next.min(at), if next < at { Order::Attempt } else { order })
    }

    /// What came of [`keep_trying`](Self::keep_trying) when that returns.
    fn kept_trying(&self, point: PointId, interval: Span) -> KeptTrying {
        let _ = (point, interval);
        KeptTrying { refusals: Refusals::NONE, now: Now::Try }
    }

    /// Takes note of what happened at the present instant to a client that arrived at `arrived`.
    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind);

    /// A client asks a distribution point for connections; `None`: it has to wait for the answer, in the queue
    /// of the point or because of its rate limit.
    fn request(&self, point: PointId, request: Request) -> Option<Answer<Self::Connection<'_>>>;

    /// How long a client may wait in the queue of a point before it is refused; `None`: for ever.
    fn queue_timeout(&self, point: PointId) -> Option<Span>;

    /// Waits in the queue of a point until the request is answered, or until `deadline`.
    fn wait_in_queue(
        &self,
        client: ClientId,
        point: PointId,
        deadline: Time,
    ) -> impl Future<Output = ()>;

    /// Leaves the queue of a point; gives the answer to the request, if there is one. A client that was there
    /// for as long as it may be is refused: `timed_out`.
    fn leave_queue(
        &self,
        client: ClientId,
        point: PointId,
        timed_out: bool,
    ) -> Option<Answer<Self::Connection<'_>>>;

    /// Gives up a request in the queue of a point, for which it has waited too long; gives the answer if there is
    /// one at this very instant. What the point does with the request then is up to it: `work` is what would
    /// be done over each connection, all together at most at the rate of the client's own `link`.
    fn abandon_request(
        &self,
        client: ClientId,
        point: PointId,
        work: Work,
        link: Option<Rate>,
    ) -> Option<Answer<Self::Connection<'_>>>;

    /// Does `work` over each connection to `point`, all together at most at the rate of the client's
    /// own `link`, until it is done or cut, but not beyond `until`.
    fn transfer<'w>(
        &'w self,
        point: PointId,
        connection: &Self::Connection<'w>,
        work: Work,
        link: Option<Rate>,
        until: Time,
    ) -> impl Future<Output = ()>;

    /// Closes the connections to `point` after a transfer; returns how it ended. What is done at
    /// this very instant is done.
    fn close(&self, point: PointId, connection: Self::Connection<'_>) -> TransferEnd;

    /// Leaves its connections to `point` before the transfer is done, which took too long; returns how it ended.
    /// What is done at this very instant is done.
    fn abandon_transfer(&self, point: PointId, connection: Self::Connection<'_>) -> TransferEnd;

    /// Does something with the process that `client` belongs to.
    fn process<T>(&self, client: ClientId, ask: impl FnOnce(&mut Process) -> T) -> T;

    /// How busy a distribution point is.
    fn load(&self, point: PointId) -> Load;

    /// Takes note that one more client is stranded.
    fn strand(&self);

    /// Waits until `count` clients are stranded.
    fn until_stranded(&self, count: u64) -> impl Future<Output = ()>;
}

/// What a client asks a distribution point for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Who asks.
    pub client: ClientId,
    /// How many connections it needs at once, at least one.
    pub connections: u32,
    /// Lower numbers leave a queue first.
    pub priority: u32,
    /// The address that it comes from.
    pub address: Address,
    /// A number from 0 to 1, drawn where points answer with errors: a point does if it is below its share of
    /// errors, and if it would admit the client otherwise.
    pub luck: f64,
}

/// Retries that were refused, one each interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusals {
    /// How many.
    pub number: u32,
    /// When the first was, if there was any.
    pub first: Time,
}

impl Refusals {
    /// No retry was refused.
    pub const NONE: Refusals = Refusals { number: 0, first: Time::ZERO };
}

/// What came of retrying a distribution point again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptTrying {
    /// The retries that were refused meanwhile.
    pub refusals: Refusals,
    /// What is to be done now.
    pub now: Now,
}

/// What a client that kept trying does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Now {
    /// It makes its next attempt.
    Try,
    /// The time has come at which it stops.
    Stop,
    /// Nothing more: the simulation ends.
    Nothing,
}

/// How a transfer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferEnd {
    /// All work is done.
    Done,
    /// The connection was cut; this work is left.
    Cut(Work),
    /// The client had to stop; this work is left.
    Stopped(Work),
    /// The client waits for its end no longer.
    Abandoned {
        /// The work that is left.
        left: Work,
        /// Whether the point goes on with it all the same.
        goes_on: bool,
    },
}

/// The answer of a distribution point to a client that asks for connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<C> {
    /// The connections.
    Admitted(C),
    /// No more connections; the client may come back after this time, if the point hints at one.
    Refused(Option<Span>),
    /// Too many requests; the client may come back after this time, if the point hints at one.
    RateLimited(Option<Span>),
    /// An error of the server.
    Failed,
    /// No answer: the point is down.
    Unreachable,
}

impl<C> Answer<C> {
    /// The same answer, with what `open` makes of the connections.
    #[inline]
    pub fn map<D>(self, open: impl FnOnce(C) -> D) -> Answer<D> {
        match self {
            Answer::Admitted(connection) => Answer::Admitted(open(connection)),
            Answer::Refused(hint) => Answer::Refused(hint),
            Answer::RateLimited(hint) => Answer::RateLimited(hint),
            Answer::Failed => Answer::Failed,
            Answer::Unreachable => Answer::Unreachable,
        }
    }
}

/// What goes first at equal instants: lower ranks do, and within a rank what was scheduled first.
///
/// The order is part of the model. Where a transfer lasts as long as the retry interval, a wave of
/// retries meets the end of the wave before: connections end first, or half the capacity is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Order {
    /// A connection ends.
    ConnectionEnd = 0,
    /// A distribution point changes state (an outage, another limit).
    PointChange = 1,
    /// A poll, or the end of an advertisement.
    Poll = 2,
    /// A client arrives: arrivals count as scheduled when the simulation starts, before any retry.
    Arrival = 3,
    /// A client comes again, after all that come for the first time.
    Return = 4,
    /// A client tries again.
    Attempt = 5,
    /// A client that keeps trying has its turn. Engines put it in its place among the attempts of the
    /// same instant, by when it would have been scheduled.
    Turn = 6,
    /// The last retry of a client that keeps trying is refused.
    LastRefusal = 7,
}
