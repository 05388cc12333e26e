//! The time of day during a simulation whose scenario names its start.

use crate::results::Results;
use crate::scenario::{day_and_time_text, read_day_and_time};
use crate::value::Span;

const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

/// In a shorter time a clock shows too little.
const SHORTEST: f64 = 10_000.0;

/// Within a longer time a day of the week is not clear.
const LONGEST: f64 = (7 * DAY) as f64;

/// A clock that shows days of the week and times, in UTC.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// When the simulation starts, as the time since Monday 00:00.
    starts: Span,
}

impl Clock {
    /// The clock of a study that lasts `end` ms; `None` if its scenario names no start, if its variants start at
    /// different times, or if it lasts less than some seconds or more than a week.
    pub fn of(results: &Results, end: f64) -> Option<Clock> {
        let starts = read_day_and_time(results.scenario.get("starts")?.as_str()?)?;
        let is_changed = results.variants.iter().any(|v| v.overlay.get("starts").is_some());
        (!is_changed && (SHORTEST..=LONGEST).contains(&end)).then_some(Clock { starts })
    }

    /// Its time `after` ms from the start: `Mon 22:00`.
    pub fn day_and_time(self, after: f64) -> String {
        let seconds = self.millis(after) % MINUTE / 1000;
        let minutes = day_and_time_text(Span::from_millis(self.millis(after)));
        if seconds == 0 { minutes } else { format!("{minutes}:{seconds:02}") }
    }

    /// The same without the day; at midnight only the day.
    pub fn time(self, after: f64) -> String {
        let text = self.day_and_time(after);
        match text.split_once(' ') {
            Some((day, "00:00")) => day.to_owned(),
            Some((_, time)) => time.to_owned(),
            None => text,
        }
    }

    /// How long after the start its first multiple of `step` ms is.
    pub fn first_multiple(self, step: f64) -> f64 {
        let starts = self.starts.as_millis_f64();
        (starts / step).ceil() * step - starts
    }

    fn millis(self, after: f64) -> u64 {
        // The cast saturates; no simulation is that long.
        self.starts.as_millis() + after.round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_goes_over_midnight_and_the_end_of_the_week() {
        let clock = Clock { starts: Span::from_millis(6 * DAY + 22 * 60 * MINUTE) };
        let minutes = |minutes: u64| (minutes * MINUTE) as f64;
        for (after, text, time) in [
            (0.0, "Sun 22:00", "22:00"),
            (minutes(120), "Mon 00:00", "Mon"),
            (minutes(125), "Mon 00:05", "00:05"),
            (30_000.0, "Sun 22:00:30", "22:00:30"),
        ] {
            assert_eq!(
                (clock.day_and_time(after).as_str(), clock.time(after).as_str()),
                (text, time)
            );
        }
        assert_eq!(clock.first_multiple(DAY as f64), minutes(120));
        assert_eq!(clock.first_multiple(minutes(60)), 0.0);
    }
}
