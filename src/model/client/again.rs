//! Coming again: what a client of a closed population does between its programs, which only full clients do.

use super::state::NOWHERE;
use crate::model::{Client, Detail, EventKind, Outcome, Pass, Purpose, State, Time, World};

impl<'w, W: World, D: Detail> Client<'w, W, D> {
    /// When it comes again after `outcome`, if it does.
    #[inline]
    pub(super) fn comes_again_after(&self, outcome: Outcome) -> Option<Time> {
        let full = self.state.full()?;
        let repeat = self.group.group.repeat.as_ref()?;
        let comes = match outcome {
            Outcome::Completed => full.stranded_at.is_none(),
            Outcome::GaveUp => repeat.after_giving_up && full.stranded_at.is_none(),
            Outcome::Stranded | Outcome::Expired | Outcome::Unfinished => false,
        };
        let draw = || self.group.streams.draw(self.index, Purpose::Think, full.round);
        comes.then(|| self.online().opens(self.world.now() + repeat.think(draw)))
    }

    /// It comes again: all is as at the beginning, with other random numbers.
    pub(super) fn come_again(&mut self) {
        self.observe(EventKind::Thinks { begins: false });
        let at = self.world.now();
        self.arrival = at;
        (self.attempts, self.retries, self.last_delay) = (0, 0, 0);
        self.waiting_at = NOWHERE;
        if let Some(full) = self.state.full_mut() {
            self.route.come_again(&mut full.tiers);
            full.round += 1;
            full.streams = self.group.streams.of_round(full.round);
            full.since = at;
            full.remaining = None;
            (full.admissions, full.retries_before, full.asked) = (0, 0, 0);
            full.pass = Pass::default();
        }
    }
}
