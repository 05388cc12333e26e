//! What clients of one process share: a budget of retries, a circuit breaker, a throttle.
//!
//! A client library keeps such state for all calls of a program. It sees the results of attempts, never the server:
//! [`Process`] is told what happens, and asked whether a client may go on.

mod breaker;
mod budget;
mod recent;
mod throttle;

use super::{ClientGroup, ClientId, Replication, Time};
pub use breaker::Breaker;
use breaker::BreakerState;
use budget::BudgetState;
pub use budget::{Budget, Tokens};
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

/// How an attempt ended, as far as a process looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The program ran.
    Success,
    /// It was refused, or cut, or the server failed or was down.
    Failure,
    /// A rate limit refused it.
    RateLimited,
    /// It took too long.
    TimedOut,
    /// The client went away.
    Nothing,
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
    fn new(restraints: &Restraints) -> Process {
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

/// The processes of all groups.
#[derive(Debug)]
pub struct Processes(Vec<OfGroup>);

/// The processes of a group, as far as its clients have come.
#[derive(Debug)]
struct OfGroup {
    /// How many there are; `None`: each client is one.
    number: Option<u32>,
    restraints: Restraints,
    processes: Vec<Process>,
}

impl Processes {
    /// Those of a replication, of which no client has come.
    pub fn new(replication: &Replication<'_>) -> Processes {
        let of = |group: &ClientGroup| OfGroup {
            number: group.processes,
            restraints: group.restraints.clone(),
            processes: Vec::new(),
        };
        Processes(replication.groups.iter().map(|members| of(members.group)).collect())
    }

    /// The one that `client` belongs to.
    pub fn of(&mut self, client: ClientId) -> &mut Process {
        let OfGroup { number, restraints, processes } = &mut self.0[client.group.index()];
        let place = number.map_or(client.index, |number| client.index % number) as usize;
        if place >= processes.len() {
            processes.resize_with(place + 1, || Process::new(restraints));
        }
        &mut processes[place]
    }
}
