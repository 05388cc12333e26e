//! Distribution points: servers that serve packages over a capped number of connections.

use serde::Serialize;

use super::random::{Purpose, Streams};

/// A distribution point as the scenario describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DistributionPoint {
    /// Its name in the scenario.
    #[serde(skip)]
    pub name: String,
    /// How many connections it accepts at once; at least 1.
    pub connection_limit: u32,
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
}

impl Choice {
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
            Choice::Random => (random(attempt) + left as usize) % count,
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
