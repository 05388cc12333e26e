//! Jitter: how the delays of a policy are spread at random, so that clients do not come in step.

use rand::Rng;

use crate::model::{Draw, unit};
use crate::value::Span;

/// How a delay is spread. In each formula `t` is the delay without jitter, after its cap.
///
/// The words are those of "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Jitter {
    /// `t` itself.
    None,
    /// Uniform in 0 to `t`.
    Full,
    /// `t/2` plus uniform in 0 to `t/2`.
    Equal,
    /// Uniform in `base` to `factor` times the delay before, up to `cap`; the default `factor` is 3. Only
    /// exponential delays know these.
    Decorrelated,
    /// `t` plus or minus up to this time, uniform.
    Around(Span),
    /// `t` plus or minus up to this share of it, 0 to 1, uniform.
    AroundShare(f64),
    /// `t` plus up to this time, uniform.
    Added(Span),
    /// `t` plus up to this share of it, uniform.
    AddedShare(f64),
}

impl Jitter {
    /// The same, as [`None`](Jitter::None) if it spreads nothing.
    pub fn normal(self) -> Jitter {
        match self {
            Jitter::Around(Span::ZERO) | Jitter::Added(Span::ZERO) => Jitter::None,
            Jitter::AroundShare(share) | Jitter::AddedShare(share) if share == 0.0 => Jitter::None,
            jitter => jitter,
        }
    }

    /// The shortest and the longest delay in ms where it would be `t` ms without jitter.
    #[inline(always)]
    pub fn range(self, t: f64) -> (f64, f64) {
        match self {
            Jitter::None | Jitter::Decorrelated => (t, t),
            Jitter::Full => (0.0, t),
            Jitter::Equal => (t / 2.0, t),
            Jitter::Around(reach) => (t - reach.as_millis_f64(), t + reach.as_millis_f64()),
            Jitter::AroundShare(share) => (t - share * t, t + share * t),
            Jitter::Added(most) => (t, t + most.as_millis_f64()),
            Jitter::AddedShare(share) => (t, t + share * t),
        }
    }

    /// A delay in ms where it would be `t` ms without jitter.
    #[inline(always)]
    pub fn spread(self, t: f64, draw: impl FnOnce() -> Draw) -> f64 {
        match self {
            Jitter::None | Jitter::Decorrelated => t,
            jitter => {
                let (low, high) = jitter.range(t);
                uniform(draw(), low, high)
            }
        }
    }

    /// Whether it only ever lengthens a delay.
    pub fn only_adds(self) -> bool {
        matches!(self, Jitter::Added(_) | Jitter::AddedShare(_))
    }
}

/// A number between two others.
#[inline(always)]
pub(super) fn uniform(mut draw: Draw, low: f64, high: f64) -> f64 {
    low + (high - low) * unit(draw.next_u64())
}
