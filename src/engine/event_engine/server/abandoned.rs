//! The work of a server for clients that have gone.

use std::collections::BTreeSet;

use super::caller::Caller;
use crate::model::{Abandoned, AbandonedWork, Rate, Time, Work};

/// The work of a server for clients that have gone.
#[derive(Debug)]
pub struct WorkForNobody {
    pub rule: Abandoned,
    /// Numbers the clients that have gone.
    numbers: u64,
    /// How many requests and transfers there are.
    pub count: usize,
    /// Transfers that others cannot make longer, by when they end.
    pub held: BTreeSet<(Time, Caller)>,
    /// What has happened and is not told yet.
    pub untold: Vec<AbandonedWork>,
}

/// What is to be done for a client that has gone.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    /// Over each connection.
    pub work: Work,
    /// What all of them together can carry, if that is capped.
    pub link: Option<Rate>,
}

impl WorkForNobody {
    /// None yet, at a point with that rule.
    pub fn new(rule: Abandoned) -> WorkForNobody {
        let (held, untold) = (BTreeSet::new(), Vec::new());
        WorkForNobody { rule, numbers: 0, count: 0, held, untold }
    }

    /// When the next transfer ends that others cannot make longer.
    pub fn next_end(&self) -> Option<Time> {
        self.held.first().map(|&(at, _)| at)
    }

    /// One more client has gone.
    pub fn one_more(&mut self) -> Caller {
        self.numbers += 1;
        self.count += 1;
        Caller::gone(self.numbers)
    }
}
