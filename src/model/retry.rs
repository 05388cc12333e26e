//! Retry policies: how long a refused client waits, and when it stops trying.

use rand::Rng;
use rand_distr::{Distribution, Exp1};
use serde::{Serialize, Serializer};

use super::random::{Draw, unit};
use crate::value::Percent;
use crate::value::Span;

/// When a refused client tries again, and for how long it goes on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RetryPolicy {
    /// How long it waits before each retry.
    #[serde(flatten)]
    pub delay: Delay,
    /// How many retries it makes at most; `None`: no maximum.
    ///
    /// A retry is an attempt after a wait. Going on to another distribution point at once
    /// ([`Release::tries_per_point`](super::Release::tries_per_point)) is none.
    #[serde(serialize_with = "or_none")]
    pub max_retries: Option<u32>,
    /// How long after its arrival it gives up; `None`: never. A retry due at that very instant is
    /// still made.
    #[serde(serialize_with = "or_none")]
    pub give_up_after: Option<Span>,
}

/// The law of the delay before the n-th retry, n from 1. No delay is shorter than 1 ms.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "policy", rename_all = "lowercase")]
pub enum Delay {
    /// `interval`, give or take `jitter`: what the KB article describes with 10 minutes.
    Fixed {
        /// The middle of the delays.
        interval: Span,
        /// How far a delay may lie from it.
        jitter: Spread,
    },
    /// `step`, twice `step`, three times `step`, ... up to `cap`.
    Linear {
        /// The first delay, and how much is added each time.
        step: Span,
        /// The longest delay, if there is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        cap: Option<Span>,
    },
    /// `base`, `base * factor`, `base * factor²`, ... up to `cap`, then jittered.
    Exponential {
        /// The first delay before jitter.
        base: Span,
        /// What each delay is multiplied with to get the next, at least 1.
        factor: f64,
        /// The longest delay, if there is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        cap: Option<Span>,
        /// How the delay is randomised.
        jitter: Jitter,
    },
    /// Exponentially distributed: the classical retrial queue, whose orbit has no memory.
    Memoryless {
        /// The mean delay.
        mean: Span,
    },
    /// What the server asks for (`Retry-After`), and up to `jitter` more, uniform; never less.
    Server {
        /// The least delay where the server asks for none.
        interval: Span,
        /// How much more at most.
        jitter: Spread,
    },
}

/// How far a fixed delay may lie from its middle; uniform within that range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// So much time less or more. Zero: no jitter.
    Time(Span),
    /// Such a share of the interval less or more, 0 to 1.
    Share(f64),
}

impl Spread {
    /// No jitter at all.
    pub const NONE: Spread = Spread::Time(Span::ZERO);

    /// Whether there is no jitter.
    pub fn is_none(self) -> bool {
        matches!(self, Spread::Time(Span::ZERO)) || self == Spread::Share(0.0)
    }

    /// How far a delay may lie from `interval`, in ms.
    fn reach(self, interval: Span) -> f64 {
        match self {
            Spread::Time(reach) => reach.as_millis_f64(),
            Spread::Share(share) => share * interval.as_millis_f64(),
        }
    }
}

/// As scenario files write it: `"30s"`, `"20%"`.
impl Serialize for Spread {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Spread::Time(reach) => reach.serialize(serializer),
            Spread::Share(share) => Percent::from_share(*share).serialize(serializer),
        }
    }
}

/// The jitter of exponential back-off, named as in "Exponential Backoff And Jitter" (AWS
/// Architecture Blog, 2015). In each formula `t` is the capped exponential delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Jitter {
    /// `t` itself.
    None,
    /// Uniform in 0 to `t`.
    Full,
    /// `t/2` plus uniform in 0 to `t/2`.
    Equal,
    /// Uniform in `base` to `factor` times the delay before, up to `cap`; `factor` is 3 unless
    /// told otherwise.
    Decorrelated,
}

impl RetryPolicy {
    /// Retries every `interval` for ever.
    pub const fn fixed(interval: Span) -> RetryPolicy {
        RetryPolicy {
            delay: Delay::Fixed { interval, jitter: Spread::NONE },
            max_retries: None,
            give_up_after: None,
        }
    }
}

impl Delay {
    /// The delay before the `n`-th retry (from 1), given the delay `last` before the retry before
    /// (zero if there was none). `draw` makes the random numbers; it is not called where none are
    /// needed.
    #[inline]
    pub fn before_retry(&self, n: u32, last: Span, draw: impl FnOnce() -> Draw) -> Span {
        match *self {
            // The KB article's own case first: no arithmetic, no randomness.
            Delay::Fixed { interval, jitter } if jitter.is_none() => interval,
            _ => self.general(n, last, draw),
        }
    }

    /// The delay as [`before_retry`](Self::before_retry) gives it, after a server asked for `hint`.
    /// Only a policy that listens to servers heeds it.
    pub fn after_hint(
        &self,
        hint: Option<Span>,
        n: u32,
        last: Span,
        draw: impl FnOnce() -> Draw,
    ) -> Span {
        match (self, hint) {
            (&Delay::Server { jitter, .. }, Some(interval)) => {
                Delay::Server { interval, jitter }.before_retry(n, last, draw)
            }
            _ => self.before_retry(n, last, draw),
        }
    }

