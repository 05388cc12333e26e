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
/// It knows how long connections lasted, so it knows how often one of them ends: each `mean /
/// limit`. It gives each client that it refuses the next such instant that it has not given to
/// another, or as many of them as the client wants connections; in whole seconds, at least one, as
/// in `Retry-After`. A client that comes too early is given the same instant again: otherwise each
/// of its attempts would push back all clients that wait as they were asked to.
#[derive(Clone, Debug, Default)]
pub struct Estimate {
    /// The time of all connections that were done, in ms, and their number.
    lasted: u128,
    ended: u64,
    /// The last instant that was given to a client, in microseconds.
    given: u128,
    /// The instant that each client was given last, in microseconds.
    given_to: BTreeMap<ClientId, u128>,
}

impl Estimate {
    /// Takes note of `connections` that were done after `span`. Those that were cut do not count.
    pub fn ended_after(&mut self, span: Span, connections: u32) {
        self.lasted += u128::from(span.as_millis()) * u128::from(connections);
        self.ended += u64::from(connections);
    }

    /// How long a client that wants `connections` and is refused `now` by a point with that `limit`
    /// is to wait.
    pub fn next(&mut self, client: ClientId, now: Time, limit: u32, connections: u32) -> Span {
        let gap = self.lasted * 1000 / (u128::from(self.ended.max(1)) * u128::from(limit.max(1)));
        let now = u128::from(now.as_millis()) * 1000;
        let instant = self.given_to.entry(client).or_default();
        if *instant <= now {
            self.given = self.given.max(now) + gap * u128::from(connections);
            *instant = self.given;
        }
        let seconds = (*instant - now).div_ceil(1_000_000).max(1);
        Span::from_secs(seconds.min(u128::from(Span::MAX.as_millis() / 1000)) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::GroupId;

    #[test]
    fn an_estimate_gives_each_refused_client_a_different_turn() {
        let mut estimate = Estimate::default();
        let client = |index| ClientId { group: GroupId(0), index };
        assert_eq!(estimate.next(client(0), Time::ZERO, 2, 1), Span::from_secs(1));
        (0..4).for_each(|_| estimate.ended_after(Span::from_secs(10), 1));
        let now = Time::from_millis(60_000);
        let hints = [0, 1, 2, 1].map(|index| estimate.next(client(index), now, 2, 1).as_millis());
        // The second came too early, and is given the same instant again.
        assert_eq!(hints, [5000, 10_000, 15_000, 10_000]);
        // A client that wants two connections waits for two to end.
        assert_eq!(estimate.next(client(3), now, 2, 2), Span::from_secs(25));
        estimate.ended_after(Span::from_secs(20), 4);
        assert_eq!(estimate.next(client(4), now, 2, 1), Span::from_secs(33));
    }
}
