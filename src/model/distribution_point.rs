//! Distribution points: servers that serve packages over a limited number of connections.

use std::cmp::Ordering;

use super::{
    Abandoned, Bandwidth, Failures, LimitChange, Queue, RateLimit, RetryAfter, SiteId, Streams,
    Timeline, Window,
};
use crate::value::Span;

/// A distribution point as the scenario describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct DistributionPoint {
    /// Its name in the scenario.
    pub name: String,
    /// The site that it belongs to, if it belongs to one.
    pub site: Option<SiteId>,
    /// How many equal servers it stands for, at least 1: a client that may use it may use each of them.
    pub copies: u32,
    /// How many connections each of them accepts at once; at least 1.
    pub connection_limit: u32,
    /// The bandwidth that transfers of a size share; `None`: only their clients' links limit them.
    pub bandwidth: Option<Bandwidth>,
    /// When it is down.
    pub outages: Vec<Window>,
    /// When it has another limit.
    pub limit_changes: Vec<LimitChange>,
    /// How often it fails at random.
    pub failures: Option<Failures>,
    /// Its queue for a connection.
    pub queue: Queue,
    /// How many requests it accepts per time.
    pub rate_limit: Option<RateLimit>,
    /// How long an idle session stays and counts against the limit after a transfer.
    pub linger: Span,
    /// The probability, 0 to 1, that an attempt which would be admitted fails.
    pub errors: f64,
    /// Whether it asks refused clients to come back after a certain time.
    pub retry_after: Option<RetryAfter>,
    /// What it does with an attempt whose client has gone.
    pub abandoned: Abandoned,
}

impl DistributionPoint {
    /// A point with a connection limit and nothing else.
    pub fn new(name: &str, connection_limit: u32) -> DistributionPoint {
        DistributionPoint {
            name: name.to_owned(),
            site: None,
            copies: 1,
            connection_limit,
            bandwidth: None,
            outages: Vec::new(),
            limit_changes: Vec::new(),
            failures: None,
            queue: Queue::default(),
            rate_limit: None,
            linger: Span::ZERO,
            errors: 0.0,
            retry_after: None,
            abandoned: Abandoned::default(),
        }
    }

    /// Whether it has a connection limit and nothing else. Where it is and how many there are of it does not
    /// matter.
    pub fn is_plain(&self) -> bool {
        let DistributionPoint { site, copies, .. } = *self;
        let plain = DistributionPoint::new(&self.name, self.connection_limit);
        *self == DistributionPoint { site, copies, ..plain }
    }

    /// Whether anything about it is drawn at random.
    pub fn is_random(&self) -> bool {
        // Without `..`, so that a new field does not compile until it is considered here.
        let DistributionPoint {
            name: _,
            site: _,
            copies: _,
            connection_limit: _,
            bandwidth: _,
            outages: _,
            limit_changes: _,
            failures,
            queue: _,
            rate_limit: _,
            linger: _,
            errors,
            retry_after: _,
            abandoned: _,
        } = self;
        failures.is_some() || (*errors > 0.0 && *errors < 1.0)
    }

    /// Whether its limit is not always the same, because it is down now and then or has another.
    pub fn has_changes(&self) -> bool {
        !self.outages.is_empty() || !self.limit_changes.is_empty() || self.failures.is_some()
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

/// How busy a distribution point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Open connections, those of idle sessions, and those that clients in its queue wait for.
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
