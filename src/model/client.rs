//! One client runs one advertisement: the story of Q268500, top to bottom.

use super::distribution_point::{Choice, PointId};
use super::event::{ClientId, EventKind, Outcome, RefusalCode};
use super::group::Members;
use super::hours::Online;
use super::random::Purpose;
use super::release::Release;
use super::retry::RetryPolicy;
use super::time::Time;
use super::world::{Clock, ConnectionRefused, Order, World};
use crate::value::Span;

/// One client runs one advertisement.
///
/// This is the story of the KB article, written once for every [`World`]. Where bandwidth is shared
/// or points fail, [`run_full_advertisement`](super::run_full_advertisement) goes on from here. It
/// is a function that returns an
/// async block rather than an `async fn`, which would keep its argument twice: the size of this
/// future decides how many clients fit into a cache.
#[expect(clippy::manual_async_fn, reason = "an async fn keeps its argument twice")]
pub fn run_advertisement<W: World>(mut client: Client<'_, W>) -> impl Future<Output = ()> {
    async move {
        client.world.sleep_until(client.arrival, Order::Arrival).await;
        client.arrive();
        if client.advertisement_is_over() {
            return client.end(Outcome::Expired);
        }
        let connection = loop {
            let point = client.choose_distribution_point();
            let refused = match client.world.connect(point).await {
                Ok(connection) => break connection,
                Err(refused) => refused,
            };
            let Reaction { at, then } = client.react_to(refused);
            client.world.sleep_until(at, then.order()).await;
            if let Then::End(outcome) = then {
                return client.end(outcome);
            }
        };
        client.connected(1);
        client.world.transfer(&connection, client.transfer_time()).await;
        drop(connection);
        client.disconnected(1);
        client.end(Outcome::Completed);
    }
}

/// A client and what it remembers between its attempts.
///
/// Dropped before its advertisement ended, it counts as unfinished: nothing is lost, whatever
/// cuts a simulation short.
pub struct Client<'w, W: Clock> {
    pub(super) world: &'w W,
    pub(super) group: &'w Members<'w>,
    pub(super) arrival: Time,
    pub(super) index: u32,
    pub(super) attempts: u32,
    pub(super) retries: u32,
    /// The delay before the retry before, in ms: decorrelated jitter builds on it. Cut at 49 days.
    pub(super) last_delay: u32,
    /// How many points it went on from, less whole rounds.
    left: u16,
    pub(super) point: PointId,
    /// The point whose refusal it waits to retry, or [`NOWHERE`].
    pub(super) waiting_at: PointId,
    /// Refusals in a row at the present point.
    tries_here: u8,
    pub(super) stage: Stage,
}

/// No distribution point: a scenario has fewer than 65,535. An `Option` would take twice the room.
pub(super) const NOWHERE: PointId = PointId(u16::MAX);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It does not yet know of the advertisement.
    Absent,
    Active,
    /// An error handler unscheduled it, and a new advertisement may come or has come.
    Stranded,
    Ended,
}

/// What a client that waits is bound to.
#[derive(Clone, Copy)]
pub(super) struct Terms<'t> {
    /// Its error handling.
    pub(super) release: &'t Release,
    /// Since when its patience is tried.
    pub(super) since: Time,
    /// When the advertisement expires, if it does.
    pub(super) expires: Option<Time>,
    /// When it polls.
    pub(super) online: Online<'t>,
}

/// What a client does about a refusal: wait until `at` (perhaps now), then go on or end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reaction {
    pub(super) at: Time,
    pub(super) then: Then,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    TryAgain,
    End(Outcome),
}

impl Then {
    pub(super) fn order(self) -> Order {
        match self {
            Then::TryAgain => Order::Attempt,
            Then::End(_) => Order::Poll,
        }
    }
}

