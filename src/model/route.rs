//! Where a client goes next: tiers of distribution points, the near before the far.
//!
//! A client makes its attempts in *rounds*. A round begins in the first tier. When the tier has
//! refused it (its point, or every point of it for a release that goes on among them at once), the
//! client goes on at once to the next tier that is open to it; after the last of these it waits, and
//! begins a new round. The first tier is always open; the others open one after the other, each
//! [`fallback_after`](super::Release::fallback_after) the tier before it or the first refusal.

use rand::Rng;

use super::distribution_point::{Choice, PointId};
use super::group::Members;
use super::random::{Purpose, unit};
use super::release::Release;
use super::time::Time;
use super::world::{FullWorld, Load};

/// Distribution points that are equally near.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// Which; at least one.
    pub points: Vec<PointId>,
    /// How a client chooses among them.
    pub choose: Choice,
}

/// Where a client is on its way through its tiers.
#[derive(Clone, Debug, Default)]
pub(super) struct Route {
    tier: u16,
    /// How many points of the tier it went on from in this round.
    left: u16,
    /// Refusals in a row at the present point.
    tries_here: u8,
    /// Rounds that ended.
    rounds: u32,
    /// How many attempts it had made when it began with this tier.
    begun: u32,
    /// When it was first refused since it last had a connection.
    refused_since: Option<Time>,
    /// The point that it was connected to last, unless that has refused it since.
    home: Option<PointId>,
}

impl Route {
    /// The point of the next attempt of client `client`, which has made `attempts`.
    pub fn choose<W: FullWorld>(
        &mut self,
        world: &W,
        members: &Members<'_>,
        release: &Release,
        client: u32,
        attempts: u32,
    ) -> PointId {
        let (points, choose) = members.group.tier(self.tier);
        if let [only] = points {
            return *only;
        }
        if self.left == 0 && self.tries_here == 0 {
            self.begun = attempts;
        }
        let count = points.len();
        let draw = |n| {
            let share = unit(members.streams.draw(client, Purpose::Choice, n).next_u64());
            (share * count as f64) as usize
        };
        let moved = match release.tries_per_point {
            None if choose == Choice::Ordered || release.moves_on => self.rounds as usize,
            _ => usize::from(self.left),
        };
        let first = match choose {
            Choice::Ordered => 0,
            // One draw for each tier. The first is that of a client without tiers.
            Choice::RandomOnce => draw(u32::from(self.tier)),
            Choice::Random => draw(self.begun),
            // Home is where it has not been refused since: there it goes, however often it moved on.
            Choice::Sticky => match self.home.filter(|home| points.contains(home)) {
                Some(home) => return home,
                None => draw(self.begun),
            },
            Choice::LeastLoaded => {
                let first = draw(u32::from(self.tier));
                let places = (0..count).map(|i| (first + i) % count);
                let by_load =
                    |a: &usize, b: &usize| world.load(points[*a]).compare(world.load(points[*b]));
                // Among equals the client's own first comes first: the first of the least is found,
                // and the sort is stable.
                if self.left == 0 {
                    return points[places.min_by(by_load).unwrap_or(first)];
                }
                let mut places: Vec<usize> = places.collect();
                places.sort_by(by_load);
                return points[places[usize::from(self.left) % count]];
            }
        };
        points[(first + moved) % count]
    }

    /// Takes note of a connection to `point`.
    pub fn admitted(&mut self, point: PointId) {
        self.refused_since = None;
        self.home = Some(point);
    }

    /// Takes note that the client was away or hung up: it begins a new round, in the first tier.
    pub fn start_over(&mut self) {
        (self.tier, self.left, self.tries_here) = (0, 0, 0);
    }

    /// Takes note that the connection to `point` was cut. Whether the client goes on at once: one
    /// that had fallen back begins a new round in the first tier; else it failed at the point.
    pub fn cut(
        &mut self,
        members: &Members<'_>,
        release: &Release,
        point: PointId,
        now: Time,
    ) -> bool {
        if self.tier == 0 {
            return self.failed(members, release, point, now);
        }
        self.refused_since.get_or_insert(now);
        self.home = None;
        self.start_over();
        true
    }

    /// Takes note of a failure at `point`. Whether the client goes on at once; else it waits.
    pub fn failed(
        &mut self,
        members: &Members<'_>,
        release: &Release,
        point: PointId,
        now: Time,
    ) -> bool {
        self.refused_since.get_or_insert(now);
        if self.home == Some(point) {
            self.home = None;
        }
        if let Some(tries) = release.tries_per_point {
            self.tries_here += 1;
            if self.tries_here < tries {
                return false;
            }
            self.tries_here = 0;
            self.left += 1;
            if usize::from(self.left) < members.group.tier(self.tier).0.len() {
                return true;
            }
            self.left = 0;
        }
        if self.tier + 1 < self.open_tiers(members, release, now) {
            self.tier += 1;
            return true;
        }
        self.tier = 0;
        self.rounds = self.rounds.wrapping_add(1);
        false
    }

    /// How many tiers are open to it.
    fn open_tiers(&self, members: &Members<'_>, release: &Release, now: Time) -> u16 {
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
        let open = self.open_tiers(members, release, now);
        let more = usize::from(open) <= members.group.further_tiers.len();
        let opens = after.as_millis().saturating_mul(u64::from(open));
        more.then(|| Time::from_millis(since.as_millis().saturating_add(opens)))
    }
}

impl Load {
    /// Which is the lighter: by the share of the limit that is in use; a point that is down is the
    /// heaviest.
    fn compare(self, other: Load) -> std::cmp::Ordering {
        let share = |one: Load, two: Load| u128::from(one.busy) * u128::from(two.limit);
        let down = |load: Load| load.limit == 0;
        down(self).cmp(&down(other)).then(share(self, other).cmp(&share(other, self)))
    }
}
