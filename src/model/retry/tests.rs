//! Tests of the policies.

use super::*;
use crate::model::random::{Purpose, Streams};
use crate::value::Span;

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
    let delay = Delay::Exponential { base: SECOND, factor: 1e9, cap: None, jitter: Jitter::None };
    assert_eq!(delays(&delay, 400)[399], Span::MAX.as_millis());
}

#[test]
fn linear_delays_grow_by_a_step_up_to_the_cap() {
    let delay =
        Delay::Linear { step: SECOND, cap: Some(Span::from_millis(2500)), jitter: Jitter::None };
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
    assert_mean(&fixed(Jitter::Around(Span::from_secs(60))), 600e3, width(120e3));
    assert_mean(&fixed(Jitter::AroundShare(0.5)), 600e3, width(600e3));
    assert_mean(&exponential(Jitter::Full, 2.0), 500.0, width(1000.0));
    assert_mean(&exponential(Jitter::Equal, 2.0), 750.0, width(500.0));
    assert_mean(&exponential(Jitter::Decorrelated, 3.0), 2000.0, width(2000.0));
    let jitter = Jitter::AddedShare(0.5);
    let server = Delay::Server { interval: Span::from_secs(600), jitter };
    assert_mean(&server, 750e3, width(300e3));
    let memoryless = Delay::Memoryless { mean: Span::from_secs(600) };
    assert_mean(&memoryless, 600e3, 600e3 * 600e3);
}

fn policy(delay: Delay) -> RetryPolicy {
    RetryPolicy::of(delay)
}

#[test]
fn a_delay_is_constant_from_the_retry_that_says_so() {
    let secs = Span::from_secs;
    let linear =
        |step, cap| Delay::Linear { step: secs(step), cap: Some(secs(cap)), jitter: Jitter::None };
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
        Delay::Linear { step: SECOND, cap: None, jitter: Jitter::None },
        Delay::Exponential { base: SECOND, factor: 2.0, cap: None, jitter: Jitter::None },
        exponential(Jitter::Full, 2.0),
        Delay::Memoryless { mean: SECOND },
        Delay::Fixed { interval: SECOND, jitter: Jitter::AroundShare(0.1) },
        Delay::Server { interval: SECOND, jitter: Jitter::None },
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
    let server = Delay::Server { interval: SECOND, jitter: Jitter::None };
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
