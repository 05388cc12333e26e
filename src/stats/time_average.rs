//! Time averages of a distribution point: areas under its curves, summed exactly.

use crate::model::{Span, Time};

/// Open connections and waiting clients of one distribution point over time.
#[derive(Clone, Debug)]
pub struct Meter {
    /// The limit in force; 0 while the point is down.
    limit: u64,
    /// The limit less the connections of idle sessions.
    usable: u64,
    lingering: u64,
    capacity: Capacity,
    open: u64,
    waiting: u64,
    peak_open: u64,
    peak_waiting: u64,
    areas: Areas,
    /// The instant from which on areas and peaks count.
    start: Time,
    /// The instant up to which `areas` are summed.
    last: Time,
    /// The areas at the last completion before `last`. See [`Meter::advance`].
    settled: Areas,
}

/// What could be open at most, over time: the limit in force, or what is still open above it.
#[derive(Clone, Debug)]
struct Capacity {
    now: u64,
    /// The highest at the end of an instant, before the one of the last change.
    highest: u64,
    changed: Time,
    /// The area up to the instant from which on it is what it is now.
    area: u128,
    since: Time,
    /// The area at the last completion before that. See [`Meter::advance`].
    settled: u128,
}

impl Capacity {
    fn new(capacity: u64, start: Time) -> Capacity {
        let changed = Time::ZERO;
        Capacity { now: capacity, highest: capacity, changed, area: 0, since: start, settled: 0 }
    }

    fn begin(&mut self, now: Time) {
        (self.area, self.since, self.settled) = (0, now, 0);
    }

    fn change(&mut self, now: Time, last_completion: Time, capacity: u64) {
        // In the midst of an instant a connection may be open before another is closed.
        if now > self.changed {
            self.highest = self.highest.max(self.now);
            self.changed = now;
        }
        // Before the start nothing counts.
        if now >= self.since {
            if last_completion >= self.since {
                self.settled = self.area_at(last_completion);
            }
            self.area = self.area_at(now);
            self.since = now;
        }
        self.now = capacity;
    }

    fn area_at(&self, at: Time) -> u128 {
        self.area + u128::from(self.now) * u128::from(at.since(self.since).as_millis())
    }
}

/// Areas under the curves of one or several distribution points, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// Open connections times time.
    pub open: u128,
    /// Clients in Retry mode times time.
    pub waiting: u128,
    /// Free connections times time, while some client was in Retry mode.
    pub idle_while_waiting: u128,
}

impl Meter {
    /// A meter for a distribution point with connection limit `limit`, which counts from `start`.
    pub fn new(limit: u32, start: Time) -> Meter {
        Meter {
            limit: u64::from(limit),
            usable: u64::from(limit),
            lingering: 0,
            capacity: Capacity::new(u64::from(limit), start),
            open: 0,
            waiting: 0,
            peak_open: 0,
            peak_waiting: 0,
            areas: Areas::default(),
            start,
            last: Time::ZERO,
            settled: Areas::default(),
        }
    }

    /// Connections were opened.
    #[inline]
    pub fn open(&mut self, now: Time, last_completion: Time, connections: u32) {
        self.advance(now, last_completion);
        self.open += u64::from(connections);
        // A client may take over its idle session although the limit was lowered meanwhile.
        if self.open > self.limit {
            self.note_capacity(now, last_completion);
        }
    }

    /// Connections were closed.
    #[inline]
    pub fn close(&mut self, now: Time, last_completion: Time, connections: u32) {
        self.advance(now, last_completion);
        let above_limit = self.open > self.limit;
        self.open -= u64::from(connections);
        if above_limit {
            self.note_capacity(now, last_completion);
        }
    }

    /// The limit changed; 0: the point is down.
    pub fn set_limit(&mut self, now: Time, last_completion: Time, limit: u32) {
        self.advance(now, last_completion);
        self.limit = u64::from(limit);
        self.usable = self.limit.saturating_sub(self.lingering);
        self.note_capacity(now, last_completion);
    }

    /// So many connections became those of idle sessions, or are no longer: they are neither open nor free.
    pub fn linger(&mut self, now: Time, last_completion: Time, change: i64) {
        self.advance(now, last_completion);
        self.lingering = self.lingering.saturating_add_signed(change);
        self.usable = self.limit.saturating_sub(self.lingering);
    }

    /// So many more connections are open from now on, or less.
    pub fn shift(&mut self, now: Time, last_completion: Time, change: i64) {
        let connections = u32::try_from(change.unsigned_abs()).unwrap_or(u32::MAX);
        if change > 0 {
            self.open(now, last_completion, connections);
        } else {
            self.close(now, last_completion, connections);
        }
    }

