//! Refused retries that are not simulated.
//!
//! While a distribution point is full, a retry changes nothing but the client's next retry; and where
//! a client retries at a constant interval, when that comes is known. So a client that [keeps
//! trying](crate::model::World::keep_trying) joins an *orbit* of the point, as the theory of retrial
//! queues calls the place where refused customers wait, and is heard of again only when
//!
//! * a connection is free at its attempt: its *turn*,
//! * the point is down, where each attempt is simulated,
//! * or what it awaits at the latest comes.
//!
//! The cost is then one per client, not one per attempt. Results are the same, byte by byte.
//!
//! # Order at equal instants
//!
//! Attempts go by when they were scheduled. Those of clients in an orbit were scheduled an interval
//! before, so of two orbits the one with the longer interval goes first, and an attempt that is not in
//! an orbit goes before or after them by the time when it was scheduled. If that was exactly an
//! interval before, both were scheduled at the same instant, and what counts is their order then, which
//! only the orbit knows: such a client becomes a *guest* of the orbit for this one attempt, which is
//! simulated in its place.
//!
//! [`skippable`] says at which points and intervals it is exact.

mod bits;
mod circle;
mod skippable;

use std::collections::BTreeMap;

use crate::model::{Order, PointId, Refusals, Replication, Span, Time};
pub use circle::Place;
use circle::{Circle, Member};
use skippable::Skippable;
pub use skippable::{by_point as skippable_retries, in_common};

/// The orbits of all distribution points.
#[derive(Debug)]
pub struct Orbits {
    points: Vec<PointOrbits>,
    members: Vec<Member>,
    /// Of each client that waits for an attempt outside the orbits; empty if there are none such.
    outside: Vec<Outside>,
    has_outside: bool,
    /// How many refusals the observer was told of.
    told: u64,
}

/// The orbits of one point, those with longer intervals first; none if each attempt is simulated there.
#[derive(Debug, Default)]
struct PointOrbits {
    circles: Vec<Circle>,
    /// How many connections a client needs.
    connections: u32,
    /// The next turn that is scheduled.
    turn: Option<Time>,
    /// How many guests have their attempts when.
    guests: BTreeMap<Time, u32>,
}

/// An attempt to come of a client that is in no orbit.
#[derive(Clone, Copy, Debug)]
struct Outside {
    point: PointId,
    /// When it was scheduled.
    since: Time,
}

/// The state of a point, as far as it matters to those in orbit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Their attempts would be admitted, or find that the point is down.
    Open,
    /// They would be refused.
    Shut,
}

/// A client whose turn it is.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// Its slot.
    pub slot: u32,
    /// How many of its attempts were refused meanwhile.
    pub refused: u32,
    /// When its attempt was scheduled. If it has none any more, as the simulation ends, when the first of those that
    /// were refused was made.
    pub scheduled: Time,
    /// Its place among those that come at this instant, if it goes back to its orbit.
    pub place: Place,
}

/// Why a client continues, as far as it matters to those in orbit.
#[derive(Clone, Copy, Debug)]
pub struct Occasion {
    /// The event that is for it.
    pub order: Order,
    /// When its attempt was scheduled, if it is one.
    pub scheduled: Time,
    /// What came of its orbit, if it was in one.
    pub turn: Option<Turn>,
}

impl Occasion {
    /// That of the first event.
    pub const START: Occasion =
        Occasion { order: Order::Arrival, scheduled: Time::ZERO, turn: None };
}

impl Orbits {
    /// No client is in orbit yet; `None` if none ever will be.
    pub fn new(replication: &Replication<'_>) -> Option<Orbits> {
        let groups = replication.groups.iter().map(|members| members.group);
        let points =
            skippable::by_point(replication.distribution_points, groups, replication.horizon);
        let points: Vec<PointOrbits> = points.iter().map(PointOrbits::new).collect();
        let any = points.iter().any(|point| !point.circles.is_empty());
        any.then(|| Orbits {
            points,
            members: Vec::new(),
            outside: Vec::new(),
            has_outside: replication.groups.iter().any(|members| !members.has_one_delay()),
            told: 0,
        })
    }

    /// Whether clients may be in orbit at `point`.
    #[inline]
    pub fn are_at(&self, point: PointId) -> bool {
        !self.points[point.index()].circles.is_empty()
    }

    /// Whether clients that retry `point` every `interval` may be in orbit.
    #[inline]
    pub fn has(&self, point: PointId, interval: Span) -> bool {
        self.points[point.index()].circles.iter().any(|circle| circle.interval() == interval)
    }

    /// How many connections each client at `point` needs.
    pub fn connections(&self, point: PointId) -> u32 {
        self.points[point.index()].connections
    }

    /// A client got `slot`.
    #[inline]
    pub fn make_room(&mut self, slot: u32) {
        if slot as usize == self.members.len() {
            self.members.push(Member::NONE);
        }
        if self.has_outside && slot as usize == self.outside.len() {
            self.outside.push(Outside { point: PointId(0), since: Time::MAX });
        }
    }

    /// The client in `slot` will retry `point` every `interval` from `now` on.
    #[inline]
    pub fn enter(&mut self, slot: u32, point: PointId, interval: Span, now: Time, place: Place) {
        let circles = &mut self.points[point.index()].circles;
        if let Some(circle) = circles.iter_mut().find(|circle| circle.interval() == interval) {
            circle.enter(&mut self.members, slot, now, place, false);
        }
    }

