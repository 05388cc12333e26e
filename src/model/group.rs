//! Groups of clients that differ in nothing but their random draws.

use std::sync::Arc;

use super::{
    Address, Arrival, Choice, GroupId, Hours, Online, PointId, Purpose, Release, Repeat,
    Restraints, Share, SiteId, Streams, Tier, Time, TimeDistribution, Transfer, Trigger, Upgrade,
    Vanish, Workaround,
};
use crate::value::{Rate, Span};

/// A group of clients, as the scenario describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientGroup {
    /// Its name in the scenario.
    pub name: String,
    /// The site that it belongs to, if it belongs to one: then each copy of the site has such a group.
    pub site: Option<SiteId>,
    /// How many clients it has, at least 1; `None`: a Poisson process until the horizon.
    pub count: Option<u32>,
    /// Their error handling; with a mix, the first of it.
    pub release: Release,
    /// The releases among them, whose shares are percent and add up to 100; empty: all have `release`.
    pub release_mix: Vec<Share>,
    /// The release that they are upgraded to while the simulation runs.
    pub upgrade: Option<Upgrade>,
    /// The probability, 0 to 1, that a refusal is misreported as `0x80070047` (Q268500).
    pub misreport_probability: f64,
    /// The distribution points they may use, in order; at least one. Groups that may use all share
    /// one list.
    pub distribution_points: Arc<[PointId]>,
    /// How they choose among them.
    pub choose: Choice,
    /// The points that they fall back to when those refuse them, the nearest first.
    pub further_tiers: Vec<Tier>,
    /// When they arrive.
    pub arrival: Arrival,
    /// The trigger that changes the rate at which they arrive, if one does.
    pub surge: Option<Trigger>,
    /// How they come again after their program ran; `None`: each comes once.
    pub repeat: Option<Repeat>,
    /// How long they hold a connection, or what they transfer over it.
    pub transfer: Transfer,
    /// How many connections each of them has to a point while it transfers, at least 1. It gets
    /// them all at once or is refused (Q208618: connections under several user contexts).
    pub connections: u32,
    /// The most that one of them can transfer, even if the distribution point has more.
    pub link: Option<Rate>,
    /// How long one of them waits in a queue before it leaves, which counts as a refusal; `None`: until it is
    /// answered.
    pub patience: Option<TimeDistribution>,
    /// How long an attempt may take, from the request to the end of the transfer: then it fails, and the client
    /// reacts as to a refusal. `None`: as long as it takes.
    pub timeout: Option<Span>,
    /// Which groups leave a queue first: those with lower numbers. `None`: after all that have one.
    pub priority: Option<u32>,
    /// How many addresses its clients come from, at least 1; `None`: each from its own.
    pub addresses: Option<u32>,
    /// How many processes they belong to, at least 1: client i belongs to process i mod that number; `None`: each is
    /// one of its own.
    pub processes: Option<u32>,
    /// What keeps the clients of a process from attempts, together.
    pub restraints: Restraints,
    /// How often they poll for advertisements. It matters only to a release whose polls
    /// unschedule retries (Q302674), and to stranded clients, which learn of a workaround by a poll.
    pub poll_interval: Span,
    /// When they are switched on; `None`: always.
    pub hours: Option<Hours>,
    /// How often they lose their connection at random, such as laptops that are carried away.
    pub vanishes: Option<Vanish>,
}

impl ClientGroup {
    /// Whether its clients are [`Plain`](super::Plain).
    pub fn is_plain(&self) -> bool {
        !self.transfer.is_of_size()
            && self.choose.is_plain()
            && self.further_tiers.is_empty()
            && self.release_mix.is_empty()
            && self.upgrade.is_none()
            && self.hours.is_none()
            && self.vanishes.is_none()
            && self.connections == 1
            && self.timeout.is_none()
            && self.repeat.is_none()
            && self.restraints.is_none()
            && !self.release.moves_on
    }