    #[cold]
    fn note_capacity(&mut self, now: Time, last_completion: Time) {
        self.capacity.change(now, last_completion, self.limit.max(self.open));
    }

    /// Nobody has come before `now`: capacity counts from here on.
    pub fn begin(&mut self, now: Time) {
        self.capacity.begin(now);
    }

    /// A client began to wait for its retry.
    #[inline]
    pub fn enter(&mut self, now: Time, last_completion: Time) {
        self.advance(now, last_completion);
        self.waiting += 1;
    }

    /// A client waits no longer.
    #[inline]
    pub fn leave(&mut self, now: Time, last_completion: Time) {
        self.advance(now, last_completion);
        self.waiting -= 1;
    }

    /// Sums the areas up to `now`.
    ///
    /// Averages end at the last completion, which nobody knows to be the last when it happens.
    /// Therefore what the areas were at the last completion so far is kept in `settled` whenever
    /// they are summed beyond it; that costs a comparison, and no look at the other points.
    #[inline]
    fn advance(&mut self, now: Time, last_completion: Time) {
        if now == self.last {
            return;
        }
        if last_completion >= self.last {
            self.settled = self.areas_at(last_completion);
        }
        self.areas = self.areas_at(now);
        if now > self.start {
            self.peak_open = self.peak_open.max(self.open);
            self.peak_waiting = self.peak_waiting.max(self.waiting);
        }
        self.last = now;
    }

    /// The areas at `at`, which is not before `last`, if nothing changes until then.
    #[inline]
    fn areas_at(&self, at: Time) -> Areas {
        let span = u128::from(at.since(self.last.max(self.start)).as_millis());
        let idle = if self.waiting > 0 { self.usable.saturating_sub(self.open) } else { 0 };
        Areas {
            open: self.areas.open + span * u128::from(self.open),
            waiting: self.areas.waiting + span * u128::from(self.waiting),
            idle_while_waiting: self.areas.idle_while_waiting + span * u128::from(idle),
        }
    }

    /// The areas up to `end`: an instant not before the meter's last change, or the last
    /// completion of all.
    pub fn areas(&self, end: Time) -> Areas {
        if end >= self.last { self.areas_at(end) } else { self.settled }
    }

    /// Capacity times time up to `end`, in ms: `end` as in [`areas`](Self::areas).
    pub fn capacity(&self, end: Time) -> u128 {
        if end >= self.capacity.since { self.capacity.area_at(end) } else { self.capacity.settled }
    }

    /// The highest connection limit that was in force.
    pub fn limit(&self) -> u64 {
        self.capacity.highest.max(self.capacity.now)
    }

    /// The most connections that were open at the end of an instant.
    pub fn peak_open(&self) -> u64 {
        self.peak_open.max(self.open)
    }

    /// The most clients that waited at the end of an instant.
    pub fn peak_waiting(&self) -> u64 {
        self.peak_waiting.max(self.waiting)
    }
}

/// A number that changes over time, and the highest that it was at the end of an instant: what it is
/// in the midst of one depends on the order of things that happen at the same time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Level {
    now: u64,
    since: Time,
    peak: u64,
}

impl Level {
    /// It changes by `delta` at `at`; what it was before `start` does not count.
    #[inline]
    pub fn change(&mut self, at: Time, start: Time, delta: i64) {
        if at != self.since {
            if at > start {
                self.peak = self.peak.max(self.now);
            }
            self.since = at;
        }
        self.now = self.now.wrapping_add_signed(delta);
    }

    /// What it is.
    #[inline]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// The highest that it was, or is.
    pub fn peak(&self) -> u64 {
        self.peak.max(self.now)
    }
}

impl Areas {
    /// The areas of both together.
    pub fn and(self, other: Areas) -> Areas {
        Areas {
            open: self.open + other.open,
            waiting: self.waiting + other.waiting,
            idle_while_waiting: self.idle_while_waiting + other.idle_while_waiting,
        }
    }
}

