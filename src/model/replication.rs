//! One replication of a scenario: everything that an engine needs to simulate it.

use super::newcomer::{Newcomer, sort_by_time};
use super::{
    ClientGroup, DistributionPoint, GroupId, Members, PointId, Streams, Time, Timeline, Workaround,
};
use crate::value::Span;

/// One replication: the same clients and points as any other, with different random numbers.
#[derive(Clone, Debug)]
pub struct Replication<'s> {
    /// The distribution points, by [`PointId`](super::PointId).
    pub distribution_points: &'s [DistributionPoint],
    /// The groups of clients, by [`GroupId`].
    pub groups: Vec<Members<'s>>,
    /// The last instant that is simulated.
    pub horizon: Time,
    /// The instant from which on clients count and averages are taken: the end of the warm-up.
    pub measured_from: Time,
    /// The seed of its random numbers.
    pub seed: u64,
    /// Its number, from 0.
    pub number: u64,
}

impl<'s> Replication<'s> {
    /// Replication number `replication` (from 0) under `seed`; the advertisement ends
    /// `expires_after` the start, the simulation at `horizon`.
    pub fn new(
        distribution_points: &'s [DistributionPoint],
        groups: &'s [ClientGroup],
        horizon: Span,
        expires_after: Option<Span>,
        seed: u64,
        replication: u64,
    ) -> Replication<'s> {
        let expires = expires_after.map(|after| Time::ZERO + after);
        let errors = distribution_points.iter().any(|point| point.errors > 0.0);
        let members = groups.iter().zip(0..).map(|(group, id)| {
            let streams = Streams::new(seed, replication, &group.name);
            Members { errors, ..Members::new(GroupId(id), group, streams, expires) }
        });
        Replication {
            distribution_points,
            groups: members.collect(),
            horizon: Time::ZERO + horizon,
            measured_from: Time::ZERO,
            seed,
            number: replication,
        }
    }

    /// Whether it is as simple as in Q268500, with points that have a connection limit and nothing
    /// else, so that its clients are [`Plain`](super::Plain); otherwise they are
    /// [`Full`](super::Full).
    pub fn is_plain(&self) -> bool {
        self.distribution_points.iter().all(DistributionPoint::is_plain)
            && self.groups.iter().all(|m| m.group.is_plain() && m.workaround.is_none())
    }

    /// Adds a workaround for the stranded clients.
    pub fn with_workaround(mut self, workaround: Option<Workaround>) -> Replication<'s> {
        self.groups.iter_mut().for_each(|members| members.workaround = workaround);
        self
    }

    /// The states that a point goes through.
    pub fn timeline(&self, point: PointId) -> Timeline<'s> {
        self.distribution_points[point.index()].timeline(self.seed, self.number)
    }

    /// All clients in order of arrival; at the same instant in the order of the scenario. A client
    /// that is offline learns of the advertisement when it is online again.
    ///
    /// An engine that stores clients in this order accesses memory in order in every later wave of
    /// retries, too.
    pub fn newcomers(&self) -> Vec<Newcomer> {
        let groups = self.groups.iter().map(|members| members.group);
        let expected = groups.map(|group| group.expected_clients(self.horizon));
        let mut newcomers = Vec::with_capacity(expected.sum::<f64>() as usize);
        for members in &self.groups {
            let group = members.id;
            let ClientGroup { arrival, count, surge, .. } = members.group;
            arrival.for_each(*count, self.horizon, *surge, &members.streams, |index, at| {
                let at = members.online(index).opens(at);
                newcomers.push(Newcomer { at, group, index });
            });
        }
        // They come in the order of the scenario, which stays at the same instant.
        sort_by_time(&mut newcomers);
        newcomers
    }
}
