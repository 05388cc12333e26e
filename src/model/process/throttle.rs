//! Adaptive throttling: a process rejects its own attempts as the server accepts few of them.

use super::recent::Recent;
use crate::model::{Span, Time};

/// A throttle as in Google's "Site Reliability Engineering", chapter 21, "Handling Overload": an attempt is rejected
/// with probability max(0, (requests - k accepts) / (requests + 1)), over the last window.
#[derive(Clone, Debug, PartialEq)]
pub struct Throttle {
    /// How many times as many requests as are accepted may be sent, at least 1.
    pub k: f64,
    /// The time over which both are counted.
    pub window: Span,
}

/// What a process counted.
#[derive(Clone, Debug)]
pub(super) struct ThrottleState {
    k: f64,
    /// Those that were rejected, too.
    requests: Recent,
    accepts: Recent,
}

impl ThrottleState {
    pub fn new(throttle: &Throttle) -> ThrottleState {
        let recent = || Recent::within(throttle.window);
        ThrottleState { k: throttle.k, requests: recent(), accepts: recent() }
    }

    /// Whether an attempt is sent; `luck` is uniform in 0 to 1.
    pub fn admits(&mut self, now: Time, luck: f64) -> bool {
        let (requests, accepts) = (self.requests.count(now) as f64, self.accepts.count(now) as f64);
        self.requests.add(now);
        luck >= (requests - self.k * accepts) / (requests + 1.0)
    }

    /// A request was served.
    pub fn accepted(&mut self, now: Time) {
        self.accepts.add(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_rejected_as_far_as_they_are_more_than_k_times_those_accepted() {
        let mut state = ThrottleState::new(&Throttle { k: 2.0, window: Span::from_mins(2) });
        let now = Time::from_millis(5);
        assert!((0..9).all(|_| state.admits(now, 0.99)));
        (0..3).for_each(|_| state.accepted(now));
        // (9 - 2 * 3) / (9 + 1) = 0.3
        assert!(!state.clone().admits(now, 0.299));
        assert!(state.admits(now, 0.3));
        assert!(state.admits(Time::from_millis(120_005), 0.0));
    }
}