    #[inline(never)]
    fn general(&self, n: u32, last: Span, draw: impl FnOnce() -> Draw) -> Span {
        let millis = match *self {
            Delay::Fixed { interval, jitter } => {
                let middle = interval.as_millis_f64();
                let reach = jitter.reach(interval);
                uniform(draw(), middle - reach, middle + reach)
            }
            Delay::Server { interval, jitter } if jitter.is_none() => interval.as_millis_f64(),
            Delay::Server { interval, jitter } => {
                let least = interval.as_millis_f64();
                uniform(draw(), least, least + jitter.reach(interval))
            }
            Delay::Linear { step, cap } => capped(step.as_millis_f64() * f64::from(n), cap),
            Delay::Exponential { base, factor, cap, jitter } => {
                let base = base.as_millis_f64();
                let grown = || capped(base * libm::pow(factor, f64::from(n - 1)), cap);
                match jitter {
                    Jitter::None => grown(),
                    Jitter::Full => uniform(draw(), 0.0, grown()),
                    Jitter::Equal => uniform(draw(), grown() / 2.0, grown()),
                    Jitter::Decorrelated => {
                        let last = last.as_millis_f64().max(base);
                        capped(uniform(draw(), base, last * factor), cap)
                    }
                }
            }
            Delay::Memoryless { mean } => {
                let unit: f64 = Exp1.sample(&mut draw());
                mean.as_millis_f64() * unit
            }
        };
        Span::from_millis_f64(millis).max(Span::MILLISECOND)
    }
}

fn capped(millis: f64, cap: Option<Span>) -> f64 {
    millis.min(cap.unwrap_or(Span::MAX).as_millis_f64())
}

fn uniform(mut draw: Draw, low: f64, high: f64) -> f64 {
    low + (high - low) * unit(draw.next_u64())
}

/// Writes a limit as scenario files do: `"none"` where there is none.
fn or_none<T: Serialize, S: Serializer>(
    limit: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match limit {
        Some(limit) => limit.serialize(serializer),
        None => serializer.serialize_str("none"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::random::{Purpose, Streams};

    const SECOND: Span = Span::from_secs(1);

    fn delays(delay: &Delay, count: u32) -> Vec<u64> {
        let streams = Streams::new(1, 0, "g");
        let mut last = Span::ZERO;
        (1..=count)
            .map(|n| {
                last = delay.before_retry(n, last, || streams.draw(0, Purpose::Retry, n));
                last.as_millis()
            })
            .collect()
    }

    fn exponential(jitter: Jitter, factor: f64) -> Delay {
        Delay::Exponential { base: SECOND, factor, cap: Some(Span::from_secs(10)), jitter }
    }

    #[test]
    fn exponential_delays_double_up_to_the_cap() {
        let delays = delays(&exponential(Jitter::None, 2.0), 6);
        assert_eq!(delays, [1000, 2000, 4000, 8000, 10_000, 10_000]);
    }

    #[test]
    fn an_uncapped_exponential_delay_stays_within_the_longest_span() {
        let delay =
            Delay::Exponential { base: SECOND, factor: 1e9, cap: None, jitter: Jitter::None };
        assert_eq!(delays(&delay, 400)[399], Span::MAX.as_millis());
    }

    #[test]
    fn linear_delays_grow_by_a_step_up_to_the_cap() {
        let delay = Delay::Linear { step: SECOND, cap: Some(Span::from_millis(2500)) };
        assert_eq!(delays(&delay, 4), [1000, 2000, 2500, 2500]);
    }

    /// Draws the first retry's delay for many clients and tests the mean by its z-score.
    fn assert_mean(delay: &Delay, mean: f64, variance: f64) {
        let streams = Streams::new(7, 0, "g");
        let count = 20_000;
        let sum: f64 = (0..count)
            .map(|client| {
                delay
                    .before_retry(1, Span::ZERO, || streams.draw(client, Purpose::Retry, 1))
                    .as_millis_f64()
            })
            .sum();
        let z = (sum / f64::from(count) - mean) / (variance / f64::from(count)).sqrt();
        assert!(z.abs() < 4.0, "{delay:?}: z = {z}");
    }

    #[test]
    fn jittered_delays_have_the_mean_of_their_law() {
        let fixed = |jitter| Delay::Fixed { interval: Span::from_secs(600), jitter };
        let width = |w: f64| w * w / 12.0;
        assert_mean(&fixed(Spread::Time(Span::from_secs(60))), 600e3, width(120e3));
        assert_mean(&fixed(Spread::Share(0.5)), 600e3, width(600e3));
        assert_mean(&exponential(Jitter::Full, 2.0), 500.0, width(1000.0));
        assert_mean(&exponential(Jitter::Equal, 2.0), 750.0, width(500.0));
        assert_mean(&exponential(Jitter::Decorrelated, 3.0), 2000.0, width(2000.0));
        let jitter = Spread::Share(0.5);
        let server = Delay::Server { interval: Span::from_secs(600), jitter };
        assert_mean(&server, 750e3, width(300e3));
        let memoryless = Delay::Memoryless { mean: Span::from_secs(600) };
        assert_mean(&memoryless, 600e3, 600e3 * 600e3);
    }

    #[test]
    fn only_a_policy_that_listens_heeds_a_hint() {
        let draw = || Streams::new(7, 0, "g").draw(0, Purpose::Retry, 1);
        let hint = Some(Span::from_secs(30));
        let fixed = RetryPolicy::fixed(SECOND).delay;
        assert_eq!(fixed.after_hint(hint, 1, Span::ZERO, draw), SECOND);
        let server = Delay::Server { interval: SECOND, jitter: Spread::NONE };
        assert_eq!(server.after_hint(hint, 1, Span::ZERO, draw), Span::from_secs(30));
        assert_eq!(server.after_hint(None, 1, Span::ZERO, draw), SECOND);
    }

    #[test]
    fn a_delay_is_never_zero() {
        let delay = Delay::Exponential {
            base: Span::MILLISECOND,
            factor: 1.0,
            cap: None,
            jitter: Jitter::Full,
        };
        assert!(delays(&delay, 100).iter().all(|&millis| millis == 1));
    }
}