    /// Whether anything about its clients is drawn at random: their arrivals, transfers, retries, the
    /// choice among several points, misreports that strand, polls that unschedule, releases, hours.
    pub fn is_random(&self) -> bool {
        // Without `..`, so that a new field does not compile until it is considered here.
        let ClientGroup {
            name: _,
            site: _,
            count: _,
            release,
            release_mix,
            upgrade,
            misreport_probability,
            distribution_points,
            choose,
            further_tiers,
            arrival,
            surge: _,
            repeat,
            transfer,
            connections: _,
            link: _,
            patience,
            timeout: _,
            priority: _,
            addresses: _,
            processes: _,
            restraints,
            poll_interval: _,
            hours,
            vanishes,
        } = self;
        let may_be_misreported = *misreport_probability > 0.0 && *misreport_probability < 1.0;
        let is_drawn = |points: &[PointId], choose| points.len() > 1 && choose != Choice::Ordered;
        !release_mix.is_empty()
            || upgrade.is_some()
            || (may_be_misreported && release.misreport_strands)
            || is_drawn(distribution_points, *choose)
            || further_tiers.iter().any(|tier| is_drawn(&tier.points, tier.choose))
            || hours.as_ref().is_some_and(Hours::is_random)
            || vanishes.is_some()
            || patience.as_ref().is_some_and(TimeDistribution::is_random)
            || release.poll_unschedules
            || arrival.is_random()
            || restraints.throttle.is_some()
            || repeat.as_ref().is_some_and(|repeat| repeat.think.is_random())
            || transfer.is_random()
            || release.retry.is_random()
    }

    /// The expected number of clients: its size, or without one the mean number until `horizon`.
    pub fn expected_clients(&self, horizon: Time) -> f64 {
        self.arrival.expected_clients(self.count, horizon, self.surge)
    }

    /// How often its clients come until `horizon`, all together, on average; with [`repeat`](Self::repeat) at most:
    /// as if nobody was refused.
    pub fn expected_arrivals(&self, horizon: Time) -> f64 {
        let clients = self.expected_clients(horizon);
        let Some(repeat) = &self.repeat else { return clients };
        let round = repeat.think.mean_millis().max(1.0) + self.transfer.mean_millis();
        clients * (1.0 + horizon.as_millis() as f64 / round)
    }

    /// Whether each client makes all its attempts at one point.
    pub fn stays_at_one_point(&self) -> bool {
        let stays = |release: &Release| release.tries_per_point.is_none() && !release.moves_on;
        let one_choice = self.choose == Choice::RandomOnce && self.releases().all(stays);
        self.further_tiers.is_empty() && (self.distribution_points.len() == 1 || one_choice)
    }

    /// Whether clients with `release` may be stranded.
    pub fn may_strand(&self, release: &Release) -> bool {
        release.poll_unschedules || self.misreports_strand(release)
    }

    /// Whether a refusal that is misreported strands clients with `release`, and some may be.
    pub fn misreports_strand(&self, release: &Release) -> bool {
        release.misreport_strands && self.misreport_probability > 0.0
    }

    /// All releases that its clients may have.
    pub fn releases(&self) -> impl Iterator<Item = &Release> {
        let mix = self.release_mix.iter().map(|share| &share.release);
        let upgrade = self.upgrade.iter().map(|upgrade| &upgrade.to);
        std::iter::once(&self.release).chain(mix).chain(upgrade)
    }

    /// The points of tier number `tier`, and how clients choose among them.
    pub fn tier(&self, tier: u16) -> (&[PointId], Choice) {
        match tier.checked_sub(1).and_then(|tier| self.further_tiers.get(usize::from(tier))) {
            Some(tier) => (&tier.points, tier.choose),
            None => (&self.distribution_points, self.choose),
        }
    }

    /// All points that they may use.
    pub fn all_points(&self) -> impl Iterator<Item = PointId> {
        let further = self.further_tiers.iter().flat_map(|tier| tier.points.iter());
        self.distribution_points.iter().chain(further).copied()
    }
}

