//! Times of day as the limit of a threshold: `makespan < 06:00`, `makespan < Tue 06:00`.

use crate::model::WEEK;
use crate::scenario::keys::{parse_day, parse_time};
use crate::value::Span;

const DAY: u64 = WEEK / 7;

/// A time of day, perhaps on a day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTime {
    /// The day, from Monday.
    day: Option<u64>,
    /// In ms from midnight.
    time: u64,
}

/// Reads `06:00` or `Tue 06:00`; `None` if the text is anything else.
pub fn clock_time(text: &str) -> Option<ClockTime> {
    let (day, time) = match text.split_whitespace().collect::<Vec<_>>()[..] {
        [time] => (None, time),
        [day, time] => (Some(parse_day(day)?), time),
        _ => return None,
    };
    Some(ClockTime { day, time: parse_time(time)? })
}

impl ClockTime {
    /// How long after a start, which is a time since Monday 00:00, it is next.
    pub fn after(self, starts: Span) -> Span {
        let (period, at) = match self.day {
            Some(day) => (WEEK, day * DAY + self.time),
            None => (DAY, self.time),
        };
        let starts = starts.as_millis() % period;
        match (at % period + period - starts) % period {
            0 => Span::from_millis(period),
            later => Span::from_millis(later),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_the_next_one_after_the_start() {
        for (text, starts, after) in [
            ("06:00", "0s", "6h"),
            ("06:00", "22h", "8h"),
            ("6:00", "6d 5h", "1h"),
            ("06:00", "6h", "24h"),
            ("24:00", "1h", "23h"),
            ("Tue 06:00", "22h", "8h"),
            ("monday 06:00", "22h", "6d 8h"),
            ("Sun 24:00", "6d 22h", "2h"),
        ] {
            let time = clock_time(text).unwrap_or_else(|| panic!("{text} is one"));
            let [starts, after] = [starts, after].map(|span| span.parse::<Span>().expect(span));
            assert_eq!(time.after(starts), after, "{text} after {starts}");
        }
        for text in ["6h", "06", "25:00", "Tue", "06:00 Tue", "Tue Wed 06:00", ""] {
            assert_eq!(clock_time(text), None, "{text}");
        }
    }
}