/// The mean height of an area over `span`; `None` over no time at all.
pub fn mean_height(area: u128, span: Span) -> Option<f64> {
    (span > Span::ZERO).then(|| area as f64 / span.as_millis_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> Time {
        Time::from_millis(millis)
    }

    #[test]
    fn areas_are_height_times_time() {
        let mut meter = Meter::new(3, at(0));
        meter.open(at(10), at(0), 1);
        meter.enter(at(20), at(0));
        meter.open(at(30), at(0), 1);
        meter.leave(at(40), at(0));
        let expected = Areas { open: 20 + 2 * 20, waiting: 20, idle_while_waiting: 2 * 10 + 10 };
        assert_eq!(meter.areas(at(50)), expected);
        assert_eq!((meter.peak_open(), meter.peak_waiting()), (2, 1));
    }

    #[test]
    fn capacity_is_that_in_force_and_never_less_than_what_is_open() {
        let mut meter = Meter::new(3, at(0));
        (0..3).for_each(|_| meter.open(at(0), at(0), 1));
        meter.set_limit(at(10), at(0), 1);
        meter.enter(at(10), at(0));
        meter.close(at(20), at(0), 1);
        meter.close(at(30), at(0), 1);
        meter.close(at(40), at(0), 1);
        meter.set_limit(at(50), at(0), 0);
        let areas = meter.areas(at(60));
        assert_eq!(meter.capacity(at(60)), 3 * 20 + 2 * 10 + 2 * 10);
        assert_eq!((areas.open, areas.idle_while_waiting), (3 * 20 + 2 * 10 + 10, 10));
        assert_eq!(meter.limit(), 3);
    }

    #[test]
    fn capacity_includes_sessions_that_are_taken_over_above_a_lowered_limit() {
        let mut meter = Meter::new(2, at(0));
        meter.open(at(0), at(0), 2);
        meter.close(at(10), at(0), 2);
        meter.linger(at(10), at(0), 2);
        meter.set_limit(at(20), at(0), 1);
        meter.linger(at(30), at(0), -2);
        meter.open(at(30), at(0), 2);
        meter.close(at(40), at(0), 2);
        assert_eq!(meter.capacity(at(50)), 2 * 20 + 10 + 2 * 10 + 10);
    }

    #[test]
    fn capacity_counts_from_the_first_arrival_to_the_last_completion() {
        let mut meter = Meter::new(3, at(0));
        meter.set_limit(at(10), at(0), 1);
        meter.begin(at(15));
        meter.set_limit(at(20), at(0), 4);
        // The last completion, at 30; what comes after does not count.
        meter.set_limit(at(40), at(30), 2);
        meter.set_limit(at(50), at(30), 9);
        assert_eq!((meter.capacity(at(30)), meter.limit()), (5 + 4 * 10, 9));
        assert_eq!(meter.capacity(at(60)), 5 + 4 * 20 + 2 * 10 + 9 * 10);
        let mut late = Meter::new(3, at(100));
        late.set_limit(at(50), at(0), 2);
        assert_eq!(late.capacity(at(110)), 20);
    }

    #[test]
    fn nothing_counts_before_the_start_but_what_is_still_there() {
        let mut meter = Meter::new(5, at(100));
        for opened in [10, 20, 30] {
            meter.open(at(opened), at(0), 1);
        }
        meter.close(at(90), at(0), 1);
        meter.enter(at(150), at(0));
        let areas = meter.areas(at(200));
        assert_eq!((areas.open, areas.waiting, areas.idle_while_waiting), (200, 50, 150));
        assert_eq!((meter.peak_open(), meter.peak_waiting()), (2, 1));
    }

    #[test]
    fn a_peak_is_a_level_at_the_end_of_an_instant() {
        let mut level = Level::default();
        for (millis, delta) in [(5, 9), (10, -8), (20, 5), (20, -2), (30, -4), (40, 2), (40, -2)] {
            level.change(at(millis), at(10), delta);
        }
        // 9 until the start, then 1, 4 and 0: neither 6 at 20 nor 2 at 40.
        assert_eq!((level.now(), level.peak()), (0, 4));
        let mut meter = Meter::new(9, at(0));
        meter.enter(at(10), at(0));
        meter.enter(at(10), at(0));
        meter.leave(at(10), at(0));
        assert_eq!(meter.peak_waiting(), 1);
    }

    #[test]
    fn areas_can_end_at_the_last_completion_though_clients_waited_on() {
        let mut meter = Meter::new(1, at(0));
        meter.open(at(0), at(0), 1);
        meter.enter(at(0), at(0));
        meter.enter(at(0), at(0));
        meter.close(at(100), at(0), 1);
        let last_completion = at(100);
        meter.leave(at(150), last_completion);
        meter.leave(at(175), last_completion);
        let areas = meter.areas(last_completion);
        assert_eq!((areas.open, areas.waiting, areas.idle_while_waiting), (100, 200, 0));
        assert_eq!(meter.areas(at(200)).waiting, 100 * 2 + 50 * 2 + 25);
    }
}
