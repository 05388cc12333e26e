//! How many attempts there are in each second of a run.

use super::MeasuredTime;
use crate::model::{Span, Time};

/// The longest time, in seconds, of which each is counted: 48 days.
const MOST_SECONDS: u64 = 1 << 22;

/// The attempts in each whole second since the end of the warm-up.
///
/// Attempts that were simulated are counted as they come. Retries that were not come once each interval, so it is
/// enough to note the second of the first and that after the last: what is there in a second is the sum of the
/// changes a whole number of intervals before.
#[derive(Clone, Debug)]
pub struct AttemptRate {
    start: Time,
    seconds: Vec<u32>,
    waves: Vec<Wave>,
    /// The run takes longer than can be counted.
    is_too_long: bool,
}

/// Retries that come once each interval.
#[derive(Clone, Debug)]
struct Wave {
    /// The interval in ms, and in whole seconds.
    millis: u64,
    interval: u64,
    /// By how much their number in this second differs from that an interval before.
    changes: Vec<i32>,
}

impl AttemptRate {
    /// Of a run that is measured from `start` on.
    pub fn new(start: Time) -> AttemptRate {
        AttemptRate { start, seconds: Vec::new(), waves: Vec::new(), is_too_long: false }
    }

    /// A client makes an attempt at `now`.
    // A look at the list each time: in a run whose refused retries are skipped, most attempts are in a new second.
    #[inline]
    pub fn attempt(&mut self, now: Time) {
        let Some(millis) = now.as_millis().checked_sub(self.start.as_millis()) else { return };
        let second = millis / 1000;
        match self.seconds.get_mut(second as usize) {
            Some(number) => *number += 1,
            None => self.attempt_in_new_second(second),
        }
    }

    #[cold]
    fn attempt_in_new_second(&mut self, second: u64) {
        if self.is_countable(second) {
            at(&mut self.seconds, second, |number| *number += 1);
        }
    }

    /// A client has made that many attempts, the first at `first`, one each `interval`.
    // Nearly all waits of a run have the same interval and end in a second that is there already: they take two
    // additions here. All that is else is out of line; with it this took a fiftieth of the instructions of a run.
    #[inline]
    pub fn skipped(&mut self, first: Time, interval: Span, number: u32) {
        if let Some(wave) = self.waves.first_mut()
            && wave.millis == interval.as_millis()
            && let Some(since) = first.as_millis().checked_sub(self.start.as_millis())
        {
            let second = since / 1000;
            let end = second + u64::from(number) * wave.interval;
            if let Some(change) = wave.changes.get_mut(end as usize) {
                *change -= 1;
                wave.changes[second as usize] += 1;
                return;
            }
        }
        self.skipped_otherwise(first, interval, number);
    }

    #[inline(never)]
    fn skipped_otherwise(&mut self, first: Time, interval: Span, number: u32) {
        let (first, number, interval) =
            (first.as_millis(), u64::from(number), interval.as_millis());
        // What came before the start does not count.
        let before = self.start.as_millis().saturating_sub(first);
        let early = before.div_ceil(interval.max(1)).min(number);
        let (first, number) = (first + early * interval, number - early);
        if number == 0 {
            return;
        }
        let since = first - self.start.as_millis();
        let Some(place) = self.wave(interval) else {
            if self.is_countable((since + (number - 1) * interval) / 1000) {
                for round in 0..number {
                    let millis = since + round * interval;
                    at(&mut self.seconds, millis / 1000, |number| *number += 1);
                }
            }
            return;
        };
        let second = since / 1000;
        let end = second + number * self.waves[place].interval;
        if !self.is_countable(end) {
            return;
        }
        let wave = &mut self.waves[place];
        at(&mut wave.changes, end, |change| *change -= 1);
        at(&mut wave.changes, second, |change| *change += 1);
    }

    /// The place of the waves with an interval of so many ms; `None`: they do not come in the same part of a second.
    fn wave(&mut self, millis: u64) -> Option<usize> {
        let known = self.waves.iter().position(|wave| wave.millis == millis);
        known.or_else(|| self.new_wave(millis))
    }

    #[cold]
    fn new_wave(&mut self, millis: u64) -> Option<usize> {
        if !millis.is_multiple_of(1000) {
            return None;
        }
        self.waves.push(Wave { millis, interval: millis / 1000, changes: Vec::new() });
        Some(self.waves.len() - 1)
    }

