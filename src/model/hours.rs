//! Hours: when a client is switched on.

use std::fmt;

use rand::Rng;
use rand_distr::{Distribution, Exp1};

use super::{Purpose, Streams, Time, unit};
use crate::value::Span;

/// A week in ms.
pub const WEEK: u64 = 7 * DAY;
const DAY: u64 = 86_400_000;

/// When clients are online, in their local time: windows of a week that repeats.
#[derive(Clone, Debug, PartialEq)]
pub struct Week {
    /// As it was written: `Mon-Fri 08:00-18:00`.
    pub text: String,
    /// Beginnings and ends in ms from Monday 00:00, in order, without gaps of zero between them; at
    /// least one. The last may end after the week, in the next.
    windows: Vec<(u64, u64)>,
}

/// The hours of a group's clients.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// When they are online.
    pub online: Week,
    /// The zones of their local times, each as likely as any other; at least one.
    pub zones: Vec<Zone>,
    /// The hours of each client begin and end later than `online`, by a random time, uniform in 0
    /// to this.
    pub stagger: Span,
    /// What the start of the simulation is: the time since Monday 00:00 UTC.
    pub starts: Span,
}

/// A time zone: its offset from UTC in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub i32);

/// Clients that lose their connection at random, such as laptops that are carried away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vanish {
    /// The mean time that a client is connected before it vanishes; exponentially distributed.
    pub every: Span,
    /// The mean time until it comes back; exponentially distributed, at least 1 ms.
    pub away: Span,
}

/// When one client is online.
#[derive(Clone, Copy, Debug)]
pub struct Online<'h> {
    windows: &'h [(u64, u64)],
    /// Its time in the week at the start of the simulation.
    shift: u64,
}

impl Week {
    /// A week with these windows: beginnings and ends in ms from Monday 00:00; the ends may lie up
    /// to a week after it. `None` if it is never open.
    pub fn new(text: &str, windows: impl IntoIterator<Item = (u64, u64)>) -> Option<Week> {
        let mut windows: Vec<_> = windows.into_iter().filter(|(from, to)| from < to).collect();
        // What reaches into the next week is there at the beginning of this one, too.
        let wrapped: Vec<_> = windows
            .iter()
            .filter(|(_, to)| *to > WEEK)
            .map(|(from, to)| (from.saturating_sub(WEEK), to - WEEK))
            .collect();
        windows.iter_mut().for_each(|(_, to)| *to = (*to).min(WEEK));
        windows.extend(wrapped);
        windows.sort_unstable();
        let mut merged: Vec<(u64, u64)> = Vec::new();
        for (from, to) in windows {
            match merged.last_mut() {
                Some((_, last)) if from <= *last => *last = to.max(*last),
                _ => merged.push((from, to)),
            }
        }
        (!merged.is_empty()).then(|| Week { text: text.to_owned(), windows: merged })
    }

    /// When it is open in a simulation that starts at `starts`, the time since Monday 00:00.
    pub fn from_start(&self, starts: Span) -> Online<'_> {
        Online { windows: &self.windows, shift: starts.as_millis() % WEEK }
    }

    /// The longest time at a stretch for which it is open; `None` if that is always.
    pub fn longest(&self) -> Option<Span> {
        let (first, last) = (self.windows.first()?, self.windows.last()?);
        if *first == (0, WEEK) {
            return None;
        }
        let longest = self.windows.iter().map(|(from, to)| to - from).max()?;
        // The last goes on in the next week.
        let over_the_end = match (first.0, last.1) {
            (0, WEEK) => first.1 + (WEEK - last.0),
            _ => 0,
        };
        Some(Span::from_millis(longest.max(over_the_end)))
    }
}

impl Hours {
    /// Whether the hours of a client are drawn at random.
    pub fn is_random(&self) -> bool {
        self.zones.len() > 1 || self.stagger > Span::ZERO
    }

    /// When client `client` is online.
    pub fn of(&self, client: u32, streams: &Streams) -> Online<'_> {
        let draw = |n| unit(streams.draw(client, Purpose::Hours, n).next_u64());
        let zone = self.zones[(draw(0) * self.zones.len() as f64) as usize];
        let later = (draw(1) * self.stagger.as_millis_f64()) as u64;
        let zone = i64::from(zone.0) * 60_000;
        let shift = (self.starts.as_millis() % WEEK) as i64 + zone - (later % WEEK) as i64;
        Online { windows: &self.online.windows, shift: shift.rem_euclid(WEEK as i64) as u64 }
    }
}

