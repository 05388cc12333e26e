//! What a client's process lets it do, which only full clients are asked.

use super::state::Attempt;
use crate::model::{Client, Detail, Ending, Pass, Purpose, State, World};

impl<'w, W: World, D: Detail> Client<'w, W, D> {
    /// Whether its process lets the attempt through that it is about to make.
    #[inline]
    pub(super) fn is_let_through(&mut self) -> bool {
        if self.group.group.restraints.is_none() {
            return true;
        }
        let (world, id, now) = (self.world, self.id(), self.world.now());
        let (streams, index) = (*self.streams(), self.index);
        let Some(full) = self.state.full_mut() else { return true };
        let asked = full.asked;
        full.asked += 1;
        let luck = || streams.uniform(index, Purpose::Throttle, asked);
        let pass = full.pass;
        let pass = world.process(id, |process| process.begin(now, pass, luck));
        pass.into_iter().for_each(|pass| full.pass = pass);
        pass.is_some()
    }

    /// Lets its process record how an attempt ended, if it was made.
    #[inline]
    pub(super) fn tell_process(&mut self, attempt: Attempt) {
        if self.group.group.restraints.is_none() {
            return;
        }
        let Some(ending) = ending(attempt) else { return };
        let (id, now) = (self.id(), self.world.now());
        let Some(full) = self.state.full_mut() else { return };
        let pass = std::mem::take(&mut full.pass);
        self.world.process(id, |process| process.end(now, pass, ending));
    }

    /// Whether its process lets it retry after an attempt that failed.
    #[inline]
    pub(super) fn may_retry(&mut self, attempt: Attempt) -> bool {
        if self.group.group.restraints.is_none() {
            return true;
        }
        let (id, now) = (self.id(), self.world.now());
        let after = ending(attempt).unwrap_or(Ending::Failure);
        let pass: Option<Pass> = self.world.process(id, |process| process.retry(now, after));
        let Some(full) = self.state.full_mut() else { return true };
        full.pass = pass.unwrap_or_default();
        pass.is_some()
    }
}

/// How an attempt ended; `None`: it did not, or it was none.
fn ending(attempt: Attempt) -> Option<Ending> {
    Some(match attempt {
        Attempt::Queued(_) | Attempt::Connected(_) | Attempt::Rejected => return None,
        Attempt::Done => Ending::Success,
        Attempt::RateLimited(_) => Ending::RateLimited,
        Attempt::TimedOutInQueue | Attempt::TimedOut => Ending::TimedOut,
        Attempt::Away(_) | Attempt::EndedInQueue(_) => Ending::Nothing,
        Attempt::Refused(_) | Attempt::Failed | Attempt::Unreachable | Attempt::Cut => {
            Ending::Failure
        }
    })
}
