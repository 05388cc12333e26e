//! Retry budgets: how many retries a process may make.

use super::ending::Ending;
use super::recent::Recent;
use crate::model::{Frequency, Span, Time};

/// A budget of retries. A client that may not retry gives up.
#[derive(Clone, Debug, PartialEq)]
pub enum Budget {
    /// A bucket of tokens that starts full, as in the AWS SDKs and gRPC.
    Tokens(Tokens),
    /// A share of the requests of the last while, as in Finagle, Linkerd and the Gateway API (GEP-3388): at most
    /// `share` x requests + `reserve` x `window` retries in each window.
    Share {
        /// The share, from 0 on.
        share: f64,
        /// How many retries there may be beyond that; `None`: none.
        reserve: Option<Frequency>,
        /// The time over which requests and retries are counted.
        window: Span,
    },
    /// A share of the attempts in progress, as in Envoy: a retry is allowed while fewer retries are in progress than
    /// that share of all attempts in progress, or than `at_least`. What waits for its time to retry is not in
    /// progress, and neither is the attempt that has just failed.
    Concurrent {
        /// The share, from 0 on.
        share: f64,
        /// How many retries may be in progress in any case.
        at_least: u32,
    },
}

/// A bucket of tokens; all numbers in thousandths of a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Tokens {
    /// How many there are at most, and in the beginning.
    pub tokens: u64,
    /// What a retry costs.
    pub cost: u64,
    /// What it costs after an attempt that timed out.
    pub timeout_cost: u64,
    /// What it costs after an attempt that a rate limit refused.
    pub rate_limited_cost: u64,
    /// What comes back by a success without a retry; with [`above`](Self::above), by each success.
    pub earn: u64,
    /// Whether a retry that succeeds gives its cost back.
    pub refund: bool,
    /// `None`: a retry is allowed if its cost is there. Else, as in gRPC's retryThrottling, each failure takes the
    /// cost, also one that is not retried, and a retry is allowed while more than this is left.
    pub above: Option<u64>,
}

/// A budget as time goes on.
#[derive(Clone, Debug)]
pub(super) enum BudgetState {
    Tokens { rules: Tokens, left: u64 },
    Share { share: f64, reserve: f64, requests: Recent, retries: Recent },
    Concurrent { share: f64, at_least: u32 },
}

impl Tokens {
    fn cost_after(&self, result: Ending) -> u64 {
        match result {
            Ending::TimedOut => self.timeout_cost,
            Ending::RateLimited => self.rate_limited_cost,
            _ => self.cost,
        }
    }
}

impl BudgetState {
    pub fn new(budget: &Budget) -> BudgetState {
        match budget {
            Budget::Tokens(rules) => {
                BudgetState::Tokens { rules: rules.clone(), left: rules.tokens }
            }
            Budget::Share { share, reserve, window } => BudgetState::Share {
                share: *share,
                reserve: reserve.map_or(0.0, |it| it.per_milli() * window.as_millis_f64()),
                requests: Recent::within(*window),
                retries: Recent::within(*window),
            },
            Budget::Concurrent { share, at_least } => {
                BudgetState::Concurrent { share: *share, at_least: *at_least }
            }
        }
    }

    /// A first attempt is made.
    pub fn request(&mut self, now: Time) {
        if let BudgetState::Share { requests, .. } = self {
            requests.add(now);
        }
    }

    /// An attempt succeeded, for which that many thousandths had been paid.
    pub fn success(&mut self, is_retry: bool, paid: u64) {
        if let BudgetState::Tokens { rules, left } = self {
            let earned = if rules.above.is_some() || !is_retry { rules.earn } else { 0 };
            let back = if rules.refund { paid } else { 0 };
            *left = (*left + earned + back).min(rules.tokens);
        }
    }

    /// An attempt failed.
    pub fn failure(&mut self, result: Ending) {
        if let BudgetState::Tokens { rules, left } = self
            && rules.above.is_some()
        {
            *left = left.saturating_sub(rules.cost_after(result));
        }
    }

