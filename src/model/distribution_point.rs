//! Distribution points: servers that serve packages over a limited number of connections.

use std::cmp::Ordering;

use serde::Serialize;

use super::bandwidth::Bandwidth;
use super::random::Streams;
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
    /// The bandwidth that transfers of a size share; `None`: only their clients' links limit them.
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
    /// How many clients may wait in its queue for a connection.
    #[serde(skip_serializing_if = "is_zero")]
    pub queue: u32,
    /// Whether it asks refused clients to come back after a certain time.
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

/// How busy a distribution point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Open connections, and those that clients in its queue wait for.
    pub busy: u64,
    /// The limit in force; 0 while the point is down.
    pub limit: u32,
}

impl Load {
    /// Orders by the share of the limit that is in use; a point that is down comes last.
    pub(super) fn compare(self, other: Load) -> Ordering {
        let share = |one: Load, two: Load| u128::from(one.busy) * u128::from(two.limit);
        let down = |load: Load| load.limit == 0;
        down(self).cmp(&down(other)).then(share(self, other).cmp(&share(other, self)))
    }
}
