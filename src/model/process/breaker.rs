//! Circuit breakers: a process that sees too many failures makes no attempts for a while.

use std::collections::VecDeque;

use crate::model::{Span, Time};

/// A circuit breaker.
///
/// It opens when at least a share of the last attempts that ended have failed. When it has been open for its time it
/// lets a few attempts through, and opens again or closes by the share of them that fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Breaker {
    /// The share of failures at which it opens, above 0 and at most 1.
    pub failures: f64,
    /// How many attempts it looks at, at least 1: it does not open before so many have ended.
    pub of: u32,
    /// It looks at all attempts that ended within this time, at least [`of`](Self::of); `None`: at the last `of`,
    /// however old.
    pub window: Option<Span>,
    /// For how long it stays open.
    pub open: Span,
    /// How many attempts it lets through after that, at least 1.
    pub probes: u32,
}

/// A breaker as time goes on.
#[derive(Clone, Debug)]
pub(super) struct BreakerState {
    rules: Breaker,
    state: State,
    /// How often the state has changed: results of attempts of another state do not count.
    generation: u32,
}

#[derive(Clone, Debug)]
enum State {
    /// Attempts are made; when each of the last ended, and whether it failed.
    Closed { ended: VecDeque<(Time, bool)>, failed: u32 },
    /// None are made until then.
    Open { until: Time },
    /// A few are made: how many were let through, ended and failed.
    HalfOpen { probes: u32, ended: u32, failed: u32 },
}

impl State {
    const CLOSED: State = State::Closed { ended: VecDeque::new(), failed: 0 };
}

impl BreakerState {
    pub fn new(breaker: &Breaker) -> BreakerState {
        BreakerState { rules: breaker.clone(), state: State::CLOSED, generation: 0 }
    }

    /// Lets an attempt through, which belongs to the generation that it gives, or does not.
    pub fn admit(&mut self, now: Time) -> Option<u32> {
        if let State::Open { until } = self.state
            && now >= until
        {
            self.change(State::HalfOpen { probes: 0, ended: 0, failed: 0 });
        }
        match &mut self.state {
            State::Closed { .. } => {}
            State::Open { .. } => return None,
            State::HalfOpen { probes, .. } if *probes >= self.rules.probes => return None,
            State::HalfOpen { probes, .. } => *probes += 1,
        }
        Some(self.generation)
    }

    /// An attempt that was let through was not made, or came to no end.
    pub fn forget(&mut self, generation: u32) {
        if let State::HalfOpen { probes, .. } = &mut self.state
            && generation == self.generation
        {
            *probes -= 1;
        }
    }

    /// An attempt has ended.
    pub fn record(&mut self, now: Time, generation: u32, has_failed: bool) {
        if generation != self.generation {
            return;
        }
        let Breaker { failures, of, window, open, probes } = self.rules;
        let (all, bad) = match &mut self.state {
            State::Open { .. } => return,
            State::Closed { ended, failed } => {
                ended.push_back((now, has_failed));
                *failed += u32::from(has_failed);
                let is_old = |ended: &VecDeque<(Time, bool)>| match window {
                    Some(window) => ended.front().is_some_and(|(at, _)| *at + window <= now),
                    None => ended.len() > of as usize,
                };
                while is_old(ended) {
                    *failed -= u32::from(ended.pop_front().is_some_and(|(_, failed)| failed));
                }
                if ended.len() < of as usize {
                    return;
                }
                (ended.len() as u32, *failed)
            }
            State::HalfOpen { ended, failed, .. } => {
                *ended += 1;
                *failed += u32::from(has_failed);
                if *ended < probes {
                    return;
                }
                (*ended, *failed)
            }
        };
        if f64::from(bad) >= failures * f64::from(all) {
            self.change(State::Open { until: now + open });
        } else if matches!(self.state, State::HalfOpen { .. }) {
            self.change(State::CLOSED);
        }
    }

    fn change(&mut self, state: State) {
        self.state = state;
        self.generation = self.generation.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Span = Span::from_secs(1);

    fn breaker(window: Option<Span>) -> BreakerState {
        let open = Span::from_secs(60);
        BreakerState::new(&Breaker { failures: 0.5, of: 4, window, open, probes: 2 })
    }

    /// Makes an attempt that ends at once.
    fn attempt(state: &mut BreakerState, now: Time, has_failed: bool) -> bool {
        let admitted = state.admit(now);
        admitted.into_iter().for_each(|generation| state.record(now, generation, has_failed));
        admitted.is_some()
    }

    #[test]
    fn a_breaker_opens_at_its_share_of_failures_and_probes_after_its_time() {
        let (mut state, start) = (breaker(None), Time::ZERO);
        for has_failed in [true, false, false, false, true] {
            assert!(attempt(&mut state, start, has_failed));
        }
        // Of the last four two failed with this one.
        assert!(attempt(&mut state, start, true));
        assert!(!attempt(&mut state, start + Span::from_millis(59_999), false));
        let later = start + Span::from_secs(60);
        let (one, two) = (state.admit(later), state.admit(later));
        assert!(one.is_some() && two.is_some() && state.admit(later).is_none());
        state.record(later, one.unwrap(), false);
        state.record(later, two.unwrap(), true);
        assert!(
            !attempt(&mut state, later + Span::from_secs(59), false),
            "half of the probes failed"
        );
        let last = later + Span::from_secs(60);
        assert!(attempt(&mut state, last, false) && attempt(&mut state, last, false));
        assert!((0..3).all(|_| attempt(&mut state, last, true)), "it is closed, with a new window");
    }

    #[test]
    fn a_probe_that_comes_to_no_end_makes_room_for_another() {
        let mut state = breaker(None);
        (0..4).for_each(|_| assert!(attempt(&mut state, Time::ZERO, true)));
        let later = Time::ZERO + Span::from_secs(60);
        let generation = state.admit(later).unwrap();
        assert!(state.admit(later).is_some() && state.admit(later).is_none());
        state.forget(generation);
        assert!(state.admit(later).is_some());
    }

    #[test]
    fn results_of_attempts_from_before_it_opened_do_not_count() {
        let mut state = breaker(None);
        let early = state.admit(Time::ZERO).unwrap();
        (0..4).for_each(|_| assert!(attempt(&mut state, Time::ZERO, true)));
        let later = Time::ZERO + Span::from_secs(60);
        assert!(state.admit(later).is_some() && state.admit(later).is_some());
        state.record(later, early, true);
        state.record(later, early, true);
        assert!(matches!(state.state, State::HalfOpen { ended: 0, .. }));
    }

    #[test]
    fn a_breaker_with_a_window_forgets_what_is_old() {
        let mut state = breaker(Some(Span::from_secs(10)));
        (0..3).for_each(|_| assert!(attempt(&mut state, Time::ZERO, true)));
        let later = Time::ZERO + Span::from_secs(10);
        assert!((0..3).all(|_| attempt(&mut state, later, true)), "three are not enough");
        assert!(attempt(&mut state, later + SECOND, true));
        assert!(!attempt(&mut state, later + SECOND, true));
    }
}
