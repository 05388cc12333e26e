//! `Retry-After`: when a server asks the clients that it refuses to come back.

use std::collections::BTreeMap;

use super::{ClientId, Time};
use crate::value::Span;

/// How a point asks refused clients to come back, as HTTP's `Retry-After` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// Always the same time.
    Fixed(Span),
    /// Estimated from its load: see [`Estimate`].
    Estimated,
}

/// What a distribution point knows of its load, and when it asked which client to come back.
///
/// It knows how long connections last, and how long idle sessions hold them after a transfer (`linger`), so it
/// knows how often one of them ends: each `(mean + linger) / limit`. It gives each client that it refuses the
/// next such instant that it has not given to another, or as many of them as the client wants connections; in
/// whole seconds, at least one, as in `Retry-After`. A client that comes too early is given the same instant
/// again: otherwise each of its attempts would push back all clients that wait as they were asked to.
///
/// The mean is that of the connections that were done, or, if that is more, of all with the time that they
/// have been open so far: at first only the shortest are done. As long as none is done it knows nothing and
/// asks nobody to come back at any time.
#[derive(Clone, Debug, Default)]
pub struct Estimate {
    /// How long a session holds its connections after a transfer.
    linger: Span,
    /// Connections that were done, and the time that they were open.
    done: Lifetimes,
    /// All connections, and the time that those were open which are closed.
    all: Lifetimes,
    /// Connections that are open, and the sum of the instants since when they are, in ms.
    open: u128,
    open_since: u128,
    /// The last instant that was given to a client, in microseconds.
    given: u128,
    /// The instant that each client was given last, in microseconds.
    given_to: BTreeMap<ClientId, u128>,
}

impl Estimate {
    /// The estimate of a point whose sessions hold their connections for `linger` after a transfer.
    pub fn new(linger: Span) -> Estimate {
        Estimate { linger, ..Estimate::default() }
    }

    /// A client opens `connections`.
    pub fn opened(&mut self, now: Time, connections: u32) {
        let count = u128::from(connections);
        self.open += count;
        self.open_since += u128::from(now.as_millis()) * count;
        self.all.count += count;
    }

    /// A client closes the `connections` that it opened at `since`, its transfer done or not.
    pub fn closed(&mut self, since: Time, now: Time, connections: u32, done: bool) {
        let (count, since) = (u128::from(connections), u128::from(since.as_millis()));
        let lasted = (u128::from(now.as_millis()) - since) * count;
        self.open -= count;
        self.open_since -= since * count;
        self.all.time += lasted;
        if done {
            self.done.count += count;
            self.done.time += lasted;
        }
    }

    /// How long a client that wants `connections` and is refused `now` by a point with that `limit` is
    /// to wait; `None` as long as no connection is done.
    pub fn next(
        &mut self,
        client: ClientId,
        now: Time,
        limit: u32,
        connections: u32,
    ) -> Option<Span> {
        let now = u128::from(now.as_millis());
        let all = Lifetimes { time: self.all.time + self.open * now - self.open_since, ..self.all };
        let mean = self.done.mean_micros()?.max(all.mean_micros()?);
        let held = mean + u128::from(self.linger.as_millis()) * 1000;
        let (gap, now) = (held / u128::from(limit.max(1)), now * 1000);
        let instant = self.given_to.entry(client).or_default();
        if *instant <= now {
            self.given = self.given.max(now) + gap * u128::from(connections);
            *instant = self.given;
        }
        let seconds = (*instant - now).div_ceil(1_000_000).max(1);
        Some(Span::from_secs(seconds.min(u128::from(Span::MAX.as_millis() / 1000)) as u64))
    }
}

/// A number of connections, and the sum of the times that they were open, in ms.
#[derive(Clone, Copy, Debug, Default)]
struct Lifetimes {
    count: u128,
    time: u128,
}

impl Lifetimes {
    fn mean_micros(self) -> Option<u128> {
        (self.time * 1000).checked_div(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::GroupId;

    fn client(index: u32) -> ClientId {
        ClientId { group: GroupId(0), index }
    }

    #[test]
    fn an_estimate_gives_each_refused_client_a_different_turn() {
        let mut estimate = Estimate::default();
        let (start, now) = (Time::ZERO, Time::from_millis(60_000));
        estimate.opened(start, 4);
        estimate.closed(start, Time::from_millis(10_000), 4, true);
        let mut seconds = |index, connections| {
            estimate.next(client(index), now, 2, connections).map(|span| span.as_millis() / 1000)
        };
        // The second came too early, and is given the same instant again.
        assert_eq!([0, 1, 2, 1].map(|index| seconds(index, 1)), [5, 10, 15, 10].map(Some));
        // A client that wants two connections waits for two to end.
        assert_eq!(seconds(3, 2), Some(25));
    }

    #[test]
    fn idle_sessions_hold_connections_for_longer() {
        let mut estimate = Estimate::new(Span::from_secs(10));
        estimate.opened(Time::ZERO, 4);
        estimate.closed(Time::ZERO, Time::from_millis(10_000), 4, true);
        // Ten seconds of transfer, and ten idle, of two connections.
        let minute = Time::from_millis(60_000);
        assert_eq!(estimate.next(client(0), minute, 2, 1), Some(Span::from_secs(10)));
        assert_eq!(estimate.next(client(1), minute, 2, 1), Some(Span::from_secs(20)));
    }

    #[test]
    fn nobody_is_asked_to_come_back_before_a_transfer_is_done() {
        let mut estimate = Estimate::default();
        estimate.opened(Time::ZERO, 3);
        let now = Time::from_millis(8_000);
        assert_eq!(estimate.next(client(0), now, 2, 1), None);
        estimate.closed(Time::ZERO, now, 1, false);
        assert_eq!(estimate.next(client(0), now, 2, 1), None, "one that was cut says nothing");
    }

    #[test]
    fn connections_that_are_open_count_for_as_long_as_they_have_been() {
        let mut estimate = Estimate::default();
        estimate.opened(Time::ZERO, 10);
        estimate.closed(Time::ZERO, Time::from_millis(1_000), 1, true);
        // One was done after 1 s, and nine have lasted 60 s and continue: 54.1 s each.
        let minute = Time::from_millis(60_000);
        assert_eq!(estimate.next(client(0), minute, 2, 1), Some(Span::from_secs(28)));
    }
}