    /// The client in `slot` will retry `point` at `at`. Gives when it is a guest in an orbit there;
    /// otherwise the attempt has to be scheduled.
    pub fn wait_outside(
        &mut self,
        slot: u32,
        point: PointId,
        at: Time,
        now: Time,
        place: impl FnOnce(Span) -> Place,
    ) -> bool {
        let orbits = &mut self.points[point.index()];
        let interval = at.since(now);
        match orbits.circles.iter_mut().find(|circle| circle.interval() == interval) {
            Some(circle) => {
                circle.enter(&mut self.members, slot, now, place(interval), true);
                *orbits.guests.entry(at).or_default() += 1;
                true
            }
            None => {
                if self.has_outside {
                    self.outside[slot as usize] = Outside { point, since: now };
                }
                false
            }
        }
    }

    /// Where and since when the attempt of the client in `slot` is scheduled, which is in no orbit.
    pub fn outside(&self, slot: u32) -> Option<(PointId, Time)> {
        let outside = self.outside.get(slot as usize)?;
        self.are_at(outside.point).then_some((outside.point, outside.since))
    }

    /// The client in `slot`, which has retried `point` every `interval`, stops at `now`. Which of its
    /// attempts were refused before `now`.
    pub fn leave(&mut self, slot: u32, point: PointId, interval: Span, now: Time) -> Refusals {
        let circles = &mut self.points[point.index()].circles;
        let circle = circles.iter_mut().find(|circle| circle.interval() == interval);
        circle.map_or(Refusals::NONE, |circle| circle.leave(&mut self.members, slot, now))
    }

    /// Whether a turn may be due at `point` at `now`.
    #[inline]
    pub fn may_be_due(&self, point: PointId, now: Time) -> bool {
        let orbits = &self.points[point.index()];
        orbits.turn == Some(now)
            || orbits.guests.first_key_value().is_some_and(|(at, _)| *at == now)
    }

    /// The next client whose attempt at `point` is to be simulated at `now`; only one that was scheduled
    /// before `until`. It is in no orbit any more.
    pub fn take_turn(
        &mut self,
        point: PointId,
        now: Time,
        door: Door,
        until: Option<Time>,
    ) -> Option<Turn> {
        let orbits = &mut self.points[point.index()];
        let has_guests = orbits.guests.contains_key(&now);
        if door == Door::Shut && !has_guests {
            return None;
        }
        for circle in &mut orbits.circles {
            let interval = circle.interval().as_millis();
            let Some(scheduled) = now.as_millis().checked_sub(interval).map(Time::from_millis)
            else {
                continue;
            };
            if until.is_some_and(|until| scheduled >= until) {
                break;
            }
            if let Some(slot) = circle.due(&self.members, now, door == Door::Open) {
                let place = circle.place_of(&self.members, slot);
                let was_guest = self.members[slot as usize].is_guest();
                let refused = circle.leave(&mut self.members, slot, now).number;
                if was_guest && let Some(count) = orbits.guests.get_mut(&now) {
                    *count -= 1;
                    if *count == 0 {
                        orbits.guests.remove(&now);
                    }
                }
                return Some(Turn { slot, refused, scheduled, place });
            }
        }
        None
    }

    /// A turn that was scheduled at `point` for `now` has come.
    pub fn turn_has_come(&mut self, point: PointId, now: Time) {
        let turn = &mut self.points[point.index()].turn;
        *turn = turn.filter(|turn| *turn > now);
    }

    /// When a turn is to be scheduled at `point`, if that is by `horizon` and one is not yet.
    #[inline]
    pub fn next_turn(
        &mut self,
        point: PointId,
        now: Time,
        door: Door,
        horizon: Time,
    ) -> Option<Time> {
        let orbits = &mut self.points[point.index()];
        let at = match door {
            Door::Open => {
                let attempts = orbits.circles.iter_mut();
                attempts.filter_map(|circle| circle.next_attempt(&self.members, now)).min()?
            }
            Door::Shut => *orbits.guests.first_key_value()?.0,
        };
        if at > horizon || orbits.turn.is_some_and(|turn| turn <= at) {
            return None;
        }
        orbits.turn = Some(at);
        Some(at)
    }

    /// Whether nobody is in orbit but guests.
    pub fn are_empty(&self) -> bool {
        self.points.iter().flat_map(|point| &point.circles).all(Circle::is_empty)
    }

    /// How many refusals there were before `at` that the observer was not told of yet.
    pub fn untold_before(&mut self, at: Time) -> u64 {
        let circles = self.points.iter_mut().flat_map(|point| &mut point.circles);
        let refused = circles.map(|circle| circle.refused_before(&self.members, at));
        refused.sum::<u64>() - self.told
    }

    /// The observer was told of that many more.
    pub fn tell(&mut self, refusals: u64) {
        self.told += refusals;
    }

    /// All that are in orbit when the simulation ends at `horizon` leave it.
    pub fn dissolve(&mut self, horizon: Time) -> Vec<Turn> {
        let after = horizon + Span::MILLISECOND;
        let mut left = Vec::new();
        for circle in self.points.iter_mut().flat_map(|point| &mut point.circles) {
            for slot in circle.everyone(&self.members) {
                let was_guest = self.members[slot as usize].is_guest();
                let Refusals { number: refused, first: scheduled } =
                    circle.leave(&mut self.members, slot, after);
                if !was_guest {
                    left.push(Turn { slot, refused, scheduled, place: Place::End });
                }
            }
        }
        left
    }
}

impl PointOrbits {
    fn new(skippable: &Skippable) -> PointOrbits {
        let circles = skippable.intervals().iter();
        let circles = circles.map(|&(interval, clients)| Circle::new(interval, clients));
        let connections = skippable.connections();
        PointOrbits { circles: circles.collect(), connections, ..PointOrbits::default() }
    }
}