impl<'w, W: Clock> Client<'w, W> {
    /// Client `index` of `group`, which arrives at `arrival`.
    #[inline]
    pub fn new(world: &'w W, group: &'w Members<'w>, index: u32, arrival: Time) -> Self {
        Client {
            world,
            group,
            arrival,
            last_delay: 0,
            index,
            attempts: 0,
            retries: 0,
            tries_here: 0,
            left: 0,
            point: group.group.distribution_points[0],
            waiting_at: NOWHERE,
            stage: Stage::Absent,
        }
    }

    #[inline(always)]
    pub(super) fn id(&self) -> ClientId {
        ClientId { group: self.group.id, index: self.index }
    }

    #[inline(always)]
    pub(super) fn observe(&self, kind: EventKind) {
        self.world.observe(self.id(), self.arrival, kind);
    }

    pub(super) fn arrive(&mut self) {
        self.stage = Stage::Active;
        self.observe(EventKind::Arrived);
    }

    pub(super) fn advertisement_is_over(&self) -> bool {
        self.group.expires.is_some_and(|expires| self.world.now() >= expires)
    }

    #[inline]
    pub(super) fn choose_distribution_point(&mut self) -> PointId {
        if self.group.has_choice {
            let group = self.group.group;
            let points = &group.distribution_points;
            // A client that goes on draws once a round: it tries every point before it waits.
            let tries = group.release.tries_per_point.unwrap_or(0);
            let in_round = u32::from(self.left) * u32::from(tries) + u32::from(self.tries_here);
            let place = group.choose.place(
                points.len(),
                &self.group.streams,
                self.index,
                self.attempts - in_round,
                self.left,
            );
            self.point = points[place];
        }
        self.point
    }

    fn transfer_time(&self) -> Span {
        self.group.group.transfer.duration(self.index, &self.group.streams)
    }

    #[inline]
    pub(super) fn connected(&mut self, connections: u32) {
        self.attempts += 1;
        self.observe(EventKind::Connected {
            point: self.point,
            attempt: self.attempts,
            connections,
            waiting_at: self.waiting_at(),
        });
        self.waiting_at = NOWHERE;
    }

    pub(super) fn disconnected(&self, connections: u32) {
        self.observe(EventKind::Disconnected { point: self.point, connections });
    }

    pub(super) fn cut(&self, connections: u32) {
        self.observe(EventKind::Cut { point: self.point, connections });
    }

    /// The error handler: what the release makes of a refusal.
    #[inline]
    fn react_to(&mut self, _: ConnectionRefused) -> Reaction {
        self.attempts += 1;
        let now = self.world.now();
        // Most refusals of most scenarios can only be retried after the same interval, and most
        // events are refusals: one look, instead of one for each thing that could be otherwise.
        if let Some(interval) = self.group.plain_retry {
            self.refused(RefusalCode::NoMoreConnections);
            let due = now + interval;
            self.retry_scheduled(due);
            return Reaction { at: due, then: Then::TryAgain };
        }
        let code = self.refusal_code();
        self.refused(code);
        let release = &self.group.group.release;
        if code == RefusalCode::Misreported && release.misreport_strands {
            return Reaction { at: now, then: Then::End(Outcome::Stranded) };
        }
        if self.goes_on_at_once() {
            return Reaction { at: now, then: Then::TryAgain };
        }
        if release.retry.max_retries.is_some_and(|max| self.retries >= max) {
            return Reaction { at: now, then: Then::End(Outcome::GaveUp) };
        }
        self.wait_for_retry(now)
    }

    #[inline]
    pub(super) fn refused(&self, code: RefusalCode) {
        self.observe(EventKind::Refused { point: self.point, attempt: self.attempts, code });
    }

