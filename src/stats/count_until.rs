//! Counts that end with the last completion.

use crate::model::Time;

/// How many things happened up to the last completion, which nobody knows to be the last when it happens.
#[derive(Clone, Debug)]
pub struct CountUntil {
    start: Time,
    count: u64,
    /// When the last one happened.
    last: Time,
    /// How many there were at the last completion before that.
    settled: u64,
}

impl CountUntil {
    /// None yet; only what comes after `start` counts.
    pub fn new(start: Time) -> CountUntil {
        CountUntil { start, count: 0, last: Time::ZERO, settled: 0 }
    }

    /// One happens now.
    pub fn add(&mut self, now: Time, last_completion: Time) {
        if last_completion >= self.last {
            self.settled = self.count;
        }
        self.count += u64::from(now > self.start);
        self.last = now;
    }

    /// How many there were up to `end`: an instant not before the last of them, or the last completion of all.
    pub fn until(&self, end: Time) -> u64 {
        if end >= self.last { self.count } else { self.settled }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_after_the_last_completion_does_not_count() {
        let at = Time::from_millis;
        let mut count = CountUntil::new(at(5));
        // The first is in the warm-up; the last two come after the completion at 20.
        for (now, last_completion) in [(4, 0), (10, 0), (20, 12), (21, 20), (30, 20)] {
            count.add(at(now), at(last_completion));
        }
        assert_eq!(count.until(at(20)), 2);
        assert_eq!(count.until(at(40)), 4);
    }
}
