//! The changes of a number as they happen, one after the other.

use super::{Changes, MeasuredTime};
use crate::model::Time;

/// So many changes are kept as they are, which is a megabyte; those of a component seldom are more.
const MOST: usize = 1 << 17;

/// By how much the change is, in the lower bits of an entry; when, in the others.
const DELTA_BITS: u32 = 24;

/// By how much a number changed, and when: at first a plain list, because the changes of a short simulation are
/// added to those of others only once.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// In order of time.
    recent: Vec<u64>,
    earlier: Changes,
}

impl Log {
    /// It changed by `delta` at `at`, which is not before the last change.
    #[inline]
    pub fn add(&mut self, at: Time, delta: i64) {
        const LIMIT: i64 = 1 << (DELTA_BITS - 1);
        let millis = at.as_millis();
        if millis < 1 << (64 - DELTA_BITS) && (-LIMIT..LIMIT).contains(&delta) {
            if self.recent.len() == MOST {
                self.settle();
            }
            self.recent.push(millis << DELTA_BITS | (delta + LIMIT) as u64);
        } else {
            self.earlier.add(at, delta);
        }
    }

    #[cold]
    fn settle(&mut self) {
        for entry in std::mem::take(&mut self.recent) {
            let (at, delta) = unpacked(entry);
            self.earlier.add(at, delta);
        }
    }

    /// Adds its changes to those of others.
    pub fn add_to(&self, sum: &mut Changes) {
        sum.add_all(&self.earlier);
        for &entry in &self.recent {
            let (at, delta) = unpacked(entry);
            sum.add(at, delta);
        }
    }

    /// The area under the number in a window of time, in ms.
    pub fn area(&self, window: &MeasuredTime) -> u128 {
        let mut area = self.earlier.signed_area(window);
        for &entry in &self.recent {
            let (at, delta) = unpacked(entry);
            area += i128::from(delta) * i128::from(window.after(at));
        }
        // No level is ever below 0.
        u128::try_from(area).unwrap_or(0)
    }
}

fn unpacked(entry: u64) -> (Time, i64) {
    let delta = (entry & ((1 << DELTA_BITS) - 1)) as i64 - (1 << (DELTA_BITS - 1));
    (Time::from_millis(entry >> DELTA_BITS), delta)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::peak;

    #[test]
    fn a_log_holds_what_was_noted_however_much_that_is() {
        let (mut log, mut changes) = (Log::default(), Changes::default());
        let big = 1 << 30;
        for (millis, delta) in (0..3 * MOST as u64)
            .map(|i| (i / 2, 1 - (i as i64 % 3)))
            .chain([(1 << 41, big), ((1 << 41) + 5, -big)])
        {
            let at = Time::from_millis(millis);
            log.add(at, delta);
            changes.add(at, delta);
        }
        let mut sum = Changes::default();
        log.add_to(&mut sum);
        let [start, end] = [1000, 1 << 42].map(Time::from_millis);
        let window = MeasuredTime::new([(start, end)]);
        assert_eq!(log.area(&window), changes.area(&window));
        assert_eq!(sum.area(&window), changes.area(&window));
        let window = MeasuredTime::from(start);
        assert_eq!(peak([&sum], &window), peak([&changes], &window));
    }
}
