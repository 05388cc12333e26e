//! Arrivals: when each client of a group first tries to run the advertisement.

use rand_distr::{Distribution, Exp1};

use super::rate_profile::{Arrivals, Stretch, expected, surged};
use super::trace::{ClientRows, Trace};
use super::{Purpose, RateProfile, Streams, Time, Trigger};
use crate::value::Span;

/// The distribution of a group's arrival times.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrival {
    /// All at the same instant.
    Burst {
        /// That instant, from the start of the simulation.
        at: Span,
    },
    /// Client i of n at i/n of `over`, rounded down to a whole millisecond.
    Even {
        /// The time over which they are spread.
        over: Span,
    },
    /// Each client at a different instant, uniform in 0 to `over`.
    Uniform {
        /// The time over which they are spread.
        over: Span,
    },
    /// A Poisson process: independent, exponentially distributed gaps.
    Poisson {
        /// The mean gap between two arrivals.
        mean_interval: Span,
    },
    /// A Poisson process whose rate changes over time.
    Rate(RateProfile),
    /// Each client at its first poll for advertisements, whose phase is uniform in 0 to `interval`.
    Poll {
        /// The polling interval: 60 minutes by default in SMS 2.0 (Q302674), settable from 5 to
        /// 1440 minutes (Q302836).
        interval: Span,
    },
    /// Client i at the time in row i of a CSV file.
    Trace(Trace),
}

impl Arrival {
    /// The trace that it follows, if it does.
    pub fn trace(&self) -> Option<&Trace> {
        match self {
            Arrival::Trace(trace) => Some(trace),
            _ => None,
        }
    }

    /// The numbers of clients per interval that it follows, if it does.
    pub fn counts(&self) -> Option<&Trace<u64>> {
        match self {
            Arrival::Rate(profile) => profile.counts(),
            _ => None,
        }
    }

