//! A client, and what it remembers between its attempts.

use crate::model::route::Route;
use crate::model::{
    ClientId, Detail, EventKind, Members, Online, Order, Outcome, PointId, RefusalCode, Release,
    State, Streams, Time, World,
};
use crate::value::Span;

/// A client and what it remembers between its attempts.
///
/// Dropped before its advertisement ended, it counts as unfinished: no client is lost when
/// a simulation is cut short.
pub struct Client<'w, W: World, D: Detail> {
    pub(super) world: &'w W,
    pub(super) group: &'w Members<'w>,
    pub(super) arrival: Time,
    pub(super) index: u32,
    pub(super) attempts: u32,
    pub(super) retries: u32,
    /// The delay before the retry before, in ms: decorrelated jitter builds on it. Cut at 49 days.
    pub(super) last_delay: u32,
    pub(super) route: Route,
    pub(super) point: PointId,
    /// The point whose refusal it waits to retry, or [`NOWHERE`].
    pub(super) waiting_at: PointId,
    pub(super) advertisement: Advertisement<W::Connection<'w>>,
    pub(super) state: D::State<'w>,
}

/// No distribution point: a scenario has fewer than 65,535. An `Option` would take twice the room.
pub(super) const NOWHERE: PointId = PointId(u16::MAX);

/// How far a client is with its advertisement. The connection lies in here because a byte more in
/// the [`Client`] would be eight more in a plain client's future: 72 bytes, not 64.
pub(super) enum Advertisement<C> {
    /// It does not yet know of it.
    Unknown,
    /// It waits, or asks for a connection.
    Active,
    /// It has its connections.
    Connected(C),
    /// It has an outcome.
    Ended,
}

/// How far an attempt is, or how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// The client waits in the queue of the point, until it has waited enough.
    Queued(Stay),
    /// The client is connected, and leaves at this instant at the latest.
    Connected(Time),
    /// The program has run.
    Done,
    /// The client's own process rejected it: the server saw nothing of it.
    Rejected,
    /// No more connections; the server may have said when to come back.
    Refused(Option<Span>),
    /// Too many requests; the server may have said when to come back.
    RateLimited(Option<Span>),
    /// An error of the server.
    Failed,
    /// It took too long, and the client was still in the queue.
    TimedOutInQueue,
    /// It took too long, and the client was connected.
    TimedOut,
    /// The network path was not found.
    Unreachable,
    /// The connection was cut before the transfer was done.
    Cut,
    /// The client itself went away during a transfer or while it was in a queue, and comes back
    /// then.
    Away(Time),
    /// Its patience, or the advertisement, ended while it was in a queue.
    EndedInQueue(Outcome),
}

/// What a client does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reaction {
    /// It waits, and continues or ends.
    Pause(Pause),
    /// It tries again and again.
    KeepTrying(Retries),
}

/// A wait until `at` (perhaps now), and what comes then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pause {
    pub(super) at: Time,
    pub(super) then: Then,
}

/// A stay in a queue until `until`, unless the request is answered before, and why the client leaves then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stay {
    pub(super) until: Time,
    pub(super) then: Leaving,
}

/// Why a client leaves a queue without an answer to its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// The point lets nobody wait longer: it is refused.
    TimedOut,
    /// It does not want to wait longer, which counts as a refusal.
    Impatient,
    /// Its attempt takes too long.
    GivesUpAttempt,
    /// It goes away, and comes back.
    Away,
    /// Its patience for the whole, or its advertisement, ends.
    Ends(Outcome),
}

/// All retries of a client that come after the same interval, from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Retries {
    pub(super) interval: Span,
    /// When it stops, before or after its retry at that instant.
    pub(super) last: Option<(Time, Order)>,
    /// What becomes of it then.
    pub(super) outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    TryAgain,
    End(Outcome),
}

