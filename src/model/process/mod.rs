//! What clients of one process share: a budget of retries, a circuit breaker, a throttle.
//!
//! A client library keeps such state for all calls of a program. It sees the results of attempts, never the server:
//! [`Process`] records how attempts end, and decides which may be made.

mod breaker;
mod budget;
mod ending;
mod recent;
mod throttle;

use super::Time;
pub use breaker::Breaker;
use breaker::BreakerState;
use budget::BudgetState;
pub use budget::{Budget, Tokens};
pub use ending::Ending;
pub use throttle::Throttle;
use throttle::ThrottleState;

/// What keeps clients from attempts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restraints {
    /// How many retries there may be; `None`: any number.
    pub budget: Option<Budget>,
    /// Rejects attempts after failures; `None`: never.
    pub breaker: Option<Breaker>,
    /// Rejects attempts as a server accepts few; `None`: never.
    pub throttle: Option<Throttle>,
}

impl Restraints {
    /// No restraint.
    pub const NONE: Restraints = Restraints { budget: None, breaker: None, throttle: None };

    /// No restraint.
    pub fn none() -> Restraints {
        Restraints::NONE
    }

    /// Only a budget.
    pub fn of_budget(budget: Budget) -> Restraints {
        Restraints { budget: Some(budget), ..Restraints::NONE }
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        *self == Restraints::NONE
    }
}

/// What a client remembers of its present attempt and of what it paid for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Whether it is a retry.
    is_retry: bool,
    /// What the budget took for it, in thousandths of a token.
    paid: u64,
    /// In which state of the breaker it was made.
    generation: u32,
}

/// The state that some clients share.
#[derive(Clone, Debug)]
pub struct Process {
    budget: Option<BudgetState>,
    breaker: Option<BreakerState>,
    throttle: Option<ThrottleState>,
    /// Attempts that are in progress.
    active: u32,
    /// Those of them that are retries.
    retries: u32,
}

impl Process {
    /// One whose clients have not done anything yet.
    pub fn new(restraints: &Restraints) -> Process {
        Process {
            budget: restraints.budget.as_ref().map(BudgetState::new),
            breaker: restraints.breaker.as_ref().map(BreakerState::new),
            throttle: restraints.throttle.as_ref().map(ThrottleState::new),
            active: 0,
            retries: 0,
        }
    }

    /// A client is about to make an attempt, for which `pass` was paid if it is a retry. `None`: the attempt is
    /// rejected, and the server sees nothing of it. `luck` is a number from 0 to 1, drawn if there is a throttle.
    pub fn begin(&mut self, now: Time, pass: Pass, luck: impl FnOnce() -> f64) -> Option<Pass> {
        let generation = match &mut self.breaker {
            Some(breaker) => breaker.admit(now)?,
            None => 0,
        };
        if let Some(throttle) = &mut self.throttle
            && !throttle.admits(now, luck())
        {
            self.breaker.iter_mut().for_each(|breaker| breaker.forget(generation));
            return None;
        }
        if let (Some(budget), false) = (&mut self.budget, pass.is_retry) {
            budget.request(now);
        }
        self.active += 1;
        self.retries += u32::from(pass.is_retry);
        Some(Pass { generation, ..pass })
    }

    /// The attempt with this pass has ended.
    pub fn end(&mut self, now: Time, pass: Pass, result: Ending) {
        self.active -= 1;
        self.retries -= u32::from(pass.is_retry);
        if let Some(breaker) = &mut self.breaker {
            match result {
                Ending::Nothing => breaker.forget(pass.generation),
                _ => breaker.record(now, pass.generation, result != Ending::Success),
            }
        }
        if let (Some(throttle), Ending::Success) = (&mut self.throttle, result) {
            throttle.accepted(now);
        }
        if let Some(budget) = &mut self.budget {
            match result {
                Ending::Success => budget.success(pass.is_retry, pass.paid),
                Ending::Nothing => {}
                _ => budget.failure(result),
            }
        }
    }

    /// Whether the client whose attempt ended like this may retry it; what it paid for that. A client that may not
    /// gives up.
    pub fn retry(&mut self, now: Time, after: Ending) -> Option<Pass> {
        let paid = match &mut self.budget {
            Some(budget) => budget.pay(now, after, self.active, self.retries)?,
            None => 0,
        };
        Some(Pass { is_retry: true, paid, generation: 0 })
    }
}
