//! What a client of the full event engine waits for, when that may change while it waits.

use super::server::Reply;
use crate::model::{Order, Time, Work};

/// An instant that does not come.
pub(super) const NEVER: Time = Time::from_millis(u64::MAX);

/// What the client in a slot waits for.
#[derive(Clone, Copy)]
pub(super) struct Waiting {
    /// The event that will wake it; all others are stale.
    expected: (Time, Order),
    /// What it is to be told then.
    news: News,
    /// The latest poll that is in the queue. Clients often wait for the same one again: for the end
    /// of their patience, or of their hours.
    poll: Time,
}

/// What a client hears when it is woken.
#[derive(Clone, Copy, Default)]
pub(super) enum News {
    /// Its time has come.
    #[default]
    None,
    /// Its transfer is done.
    Done,
    /// The answer to its request, for which it queued.
    Answer(Reply),
    /// Its transfer was cut when so much was left.
    Cut(Work),
}

impl Waiting {
    /// Nothing will wake it.
    pub const FOR_NOTHING: Waiting =
        Waiting { expected: (NEVER, Order::Attempt), news: News::None, poll: NEVER };

    /// From now on it waits for this event. Whether that has to be scheduled: not beyond `horizon`, and
    /// not if it is a poll that is in the queue already, where it would pile up.
    pub fn expect(&mut self, at: Time, order: Order, news: News, horizon: Time) -> bool {
        (self.expected, self.news) = ((at, order), news);
        if at > horizon {
            return false;
        }
        order != Order::Poll || std::mem::replace(&mut self.poll, at) != at
    }

    /// An event for it has come: whether it is the one that it waits for. Then it no longer does.
    pub fn meets(&mut self, at: Time, order: Order) -> bool {
        if (at, order) == (self.poll, Order::Poll) {
            self.poll = NEVER;
        }
        let expected = (at, order) == self.expected;
        if expected {
            self.expected = Waiting::FOR_NOTHING.expected;
        }
        expected
    }

    /// It is told now, and waits for nothing else.
    pub fn hear(&mut self, news: News) {
        (self.expected, self.news) = (Waiting::FOR_NOTHING.expected, news);
    }

    /// What it is to be told.
    pub fn take_news(&mut self) -> News {
        std::mem::take(&mut self.news)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Time = Time::from_millis(7);

    #[test]
    fn the_same_poll_is_scheduled_once_until_it_has_come() {
        let mut waiting = Waiting::FOR_NOTHING;
        let mut expect = |at, order| waiting.expect(at, order, News::None, Time::from_millis(9));
        assert!(expect(AT, Order::Poll));
        assert!(expect(Time::from_millis(3), Order::Attempt));
        // What never comes does not make it forget.
        assert!(!expect(NEVER, Order::Poll));
        assert!(!expect(AT, Order::Poll));
        assert!(waiting.meets(AT, Order::Poll));
        assert!(waiting.expect(AT, Order::Poll, News::None, AT));
    }

    #[test]
    fn events_that_are_no_longer_expected_are_stale() {
        let mut waiting = Waiting::FOR_NOTHING;
        waiting.expect(AT, Order::Attempt, News::None, AT);
        assert!(!waiting.meets(AT, Order::Poll));
        waiting.hear(News::Done);
        assert!(!waiting.meets(AT, Order::Attempt));
        assert!(matches!(waiting.take_news(), News::Done));
        assert!(matches!(waiting.take_news(), News::None));
    }
}