impl<'w, W: World, D: Detail> Client<'w, W, D> {
    /// Client `index` of `group`, which arrives at `arrival`.
    #[inline]
    pub fn new(world: &'w W, group: &'w Members<'w>, index: u32, arrival: Time) -> Self {
        Client {
            world,
            group,
            arrival,
            index,
            attempts: 0,
            retries: 0,
            last_delay: 0,
            route: Route::default(),
            point: group.group.distribution_points[0],
            waiting_at: NOWHERE,
            advertisement: Advertisement::Unknown,
            state: D::state(group, index, arrival),
        }
    }

    /// The release that it has at `now`.
    #[inline]
    pub(super) fn release(&self, now: Time) -> &'w Release {
        self.state.full().map_or(&self.group.group.release, |full| full.releases.at(now))
    }

    /// Its random numbers; those that stay the same however often it comes are the group's.
    #[inline]
    pub(super) fn streams(&self) -> &Streams {
        self.state.full().map_or(&self.group.streams, |full| &full.streams)
    }

    #[inline]
    pub(super) fn online(&self) -> Online<'w> {
        self.state.full().map_or(Online::ALWAYS, |full| full.online)
    }

    /// How many retries count for the policy.
    #[inline]
    pub(super) fn policy_retries(&self) -> u32 {
        self.retries - self.state.full().map_or(0, |full| full.retries_before)
    }

    /// The retries so far do not count for the policy any more.
    pub(super) fn forget_retries(&mut self) {
        if let Some(full) = self.state.full_mut() {
            full.retries_before = self.retries;
            self.last_delay = 0;
        }
    }

    #[inline]
    pub(super) fn end(&mut self, outcome: Outcome) {
        if outcome == Outcome::Unfinished {
            return;
        }
        if let Some(stranded_at) = self.stranded_at() {
            // The end of its new advertisement. It stays stranded all the same.
            let delay = self.world.now().since(stranded_at);
            let waiting_at = self.waiting_at();
            self.observe(EventKind::ReadvertisementEnded { outcome, delay, waiting_at });
            self.waiting_at = NOWHERE;
            return self.conclude(Outcome::Stranded);
        }
        self.conclude(outcome);
    }

    /// When an error handler unscheduled its first advertisement, if that has happened and a new one
    /// may come or has come.
    #[inline]
    pub(super) fn stranded_at(&self) -> Option<Time> {
        self.state.full().and_then(|full| full.stranded_at)
    }

    pub(super) fn conclude(&mut self, outcome: Outcome) {
        self.advertisement = Advertisement::Ended;
        self.observe(EventKind::Ended {
            outcome,
            attempts: self.attempts,
            waiting_at: self.waiting_at(),
        });
    }
}

/// What observers see.
impl<W: World, D: Detail> Client<'_, W, D> {
    #[inline(always)]
    pub(super) fn id(&self) -> ClientId {
        ClientId { group: self.group.id, index: self.index }
    }

    #[inline(always)]
    pub(super) fn observe(&self, kind: EventKind) {
        self.world.observe(self.id(), self.arrival, kind);
    }

    #[inline]
    pub(super) fn refused(&self, code: RefusalCode) {
        self.observe(EventKind::Refused { point: self.point, attempt: self.attempts, code });
    }

    #[inline]
    pub(super) fn retry_scheduled(&mut self, due: Time) {
        self.observe(EventKind::RetryScheduled {
            point: self.point,
            due,
            waiting_at: self.waiting_at(),
        });
        self.waiting_at = self.point;
    }

    #[inline]
    pub(super) fn waiting_at(&self) -> Option<PointId> {
        (self.waiting_at != NOWHERE).then_some(self.waiting_at)
    }
}

impl<W: World, D: Detail> Drop for Client<'_, W, D> {
    fn drop(&mut self) {
        if let Advertisement::Unknown | Advertisement::Ended = self.advertisement {
            return;
        }
        if self.stranded_at().is_some() {
            self.waiting_at = NOWHERE;
            self.conclude(Outcome::Stranded);
        } else {
            self.conclude(Outcome::Unfinished);
        }
    }
}