    fn is_countable(&mut self, second: u64) -> bool {
        self.is_too_long |= second >= MOST_SECONDS;
        !self.is_too_long
    }

    /// The attempts in each second; `None` of a run that takes longer than can be counted.
    pub fn seconds(mut self) -> Option<Vec<u32>> {
        if self.is_too_long {
            return None;
        }
        for Wave { interval, mut changes, .. } in self.waves {
            for second in interval as usize..changes.len() {
                changes[second] += changes[second - interval as usize];
            }
            let length = self.seconds.len().max(changes.len());
            self.seconds.resize(length, 0);
            for (number, change) in self.seconds.iter_mut().zip(changes) {
                *number = number.saturating_add_signed(change);
            }
        }
        Some(self.seconds)
    }
}

/// Changes the number of a second.
fn at<T: Clone + Default>(numbers: &mut Vec<T>, second: u64, change: impl FnOnce(&mut T)) {
    let second = second as usize;
    if second >= numbers.len() {
        // Room for more at once, so that most seconds are there when they come.
        numbers.resize((second + 1).next_multiple_of(1 << 10), T::default());
    }
    change(&mut numbers[second]);
}

/// Adds the attempts of another part of a system, second by second.
pub fn add_seconds(all: &mut Option<Vec<u32>>, part: Option<Vec<u32>>) {
    let (Some(sum), Some(part)) = (all.as_mut(), part) else {
        *all = None;
        return;
    };
    if sum.len() < part.len() {
        sum.resize(part.len(), 0);
    }
    sum.iter_mut().zip(part).for_each(|(sum, number)| *sum += number);
}

/// The attempts in the busiest second; `None` if there were no attempts.
pub fn busiest(seconds: Option<Vec<u32>>) -> Option<u64> {
    most(seconds?)
}

/// The same of the seconds, counted from `start`, that begin in a window.
pub fn busiest_in(seconds: Option<Vec<u32>>, start: Time, window: &MeasuredTime) -> Option<u64> {
    let begins = |second: u64| start + Span::from_secs(second);
    let seconds = (0..).zip(seconds?).filter(|(second, _)| window.contains(begins(*second)));
    most(seconds.map(|(_, number)| number))
}

fn most(seconds: impl IntoIterator<Item = u32>) -> Option<u64> {
    let most = seconds.into_iter().max()?;
    (most > 0).then(|| u64::from(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn millis(millis: u64) -> Time {
        Time::from_millis(millis)
    }

    #[test]
    fn attempts_are_counted_by_whole_seconds() {
        let mut rate = AttemptRate::new(Time::ZERO);
        [0, 999, 1000, 1000, 1999, 5000].into_iter().for_each(|at| rate.attempt(millis(at)));
        assert_eq!(rate.seconds().expect("it is short")[..7], [2, 3, 0, 0, 0, 1, 0]);
    }

    #[test]
    fn skipped_retries_are_counted_as_if_each_had_been_made() {
        for interval in [2000, 3000, 700, 1000] {
            let mut each = AttemptRate::new(millis(1500));
            let mut together = each.clone();
            let mut all: Vec<u64> = Vec::new();
            for (first, number) in [(100, 5), (1600, 1), (2400, 7), (2400, 0), (9000, 3)] {
                all.extend((0..u64::from(number)).map(|round| first + round * interval));
                together.skipped(millis(first), Span::from_millis(interval), number);
            }
            all.sort_unstable();
            all.into_iter().for_each(|at| each.attempt(millis(at)));
            let trim = |seconds: Option<Vec<u32>>| {
                let mut seconds = seconds.expect("it is short");
                while seconds.last() == Some(&0) {
                    seconds.pop();
                }
                seconds
            };
            assert_eq!(trim(together.seconds()), trim(each.seconds()), "{interval}");
        }
    }

    #[test]
    fn a_run_that_takes_too_long_has_no_busiest_second() {
        let mut rate = AttemptRate::new(Time::ZERO);
        rate.attempt(millis(5));
        rate.attempt(Time::ZERO + Span::from_days(49));
        assert_eq!(busiest(rate.seconds()), None);
        assert_eq!(busiest(Some(vec![0])), None);
        assert_eq!(busiest(Some(vec![0, 7, 2])), Some(7));
        let window = MeasuredTime::new([(millis(11_500), millis(13_000))]);
        assert_eq!(busiest_in(Some(vec![9, 8, 7, 2, 1]), millis(10_000), &window), Some(7));
    }
}
