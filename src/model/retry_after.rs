//! When a server tells the clients that it refuses to come again.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::event::ClientId;
use super::time::Time;
use crate::value::Span;

/// How a point tells refused clients when to come again, as HTTP's `Retry-After` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// Always the same time.
    Fixed(Span),
    /// Estimated from its load: see [`Estimate`].
    Estimated,
}

/// As scenario files write it: `"30s"`, `"estimated"`.
impl Serialize for RetryAfter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            RetryAfter::Fixed(span) => span.serialize(serializer),
            RetryAfter::Estimated => serializer.serialize_str("estimated"),
        }
    }
}

/// What a distribution point knows of its load, and whom it has told to come when.
///
/// It knows how long connections lasted, so it knows how often one of them ends: each `mean /
/// limit`. It gives each client that it refuses the next such instant that it has not given to
/// another, or as many as it wants connections; in whole seconds, at least one, as `Retry-After` has
/// it. A client that does not listen and comes too early is told the same instant again: else each
/// of its attempts would push back all who do listen.
#[derive(Clone, Debug, Default)]
pub struct Estimate {
    /// The time of all connections that were done, in ms, and their number.
    lasted: u128,
    ended: u64,
    /// The last instant that was given to a client, in microseconds.
    given: u128,
    /// What each client was told last.
    told: BTreeMap<ClientId, u128>,
}

impl Estimate {
    /// So many connections were done after `span`. Those that were cut tell nothing.
    pub fn ended_after(&mut self, span: Span, connections: u32) {
        self.lasted += u128::from(span.as_millis()) * u128::from(connections);
        self.ended += u64::from(connections);
    }

    /// What to tell a client that wants so many connections and is refused `now` by a point with
    /// that limit.
    pub fn next(&mut self, client: ClientId, now: Time, limit: u32, connections: u32) -> Span {
        let gap = self.lasted * 1000 / (u128::from(self.ended.max(1)) * u128::from(limit.max(1)));
        let now = u128::from(now.as_millis()) * 1000;
        let told = self.told.entry(client).or_default();
        if *told <= now {
            self.given = self.given.max(now) + gap * u128::from(connections);
            *told = self.given;
        }
        let seconds = (*told - now).div_ceil(1_000_000).max(1);
        Span::from_secs(seconds.min(u128::from(Span::MAX.as_millis() / 1000)) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::GroupId;

    #[test]
    fn an_estimate_gives_each_refused_client_a_turn_of_its_own() {
        let mut estimate = Estimate::default();
        let client = |index| ClientId { group: GroupId(0), index };
        assert_eq!(estimate.next(client(0), Time::ZERO, 2, 1), Span::from_secs(1));
        (0..4).for_each(|_| estimate.ended_after(Span::from_secs(10), 1));
        let now = Time::from_millis(60_000);
        let hints = [0, 1, 2, 1].map(|index| estimate.next(client(index), now, 2, 1).as_millis());
        // The second does not listen, and is told the same again.
        assert_eq!(hints, [5000, 10_000, 15_000, 10_000]);
        // Who wants two connections waits for two to end.
        assert_eq!(estimate.next(client(3), now, 2, 2), Span::from_secs(25));
        estimate.ended_after(Span::from_secs(20), 4);
        assert_eq!(estimate.next(client(4), now, 2, 1), Span::from_secs(33));
    }
}
