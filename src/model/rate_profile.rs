//! Rates of arrival that change over time.

use super::{Time, Trace, Trigger};
use crate::value::{Frequency, Span};

/// The rate of a Poisson process, constant in each of several spans of time.
#[derive(Clone, Debug, PartialEq)]
pub struct RateProfile {
    /// The rates.
    pub rates: Rates,
    /// What all rates are multiplied by, above 0.
    pub scale: f64,
}

/// Where the rates of a profile come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Rates {
    /// From the scenario: each rate from its instant on, in order of time, the first at the start of the simulation;
    /// the last stays to the end.
    Steps(Vec<RateStep>),
    /// From a CSV file: row i is the number of arrivals in the i-th interval. After the last there are none.
    Counts {
        /// The numbers.
        trace: Trace<u64>,
        /// The length of an interval, above 0.
        interval: Span,
    },
}

/// A rate that applies from an instant on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateStep {
    /// That instant, from the start of the simulation.
    pub from: Span,
    /// How many clients arrive per time; `None`: none.
    pub rate: Option<Frequency>,
}

/// A span of time with a constant rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    /// Its length in ms; infinite if it is the last.
    pub millis: f64,
    /// The mean number of arrivals in a ms.
    pub per_milli: f64,
}

impl RateProfile {
    /// The CSV file with the numbers of arrivals, if they come from one.
    pub fn counts(&self) -> Option<&Trace<u64>> {
        match &self.rates {
            Rates::Steps(_) => None,
            Rates::Counts { trace, .. } => Some(trace),
        }
    }

    /// When clients may arrive first, from the start.
    pub fn first(&self) -> Span {
        let mut start = 0.0;
        for Stretch { millis, per_milli } in self.stretches() {
            if per_milli > 0.0 {
                break;
            }
            start += millis;
        }
        Span::from_millis_f64(start)
    }

    /// Its rates, one after the other.
    pub(super) fn stretches(&self) -> impl Iterator<Item = Stretch> {
        let (steps, counts) = match &self.rates {
            Rates::Steps(steps) => (&steps[..], None),
            Rates::Counts { trace, interval } => (&[][..], Some((&trace.rows, interval))),
        };
        let ends = steps.iter().skip(1).map(|step| step.from.as_millis_f64());
        let steps = steps.iter().zip(ends.chain([f64::INFINITY])).map(|(step, end)| Stretch {
            millis: end - step.from.as_millis_f64(),
            per_milli: self.scale * step.rate.map_or(0.0, Frequency::per_milli),
        });
        let counts = counts.into_iter().flat_map(move |(rows, interval)| {
            let millis = interval.as_millis_f64();
            rows.iter().map(move |number| Stretch {
                millis,
                per_milli: self.scale * *number as f64 / millis,
            })
        });
        steps.chain(counts)
    }
}

/// The mean number of arrivals until `horizon`.
pub(super) fn expected(stretches: Vec<Stretch>, horizon: Time) -> f64 {
    let mut left = horizon.as_millis() as f64;
    let mut expected = 0.0;
    for stretch in stretches {
        let millis = stretch.millis.min(left);
        expected += millis * stretch.per_milli;
        left -= millis;
    }
    expected
}

/// The same rates, multiplied by the load of `trigger` while that lasts.
pub(super) fn surged(stretches: Vec<Stretch>, trigger: Trigger) -> Vec<Stretch> {
    let [from, until] = [trigger.from, trigger.until].map(Span::as_millis_f64);
    let mut all = Vec::new();
    let mut start = 0.0;
    for Stretch { millis, per_milli } in stretches {
        let end = start + millis;
        let mut add = |from: f64, until: f64, load: f64| {
            let (from, until) = (f64::max(from, start), f64::min(until, end));
            if from < until {
                all.push(Stretch { millis: until - from, per_milli: load * per_milli });
            }
        };
        add(0.0, from, 1.0);
        add(from, until, trigger.load);
        add(until, f64::INFINITY, 1.0);
        start = end;
    }
    all
}

