//! Which distribution points a client may use, and how it chooses among them.

use std::sync::Arc;

use super::PointId;

/// How the clients of a group choose among their distribution points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Each client draws one at random and stays with it: random once per package (Q226113).
    RandomOnce,
    /// Each attempt draws one at random. A release that moves to other points without waiting
    /// draws where it begins its round.
    Random,
    /// Each client starts with the first of the list; after every refusal it moves to the next,
    /// and from the last to the first.
    Ordered,
    /// Each attempt goes to the point with the smallest share of its limit in use, its queue
    /// included, as a load balancer would send it; a point that is down comes last. Among equals
    /// each client prefers a fixed one, drawn at random.
    LeastLoaded,
    /// As [`Random`](Choice::Random), but the client comes back to the point that it was connected
    /// to last (Q205406), until that refuses it or cannot be reached.
    Sticky,
}

impl Choice {
    /// Whether it depends on nothing but the client's past refusals.
    pub fn is_plain(self) -> bool {
        matches!(self, Choice::RandomOnce | Choice::Random | Choice::Ordered)
    }
}

/// Distribution points that are equally near.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// Which; at least one.
    pub points: Arc<[PointId]>,
    /// How a client chooses among them.
    pub choose: Choice,
}
