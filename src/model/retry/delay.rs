//! The delay before each retry.

use rand_distr::{Distribution, Exp1};

use super::jitter::{Jitter, uniform};
use crate::model::Draw;
use crate::value::Span;

/// The delay before the n-th retry, n from 1. No delay is shorter than 1 ms.
#[derive(Clone, Debug, PartialEq)]
pub enum Delay {
    /// `interval`, jittered: what the KB article describes with 10 minutes.
    Fixed {
        /// The delay before jitter.
        interval: Span,
        /// How the delay is spread at random.
        jitter: Jitter,
    },
    /// `step`, twice `step`, three times `step`, ... up to `cap`, then jittered.
    Linear {
        /// The first delay, and how much is added each time.
        step: Span,
        /// The longest delay, if there is one.
        cap: Option<Span>,
        /// How the delay is spread at random.
        jitter: Jitter,
    },
    /// `base`, `base * factor`, `base * factor²`, ... up to `cap`, then jittered.
    Exponential {
        /// The first delay before jitter.
        base: Span,
        /// What each delay is multiplied with to get the next, at least 1.
        factor: f64,
        /// The longest delay, if there is one.
        cap: Option<Span>,
        /// How the delay is spread at random.
        jitter: Jitter,
    },
    /// The delays of a list, of which the last repeats, then jittered.
    List {
        /// At least one.
        delays: Vec<Step>,
        /// How the delay is spread at random.
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
        jitter: Jitter,
    },
    /// Policies within each other, the innermost first: when its retries are used up, the next waits once, and the
    /// inner begins anew.
    Nested {
        /// All but the outermost.
        inner: Vec<Level>,
        /// The outermost, which is no nested one.
        outer: Box<Delay>,
    },
}

/// A delay of a list: a time, or uniform between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The shortest.
    pub least: Span,
    /// The longest.
    pub most: Span,
}

/// A policy within another.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Its delays; no nested ones.
    pub delay: Delay,
    /// After how many retries it is used up, at least 1.
    pub retries: u32,
}

impl Delay {
    /// That before the first retry, without jitter: the mean where it is random, the client's own where it follows
    /// `Retry-After`.
    pub fn first(&self) -> Span {
        match self {
            Delay::Fixed { interval: delay, .. }
            | Delay::Linear { step: delay, .. }
            | Delay::Exponential { base: delay, .. }
            | Delay::Memoryless { mean: delay }
            | Delay::Server { interval: delay, .. } => *delay,
            Delay::List { delays, .. } => {
                delays.first().map_or(Span::MILLISECOND, |it| it.middle())
            }
            Delay::Nested { inner, outer } => {
                inner.first().map_or(outer.first(), |level| level.delay.first())
            }
        }
    }

