//! Windows of time that a metric may be measured in: `completion.p95 < 5m during 09:00-10:00`.

use std::fmt;
use std::ops::Range;

use crate::model::{Time, Week};
use crate::scenario::keys::parse_week;
use crate::stats::MeasuredTime;
use crate::value::{Span, ValueError};

/// When a metric is measured. Then clients count that arrive meanwhile, whatever comes of them later, and averages,
/// peaks and throughput are those of that time.
#[derive(Clone, Debug, PartialEq)]
pub enum During {
    /// At these hours of the week, as `online` gives those of clients: `09:00-10:00` is that hour of each day. They
    /// are of the time that `starts` names.
    Hours(Week),
    /// From one time after the start of the simulation up to another: `2h..3h`.
    Elapsed(Span, Span),
}

/// What stands between a metric, or a whole condition, and the window.
pub(super) const WORD: &str = "during";

const FORM: &str = "write hours such as `during 09:00-10:00`, or times from the start of the simulation such as \
                    `during 2h..3h`";

impl During {
    /// Reads what follows the word `during` at place `at` of `text`.
    pub(super) fn parse(text: &str, at: usize) -> Result<During, ValueError> {
        let rest = &text[at..];
        let start = at + rest.len() - rest.trim_start().len();
        let word = rest.trim();
        if word.is_empty() {
            return wrong("a window of time is missing", at..text.len(), FORM);
        }
        if let Some((from, to)) = word.split_once("..") {
            let end = start + from.len() + 2;
            return During::elapsed([(from, start), (to, end)], text);
        }
        // Hours begin with a day or a time of day.
        match parse_week(word) {
            Ok(mut week) => {
                week.text = week.text.split_whitespace().collect::<Vec<_>>().join(" ");
                Ok(During::Hours(week))
            }
            Err(error) => {
                wrong(error.message, start + error.span.start..start + error.span.end, FORM)
            }
        }
    }

    /// Reads the two times of `2h..3h`, each with its place in `text`.
    fn elapsed(times: [(&str, usize); 2], text: &str) -> Result<During, ValueError> {
        let [from, to] = times.map(|(word, at)| {
            let start = at + word.len() - word.trim_start().len();
            word.trim().parse::<Span>().or_else(|error| {
                let span = start + error.span.start..start + error.span.end;
                wrong(
                    format!("a window is from one time to another: {}", error.message),
                    span,
                    FORM,
                )
            })
        });
        let (from, to) = (from?, to?);
        if from >= to {
            let begins = times[0].1;
            let message = format!("this window has no time: it begins at {from} and ends at {to}");
            return wrong(message, begins..text.trim_end().len(), "write the earlier time first");
        }
        Ok(During::Elapsed(from, to))
    }

    /// The time that is measured of a simulation that counts from `start`, the end of its warm-up, to `horizon`;
    /// `starts` is when in the week it starts.
    pub fn window(&self, starts: Span, start: Time, horizon: Time) -> MeasuredTime {
        match self {
            During::Elapsed(from, to) => {
                let [from, to] = [*from, *to].map(|span| Time::ZERO + span);
                MeasuredTime::new([(from.max(start), to.min(horizon))])
            }
            During::Hours(week) => {
                let open = week.from_start(starts);
                let mut next = open.opens(start);
                MeasuredTime::new(std::iter::from_fn(|| {
                    let (from, to) = (next, open.closes(next).min(horizon));
                    next = open.opens(to);
                    (from < horizon).then_some((from, to))
                }))
            }
        }
    }
}

fn wrong<T>(message: impl Into<String>, span: Range<usize>, help: &str) -> Result<T, ValueError> {
    Err(ValueError::new(message, span, help))
}

/// As it is written after `during`.
impl fmt::Display for During {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            During::Hours(week) => f.write_str(&week.text),
            During::Elapsed(from, to) => write!(f, "{}..{}", Plain(*from), Plain(*to)),
        }
    }
}

/// A time without blanks.
struct Plain(Span);

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        text.chars().filter(|c| *c != ' ').try_for_each(|c| fmt::Write::write_char(f, c))
    }
}

/// The place of the word `during` in `text` from `start` on, and where the window after it begins.
pub(super) fn find(text: &str, start: usize) -> Option<(usize, usize)> {
    let is_word = |at: &usize| {
        let (before, after) = (&text[..*at], &text[at + WORD.len()..]);
        before.ends_with(char::is_whitespace)
            && (after.is_empty() || after.starts_with(char::is_whitespace))
    };
    let mut places = text[start..].match_indices(WORD).map(|(at, _)| start + at);
    places.find(is_word).map(|at| (at, at + WORD.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Origin, Threshold, load};
    use crate::value::Span;

    fn during(text: &str) -> During {
        let threshold = Threshold::parse(&format!("stranded == 0 during {text}"));
        threshold.unwrap().target.metric.during.unwrap()
    }

    fn window(text: &str, keys: &str) -> MeasuredTime {
        let text = format!("stranded == 0 during {text}");
        let scenario = format!(
            "name = 'w'\n{keys}\n[distribution_points.A]\nconnection_limit = 1\n[clients.g]\ncount = 1\n\
             arrival = {{ kind = 'burst' }}\ntransfer = {{ kind = 'constant', duration = '1m' }}\n"
        );
        let loaded = load(Origin::Text { name: "w", text: &scenario }, &[]).unwrap();
        let metric = Threshold::parse(&text).unwrap().target.metric;
        loaded.base.window(&metric.during.unwrap())
    }

    fn hours(intervals: &[(u64, u64)]) -> MeasuredTime {
        let at = |hours: u64| Time::ZERO + Span::from_mins(60 * hours);
        MeasuredTime::new(intervals.iter().map(|(from, to)| (at(*from), at(*to))))
    }

    #[test]
    fn a_window_is_written_as_it_is_read() {
        for text in ["09:00-10:00", "Mon-Fri 22:00-06:00, Sat 09:00-13:00", "2h..3h", "1h30m..26h"]
        {
            let during = during(text);
            assert_eq!(super::During::parse(&format!("x {during}"), 1), Ok(during), "{text}");
        }
        assert_eq!(during(" Mon   09:00-10:00 ").to_string(), "Mon 09:00-10:00");
        assert_eq!(during("90m .. 2h").to_string(), "1h30m..2h");
    }

    #[test]
    fn hours_are_those_of_each_day_from_the_warm_up_to_the_horizon() {
        let keys = "starts = 'Sun 08:00'\nhorizon = '50h'";
        assert_eq!(window("09:00-10:00", keys), hours(&[(1, 2), (25, 26), (49, 50)]));
        assert_eq!(window("22:00-06:00", keys), hours(&[(14, 22), (38, 46)]));
        assert_eq!(window("Mon 07:00-24:00", keys), hours(&[(23, 40)]));
        assert_eq!(window("00:00-24:00", keys), hours(&[(0, 50)]));
        let warm = format!("{keys}\nwarmup = '30h'");
        assert_eq!(window("09:00-24:00", &warm), hours(&[(30, 40), (49, 50)]));
        assert_eq!(window("20h..99h", &warm), hours(&[(30, 50)]));
        assert_eq!(window("2h..3h", keys), hours(&[(2, 3)]));
    }
}