    #[inline]
    fn retry_scheduled(&mut self, due: Time) {
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

    /// Draws whether the Advertised Programs Manager reports this refusal as `0x80070047`. The
    /// draw does not depend on the release: a fixed one sees the same code and retries.
    #[inline]
    pub(super) fn refusal_code(&self) -> RefusalCode {
        let probability = self.group.group.misreport_probability;
        let misreported = probability > 0.0
            && self.group.streams.uniform(self.index, Purpose::Misreport, self.attempts - 1)
                < probability;
        if misreported { RefusalCode::Misreported } else { RefusalCode::NoMoreConnections }
    }

    /// Whether the client tries another distribution point without waiting first.
    #[inline]
    pub(super) fn goes_on_at_once(&mut self) -> bool {
        let group = self.group.group;
        match group.release.tries_per_point {
            None => {
                // It waits in any case, and comes back to where its choice sends it.
                if group.choose == Choice::Ordered {
                    self.leave_point();
                }
                false
            }
            Some(tries) => {
                self.tries_here += 1;
                if self.tries_here < tries {
                    return false;
                }
                self.tries_here = 0;
                self.leave_point();
                // Once round: every point has refused it.
                self.left != 0
            }
        }
    }

    fn leave_point(&mut self) {
        self.left += 1;
        if usize::from(self.left) >= self.group.group.distribution_points.len() {
            self.left = 0;
        }
    }

    /// Enters Retry mode, and finds out what ends it: the retry, or something that comes before.
    #[inline]
    fn wait_for_retry(&mut self, now: Time) -> Reaction {
        let members = self.group;
        let release = &members.group.release;
        let delay = self.next_delay(&release.retry, 0, None);
        let since = self.arrival;
        let terms = Terms { release, since, expires: members.expires, online: Online::ALWAYS };
        self.wait(terms, now, now + delay)
    }

    /// The delay before the next retry; `before` of its retries do not count for the policy, and
    /// `hint` is what the server asked for.
    #[inline]
    pub(super) fn next_delay(
        &mut self,
        retry: &RetryPolicy,
        before: u32,
        hint: Option<Span>,
    ) -> Span {
        self.retries += 1;
        let last = Span::from_millis(u64::from(self.last_delay));
        let delay = retry.delay.after_hint(hint, self.retries - before, last, || {
            self.group.streams.draw(self.index, Purpose::Retry, self.retries)
        });
        self.last_delay = u32::try_from(delay.as_millis()).unwrap_or(u32::MAX);
        delay
    }

    /// Waits for a retry at `due`, or until something comes before.
    #[inline]
    pub(super) fn wait(&mut self, terms: Terms<'_>, now: Time, due: Time) -> Reaction {
        let mut reaction = self.pause(terms, now, due);
        if terms.release.poll_unschedules {
            let poll = self.group.next_poll(self.index, self.arrival, now);
            let poll = terms.online.opens(poll);
            if poll <= reaction.at {
                reaction = Reaction { at: poll, then: Then::End(Outcome::Stranded) };
            }
        }
        if reaction.at > now {
            self.retry_scheduled(due);
        }
        reaction
    }

    /// Does nothing until `due`, or until patience or the advertisement ends before.
    #[inline]
    pub(super) fn pause(&self, terms: Terms<'_>, now: Time, due: Time) -> Reaction {
        let mut reaction = Reaction { at: due, then: Then::TryAgain };
        if let Some(patience) = terms.release.retry.give_up_after {
            let deadline = terms.since + patience;
            if due > deadline {
                let at = deadline.max(now);
                reaction = Reaction { at, then: Then::End(Outcome::GaveUp) };
            }
        }
        if let Some(expires) = terms.expires
            && reaction.at >= expires
        {
            reaction = Reaction { at: expires, then: Then::End(Outcome::Expired) };
        }
        reaction
    }

    #[inline]
    pub(super) fn end(mut self, outcome: Outcome) {
        self.conclude(outcome);
    }

    fn conclude(&mut self, outcome: Outcome) {
        self.stage = Stage::Ended;
        self.observe(EventKind::Ended {
            outcome,
            attempts: self.attempts,
            waiting_at: self.waiting_at(),
        });
    }
}

impl<W: Clock> Drop for Client<'_, W> {
    fn drop(&mut self) {
        match self.stage {
            Stage::Active => self.conclude(Outcome::Unfinished),
            Stage::Stranded => {
                self.waiting_at = NOWHERE;
                self.conclude(Outcome::Stranded);
            }
            Stage::Absent | Stage::Ended => {}
        }
    }
}