/// The course of arrivals.
///
/// In the time in which one arrival is expected for each unit, whatever the rate, the gaps of a Poisson process are
/// exponential with mean 1; so each arrival takes one draw, and what a client draws does not depend on the rates.
pub(super) struct Arrivals {
    /// When the present stretch began, in ms.
    start: f64,
    /// How many arrivals of the present stretch were used up.
    used: f64,
    current: Stretch,
    further: std::vec::IntoIter<Stretch>,
}

impl Arrivals {
    pub fn of(stretches: Vec<Stretch>) -> Arrivals {
        let current = Stretch { millis: 0.0, per_milli: 0.0 };
        Arrivals { start: 0.0, used: 0.0, current, further: stretches.into_iter() }
    }

    /// When that many further clients have arrived on average, in ms; infinite if so many never do.
    pub fn after(&mut self, arrivals: f64) -> f64 {
        let mut wanted = self.used + arrivals;
        loop {
            let Stretch { millis, per_milli } = self.current;
            if per_milli > 0.0 && wanted < millis * per_milli {
                self.used = wanted;
                return self.start + wanted / per_milli;
            }
            // An infinite time without arrivals has none.
            wanted -= if per_milli > 0.0 { millis * per_milli } else { 0.0 };
            self.start += millis;
            match self.further.next() {
                Some(next) => self.current = next,
                None => {
                    let never = Stretch { millis: f64::INFINITY, per_milli: 0.0 };
                    (self.current, self.used) = (never, 0.0);
                    return f64::INFINITY;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn step(from: u64, rate: &str) -> RateStep {
        RateStep { from: Span::from_secs(from), rate: rate.parse().ok() }
    }

    #[test]
    fn rates_apply_from_their_instants_on() {
        let rates = Rates::Steps(vec![step(0, "4/s"), step(10, ""), step(20, "10/s")]);
        let profile = RateProfile { rates, scale: 0.5 };
        let stretches = || profile.stretches().collect();
        assert_eq!(expected(stretches(), Time::ZERO + Span::from_secs(5)), 10.0);
        assert_eq!(expected(stretches(), Time::ZERO + Span::from_secs(30)), 70.0);
        assert_eq!(Arrivals::of(stretches()).after(19.0), 9_500.0);
        assert_eq!(Arrivals::of(stretches()).after(20.0), 20_000.0);
        let mut arrivals = Arrivals::of(stretches());
        let times: Vec<f64> = (0..4).map(|_| arrivals.after(7.5)).collect();
        assert_eq!(times, [3_750.0, 7_500.0, 20_500.0, 22_000.0]);
    }

    #[test]
    fn a_trigger_multiplies_the_rates_while_it_lasts() {
        let rates = Rates::Steps(vec![step(0, "4/s"), step(10, "1/s")]);
        let profile = RateProfile { rates, scale: 1.0 };
        let [from, until] = [5, 12].map(Span::from_secs);
        let surged = surged(profile.stretches().collect(), Trigger { from, until, load: 10.0 });
        let lengths: Vec<f64> = surged.iter().map(|it| it.millis).collect();
        assert_eq!(lengths, [5_000.0, 5_000.0, 2_000.0, f64::INFINITY]);
        let horizon = Time::ZERO + Span::from_secs(20);
        assert_eq!(expected(surged, horizon), 20.0 + 200.0 + 20.0 + 8.0);
    }

    #[test]
    fn counts_of_a_file_end_with_its_last_row() {
        let trace = Trace {
            file: String::new(),
            column: String::new(),
            separator: None,
            origin: None,
            sorted: None,
            rows: Arc::new([0, 60, 30]),
        };
        let rates = Rates::Counts { trace, interval: Span::from_mins(1) };
        let profile = RateProfile { rates, scale: 1.0 };
        assert_eq!(profile.first(), Span::from_mins(1));
        let stretches = || profile.stretches().collect();
        assert_eq!(expected(stretches(), Time::MAX), 90.0);
        assert_eq!(Arrivals::of(stretches()).after(61.0), 122_000.0);
        assert_eq!(Arrivals::of(stretches()).after(90.0), f64::INFINITY);
    }
}