    /// The rows that determine when each client arrives, if a trace has them.
    pub fn client_rows(&self) -> Option<ClientRows<'_>> {
        self.trace().map(Trace::client_rows)
    }

    /// Whether clients arrive until the horizon if the group has no size.
    pub fn is_endless(&self) -> bool {
        matches!(self, Arrival::Poisson { .. } | Arrival::Rate(_))
    }

    /// Calls `arrives(i, t)` for the clients i = 0, 1, ... of a group in this order, with their
    /// arrival times t (not necessarily ascending).
    ///
    /// `count` is the group's size; without it (where they are [endless](Self::is_endless)) clients arrive until
    /// `horizon`. Clients that never arrive, as all rates are 0 in the end, are left out.
    pub fn for_each(
        &self,
        count: Option<u32>,
        horizon: Time,
        surge: Option<Trigger>,
        streams: &Streams,
        mut arrives: impl FnMut(u32, Time),
    ) {
        let clients = 0..count.unwrap_or(u32::MAX);
        let start = Time::ZERO;
        let uniform = |client, over: Span| {
            let share = streams.uniform(client, Purpose::Arrival, 0);
            start + Span::from_millis((share * over.as_millis_f64()) as u64)
        };
        match self {
            Arrival::Burst { at } => clients.for_each(|i| arrives(i, start + *at)),
            Arrival::Even { over } => {
                let n = u128::from(clients.end);
                clients.for_each(|i| {
                    let millis = u128::from(over.as_millis()) * u128::from(i) / n;
                    arrives(i, Time::from_millis(millis as u64));
                });
            }
            Arrival::Uniform { over } => clients.for_each(|i| arrives(i, uniform(i, *over))),
            Arrival::Poll { interval } => clients.for_each(|i| arrives(i, uniform(i, *interval))),
            Arrival::Poisson { mean_interval } if surge.is_none() => {
                // Summed unrounded, so that rounding to milliseconds does not bend the rate.
                let mut millis = 0.0;
                for i in clients {
                    let gap: f64 = Exp1.sample(&mut streams.draw(i, Purpose::Arrival, 0));
                    millis += gap * mean_interval.as_millis_f64();
                    let at = Time::from_millis(millis as u64);
                    if count.is_none() && at >= horizon {
                        break;
                    }
                    arrives(i, at);
                }
            }
            Arrival::Rate(_) | Arrival::Poisson { .. } => {
                let mut course = Arrivals::of(self.stretches(surge));
                for i in clients {
                    let gap: f64 = Exp1.sample(&mut streams.draw(i, Purpose::Arrival, 0));
                    let millis = course.after(gap);
                    let at = Time::from_millis(millis as u64);
                    if millis.is_infinite() || (count.is_none() && at >= horizon) {
                        break;
                    }
                    arrives(i, at);
                }
            }
            Arrival::Trace(trace) => {
                for (i, at) in clients.zip(trace.rows.iter()) {
                    arrives(i, start + *at);
                }
            }
        }
    }

    /// When a client may arrive first.
    pub fn earliest(&self) -> Span {
        match self {
            Arrival::Burst { at } => *at,
            Arrival::Trace(trace) => trace.rows.iter().min().copied().unwrap_or_default(),
            Arrival::Rate(profile) => profile.first(),
            Arrival::Even { .. }
            | Arrival::Uniform { .. }
            | Arrival::Poll { .. }
            | Arrival::Poisson { .. } => Span::ZERO,
        }
    }

    /// The time in ms over which `clients` clients arrive, on average.
    pub fn span_millis(&self, clients: f64) -> f64 {
        match self {
            Arrival::Burst { .. } => 0.0,
            Arrival::Even { over } | Arrival::Uniform { over } => over.as_millis_f64(),
            Arrival::Poll { interval } => interval.as_millis_f64(),
            Arrival::Poisson { mean_interval } => clients * mean_interval.as_millis_f64(),
            Arrival::Rate(profile) => Arrivals::of(profile.stretches().collect()).after(clients),
            Arrival::Trace(trace) => trace.rows.last().map_or(0.0, |last| last.as_millis_f64()),
        }
    }

    /// How long after the [earliest](Self::earliest) instant the first of `clients` clients arrives on average, in ms.
    pub fn first_delay_millis(&self, clients: f64) -> f64 {
        match self {
            Arrival::Burst { .. } | Arrival::Even { .. } | Arrival::Trace(_) => 0.0,
            Arrival::Uniform { over } => over.as_millis_f64() / (clients + 1.0),
            Arrival::Poll { interval } => interval.as_millis_f64() / (clients + 1.0),
            Arrival::Poisson { mean_interval } => mean_interval.as_millis_f64(),
            Arrival::Rate(profile) => self.span_millis(1.0) - profile.first().as_millis_f64(),
        }
    }

    /// Whether any arrival time is drawn at random.
    pub fn is_random(&self) -> bool {
        match self {
            Arrival::Burst { .. } | Arrival::Even { .. } | Arrival::Trace(_) => false,
            Arrival::Uniform { .. }
            | Arrival::Poisson { .. }
            | Arrival::Rate(_)
            | Arrival::Poll { .. } => true,
        }
    }

    /// The rates of a Poisson process, changed by `surge`; none of other arrivals.
    fn stretches(&self, surge: Option<Trigger>) -> Vec<Stretch> {
        let rates = match self {
            Arrival::Rate(profile) => profile.stretches().collect(),
            Arrival::Poisson { mean_interval } => {
                vec![Stretch {
                    millis: f64::INFINITY,
                    per_milli: 1.0 / mean_interval.as_millis_f64(),
                }]
            }
            _ => Vec::new(),
        };
        match surge {
            None => rates,
            Some(trigger) => surged(rates, trigger),
        }
    }

    /// The expected number of clients: `count`, or without it the mean number.
    pub fn expected_clients(
        &self,
        count: Option<u32>,
        horizon: Time,
        surge: Option<Trigger>,
    ) -> f64 {
        match (count, self) {
            (Some(count), _) => f64::from(count),
            (None, Arrival::Poisson { .. } | Arrival::Rate(_)) => {
                expected(self.stretches(surge), horizon)
            }
            (None, Arrival::Trace(trace)) => trace.rows.len() as f64,
            (None, _) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrivals(arrival: &Arrival, count: Option<u32>) -> Vec<u64> {
        let mut times = Vec::new();
        let streams = Streams::new(3, 0, "g");
        let horizon = Time::ZERO + Span::from_secs(10_000);
        arrival.for_each(count, horizon, None, &streams, |i, at| {
            assert_eq!(i as usize, times.len(), "clients arrive in the order of their numbers");
            times.push(at.as_millis());
        });
        times
    }

    #[test]
    fn even_arrivals_divide_the_time_by_the_number_of_clients() {
        let over = Span::from_millis(1000);
        assert_eq!(arrivals(&Arrival::Even { over }, Some(3)), [0, 333, 666]);
    }

    #[test]
    fn uniform_arrivals_and_polls_stay_below_their_span() {
        let over = Span::from_millis(50);
        for arrival in [Arrival::Uniform { over }, Arrival::Poll { interval: over }] {
            let times = arrivals(&arrival, Some(1000));
            assert_eq!(times.iter().max(), Some(&49));
            assert_eq!(times.iter().min(), Some(&0));
        }
    }

    #[test]
    fn poisson_arrivals_without_count_end_before_the_horizon_at_the_right_rate() {
        let mean_interval = Span::from_secs(1);
        let times = arrivals(&Arrival::Poisson { mean_interval }, None);
        assert!(times.last().is_some_and(|&last| last < 10_000_000));
        let z = (times.len() as f64 - 10_000.0) / 100.0;
        assert!(z.abs() < 4.0, "z = {z}");
    }
}
