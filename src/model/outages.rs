//! Outages of a distribution point, and times in which it has a different limit.

use rand::Rng;

use super::{Purpose, Streams, Time, unit};
use crate::value::Span;

/// A window of time, perhaps repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// When it first begins, from the start of the simulation.
    pub from: Span,
    /// How long it lasts; `None`: to the end of the simulation.
    pub length: Option<Span>,
    /// How long after one begins the next does; `None`: there is only one. Longer than `length`.
    pub every: Option<Span>,
}

/// Another connection limit for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitChange {
    /// When it is in force.
    pub window: Window,
    /// The limit then; at least 1.
    pub connection_limit: u32,
}

/// Failures at random instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    /// The mean time from a repair to the next failure; exponentially distributed.
    pub mtbf: Span,
    /// The mean time to repair; exponentially distributed, at least 1 ms.
    pub mttr: Span,
}

impl Window {
    /// Whether `at` lies in it.
    pub fn contains(&self, at: Time) -> bool {
        self.phase(at).is_some_and(|phase| self.length.is_none_or(|length| phase < length))
    }

    /// How long ago it began last; `None` before it begins first.
    fn phase(&self, at: Time) -> Option<Span> {
        let first = Time::ZERO + self.from;
        let since = at.since(first).as_millis();
        (at >= first).then(|| match self.every {
            Some(every) => Span::from_millis(since % every.as_millis()),
            None => Span::from_millis(since),
        })
    }

    /// The first instant after `at` when it begins or ends.
    fn next_edge(&self, at: Time) -> Option<Time> {
        let Some(phase) = self.phase(at) else { return Some(Time::ZERO + self.from) };
        let until =
            |edge: Span| Time::from_millis(at.as_millis() + (edge.as_millis() - phase.as_millis()));
        match (self.length, self.every) {
            (Some(length), _) if phase < length => Some(until(length)),
            (_, Some(every)) => Some(until(every)),
            _ => None,
        }
    }

    /// Whether the two have an instant in common, if they repeat for ever.
    pub fn overlaps(&self, other: &Window) -> bool {
        let (first, second) = if self.from <= other.from { (self, other) } else { (other, self) };
        let (from, gap) = (first.from.as_millis(), second.from.as_millis());
        let gap = gap - from;
        let length = |window: &Window| window.length.map_or(u64::MAX, Span::as_millis);
        match (first.every, second.every) {
            (None, _) => gap < length(first),
            // The second begins at a certain phase of the first, and may reach its next.
            (Some(every), None) => {
                let phase = gap % every.as_millis();
                phase < length(first) || length(second) > every.as_millis() - phase
            }
            // All phases that occur are those that differ by the greatest common divisor.
            (Some(one), Some(two)) => {
                let step = greatest_common_divisor(one.as_millis(), two.as_millis());
                let phase = gap % step;
                phase < length(first) || length(second) > step - phase
            }
        }
    }
}

/// The greatest number that divides both; of 0 and a number, that number.
pub(crate) fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// The states that a distribution point goes through: its limit over time, 0 while it is down.
#[derive(Clone, Debug)]
pub struct Timeline<'s> {
    limit: u32,
    changes: &'s [LimitChange],
    outages: &'s [Window],
    failures: Option<Failing>,
    /// The state from here on is known to the caller.
    now: Time,
    state: u32,
}

#[derive(Clone, Debug)]
struct Failing {
    failures: Failures,
    streams: Streams,
    draws: u32,
    failed: bool,
    until: Time,
}

impl<'s> Timeline<'s> {
    /// A timeline that begins at the start of the simulation. `streams` are those of the point.
    pub fn new(
        limit: u32,
        changes: &'s [LimitChange],
        outages: &'s [Window],
        failures: Option<Failures>,
        streams: Streams,
    ) -> Timeline<'s> {
        let failures = failures.map(|failures| {
            let mut failing =
                Failing { failures, streams, draws: 0, failed: false, until: Time::ZERO };
            failing.until = Time::ZERO + failing.lasts(failures.mtbf);
            failing
        });
        let mut timeline =
            Timeline { limit, changes, outages, failures, now: Time::ZERO, state: limit };
        timeline.state = timeline.limit_at(Time::ZERO);
        timeline
    }

    /// The connections that are allowed from now on; 0 while the point is down.
    pub fn state(&self) -> u32 {
        self.state
    }

    /// Goes on to the next instant, not after `horizon`, from which on another state holds. Where
    /// many changes have no effect (an outage within another), it returns one of them now and then,
    /// with the state that it had, so that the caller does not wait long.
    pub fn advance(&mut self, horizon: Time) -> Option<Time> {
        const MOST_WITHOUT_EFFECT: u32 = 1000;
        for tries in 1.. {
            let windows = self.outages.iter().chain(self.changes.iter().map(|c| &c.window));
            let edges = windows.filter_map(|window| window.next_edge(self.now));
            let at = edges.chain(self.failures.as_ref().map(|failing| failing.until)).min()?;
            if at > horizon {
                return None;
            }
            self.now = at;
            if let Some(failing) = &mut self.failures
                && failing.until == at
            {
                failing.turn();
            }
            let state = self.limit_at(at);
            if state != self.state || tries == MOST_WITHOUT_EFFECT {
                self.state = state;
                return Some(at);
            }
        }
        None
    }

    /// The longest time at a stretch, from the state that it is in to `end`, during which the point is up.
    pub fn longest_up(mut self, end: Time) -> Span {
        let (mut longest, mut up_since) = (Span::ZERO, Some(self.now));
        loop {
            let up = self.state > 0;
            up_since = up.then(|| up_since.unwrap_or(self.now));
            let next = self.advance(end);
            let lasted = up_since.map_or(Span::ZERO, |since| next.unwrap_or(end).since(since));
            longest = longest.max(lasted);
            if next.is_none() {
                return longest;
            }
        }
    }

    fn limit_at(&self, at: Time) -> u32 {
        let failed = self.failures.as_ref().is_some_and(|failing| failing.failed);
        if failed || self.outages.iter().any(|outage| outage.contains(at)) {
            return 0;
        }
        let change = self.changes.iter().find(|change| change.window.contains(at));
        change.map_or(self.limit, |change| change.connection_limit)
    }
}

