//! Outages of a distribution point, and times in which it has a different limit.

use rand::Rng;

use super::{Purpose, Schedule, Streams, Time, Window, unit};
use crate::value::Span;

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

/// The states that a distribution point goes through: its limit over time, 0 while it is down.
#[derive(Clone, Debug)]
pub struct Timeline<'s> {
    limit: u32,
    changes: &'s [LimitChange],
    change_schedule: Schedule,
    outages: Schedule,
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
        let mut timeline = Timeline {
            limit,
            changes,
            change_schedule: Schedule::new(changes.iter().map(|change| change.window)),
            outages: Schedule::new(outages.iter().copied()),
            failures,
            now: Time::ZERO,
            state: limit,
        };
        timeline.state = timeline.enter(Time::ZERO);
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
            let edges = [self.outages.next_edge(), self.change_schedule.next_edge()];
            let failure = self.failures.as_ref().map(|failing| failing.until);
            let at = edges.into_iter().flatten().chain(failure).min()?;
            if at > horizon {
                return None;
            }
            self.now = at;
            if let Some(failing) = &mut self.failures
                && failing.until == at
            {
                failing.turn();
            }
            let state = self.enter(at);
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

    /// Goes on to `at`; the limit then.
    fn enter(&mut self, at: Time) -> u32 {
        self.outages.advance(at);
        self.change_schedule.advance(at);
        let failed = self.failures.as_ref().is_some_and(|failing| failing.failed);
        if failed || self.outages.in_force().is_some() {
            return 0;
        }
        let change = self.change_schedule.in_force();
        change.map_or(self.limit, |place| self.changes[place].connection_limit)
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