impl Online<'_> {
    /// Always online.
    pub const ALWAYS: Online<'static> = Online { windows: &[], shift: 0 };

    /// Whether it is always online.
    pub fn is_always(&self) -> bool {
        self.windows.is_empty()
    }

    /// `at` if the client is online then, else when it is next.
    pub fn opens(&self, at: Time) -> Time {
        if self.windows.is_empty() {
            return at;
        }
        let now = self.in_week(at);
        let next = self.windows.iter().find(|(_, to)| now < *to);
        let from = next.map_or(WEEK + self.windows[0].0, |(from, _)| *from);
        Time::from_millis(at.as_millis().saturating_add(from.saturating_sub(now)))
    }

    /// When the client goes offline, if it is online at `at`; else `at`, for it is offline already.
    pub fn closes(&self, at: Time) -> Time {
        let now = self.in_week(at);
        if self.windows.is_empty() {
            return Time::MAX;
        }
        let Some((_, to)) = self.windows.iter().find(|(from, to)| (*from..*to).contains(&now))
        else {
            return at;
        };
        let to = match self.windows[0] {
            (0, WEEK) => return Time::MAX,
            // It continues over the end of the week.
            (0, first) if *to == WEEK => WEEK + first,
            _ => *to,
        };
        Time::from_millis(at.as_millis().saturating_add(to - now))
    }

    fn in_week(&self, at: Time) -> u64 {
        (at.as_millis() % WEEK + self.shift) % WEEK
    }
}

impl Vanish {
    /// How long connection number `n` (from 0) of a client lasts at most, and how long the client is
    /// away then.
    pub fn of(&self, client: u32, n: u32, streams: &Streams) -> (Span, Span) {
        let lasts = |mean: Span, n: u32| {
            let share: f64 = Exp1.sample(&mut streams.draw(client, Purpose::Vanish, n));
            Span::from_millis_f64(mean.as_millis_f64() * share).max(Span::MILLISECOND)
        };
        (lasts(self.every, 2 * n), lasts(self.away, 2 * n + 1))
    }
}

/// As scenario files write it: `UTC`, `UTC+1`, `UTC-3:30`.
impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let minutes = self.0.unsigned_abs();
        match (minutes / 60, minutes % 60) {
            (0, 0) => f.write_str("UTC"),
            (hours, 0) => write!(f, "UTC{sign}{hours}"),
            (hours, minutes) => write!(f, "UTC{sign}{hours}:{minutes:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn online(week: &Week, shift: u64) -> Online<'_> {
        Online { windows: &week.windows, shift }
    }

    fn at(day: u64, hour: u64) -> Time {
        Time::from_millis(day * DAY + hour * HOUR)
    }

    #[test]
    fn office_hours_open_and_close() {
        let days = (0..5).map(|day| (day * DAY + 8 * HOUR, day * DAY + 18 * HOUR));
        let week = Week::new("Mon-Fri 08:00-18:00", days).expect("it opens");
        let online = online(&week, 0);
        assert_eq!(online.opens(at(0, 3)), at(0, 8));
        assert_eq!(online.opens(at(0, 9)), at(0, 9));
        assert_eq!(online.opens(at(0, 18)), at(1, 8));
        assert_eq!(online.opens(at(5, 1)), at(7, 8));
        assert_eq!(online.closes(at(4, 8)), at(4, 18));
        assert_eq!(online.closes(at(11, 10)), at(11, 18));
        // The end itself is not among the hours.
        assert_eq!(online.closes(at(4, 18)), at(4, 18));
        assert_eq!(online.closes(at(6, 3)), at(6, 3));
    }

    #[test]
    fn a_night_goes_over_midnight_and_over_the_end_of_the_week() {
        let nights = (0..7).map(|day| (day * DAY + 22 * HOUR, day * DAY + 30 * HOUR));
        let week = Week::new("22:00-06:00", nights).expect("it opens");
        let online = online(&week, 0);
        assert_eq!(online.closes(at(6, 23)), at(7, 6));
        assert_eq!(online.closes(at(0, 5)), at(0, 6));
        assert_eq!(online.opens(at(6, 21)), at(6, 22));
    }

    #[test]
    fn whoever_is_always_on_never_goes_offline() {
        let week = Week::new("00:00-24:00", [(0, WEEK)]).expect("it opens");
        assert_eq!(online(&week, 5).closes(at(3, 3)), Time::MAX);
        assert_eq!(Online::ALWAYS.closes(at(3, 3)), Time::MAX);
        assert_eq!(Online::ALWAYS.opens(at(3, 3)), at(3, 3));
        assert_eq!(Week::new("", [(5, 5)]), None);
    }

    #[test]
    fn zones_and_the_start_shift_the_week() {
        let week = Week::new("Mon 08:00-09:00", [(8 * HOUR, 9 * HOUR)]).expect("it opens");
        let hours = |zone, starts| Hours {
            online: week.clone(),
            zones: vec![Zone(zone)],
            stagger: Span::ZERO,
            starts: Span::from_millis(starts),
        };
        let streams = Streams::new(1, 0, "g");
        // Eight o'clock in UTC+2 is six o'clock UTC.
        let opens = |hours: Hours| hours.of(0, &streams).opens(Time::ZERO);
        assert_eq!(opens(hours(120, 0)), at(0, 6));
        assert_eq!(opens(hours(-60, 0)), at(0, 9));
        assert_eq!(opens(hours(0, 6 * DAY)), at(1, 8));
    }
}