impl Failing {
    fn turn(&mut self) {
        self.failed = !self.failed;
        let mean = if self.failed { self.failures.mttr } else { self.failures.mtbf };
        self.until = self.until + self.lasts(mean);
    }

    fn lasts(&mut self, mean: Span) -> Span {
        let mut draw = self.streams.draw(0, Purpose::Failure, self.draws);
        self.draws += 1;
        let share = -libm::log(1.0 - unit(draw.next_u64()));
        Span::from_millis_f64(mean.as_millis_f64() * share).max(Span::MILLISECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn mins(minutes: u64) -> Span {
        Span::from_mins(minutes)
    }

    fn window(from: u64, length: u64, every: Option<u64>) -> Window {
        Window { from: mins(from), length: Some(mins(length)), every: every.map(mins) }
    }

    fn states(timeline: &mut Timeline<'_>, count: usize) -> Vec<(u64, u32)> {
        let horizon = Time::ZERO + Span::from_days(100);
        let next = |timeline: &mut Timeline<'_>| {
            timeline.advance(horizon).map(|at| (at.as_millis() / 60_000, timeline.state()))
        };
        std::iter::from_fn(|| next(timeline)).take(count).collect()
    }

    #[test]
    fn changes_without_effect_do_not_hold_up_the_answer() {
        let every_2_ms = Window {
            from: Span::ZERO,
            length: Some(Span::MILLISECOND),
            every: Some(Span::from_millis(2)),
        };
        let changes = [LimitChange { window: every_2_ms, connection_limit: 5 }];
        let mut timeline = Timeline::new(5, &changes, &[], None, Streams::new(1, 0, "A"));
        let at = timeline.advance(Time::ZERO + Span::from_days(36_500));
        assert_eq!((at, timeline.state()), (Some(Time::from_millis(1000)), 5));
    }

    #[test]
    fn outages_and_limit_changes_take_turns() {
        let changes = [LimitChange { window: window(30, 60, None), connection_limit: 9 }];
        let outages = [window(60, 10, Some(100)), window(70, 5, None)];
        let streams = Streams::new(1, 0, "A");
        let mut timeline = Timeline::new(5, &changes, &outages, None, streams);
        assert_eq!(timeline.state(), 5);
        // The second outage follows the first without a gap: one change, not three.
        let expected = [(30, 9), (60, 0), (75, 9), (90, 5), (160, 0), (170, 5), (260, 0)];
        assert_eq!(states(&mut timeline, 7), expected);
    }

    #[test]
    fn windows_overlap_wherever_they_are_repeated() {
        let pairs = [
            (window(0, 10, None), window(9, 10, None), true),
            (window(0, 10, None), window(10, 10, None), false),
            (window(60, 10, Some(1440)), window(1505, 10, None), true),
            (window(60, 10, Some(1440)), window(1510, 10, None), false),
            (window(60, 10, Some(1440)), window(1400, 101, None), true),
            (window(60, 10, Some(1440)), window(70, 10, Some(1440)), false),
            (window(60, 10, Some(1440)), window(70, 10, Some(1001)), true),
            (window(0, 5, Some(20)), window(10, 5, Some(20)), false),
            (window(0, 5, Some(20)), window(16, 5, Some(20)), true),
        ];
        for (one, two, overlap) in pairs {
            assert_eq!(one.overlaps(&two), overlap, "{one:?} {two:?}");
            assert_eq!(two.overlaps(&one), overlap, "{two:?} {one:?}");
        }
    }

    #[test]
    fn failures_have_their_mean_times() {
        let failures = Failures { mtbf: mins(1000), mttr: mins(100) };
        let streams = Streams::new(7, 0, "A");
        let mut timeline = Timeline::new(5, &[], &[], Some(failures), streams);
        let horizon = Time::ZERO + Span::MAX;
        let instants: Vec<u64> = std::iter::from_fn(|| timeline.advance(horizon))
            .map(|at| at.as_millis())
            .take(20_000)
            .collect();
        let gaps = |first: usize| {
            let pairs = instants.windows(2).skip(first).step_by(2);
            let sum: u64 = pairs.map(|pair| pair[1] - pair[0]).sum();
            sum as f64 / 10_000.0
        };
        // An exponential time deviates by its mean.
        for (mean, expected) in [(gaps(0), 6_000e3), (gaps(1), 60_000e3)] {
            let z = (mean - expected) / (expected / 100.0);
            assert!(z.abs() < 4.0, "{mean}: z = {z}");
        }
    }
}
