//! A policy: its delays, and when it ends.

use super::delay::Delay;
use super::hint::{Hints, Wait};
use super::jitter::Jitter;
use crate::model::Draw;
use crate::value::Span;

/// When a refused client tries again, and when it gives up.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// How long it waits before each retry.
    pub delay: Delay,
    /// How many retries it makes at most; `None`: no maximum.
    ///
    /// A retry is an attempt after a wait. Going on to another distribution point at once
    /// ([`Release::tries_per_point`](crate::model::Release::tries_per_point)) is none.
    pub max_retries: Option<u32>,
    /// How long after its arrival it gives up; `None`: never. A retry due at that very instant is
    /// still made.
    pub give_up_after: Option<Span>,
    /// How it honours a server that asks it to come back after a time (`Retry-After`); `None`: not at all,
    /// unless its delay is [`Delay::Server`].
    pub hints: Option<Hints>,
    /// How long it waits after a refusal by a rate limit, if not as long as after others. No nested delays.
    pub rate_limited: Option<Delay>,
}

impl RetryPolicy {
    /// Retries every `interval` for ever.
    pub const fn fixed(interval: Span) -> RetryPolicy {
        RetryPolicy::of(Delay::Fixed { interval, jitter: Jitter::None })
    }

    /// Retries after such delays for ever.
    pub const fn of(delay: Delay) -> RetryPolicy {
        RetryPolicy {
            delay,
            max_retries: None,
            give_up_after: None,
            hints: None,
            rate_limited: None,
        }
    }

    /// The delay before the first retry, without jitter: the mean where it is random, the client's
    /// own delay where it follows `Retry-After`.
    pub fn first_delay(&self) -> Span {
        self.delay.first()
    }

    /// The interval of a policy with fixed delays and without jitter: clients that are refused
    /// together return together.
    pub fn fixed_interval(&self) -> Option<Span> {
        match self.delay {
            Delay::Fixed { interval, jitter: Jitter::None } => Some(interval),
            _ => None,
        }
    }

    /// From which retry on (counted from 1) the delay is always the same, and that delay. `None`: it
    /// is random, grows without a cap, or depends on what servers ask for.
    pub fn constant_from(&self) -> Option<(u32, Span)> {
        match (self.hints, &self.rate_limited) {
            (None, None) => self.delay.constant_from(),
            _ => None,
        }
    }

    /// Whether any delay is drawn at random.
    pub fn is_random(&self) -> bool {
        self.delays().any(Delay::is_random)
    }

    /// Whether clients wait as long as a server asks them to (`Retry-After`).
    pub fn follows_retry_after(&self) -> bool {
        self.hints.is_some() || self.delays().any(|delay| matches!(delay, Delay::Server { .. }))
    }

    /// Its delays, and those after a rate limit, if they are others.
    pub fn delays(&self) -> impl Iterator<Item = &Delay> {
        std::iter::once(&self.delay).chain(&self.rate_limited)
    }

    /// How many retries a client makes within `time` on average, or somewhat more, if neither
    /// `max_retries` nor `give_up_after` stops it. `hint` is the shortest time that a server may ask
    /// it to wait.
    pub fn expected_retries(&self, time: Span, hint: Option<Span>) -> f64 {
        let each = self.delays().map(|delay| delay.expected_retries(time.as_millis_f64(), hint));
        let own = each.fold(0.0, f64::max);
        match (&self.hints, hint) {
            (Some(hints), Some(hint)) => {
                let first = self.delays().map(Delay::first).min().unwrap_or(Span::ZERO);
                let shortest = hints.shortest(hint, first).as_millis_f64();
                own.max(time.as_millis_f64() / shortest.max(1.0))
            }
            _ => own,
        }
    }

    /// What the client does before its `n`-th retry (from 1), after a server, or its rate limit, asked it to come
    /// back after `hint`, given the delay `last` before the retry before (zero if there was none). `draw` makes the
    /// random numbers; it is not called where none are needed.
    #[inline]
    pub fn wait(
        &self,
        is_rate_limited: bool,
        hint: Option<Span>,
        n: u32,
        last: Span,
        draw: impl FnOnce() -> Draw,
    ) -> Wait {
        let delay = match &self.rate_limited {
            Some(delay) if is_rate_limited => delay,
            _ => &self.delay,
        };
        match (&self.hints, hint) {
            (Some(hints), Some(hint)) => {
                hints.wait(hint, delay.jitter(n), draw, |draw| delay.before_retry(n, last, draw))
            }
            _ => Wait::For(delay.after_hint(hint, n, last, draw)),
        }
    }
}
