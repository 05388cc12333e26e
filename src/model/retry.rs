//! Retry policies: how long a refused client waits, and when it stops trying.

use rand::Rng;
use rand_distr::{Distribution, Exp1};

use super::{Draw, unit};
use crate::value::Span;

/// When a refused client tries again, and when it gives up.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// How long it waits before each retry.
    pub delay: Delay,
    /// How many retries it makes at most; `None`: no maximum.
    ///
    /// A retry is an attempt after a wait. Going on to another distribution point at once
    /// ([`Release::tries_per_point`](super::Release::tries_per_point)) is none.
    pub max_retries: Option<u32>,
    /// How long after its arrival it gives up; `None`: never. A retry due at that very instant is
    /// still made.
    pub give_up_after: Option<Span>,
}

/// The delay before the n-th retry, n from 1. No delay is shorter than 1 ms.
#[derive(Clone, Debug, PartialEq)]
pub enum Delay {
    /// `interval`, plus or minus `jitter`: what the KB article describes with 10 minutes.
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
        cap: Option<Span>,
    },
    /// `base`, `base * factor`, `base * factor²`, ... up to `cap`, then jittered.
    Exponential {
        /// The first delay before jitter.
        base: Span,
        /// What each delay is multiplied with to get the next, at least 1.
        factor: f64,
        /// The longest delay, if there is one.
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

/// How far a fixed delay may lie from its middle, uniform within that range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Up to this time less or more. Zero: no jitter.
    Time(Span),
    /// Up to this share of the interval less or more, 0 to 1.
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

/// The jitter of exponential back-off, named as in "Exponential Backoff And Jitter" (AWS
/// Architecture Blog, 2015). In each formula `t` is the capped exponential delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// `t` itself.
    None,
    /// Uniform in 0 to `t`.
    Full,
    /// `t/2` plus uniform in 0 to `t/2`.
    Equal,
    /// Uniform in `base` to `factor` times the delay before, up to `cap`; the default `factor` is 3.
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

    /// The delay before the first retry, without jitter: the mean where it is random, the client's
    /// own delay where it follows `Retry-After`.
    pub fn first_delay(&self) -> Span {
        match self.delay {
            Delay::Fixed { interval: delay, .. }
            | Delay::Linear { step: delay, .. }
            | Delay::Exponential { base: delay, .. }
            | Delay::Memoryless { mean: delay }
            | Delay::Server { interval: delay, .. } => delay,
        }
    }

    /// The interval of a policy with fixed delays and without jitter: clients that are refused
    /// together return together.
    pub fn fixed_interval(&self) -> Option<Span> {
        match self.delay {
            Delay::Fixed { interval, jitter } if jitter.is_none() => Some(interval),
            _ => None,
        }
    }

    /// From which retry on (counted from 1) the delay is always the same, and that delay. `None`: it
    /// is random, grows without a cap, or depends on what servers ask for.
    pub fn constant_from(&self) -> Option<(u32, Span)> {
        let retry = match self.delay {
            Delay::Fixed { jitter, .. } if jitter.is_none() => 1,
            Delay::Linear { step, cap: Some(cap) } => {
                cap.as_millis().div_ceil(step.as_millis().max(1)).max(1)
            }
            Delay::Exponential { factor, jitter: Jitter::None, .. } if factor <= 1.0 => 1,
            Delay::Exponential { base, factor, cap: Some(cap), jitter: Jitter::None } => {
                let base = base.as_millis_f64();
                let grown = |n: u32| base * libm::pow(factor, f64::from(n - 1));
                // The logarithms may be off by one in either direction.
                let about = libm::log(cap.as_millis_f64() / base) / libm::log(factor);
                let first = (about.max(0.0) as u32).max(1);
                u64::from((first..=u32::MAX).find(|&n| grown(n) >= cap.as_millis_f64())?)
            }
            _ => return None,
        };
        let retry = u32::try_from(retry).ok()?;
        // Nothing is drawn: the delay is the same for every client.
        let delay = self.delay.before_retry(retry, Span::ZERO, || Draw::new(0));
        Some((retry, delay))
    }

    /// Whether any delay is drawn at random.
    pub fn is_random(&self) -> bool {
        match self.delay {
            Delay::Fixed { jitter, .. } | Delay::Server { jitter, .. } => !jitter.is_none(),
            Delay::Linear { .. } => false,
            Delay::Exponential { jitter, .. } => jitter != Jitter::None,
            Delay::Memoryless { .. } => true,
        }
    }

    /// Whether clients wait as long as a server asks them to (`Retry-After`).
    pub fn follows_retry_after(&self) -> bool {
        matches!(self.delay, Delay::Server { .. })
    }

    /// How many retries a client makes within `time` on average, or somewhat more, if neither
    /// `max_retries` nor `give_up_after` stops it. `hint` is the shortest time that a server may ask
    /// it to wait.
    pub fn expected_retries(&self, time: Span, hint: Option<Span>) -> f64 {
        let time = time.as_millis_f64();
        // No delay is shorter than a millisecond.
        let each = |millis: f64| time / millis.max(1.0);
        match self.delay {
            Delay::Fixed { interval, .. } => each(interval.as_millis_f64()),
            Delay::Memoryless { mean } => each(mean.as_millis_f64()),
            Delay::Server { interval, .. } => {
                each(interval.min(hint.unwrap_or(interval)).as_millis_f64())
            }
            Delay::Linear { step, cap } => {
                // The first n delays take n²/2 steps.
                let growing = libm::sqrt(2.0 * each(step.as_millis_f64()));
                growing + cap.map_or(0.0, |cap| each(cap.as_millis_f64()))
            }
            Delay::Exponential { base, factor, cap, jitter } => {
                let (base, cap) = (base.as_millis_f64(), cap.map(Span::as_millis_f64));
                let share = match jitter {
                    Jitter::None => 1.0,
                    Jitter::Full => 0.5,
                    Jitter::Equal => 0.75,
                    Jitter::Decorrelated => {
                        // On average at least the middle of the range after the shortest delay.
                        let mean = base * (1.0 + factor) / 2.0;
                        return each(cap.map_or(mean, |cap| mean.min(cap)));
                    }
                };
                let longest = cap.unwrap_or(time);
                // Where the factor is 1 this is infinite, or no number, which `max` takes for 0.
                let growing = libm::log((longest / base).max(1.0)) / libm::log(factor);
                each(base * share).min(growing.max(0.0) + each(longest * share))
            }
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

    /// The delay as [`before_retry`](Self::before_retry) gives it, after a server asked for `hint`,
    /// which only a policy that follows `Retry-After` uses.
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
    fn jittered_delays_have_the_mean_of_their_distribution() {
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

    fn policy(delay: Delay) -> RetryPolicy {
        RetryPolicy { delay, max_retries: None, give_up_after: None }
    }

    #[test]
    fn a_delay_is_constant_from_the_retry_that_says_so() {
        let secs = Span::from_secs;
        let linear = |step, cap| Delay::Linear { step: secs(step), cap: Some(secs(cap)) };
        let growing = |base, factor, cap| Delay::Exponential {
            base: secs(base),
            factor,
            cap: Some(secs(cap)),
            jitter: Jitter::None,
        };
        let cases = [
            (RetryPolicy::fixed(SECOND).delay, (1, 1)),
            (linear(1, 10), (10, 10)),
            (linear(3, 10), (4, 10)),
            (linear(20, 10), (1, 10)),
            (growing(1, 2.0, 10), (5, 10)),
            (growing(1, 2.0, 8), (4, 8)),
            (growing(1, 10.0, 1000), (4, 1000)),
            (growing(20, 2.0, 10), (1, 10)),
            (growing(7, 1.0, 10), (1, 7)),
        ];
        for (delay, (retry, secs)) in cases {
            let constant = policy(delay.clone()).constant_from();
            assert_eq!(constant, Some((retry, Span::from_secs(secs))), "{delay:?}");
            let delays = delays(&delay, retry + 3);
            let (before, after) = delays.split_at(retry as usize - 1);
            assert!(after.iter().all(|&millis| millis == secs * 1000), "{delays:?}");
            assert!(before.last().is_none_or(|&millis| millis < secs * 1000), "{delays:?}");
        }
    }

    #[test]
    fn random_and_unbounded_delays_never_become_constant() {
        for delay in [
            Delay::Linear { step: SECOND, cap: None },
            Delay::Exponential { base: SECOND, factor: 2.0, cap: None, jitter: Jitter::None },
            exponential(Jitter::Full, 2.0),
            Delay::Memoryless { mean: SECOND },
            Delay::Fixed { interval: SECOND, jitter: Spread::Share(0.1) },
            Delay::Server { interval: SECOND, jitter: Spread::NONE },
        ] {
            assert_eq!(policy(delay.clone()).constant_from(), None, "{delay:?}");
        }
    }

    #[test]
    fn only_a_policy_that_follows_retry_after_uses_a_hint() {
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
