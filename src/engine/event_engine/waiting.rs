//! What a full client waits for, when that may change while it waits.

use crate::model::{Answer, Order, Time, Work};

/// What the client in a slot waits for.
#[derive(Clone, Copy)]
pub(super) struct Waiting {
    /// The event that will wake it; all others are stale.
    expected: (Time, Order),
    /// Why it will be woken then.
    cause: Wakeup,
    /// The latest poll that is in the queue. Clients often wait for the same one again: for the end
    /// of their patience, or of their hours.
    poll: Time,
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
    pub const FOR_NOTHING: Waiting =
        Waiting { expected: (Time::MAX, Order::Attempt), cause: Wakeup::Time, poll: Time::MAX };

    /// From now on it waits for this event. Whether that has to be scheduled: not beyond `horizon`, and
    /// not if it is a poll that is in the queue already, where it would pile up.
    pub fn expect(&mut self, at: Time, order: Order, cause: Wakeup, horizon: Time) -> bool {
        (self.expected, self.cause) = ((at, order), cause);
        if at > horizon {
            return false;
        }
        order != Order::Poll || std::mem::replace(&mut self.poll, at) != at
    }

    /// An event for it has come: whether it is the one that it waits for. Then it no longer does.
    pub fn meets(&mut self, at: Time, order: Order) -> bool {
        if (at, order) == (self.poll, Order::Poll) {
            self.poll = Time::MAX;
        }
        let expected = (at, order) == self.expected;
        if expected {
            self.expected = Waiting::FOR_NOTHING.expected;
        }
        expected
    }

    /// It is woken now, and waits for nothing else.
    pub fn wake(&mut self, cause: Wakeup) {
        (self.expected, self.cause) = (Waiting::FOR_NOTHING.expected, cause);
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
