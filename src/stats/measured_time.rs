//! The time over which something is measured: one or several intervals.

use crate::model::{Span, Time};

/// Intervals of time, each with its beginning and without its end, in order and apart from each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasuredTime {
    intervals: Vec<Interval>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Interval {
    start: Time,
    end: Time,
    /// The length of all intervals before this one, in ms.
    before: u64,
}

impl MeasuredTime {
    /// The time of these intervals, each from its first instant up to its second. They are in order and do not
    /// overlap; empty ones do not count.
    pub fn new(intervals: impl IntoIterator<Item = (Time, Time)>) -> MeasuredTime {
        let mut before = 0;
        let intervals = intervals.into_iter().filter(|(start, end)| start < end);
        let intervals = intervals.map(|(start, end)| {
            let interval = Interval { start, end, before };
            before += end.since(start).as_millis();
            interval
        });
        MeasuredTime { intervals: intervals.collect() }
    }

    /// All time from `start` on.
    pub fn from(start: Time) -> MeasuredTime {
        MeasuredTime::new([(start, Time::MAX)])
    }

    /// Whether it has no instant.
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Whether `at` lies in it.
    #[inline]
    pub fn contains(&self, at: Time) -> bool {
        self.begun(at).is_some_and(|interval| at < interval.end)
    }

    /// How long its intervals are together.
    pub fn length(&self) -> Span {
        Span::from_millis(self.before(Time::MAX))
    }

    /// How much of it lies before `at`, in ms.
    pub(super) fn before(&self, at: Time) -> u64 {
        self.begun(at).map_or(0, |Interval { start, end, before }| {
            before + at.min(*end).since(*start).as_millis()
        })
    }

    /// How much of it lies after `at`, in ms, with the instant `at` itself.
    pub(super) fn after(&self, at: Time) -> u64 {
        self.length().as_millis() - self.before(at)
    }

    /// The last interval that has begun at `at`.
    fn begun(&self, at: Time) -> Option<&Interval> {
        let number = self.intervals.partition_point(|interval| interval.start <= at);
        self.intervals[..number].last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> Time {
        Time::from_millis(millis)
    }

    #[test]
    fn an_interval_has_its_beginning_and_not_its_end() {
        let time = MeasuredTime::new([(at(10), at(20)), (at(25), at(25)), (at(30), at(35))]);
        let inside = (0..50).filter(|&millis| time.contains(at(millis)));
        assert!(inside.eq((10..20).chain(30..35)));
        assert_eq!(time.length(), Span::from_millis(15));
        assert!(MeasuredTime::new([]).is_empty() && !MeasuredTime::new([]).contains(at(0)));
    }

    #[test]
    fn the_length_before_an_instant_counts_instants_in_the_window() {
        let time = MeasuredTime::new([(at(10), at(20)), (at(30), at(35))]);
        for millis in 0..50 {
            let inside = (0..millis).filter(|&before| time.contains(at(before))).count();
            assert_eq!(time.before(at(millis)), inside as u64, "{millis}");
        }
        assert_eq!(MeasuredTime::from(at(5)).before(at(8)), 3);
    }
}
