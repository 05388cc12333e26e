//! Where a client goes next: tiers of distribution points, the near before the far.
//!
//! A client makes its attempts in *rounds*. A round begins in the first tier. When the tier has
//! refused it (its point, or every point of it for a release that tries all of them at once), the
//! client moves at once to the next tier that is open to it; after the last of these it waits, and
//! begins a new round. The first tier is always open; the others open one after the other, each
//! [`fallback_after`](super::Release::fallback_after) the tier before it or the first refusal.

use super::{Choice, Load, Members, PointId, Purpose, Release, Streams, Time};

/// Where a client is among the points of its present tier.
#[derive(Clone, Debug, Default)]
pub(super) struct Route {
    /// How many points of the tier it went on from in this round: a `u16`, as bytes so that a client
    /// needs no padding.
    moves: [u8; 2],
    /// Refusals in a row at the present point.
    tries_here: u8,
}

/// Where a client is among its tiers, if it has several, and what it remembers of its points: only
/// [`Full`](super::Full) clients do.
#[derive(Clone, Debug, Default)]
pub(super) struct Tiers {
    tier: u16,
    /// Rounds that ended.
    rounds: u32,
    /// How many attempts it had made when it began with this tier.
    attempts_before: u32,
    /// When it was first refused since it last had a connection.
    refused_since: Option<Time>,
    /// The point that it was connected to last, unless that has refused it since.
    home: Option<PointId>,
}

/// A client that chooses a point.
pub(super) struct Chooser<'c> {
    pub members: &'c Members<'c>,
    /// Its random numbers, this time.
    pub streams: &'c Streams,
    pub release: &'c Release,
    pub index: u32,
    /// How many attempts it has made.
    pub attempts: u32,
    /// How many retries it has made. A plain client ends a round with each, unless its release goes
    /// on among points.
    pub retries: u32,
}

impl Route {
    /// The point of the next attempt. `load` gives how busy a point is.
    pub fn choose(
        &mut self,
        mut tiers: Option<&mut Tiers>,
        client: &Chooser<'_>,
        load: impl Fn(PointId) -> Load,
    ) -> PointId {
        let &Chooser { members, streams, release, index, attempts, retries } = client;
        let tier = tiers.as_ref().map_or(0, |tiers| tiers.tier);
        let (points, choose) = members.group.tier(tier);
        let count = points.len();
        if let [only] = points {
            return *only;
        }
        let attempts_before = match &mut tiers {
            Some(tiers) => {
                if self.moves() == 0 && self.tries_here == 0 {
                    tiers.attempts_before = attempts;
                }
                tiers.attempts_before
            }
            None => {
                let tries = u32::from(release.tries_per_point.unwrap_or(0));
                attempts - u32::from(self.moves()) * tries - u32::from(self.tries_here)
            }
        };
        let moves = match release.tries_per_point {
            None if choose == Choice::Ordered || release.moves_on => {
                tiers.as_ref().map_or(retries, |tiers| tiers.rounds) as usize
            }
            _ => usize::from(self.moves()),
        };
        let draw_from = |streams: &Streams, n| {
            let share = streams.uniform(index, Purpose::Choice, n);
            (share * count as f64) as usize
        };
        // What it chooses for good stays the same when it comes again.
        let draw = |n| draw_from(&members.streams, n);
        let first = match choose {
            Choice::Ordered => 0,
            // One draw for each tier. The first is that of a client without tiers.
            Choice::RandomOnce => draw(u32::from(tier)),
            Choice::Random => draw_from(streams, attempts_before),
            // It goes to the point that has not refused it since, however often it moved on.
            Choice::Sticky => match tiers.and_then(|tiers| tiers.home) {
                Some(home) if points.contains(&home) => return home,
                _ => draw_from(streams, attempts_before),
            },
            Choice::LeastLoaded => {
                let first = draw(u32::from(tier));
                let mut places: Vec<usize> = (0..count).map(|i| (first + i) % count).collect();
                // Among equals the client's own first comes first: the sort is stable.
                places.sort_by(|&a, &b| load(points[a]).compare(load(points[b])));
                return points[places[usize::from(self.moves()) % count]];
            }
        };
        points[(first + moves) % count]
    }

    #[inline]
    fn moves(&self) -> u16 {
        u16::from_ne_bytes(self.moves)
    }

    /// Takes note that the client was away or left a queue: it begins a new round, in the first
    /// tier.
    pub fn start_over(&mut self, tiers: &mut Tiers) {
        *self = Route::default();
        tiers.tier = 0;
    }

    /// The client comes again: it begins anew, but for the point that it was connected to last.
    pub fn come_again(&mut self, tiers: &mut Tiers) {
        *self = Route::default();
        *tiers = Tiers { home: tiers.home, ..Tiers::default() };
    }

    /// Records that the connection to `point` was cut. Whether the client continues at once: one
    /// that had fallen back begins a new round in the first tier; else it failed at the point.
    pub fn cut(
        &mut self,
        tiers: &mut Tiers,
        members: &Members<'_>,
        release: &Release,
        point: PointId,
        now: Time,
    ) -> bool {
        if tiers.tier == 0 {
            return self.failed(Some(tiers), members, release, point, now);
        }
        tiers.refused_since.get_or_insert(now);
        tiers.home = None;
        self.start_over(tiers);
        true
    }

