//! Where refused retries can be skipped.
//!
//! At points without a queue and without a rate limit that never ask clients to come back at a certain time, if
//! all groups that may use them stay at one point and need as many connections; at each interval that a policy
//! keeps to. Where sessions stay after transfers, also if no client can come back to its own.

use std::sync::Arc;

use super::circle::Circle;
use crate::model::{ClientGroup, DistributionPoint, PointId, Span, Time};

/// More different intervals at one point are not worth it: each is asked when a connection is free.
const MOST_INTERVALS: usize = 16;

/// Which retries at a distribution point can be skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skippable {
    /// How many connections all its clients need; `None`: it has no clients.
    connections: Option<u32>,
    /// Each attempt at it has to be simulated.
    none: bool,
    /// Some clients may lose their connection and come back.
    come_back: bool,
    /// The intervals, and how many clients have each of them.
    intervals: Vec<(Span, u64)>,
}

impl Skippable {
    /// How many connections each client needs.
    pub fn connections(&self) -> u32 {
        self.connections.unwrap_or(1)
    }

    /// At which intervals clients retry whose refused retries can be skipped, and about how many clients do at
    /// each, the longest first.
    pub fn intervals(&self) -> &[(Span, u64)] {
        &self.intervals
    }

    /// Those of a point that only `group` uses.
    fn of(group: &ClientGroup, horizon: Time) -> Skippable {
        let clients = u64::from(group.count.unwrap_or(0));
        let constant = group.releases().filter_map(|release| release.retry.constant_from());
        let mut all = Skippable {
            connections: Some(group.connections),
            none: !group.stays_at_one_point(),
            come_back: group.vanishes.is_some() || group.hours.is_some() || group.repeat.is_some(),
            intervals: Vec::new(),
        };
        for (_, interval) in constant.filter(|(_, interval)| Circle::suits(*interval, horizon)) {
            all.add(interval, clients);
        }
        all
    }

    /// Those of a point that `others` use too.
    fn join(&mut self, others: &Skippable) {
        let (own, other) =
            (self.connections.or(others.connections), others.connections.or(self.connections));
        self.none |= others.none || own != other;
        self.come_back |= others.come_back;
        self.connections = own;
        if !self.none {
            others.intervals.iter().for_each(|&(interval, clients)| self.add(interval, clients));
        }
    }

    fn add(&mut self, interval: Span, clients: u64) {
        match self.intervals.iter_mut().find(|(known, _)| *known == interval) {
            Some((_, total)) => *total += clients,
            None => self.intervals.push((interval, clients)),
        }
        self.none |= self.intervals.len() > MOST_INTERVALS;
    }

    fn end(mut self, point: &DistributionPoint) -> Skippable {
        let own_session = point.linger > Span::ZERO && self.come_back;
        let answers_otherwise =
            point.queue.length > 0 || point.rate_limit.is_some() || point.retry_after.is_some();
        if self.none || own_session || answers_otherwise {
            self.intervals.clear();
        }
        self.intervals.sort_unstable_by(|one, two| two.cmp(one));
        self
    }
}

/// Which refused retries of `groups` can be skipped at each of `points` in a run until `horizon`.
pub fn by_point<'g>(
    points: &[DistributionPoint],
    groups: impl IntoIterator<Item = &'g ClientGroup>,
    horizon: Time,
) -> Vec<Skippable> {
    let mut all = vec![Skippable::default(); points.len()];
    let mut join = |list: &[PointId], users: &Skippable| {
        for id in list {
            if let Some(point) = all.get_mut(id.index()) {
                point.join(users);
            }
        }
    };
    // Groups that may use all points share one list, which may be long: it is gone through once for all of
    // them.
    let mut sharing: Option<(&Arc<[PointId]>, Skippable)> = None;
    for group in groups {
        let users = Skippable::of(group, horizon);
        for tier in &group.further_tiers {
            join(&tier.points, &users);
        }
        let list = &group.distribution_points;
        match &mut sharing {
            Some((same, together)) if Arc::ptr_eq(same, list) => together.join(&users),
            _ => {
                if let Some((list, users)) = sharing.replace((list, users)) {
                    join(list, &users);
                }
            }
        }
    }
    if let Some((list, users)) = sharing {
        join(list, &users);
    }
    all.into_iter().zip(points).map(|(skippable, point)| skippable.end(point)).collect()
}

/// The intervals at which refused retries can be skipped at each of the points of `list`.
pub fn in_common(all: &[Skippable], list: &[PointId]) -> Vec<Span> {
    let mut points = list.iter().filter_map(|id| all.get(id.index()));
    let first = points.next().map_or(&[][..], Skippable::intervals).iter();
    let mut common: Vec<Span> = first.map(|&(interval, _)| interval).collect();
    for point in points {
        if common.is_empty() {
            break;
        }
        common.retain(|interval| point.intervals.iter().any(|(known, _)| known == interval));
    }
    common
}
