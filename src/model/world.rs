//! The world a client lives in: it gives time and connections, and is told what happens.

use super::distribution_point::PointId;
use super::event::{ClientId, EventKind};
use super::time::{Span, Time};

/// Time and distribution points for [`run_advertisement`](super::run_advertisement).
///
/// The client's code knows nothing else, so the same code runs on the event engine and on tokio.
/// Both worlds drop a client's future when the simulation ends.
pub trait World {
    /// A connection to a distribution point. Dropping it closes it.
    type Connection<'w>
    where
        Self: 'w;

    /// The present instant.
    fn now(&self) -> Time;

    /// Waits until `at`; returns at once if that is not in the future. `order` decides who goes
    /// first at equal instants, where the world keeps an order.
    fn sleep_until(&self, at: Time, order: Order) -> impl Future<Output = ()>;

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

    /// Takes note of what happened at the present instant to a client that arrived at `arrived`.
    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind);
}

/// A distribution point had no connection left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionRefused;

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