    /// What a retry costs after an attempt that ended like this; `None`: it is not allowed. So many attempts are in
    /// progress, and so many of them are `retrying`.
    pub fn pay(&mut self, now: Time, after: Ending, active: u32, retrying: u32) -> Option<u64> {
        match self {
            BudgetState::Tokens { rules: Tokens { above: Some(above), .. }, left } => {
                (*left > *above).then_some(0)
            }
            BudgetState::Tokens { rules, left } => {
                let cost = rules.cost_after(after);
                *left = left.checked_sub(cost)?;
                Some(cost)
            }
            BudgetState::Share { share, reserve, requests, retries } => {
                let most = *share * requests.count(now) as f64 + *reserve;
                // Half a millionth for shares that are no binary fractions.
                let is_allowed = (retries.count(now) + 1) as f64 <= most + 5e-7;
                is_allowed.then(|| retries.add(now)).map(|()| 0)
            }
            BudgetState::Concurrent { share, at_least } => {
                let most = (*share * f64::from(active)).max(f64::from(*at_least));
                (f64::from(retrying) < most).then_some(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_millis(7);

    fn tokens(tokens: u64, cost: u64, earn: u64, above: Option<u64>) -> BudgetState {
        BudgetState::new(&Budget::Tokens(Tokens {
            tokens,
            cost,
            timeout_cost: 2 * cost,
            rate_limited_cost: cost,
            earn,
            refund: true,
            above,
        }))
    }

    /// How many retries are allowed if every attempt fails like this.
    fn retries(state: &mut BudgetState, result: Ending) -> usize {
        let failed = |_: &usize| {
            state.failure(result);
            state.pay(NOW, result, 0, 0).is_some()
        };
        (0..1000).take_while(failed).count()
    }

    #[test]
    fn a_full_quota_of_the_aws_sdks_is_100_retries_or_35() {
        assert_eq!(retries(&mut tokens(500_000, 5_000, 1_000, None), Ending::Failure), 100);
        assert_eq!(retries(&mut tokens(500_000, 5_000, 1_000, None), Ending::TimedOut), 50);
        assert_eq!(retries(&mut tokens(500_000, 14_000, 1_000, None), Ending::Failure), 35);
    }

    #[test]
    fn a_retry_that_succeeds_gives_back_what_it_cost_and_a_first_attempt_earns() {
        let mut state = tokens(10_000, 5_000, 1_000, None);
        assert_eq!(retries(&mut state, Ending::Failure), 2);
        state.success(true, 5_000);
        (0..4).for_each(|_| state.success(false, 0));
        assert_eq!(retries(&mut state, Ending::Failure), 1);
        state.success(false, 0);
        assert_eq!(retries(&mut state, Ending::Failure), 1, "five tokens again");
    }

    #[test]
    fn grpc_throttles_after_four_retries_and_for_good_above_one_failure_in_eleven() {
        let mut state = tokens(10_000, 1_000, 100, Some(5_000));
        assert_eq!(retries(&mut state, Ending::Failure), 4);
        // Of 11 attempts one fails: as much is earned as is lost.
        let mut round = |good: u32| {
            state.failure(Ending::Failure);
            (0..good).for_each(|_| state.success(false, 0));
        };
        (0..100).for_each(|_| round(9));
        assert!(state.pay(NOW, Ending::Failure, 0, 0).is_none());
        let mut round = |good: u32| {
            state.failure(Ending::Failure);
            (0..good).for_each(|_| state.success(false, 0));
        };
        (0..100).for_each(|_| round(11));
        assert!(state.pay(NOW, Ending::Failure, 0, 0).is_some());
    }

    #[test]
    fn finagle_allows_a_fifth_of_the_requests_and_ten_a_second() {
        for (rate, expected) in [(100, 30.0), (10, 12.0)] {
            let reserve = "10/s".parse().ok();
            let window = Span::from_secs(10);
            let mut state = BudgetState::new(&Budget::Share { share: 0.2, reserve, window });
            let mut allowed = 0;
            for millis in 0..100_000 {
                let now = Time::from_millis(millis);
                if millis % (1000 / rate) == 0 {
                    state.request(now);
                    allowed += u32::from(state.pay(now, Ending::Failure, 0, 0).is_some());
                    // Each retry fails, and is retried again while that is allowed.
                    while state.pay(now, Ending::Failure, 0, 0).is_some() {
                        allowed += 1;
                    }
                }
            }
            let a_second = f64::from(allowed) / 100.0;
            assert!((a_second - expected).abs() < 0.01 * expected, "{a_second}, not {expected}");
        }
    }

    #[test]
    fn envoy_counts_what_is_in_progress_alone() {
        let mut state = BudgetState::new(&Budget::Concurrent { share: 0.2, at_least: 3 });
        let mut pay =
            |active, retrying| state.pay(NOW, Ending::Failure, active, retrying).is_some();
        assert!(pay(0, 2) && !pay(0, 3) && !pay(15, 3) && pay(16, 3) && !pay(20, 4));
    }
}
