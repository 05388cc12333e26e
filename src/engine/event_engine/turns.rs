//! What the event engine's world does for clients in [orbit](super::orbit): whose turn it is, and how many
//! refusals there were that were not simulated.

use std::cell::RefCell;

use super::orbit::{Door, Occasion, Orbits, Place, Turn};
use super::waiting::Wakeup;
use super::world::{EventWorld, YieldOnce, slot_of};
use crate::model::{
    Detail, KeptTrying, Now, Observer, Order, PointId, Refusals, Span, Time, World,
};

/// What the executor asks for.
impl<O: Observer, D: Detail> EventWorld<'_, O, D> {
    /// The next event, of `order`, is for the client in `slot`.
    #[inline]
    pub fn begin_occasion(&self, order: Order, slot: u32) {
        if let Some(orbits) = &self.orbits {
            let scheduled = match order {
                Order::Attempt => orbits.borrow().outside(slot).map(|(_, since)| since),
                _ => None,
            };
            let scheduled = scheduled.unwrap_or(Time::ZERO);
            self.occasion.set(Occasion { order, scheduled, turn: None });
        }
    }

    /// The client whose turn comes at this instant before the attempt of the client in `slot`, because
    /// it was scheduled before.
    #[inline]
    pub fn turn_before(&self, slot: u32) -> Option<u32> {
        let orbits = self.orbits.as_ref()?;
        let (point, since) = orbits.borrow().outside(slot)?;
        if !orbits.borrow().may_be_due(point, self.now()) {
            return None;
        }
        self.take_turn(orbits, point, Some(since))
    }

    /// A turn at `point` was scheduled for now: the client whose turn it is, if there still is one.
    pub fn turn_at(&self, point: PointId) -> Option<u32> {
        let orbits = self.orbits.as_ref()?;
        orbits.borrow_mut().turn_has_come(point, self.now());
        let slot = self.take_turn(orbits, point, None);
        if slot.is_none() {
            self.offer_turn(point);
        }
        slot
    }

    fn take_turn(
        &self,
        orbits: &RefCell<Orbits>,
        point: PointId,
        until: Option<Time>,
    ) -> Option<u32> {
        let door = self.door(point, orbits.borrow().connections(point));
        let turn = orbits.borrow_mut().take_turn(point, self.now(), door, until)?;
        self.occasion.set(Occasion {
            order: Order::Turn,
            scheduled: turn.scheduled,
            turn: Some(turn),
        });
        self.forget_deadline(turn.slot);
        self.turn_taken_at.set(Some(point));
        Some(turn.slot)
    }

    /// The client whose turn it was has been simulated: schedules the next turn at that point.
    #[inline]
    pub fn offer_next_turn(&self) {
        if let Some(point) = self.turn_taken_at.take() {
            self.offer_turn(point);
        }
    }

    /// Those that are left in orbit at the end of the simulation; each is to be polled once more.
    pub fn end_orbits(&self) -> Vec<Turn> {
        let Some(orbits) = &self.orbits else { return Vec::new() };
        if !orbits.borrow().are_empty() {
            self.set_now(self.horizon);
        }
        // An attempt at the horizon is still made.
        self.tell_refusals_before(self.now() + Span::MILLISECOND);
        orbits.borrow_mut().dissolve(self.horizon)
    }

    /// The client of `turn` is polled for the last time.
    pub fn end_turn(&self, turn: Turn) {
        self.set_current(turn.slot);
        let occasion =
            Occasion { order: Order::PointChange, scheduled: Time::ZERO, turn: Some(turn) };
        self.occasion.set(occasion);
    }

    /// Tells the observer of the refusals before now that were not simulated, period by period, if one is
    /// over.
    #[cold]
    pub fn tell_refusals(&self) {
        if self.observer.borrow().period_end() <= self.now() {
            self.tell_refusals_before(self.now());
        }
        // No refusals are left to report once no client is in orbit, and those of clients that left are reported.
        let nothing = |orbits: &RefCell<Orbits>| {
            let mut orbits = orbits.borrow_mut();
            orbits.are_empty() && orbits.untold_before(self.now()) == 0
        };
        let end = self.observer.borrow().period_end();
        let idle = self.orbits.as_ref().is_none_or(nothing);
        self.refusals_due.set(if idle { Time::MAX } else { end });
    }

    fn tell_refusals_before(&self, end: Time) {
        let Some(orbits) = &self.orbits else { return };
        let (mut observer, mut orbits) = (self.observer.borrow_mut(), orbits.borrow_mut());
        let mut untold = orbits.untold_before(end);
        while untold > 0 {
            let period_end = observer.period_end().min(end);
            let refusals = orbits.untold_before(period_end);
            if refusals > 0 {
                let last = Time::from_millis(period_end.as_millis() - 1);
                observer.refused_together(last, refusals);
                orbits.tell(refusals);
                untold -= refusals;
            }
            if untold > 0 {
                observer.refused_together(period_end, 0);
            }
        }
    }
}