/// A group in one replication: what its clients share while they run.
#[derive(Clone, Debug)]
pub struct Members<'s> {
    /// Which group it is.
    pub id: GroupId,
    /// Its description.
    pub group: &'s ClientGroup,
    /// Its random numbers.
    pub streams: Streams,
    /// When the advertisement expires, if it does.
    pub expires: Option<Time>,
    /// The new advertisement for those that are stranded, if there is one.
    pub workaround: Option<Workaround>,
    /// Which of their refusals are misreported.
    pub(super) misreports: Misreports,
    /// Whether some distribution point answers with errors now and then.
    pub errors: bool,
    /// Whether the clients have more than one distribution point.
    pub(super) has_choice: bool,
    /// From which retry on the delays of the group's release are constant, and how long they are.
    pub(super) constant_retry: Option<(u32, Span)>,
    /// The retry interval of plain clients, if all that can follow a refusal is a retry after that
    /// interval: the simplest case of the KB article, without bug, jitter, limit or end.
    pub(super) only_retry: Option<Span>,
}

/// How the refusals that are misreported are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Misreports {
    /// How many attempts have about one misreported refusal, at most 2^31.
    pub block: u64,
    /// The logarithm of the probability that a refusal is reported right.
    pub spared: f64,
}

impl Misreports {
    fn with(probability: f64) -> Misreports {
        // The cast saturates.
        let block = (1.0 / probability).ceil() as u64;
        Misreports { block: block.clamp(1, 1 << 31), spared: libm::log1p(-probability) }
    }
}

impl<'s> Members<'s> {
    /// The clients of `group`, number `id` of the scenario, with their random `streams`.
    pub fn new(
        id: GroupId,
        group: &'s ClientGroup,
        streams: Streams,
        expires: Option<Time>,
    ) -> Members<'s> {
        let release = &group.release;
        let retry = &release.retry;
        let plain = group.misreport_probability == 0.0
            && !release.poll_unschedules
            && release.tries_per_point.is_none()
            && group.choose != Choice::Ordered
            && retry.max_retries.is_none()
            && retry.give_up_after.is_none()
            && expires.is_none();
        let constant = retry.constant_from();
        let only = constant.filter(|(from, _)| plain && *from == 1);
        Members {
            id,
            group,
            streams,
            expires,
            workaround: None,
            errors: false,
            misreports: Misreports::with(group.misreport_probability),
            has_choice: group.distribution_points.len() > 1 || !group.further_tiers.is_empty(),
            constant_retry: constant,
            only_retry: only.map(|(_, interval)| interval),
        }
    }

    /// Whether each retry of its clients comes after the same delay, whatever happens.
    pub fn has_one_delay(&self) -> bool {
        self.group.is_plain()
            && self.workaround.is_none()
            && self.group.releases().all(|release| release.spin.is_none())
            && self.constant_retry.is_some_and(|(from, _)| from == 1)
    }

    /// The address that client `client` comes from.
    pub fn address(&self, client: u32) -> Address {
        let number = self.group.addresses.map_or(client, |addresses| client % addresses);
        Address { group: self.id, number }
    }

    /// When client `client` is online.
    pub fn online(&self, client: u32) -> Online<'s> {
        match &self.group.hours {
            Some(hours) => hours.of(client, &self.streams),
            None => Online::ALWAYS,
        }
    }

    /// The first poll after `now` of a client that arrived at `arrival`.
    ///
    /// A client that learned of the advertisement by polling polls again every interval from
    /// then. Any other client polls at a random phase, uniform within the interval.
    pub fn next_poll(&self, client: u32, arrival: Time, now: Time) -> Time {
        let interval = self.group.poll_interval.as_millis();
        let phase = match self.group.arrival {
            Arrival::Poll { .. } => arrival.as_millis() % interval,
            _ => (self.streams.uniform(client, Purpose::Poll, 0) * interval as f64) as u64,
        };
        let now = now.as_millis();
        let polls = if now < phase { 0 } else { (now - phase) / interval + 1 };
        Time::from_millis(phase + polls * interval)
    }
}
