//! Distribution points: servers that serve packages over a capped number of connections.

use serde::Serialize;

use super::bandwidth::Bandwidth;
use super::random::{Purpose, Streams};
use super::retry_after::RetryAfter;
use super::trouble::{Failures, LimitChange, Timeline, Window};
use crate::value::Rate;

/// A distribution point as the scenario describes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DistributionPoint {
    /// Its name in the scenario.
    #[serde(skip)]
    pub name: String,
    /// How many connections it accepts at once; at least 1.
    pub connection_limit: u32,
    /// What transfers of a size share; `None`: each has its client's link to itself.
    #[serde(flatten, serialize_with = "flat_bandwidth")]
    pub bandwidth: Option<Bandwidth>,
    /// When it is down.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outages: Vec<Window>,
    /// When it has another limit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limit_changes: Vec<LimitChange>,
    /// How often it fails at random.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures: Option<Failures>,
    /// How many clients, beyond the limit, it lets wait for their turn.
    #[serde(skip_serializing_if = "is_zero")]
    pub queue: u32,
    /// Whether it tells whom it refuses when to come again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<RetryAfter>,
}

impl DistributionPoint {
    /// A point with a connection limit and nothing else.
    pub fn new(name: &str, connection_limit: u32) -> DistributionPoint {
        DistributionPoint {
            name: name.to_owned(),
            connection_limit,
            bandwidth: None,
            outages: Vec::new(),
            limit_changes: Vec::new(),
            failures: None,
            queue: 0,
            retry_after: None,
        }
    }

    /// Whether it has a connection limit and nothing else.
    pub fn is_plain(&self) -> bool {
        *self == DistributionPoint::new(&self.name, self.connection_limit)
    }

    /// The most connections that it ever accepts at once.
    pub fn highest_limit(&self) -> u32 {
        let changed = self.limit_changes.iter().map(|change| change.connection_limit);
        changed.fold(self.connection_limit, u32::max)
    }

    /// Its limit over time, in one replication; 0 while it is down.
    pub fn timeline(&self, seed: u64, replication: u64) -> Timeline<'_> {
        let streams = Streams::of_point(seed, replication, &self.name);
        let (changes, outages) = (&self.limit_changes, &self.outages);
        Timeline::new(self.connection_limit, changes, outages, self.failures, streams)
    }
}

/// Writes `bandwidth` and `efficiency` as two keys of the point.
fn flat_bandwidth<S: serde::Serializer>(
    bandwidth: &Option<Bandwidth>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Flat<'b> {
        #[serde(skip_serializing_if = "Option::is_none")]
        bandwidth: Option<Rate>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        efficiency: &'b [(u32, f64)],
    }
    let efficiency = bandwidth.as_ref().map_or(&[][..], |bandwidth| &bandwidth.efficiency);
    Flat { bandwidth: bandwidth.as_ref().map(|b| b.rate), efficiency }.serialize(serializer)
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Which distribution point: its place in [`Scenario::distribution_points`].
///
/// [`Scenario::distribution_points`]: crate::scenario::Scenario::distribution_points
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PointId(pub u16);

impl PointId {
    /// Its place in the scenario's list.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How the clients of a group choose among their distribution points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Each client draws one at random and stays with it: random once per package (Q226113).
    RandomOnce,
    /// Each attempt draws one at random. A release that goes on to other points without waiting
    /// draws where it begins its round.
    Random,
    /// Each client starts with the first of the list; after every refusal it goes on to the next,
    /// and from the last to the first.
    Ordered,
    /// Each attempt goes to the point with the smallest share of its limit in use, its queue
    /// included, as a load balancer would send it; a point that is down comes last. Among equals
    /// each client has a first of its own.
    LeastLoaded,
    /// As [`Random`](Choice::Random), but the client comes back to the point that it was connected
    /// to last (Q205406), until that refuses it or cannot be reached.
    Sticky,
}

impl Choice {
    /// Whether a client needs nothing but its own past refusals to choose so.
    pub fn is_plain(self) -> bool {
        matches!(self, Choice::RandomOnce | Choice::Random | Choice::Ordered)
    }

    /// Where in a list of `count` points client `client` makes an attempt, after it went on from
    /// `left` points in a round that began with its `attempt`-th attempt (from 0). See
    /// [`Release::tries_per_point`](super::Release::tries_per_point): without it, every attempt is
    /// a round of its own.
    #[inline]
    pub fn place(
        self,
        count: usize,
        streams: &Streams,
        client: u32,
        attempt: u32,
        left: u16,
    ) -> usize {
        if count == 1 { 0 } else { self.place_among(count, streams, client, attempt, left) }
    }

    #[inline(never)]
    fn place_among(
        self,
        count: usize,
        streams: &Streams,
        client: u32,
        attempt: u32,
        left: u16,
    ) -> usize {
        let random = |n| (streams.uniform(client, Purpose::Choice, n) * count as f64) as usize;
        match self {
            Choice::RandomOnce => (random(0) + left as usize) % count,
            Choice::Random | Choice::LeastLoaded | Choice::Sticky => {
                (random(attempt) + left as usize) % count
            }
            Choice::Ordered => left as usize % count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(choice: Choice, client: u32) -> Vec<usize> {
        let streams = Streams::new(1, 0, "g");
        (0..60).map(|n| choice.place(3, &streams, client, n, n as u16)).collect()
    }

    #[test]
    fn ordered_goes_round_from_the_first() {
        assert_eq!(places(Choice::Ordered, 5)[..5], [0, 1, 2, 0, 1]);
    }

    #[test]
    fn random_once_stays_unless_it_leaves_a_point() {
        let streams = Streams::new(1, 0, "g");
        let stays: Vec<_> =
            (0..9).map(|n| Choice::RandomOnce.place(3, &streams, 5, n, 0)).collect();
        assert!(stays.iter().all(|&place| place == stays[0]));
        let first = stays[0];
        assert_eq!(places(Choice::RandomOnce, 5)[1], (first + 1) % 3);
    }

    #[test]
    fn random_reaches_every_point() {
        let places = places(Choice::Random, 5);
        assert!((0..3).all(|point| places.contains(&point)), "{places:?}");
    }
}
