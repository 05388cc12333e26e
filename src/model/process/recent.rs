//! How many things happened in the last while.

use std::collections::VecDeque;

use crate::model::{Span, Time};

/// A count over a window that ends now: what happened exactly its length ago is no longer in it.
#[derive(Clone, Debug)]
pub(super) struct Recent {
    window: Span,
    /// When, and how many; those of one instant together.
    entries: VecDeque<(Time, u32)>,
    total: u64,
}

impl Recent {
    pub fn within(window: Span) -> Recent {
        Recent { window, entries: VecDeque::new(), total: 0 }
    }

    /// One more happens at `now`.
    pub fn add(&mut self, now: Time) {
        self.total += 1;
        match self.entries.back_mut() {
            Some((at, number)) if *at == now => *number += 1,
            _ => self.entries.push_back((now, 1)),
        }
    }

    /// How many there were.
    pub fn count(&mut self, now: Time) -> u64 {
        while let Some((at, number)) = self.entries.front()
            && *at + self.window <= now
        {
            self.total -= u64::from(*number);
            self.entries.pop_front();
        }
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_old_as_the_window_no_longer_counts() {
        let at = Time::from_millis;
        let mut recent = Recent::within(Span::from_millis(10));
        [0, 0, 4, 9].into_iter().for_each(|millis| recent.add(at(millis)));
        assert_eq!(recent.count(at(9)), 4);
        assert_eq!(recent.count(at(10)), 2);
        assert_eq!(recent.count(at(14)), 1);
        assert_eq!(recent.count(at(99)), 0);
    }
}
