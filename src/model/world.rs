//! The world a client lives in: it gives time and connections, and is told what happens.

use super::distribution_point::PointId;
use super::event::{ClientId, EventKind};
use super::time::Time;
use super::transfer::Work;
use crate::value::Rate;
use crate::value::Span;

/// Time, and somebody who watches: what every client needs.
///
/// The client's code knows nothing of engines, so the same code runs on the event engine and on
/// tokio. Both drop a client's future when the simulation ends.
pub trait Clock {
    /// The present instant.
    fn now(&self) -> Time;

    /// Waits until `at`; returns at once if that is not in the future. `order` decides who goes
    /// first at equal instants, where the world keeps an order.
    fn sleep_until(&self, at: Time, order: Order) -> impl Future<Output = ()>;

    /// Takes note of what happened at the present instant to a client that arrived at `arrived`.
    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind);
}

/// Distribution points for [`run_advertisement`](super::run_advertisement): a connection limit and
/// nothing else, so that the end of a transfer is known when it begins.
pub trait World: Clock {
    /// A connection to a distribution point. Dropping it closes it.
    type Connection<'w>
    where
        Self: 'w;

    /// Tries to connect to a distribution point.
    ///
    /// # Errors
    ///
    /// [`ConnectionRefused`] if it has as many connections as its limit allows.
    fn connect(
        &self,
        point: PointId,
    ) -> impl Future<Output = Result<Self::Connection<'_>, ConnectionRefused>>;

    /// Holds a connection for `duration`, while the program runs from the share.
    fn transfer<'w>(
        &'w self,
        connection: &Self::Connection<'w>,
        duration: Span,
    ) -> impl Future<Output = ()>;
}

/// Distribution points for [`run_full_advertisement`](super::run_full_advertisement): with shared
/// bandwidth, trouble and a queue. When a transfer ends, nobody knows when it begins; it may be cut.
pub trait FullWorld: Clock {
    /// The connections of a client to a distribution point, one or several. Dropping them closes
    /// them.
    type Connection<'w>
    where
        Self: 'w;

    /// `client` asks a distribution point for `connections` at once, at least one; `None`: it is in
    /// its queue now, and must wait there.
    fn request(
        &self,
        client: ClientId,
        point: PointId,
        connections: u32,
    ) -> Option<Answer<Self::Connection<'_>>>;

    /// Waits in the queue of a point for its answer; `None` if there is none until `deadline`.
    fn wait_in_queue(
        &self,
        point: PointId,
        deadline: Time,
    ) -> impl Future<Output = Option<Answer<Self::Connection<'_>>>>;

    /// Does `work` over each connection, all together at most at the rate of the client's own
    /// `link`, and not beyond `until`; what is done at that very instant is done.
    fn carry<'w>(
        &'w self,
        connection: &Self::Connection<'w>,
        work: Work,
        link: Option<Rate>,
        until: Time,
    ) -> impl Future<Output = Carried>;

    /// How busy a distribution point is.
    fn load(&self, point: PointId) -> Load;

    /// Takes note that one more client is stranded.
    fn strand(&self);

    /// Waits until so many clients are stranded.
    fn until_stranded(&self, count: u64) -> impl Future<Output = ()>;
}

/// How a transfer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// All is done.
    Done,
    /// The connection was cut; so much is left.
    Cut(Work),
    /// The client had to stop; so much is left.
    Stopped(Work),
}

/// How busy a distribution point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Open connections, and those that clients in its queue wait for.
    pub busy: u64,
    /// The limit in force; 0 while the point is down.
    pub limit: u32,
}

/// A distribution point had no connection left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionRefused;

/// What a distribution point says to a client that asks for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<C> {
    /// Here it is.
    Admitted(C),
    /// No more connections; come again in so much time, if the point says.
    Refused(Option<Span>),
    /// Nobody answers: the point is down.
    Unreachable,
}

/// Who goes first at equal instants: lower ranks do, and within a rank who was scheduled first.
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
    /// A client tries again.
    Attempt = 4,
}