/// What the world asks for.
impl<O: Observer, D: Detail> EventWorld<'_, O, D> {
    /// Schedules the next turn at `point`, if there may be one.
    pub fn offer_turn(&self, point: PointId) {
        let Some(orbits) = &self.orbits else { return };
        let mut orbits = orbits.borrow_mut();
        if !orbits.are_at(point) {
            return;
        }
        let door = self.door(point, orbits.connections(point));
        if let Some(at) = orbits.next_turn(point, self.now(), door, self.horizon) {
            self.pending.agenda.borrow_mut().push((at, Order::Turn, slot_of(point)));
        }
    }

    /// Whether the attempt of a client in orbit would have to be simulated.
    fn door(&self, point: PointId, connections: u32) -> Door {
        let is_open = match D::FULL {
            true => self.servers[point.index()].borrow().would_answer(connections),
            false => self.plain_servers[point.index()].is_free(),
        };
        if is_open { Door::Open } else { Door::Shut }
    }

    /// Whether clients that retry `point` every `interval` may be in orbit.
    #[inline]
    pub fn has_orbit(&self, point: PointId, interval: Span) -> bool {
        self.orbits.as_ref().is_some_and(|orbits| orbits.borrow().has(point, interval))
    }

    /// The present client goes into orbit.
    pub fn enter_orbit(
        &self,
        point: PointId,
        interval: Span,
        last: Option<(Time, Order)>,
    ) -> YieldOnce {
        if let Some(orbits) = &self.orbits {
            let place = self.place(interval);
            orbits.borrow_mut().enter(self.current.get(), point, interval, self.now(), place);
            if self.refusals_due.get() == Time::MAX {
                self.refusals_due.set(self.observer.borrow().period_end());
            }
        }
        self.offer_turn(point);
        let (at, order) = last.unwrap_or((Time::MAX, Order::Poll));
        self.wait_until(at, order)
    }

    /// The present client will retry `point` at `at`, outside the orbits or as a guest in one.
    #[inline]
    pub fn retry_outside(&self, point: PointId, at: Time) -> YieldOnce {
        if let Some(orbits) = &self.orbits
            && at > self.now()
        {
            let is_guest = orbits.borrow_mut().wait_outside(
                self.current.get(),
                point,
                at,
                self.now(),
                |interval| self.place(interval),
            );
            if is_guest {
                self.offer_turn(point);
                return self.wait_until(Time::MAX, Order::Attempt);
            }
        }
        self.sleep(at, Order::Attempt)
    }

    /// Where the present client comes in among those that retry every `interval` and come at this instant.
    fn place(&self, interval: Span) -> Place {
        let Occasion { order, scheduled, turn } = self.occasion.get();
        let came_before = || scheduled + interval < self.now();
        match (order, turn) {
            (Order::Turn, Some(turn)) if scheduled + interval == self.now() => turn.place,
            (Order::Attempt | Order::Turn, _) if !came_before() => Place::End,
            _ => Place::Front,
        }
    }

    /// What came of the orbit of the present client.
    pub fn left_orbit(&self, point: PointId, interval: Span) -> KeptTrying {
        let Occasion { order, turn, .. } = self.occasion.get();
        let stops_before = match (order, turn) {
            (Order::Turn, Some(turn)) => {
                let since_first = u64::from(turn.refused) * interval.as_millis();
                let first = Time::from_millis(self.now().as_millis().saturating_sub(since_first));
                let refusals = Refusals { number: turn.refused, first };
                return KeptTrying { refusals, now: Now::Try };
            }
            (_, Some(turn)) => {
                let refusals = Refusals { number: turn.refused, first: turn.scheduled };
                return KeptTrying { refusals, now: Now::Nothing };
            }
            (Order::LastRefusal, None) => self.now() + Span::MILLISECOND,
            (_, None) => self.now(),
        };
        let leave = |orbits: &RefCell<Orbits>| {
            orbits.borrow_mut().leave(self.current.get(), point, interval, stops_before)
        };
        let refusals = self.orbits.as_ref().map_or(Refusals::NONE, leave);
        KeptTrying { refusals, now: Now::Stop }
    }
}

/// The instants at which clients in orbit stop.
impl<O: Observer, D: Detail> EventWorld<'_, O, D> {
    /// The client in `slot` waits for this event, or for its turn; whether it has to be scheduled.
    pub fn expect_deadline(&self, at: Time, order: Order, slot: u32) -> bool {
        let waits = matches!(order, Order::Poll | Order::LastRefusal);
        if at > self.horizon || !waits {
            return at <= self.horizon;
        }
        let mut deadlines = self.deadlines.borrow_mut();
        if slot as usize >= deadlines.len() {
            deadlines.resize(slot as usize + 1, NO_DEADLINE);
        }
        deadlines[slot as usize] = deadline(at, order);
        true
    }

    /// Whether the client in `slot` waits for this event.
    pub fn meets_deadline(&self, at: Time, order: Order, slot: u32) -> bool {
        let mut deadlines = self.deadlines.borrow_mut();
        let expected = deadlines.get_mut(slot as usize);
        let met = expected.filter(|expected| **expected == deadline(at, order));
        met.map(|expected| *expected = NO_DEADLINE).is_some()
    }

    /// The client in `slot` waits for none.
    pub fn forget_deadline(&self, slot: u32) {
        if D::FULL {
            self.pending.clients.borrow_mut()[slot as usize].wake(Wakeup::Time);
        } else if let Some(expected) = self.deadlines.borrow_mut().get_mut(slot as usize) {
            *expected = NO_DEADLINE;
        }
    }
}

const NO_DEADLINE: u64 = u64::MAX;

/// A time and an order in one word: no time of a simulation needs the upper bits.
fn deadline(at: Time, order: Order) -> u64 {
    at.as_millis() << 3 | order as u64
}