    /// Records a failure at `point`. Whether the client continues at once; otherwise it waits.
    #[inline]
    pub fn failed(
        &mut self,
        mut tiers: Option<&mut Tiers>,
        members: &Members<'_>,
        release: &Release,
        point: PointId,
        now: Time,
    ) -> bool {
        if let Some(tiers) = &mut tiers {
            tiers.refused_since.get_or_insert(now);
            tiers.home = tiers.home.filter(|home| *home != point);
        }
        if let Some(tries) = release.tries_per_point {
            self.tries_here += 1;
            if self.tries_here < tries {
                return false;
            }
            self.tries_here = 0;
            let moves = self.moves() + 1;
            let tier = tiers.as_ref().map_or(0, |tiers| tiers.tier);
            let goes_on = usize::from(moves) < members.group.tier(tier).0.len();
            self.moves = if goes_on { moves } else { 0 }.to_ne_bytes();
            if goes_on {
                return true;
            }
        }
        tiers.is_some_and(|tiers| tiers.refused(members, release, now))
    }
}

impl Tiers {
    /// Takes note of a connection to `point`.
    pub fn admitted(&mut self, point: PointId) {
        self.refused_since = None;
        self.home = Some(point);
    }

    /// Records that the present tier has refused the client. Whether it moves to the next at
    /// once; otherwise its round has ended.
    fn refused(&mut self, members: &Members<'_>, release: &Release, now: Time) -> bool {
        if self.tier + 1 < self.open(members, release, now) {
            self.tier += 1;
            return true;
        }
        self.tier = 0;
        self.rounds = self.rounds.wrapping_add(1);
        false
    }

    /// How many tiers are open to it.
    fn open(&self, members: &Members<'_>, release: &Release, now: Time) -> u16 {
        let all = 1 + members.group.further_tiers.len() as u16;
        let since = self.refused_since.map_or(0, |since| now.since(since).as_millis());
        match release.fallback_after.map(|after| after.as_millis()) {
            None => 1,
            Some(0) => all,
            Some(after) => (since / after).saturating_add(1).min(u64::from(all)) as u16,
        }
    }

    /// When the next tier opens to it, if one does.
    pub fn next_opening(
        &self,
        members: &Members<'_>,
        release: &Release,
        now: Time,
    ) -> Option<Time> {
        let (since, after) = (self.refused_since?, release.fallback_after?);
        let open = self.open(members, release, now);
        let more = usize::from(open) <= members.group.further_tiers.len();
        let opens = after.as_millis().saturating_mul(u64::from(open));
        more.then(|| Time::from_millis(since.as_millis().saturating_add(opens)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Arrival, ClientGroup, GroupId, Span, Streams, TimeDistribution, Transfer};

    /// The points, of three, of the first 60 attempts of a client, which are all refused.
    fn points(choose: Choice, tries_per_point: Option<u8>) -> Vec<u16> {
        let release = Release { tries_per_point, ..Release::named("sms-2.0-sp3").expect("known") };
        let group = ClientGroup {
            name: "g".into(),
            site: None,
            count: Some(6),
            release,
            release_mix: Vec::new(),
            upgrade: None,
            misreport_probability: 0.0,
            distribution_points: (0..3).map(PointId).collect(),
            choose,
            further_tiers: Vec::new(),
            arrival: Arrival::Burst { at: Span::ZERO },
            surge: None,
            repeat: None,
            transfer: Transfer::Held(TimeDistribution::Constant { duration: Span::from_secs(1) }),
            connections: 1,
            link: None,
            patience: None,
            timeout: None,
            priority: None,
            addresses: None,
            processes: None,
            restraints: crate::model::Restraints::NONE,
            poll_interval: Span::from_mins(60),
            hours: None,
            vanishes: None,
        };
        let members = &Members::new(GroupId(0), &group, Streams::new(1, 0, "g"), None);
        let release = &group.release;
        let (mut route, mut retries) = (Route::default(), 0);
        let mut attempt = |attempts| {
            let streams = &members.streams;
            let client = Chooser { members, streams, release, index: 5, attempts, retries };
            let point = route.choose(None, &client, |_| unreachable!("no choice by load"));
            if !route.failed(None, members, release, point, Time::ZERO) {
                retries += 1;
            }
            point.0
        };
        (0..60).map(&mut attempt).collect()
    }

    #[test]
    fn an_ordered_choice_goes_round_from_the_first_point() {
        for tries_per_point in [None, Some(1)] {
            assert_eq!(points(Choice::Ordered, tries_per_point)[..5], [0, 1, 2, 0, 1]);
        }
        assert_eq!(points(Choice::Ordered, Some(2))[..8], [0, 0, 1, 1, 2, 2, 0, 0]);
    }

    #[test]
    fn random_once_stays_at_a_point_until_the_client_leaves_it() {
        let stays = points(Choice::RandomOnce, None);
        let first = stays[0];
        assert!(stays.iter().all(|&point| point == first), "{stays:?}");
        let leaves = points(Choice::RandomOnce, Some(1));
        assert_eq!(leaves[..4], [0, 1, 2, 3].map(|moves| (first + moves) % 3));
    }

    #[test]
    fn a_random_choice_reaches_every_point() {
        let points = points(Choice::Random, None);
        assert!((0..3).all(|point| points.contains(&point)), "{points:?}");
    }
}
