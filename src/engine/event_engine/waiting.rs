//! What a full client waits for, when that may change while it waits.

use crate::model::{Answer, Order, Time, Work};

/// What the client in a slot waits for.
#[derive(Clone)]
pub(super) struct Waiting {
    /// The event that will wake it; all others are stale.
    expected: (Time, Order),
    /// Whether that event is in the queue.
    is_scheduled: bool,
    /// Why it will be woken then.
    cause: Wakeup,
    /// Of the stale events that are still in the queue, how many are at the same instant and in the same order as
    /// the one that it waits for, and come before it.
    before: u32,
    /// The events in the queue for which nobody waits any longer.
    stale: Vec<Stale>,
}

/// An event for which nobody waits any longer.
#[derive(Clone, Copy)]
struct Stale {
    event: (Time, Order),
    /// It was another client that had the slot before. Otherwise it is of this client, which was woken before.
    is_of_another: bool,
}

/// Why a client is woken.
#[derive(Clone, Copy, Default)]
pub(super) enum Wakeup {
    /// Its time has come.
    #[default]
    Time,
    /// Its transfer is done.
    Done,
    /// Its request, for which it queued, is answered.
    Answered(Answer<()>),
    /// Its transfer was cut, and this work was left.
    Cut(Work),
}

impl Waiting {
    /// Nothing will wake it.
    pub const FOR_NOTHING: Waiting = Waiting {
        expected: (Time::MAX, Order::Attempt),
        is_scheduled: false,
        cause: Wakeup::Time,
        before: 0,
        stale: Vec::new(),
    };

    /// From now on it waits for this event. Whether that has to be scheduled: not beyond `horizon`, and
    /// not if it is a poll for which it has waited before, and which has not come yet. Clients often wait for the
    /// same one again, for the end of their patience or of their hours, and these would pile up.
    pub fn expect(&mut self, at: Time, order: Order, cause: Wakeup, horizon: Time) -> bool {
        self.give_up();
        (self.expected, self.cause) = ((at, order), cause);
        self.is_scheduled = at <= horizon;
        self.is_scheduled && (self.stale.is_empty() || self.is_new((at, order)))
    }

    /// Whether the event that it waits for has to be scheduled, where stale ones are in the queue.
    fn is_new(&mut self, event: (Time, Order)) -> bool {
        let known = |stale: &Stale| stale.event == event && !stale.is_of_another;
        let known = match event.1 {
            Order::Poll => self.stale.iter().position(known),
            _ => None,
        };
        if let Some(known) = known {
            self.stale.swap_remove(known);
        }
        let alike = self.stale.iter().filter(|stale| stale.event == event);
        self.before = alike.count() as u32;
        known.is_none()
    }

    /// An event for its slot has come: whether it is the one that it waits for. Then it no longer does.
    pub fn meets(&mut self, at: Time, order: Order) -> bool {
        let is_alike = (at, order) == self.expected && self.is_scheduled;
        if is_alike && self.before == 0 {
            self.is_scheduled = false;
            self.expected = Waiting::FOR_NOTHING.expected;
            return true;
        }
        if let Some(place) = self.stale.iter().position(|it| it.event == (at, order)) {
            self.stale.swap_remove(place);
            self.before -= u32::from(is_alike);
        }
        false
    }

    /// It is woken now, and waits for nothing else.
    pub fn wake(&mut self, cause: Wakeup) {
        self.give_up();
        self.cause = cause;
    }

    /// Another client has its slot from now on.
    pub fn make_room(&mut self) {
        self.wake(Wakeup::Time);
        self.stale.iter_mut().for_each(|stale| stale.is_of_another = true);
    }

    /// It no longer waits for the event that it has waited for, which may still come.
    fn give_up(&mut self) {
        if self.is_scheduled {
            self.stale.push(Stale { event: self.expected, is_of_another: false });
        }
        (self.expected, self.is_scheduled) = (Waiting::FOR_NOTHING.expected, false);
        self.before = 0;
    }

    /// Whether it was woken because its time had come.
    pub fn was_time(&self) -> bool {
        matches!(self.cause, Wakeup::Time)
    }

    /// Why it was woken.
    pub fn take_cause(&mut self) -> Wakeup {
        std::mem::take(&mut self.cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Time = Time::from_millis(7);

    #[test]
    fn the_same_poll_is_scheduled_once_until_it_has_come() {
        let mut waiting = Waiting::FOR_NOTHING;
        let mut expect = |at, order| waiting.expect(at, order, Wakeup::Time, Time::from_millis(9));
        assert!(expect(AT, Order::Poll));
        assert!(expect(Time::from_millis(3), Order::Attempt));
        // An instant that never comes does not make it forget.
        assert!(!expect(Time::MAX, Order::Poll));
        assert!(!expect(AT, Order::Poll));
        assert!(waiting.meets(AT, Order::Poll));
        assert!(waiting.expect(AT, Order::Poll, Wakeup::Time, AT));
    }

    #[test]
    fn a_client_is_not_woken_by_an_event_of_the_one_that_had_its_slot() {
        let mut waiting = Waiting::FOR_NOTHING;
        waiting.expect(AT, Order::Poll, Wakeup::Time, AT);
        waiting.wake(Wakeup::Done);
        waiting.make_room();
        // The event of the client before comes first: it was scheduled first.
        assert!(waiting.expect(AT, Order::Poll, Wakeup::Time, AT));
        assert!(!waiting.meets(AT, Order::Poll));
        assert!(waiting.meets(AT, Order::Poll));
        assert!(!waiting.meets(AT, Order::Poll));
    }

    #[test]
    fn events_that_are_no_longer_expected_are_stale() {
        let mut waiting = Waiting::FOR_NOTHING;
        waiting.expect(AT, Order::Attempt, Wakeup::Time, AT);
        assert!(!waiting.meets(AT, Order::Poll));
        waiting.wake(Wakeup::Done);
        assert!(!waiting.meets(AT, Order::Attempt));
        assert!(matches!(waiting.take_cause(), Wakeup::Done));
        assert!(matches!(waiting.take_cause(), Wakeup::Time));
    }
}