    /// From which retry on (counted from 1) the delay is always the same, and that delay. `None`: it
    /// is random, grows without a cap, or depends on what servers ask for.
    pub fn constant_from(&self) -> Option<(u32, Span)> {
        let retry = match *self {
            Delay::Fixed { jitter: Jitter::None, .. } => 1,
            Delay::Linear { step, cap: Some(cap), jitter: Jitter::None } => {
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
            Delay::List { ref delays, jitter: Jitter::None } => {
                let last = delays.last().filter(|last| last.least == last.most)?;
                let same = delays.iter().rev().take_while(|delay| *delay == last).count();
                (delays.len() - same + 1) as u64
            }
            _ => return None,
        };
        let retry = u32::try_from(retry).ok()?;
        // Nothing is drawn: the delay is the same for every client.
        let delay = self.before_retry(retry, Span::ZERO, || Draw::new(0));
        Some((retry, delay))
    }

    /// Whether any delay is drawn at random.
    pub fn is_random(&self) -> bool {
        match self {
            Delay::Memoryless { .. } => true,
            Delay::List { delays, jitter } => {
                *jitter != Jitter::None || delays.iter().any(|delay| delay.least != delay.most)
            }
            Delay::Nested { inner, outer } => {
                outer.is_random() || inner.iter().any(|level| level.delay.is_random())
            }
            _ => self.jitter(1) != Jitter::None,
        }
    }

    /// The jitter of the `n`-th delay.
    pub fn jitter(&self, n: u32) -> Jitter {
        match self {
            Delay::Fixed { jitter, .. }
            | Delay::Linear { jitter, .. }
            | Delay::Exponential { jitter, .. }
            | Delay::List { jitter, .. }
            | Delay::Server { jitter, .. } => *jitter,
            Delay::Memoryless { .. } => Jitter::None,
            Delay::Nested { inner, outer } => {
                let (delay, n) = level(inner, outer, n);
                delay.jitter(n)
            }
        }
    }

    /// The shortest and the longest delay before the `n`-th retry, and the mean; `None` where they depend on the delay
    /// before, or where there is no longest.
    pub fn range(&self, n: u32) -> Option<[Span; 3]> {
        if let Delay::Nested { inner, outer } = self {
            let (delay, n) = level(inner, outer, n);
            return delay.range(n);
        }
        let (least, most) = self.middle(n)?;
        let jitter = self.jitter(n);
        if jitter == Jitter::Decorrelated {
            return None;
        }
        let mean = |(low, high): (f64, f64)| (low + high) / 2.0;
        let (low, high) = (jitter.range(least).0, jitter.range(most).1);
        let middle = mean((mean(jitter.range(least)), mean(jitter.range(most))));
        let span = |millis: f64| Span::from_millis_f64(millis).max(Span::MILLISECOND);
        Some([span(low), span(high), span(middle)])
    }

    /// How many retries a client makes within `time` ms on average, or somewhat more. `hint` is the shortest time
    /// that a server may ask it to wait.
    pub fn expected_retries(&self, time: f64, hint: Option<Span>) -> f64 {
        // No delay is shorter than a millisecond.
        let each = |millis: f64| time / millis.max(1.0);
        // The mean of a delay with jitter, as a share of it.
        let share = |jitter: Jitter| match jitter {
            Jitter::Full => 0.5,
            Jitter::Equal => 0.75,
            _ => 1.0,
        };
        match self {
            Delay::Fixed { interval, jitter } => each(interval.as_millis_f64() * share(*jitter)),
            Delay::Memoryless { mean } => each(mean.as_millis_f64()),
            Delay::Server { interval, .. } => {
                each((*interval).min(hint.unwrap_or(*interval)).as_millis_f64())
            }
            Delay::Linear { step, cap, jitter } => {
                let share = share(*jitter);
                // The first n delays take n²/2 steps.
                let growing = libm::sqrt(2.0 * each(step.as_millis_f64() * share));
                growing + cap.map_or(0.0, |cap| each(cap.as_millis_f64() * share))
            }
            &Delay::Exponential { base, factor, cap, jitter } => {
                let (base, cap) = (base.as_millis_f64(), cap.map(Span::as_millis_f64));
                if jitter == Jitter::Decorrelated {
                    // On average at least the middle of the range after the shortest delay.
                    let mean = base * (1.0 + factor) / 2.0;
                    return each(cap.map_or(mean, |cap| mean.min(cap)));
                }
                let share = share(jitter);
                let longest = cap.unwrap_or(time);
                // Where the factor is 1 this is infinite, or no number, which `max` takes for 0.
                let growing = libm::log((longest / base).max(1.0)) / libm::log(factor);
                each(base * share).min(growing.max(0.0) + each(longest * share))
            }
            Delay::List { delays, jitter } => {
                let last = delays.last().map_or(1.0, |delay| delay.middle().as_millis_f64());
                delays.len() as f64 + each(last * share(*jitter))
            }
            Delay::Nested { inner, outer } => {
                let own: f64 = inner.iter().map(|level| f64::from(level.retries) + 1.0).product();
                let innermost =
                    inner.first().map_or(0.0, |it| it.delay.expected_retries(time, hint));
                innermost.min(own * (1.0 + outer.expected_retries(time, hint)))
            }
        }
    }

    /// The delay before the `n`-th retry (from 1), given the delay `last` before the retry before
    /// (zero if there was none). `draw` makes the random numbers; it is not called where none are
    /// needed.
    #[inline]
    pub fn before_retry(&self, n: u32, last: Span, draw: impl FnOnce() -> Draw) -> Span {
        match *self {
            // The KB article's own case first: no arithmetic, no randomness.
            Delay::Fixed { interval, jitter: Jitter::None } => interval,
            Delay::Nested { ref inner, ref outer } => {
                let (delay, n) = level(inner, outer, n);
                // The delay before was one of another level.
                delay.general(n, if n == 1 { Span::ZERO } else { last }, draw)
            }
            _ => self.general(n, last, draw),
        }
    }

    /// The delay as [`before_retry`](Self::before_retry) gives it, after a server asked for `hint`,
    /// which only [`Delay::Server`] uses.
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

    // An arm for each policy, though `middle` knows them too: with jitter every attempt comes here.
    #[inline(never)]
    fn general(&self, n: u32, last: Span, draw: impl FnOnce() -> Draw) -> Span {
        let millis = match *self {
            Delay::Fixed { interval, jitter } | Delay::Server { interval, jitter } => {
                jitter.spread(interval.as_millis_f64(), draw)
            }
            Delay::Exponential { base, factor, cap, jitter: Jitter::Decorrelated } => {
                let base = base.as_millis_f64();
                let last = last.as_millis_f64().max(base);
                capped(uniform(draw(), base, last * factor), cap)
            }
            Delay::Exponential { jitter, .. } | Delay::Linear { jitter, .. } => {
                let (middle, _) = self.middle(n).unwrap_or_default();
                jitter.spread(middle, draw)
            }
            Delay::List { jitter, .. } => {
                let (least, most) = self.middle(n).unwrap_or_default();
                if least == most {
                    jitter.spread(least, draw)
                } else {
                    // One generator: the place within the range, then the jitter.
                    let mut draw = draw();
                    let middle = uniform(draw.clone(), least, most);
                    rand::Rng::next_u64(&mut draw);
                    jitter.spread(middle, || draw)
                }
            }
            Delay::Memoryless { mean } => {
                let unit: f64 = Exp1.sample(&mut draw());
                mean.as_millis_f64() * unit
            }
            // Its levels are none.
            Delay::Nested { .. } => 0.0,
        };
        Span::from_millis_f64(millis).max(Span::MILLISECOND)
    }

    /// The least and the most of the `n`-th delay in ms, before jitter; `None` of one that knows no bounds.
    fn middle(&self, n: u32) -> Option<(f64, f64)> {
        let one = |millis: f64| Some((millis, millis));
        match *self {
            Delay::Fixed { interval, .. } | Delay::Server { interval, .. } => {
                one(interval.as_millis_f64())
            }
            Delay::Linear { step, cap, .. } => {
                one(capped(step.as_millis_f64() * f64::from(n), cap))
            }
            Delay::Exponential { base, factor, cap, .. } => {
                one(capped(base.as_millis_f64() * libm::pow(factor, f64::from(n - 1)), cap))
            }
            Delay::List { ref delays, .. } => {
                let place = (n as usize - 1).min(delays.len().saturating_sub(1));
                let Step { least, most } = *delays.get(place)?;
                Some((least.as_millis_f64(), most.as_millis_f64()))
            }
            Delay::Memoryless { .. } | Delay::Nested { .. } => None,
        }
    }
}

impl Step {
    /// Always this time.
    pub const fn of(time: Span) -> Step {
        Step { least: time, most: time }
    }

    fn middle(self) -> Span {
        Span::from_millis(self.least.as_millis().midpoint(self.most.as_millis()))
    }
}

/// Which level of a nested policy waits before the `n`-th retry, and which of its own retries that is.
fn level<'d>(inner: &'d [Level], outer: &'d Delay, n: u32) -> (&'d Delay, u32) {
    let mut n = n;
    for Level { delay, retries } in inner {
        let round = retries.saturating_add(1);
        if !n.is_multiple_of(round) {
            return (delay, n % round);
        }
        n /= round;
    }
    (outer, n)
}

fn capped(millis: f64, cap: Option<Span>) -> f64 {
    millis.min(cap.unwrap_or(Span::MAX).as_millis_f64())
}
