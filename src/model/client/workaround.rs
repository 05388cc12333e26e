//! The workaround: what a stranded client does until its new advertisement, which only full clients get.

use super::state::NOWHERE;
use crate::model::route::Route;
use crate::model::{Client, Detail, EventKind, Outcome, State, Time, Workaround, World};

impl<'w, W: World, D: Detail> Client<'w, W, D> {
    /// Whether a new advertisement comes after `outcome`; it comes only once.
    #[inline]
    pub(super) fn gets_workaround_after(&self, outcome: Outcome) -> bool {
        D::FULL
            && outcome == Outcome::Stranded
            && self.stranded_at().is_none()
            && self.group.workaround.is_some()
    }

    /// How many clients must be stranded before the new advertisement comes.
    pub(super) fn stranded_before_workaround(&self) -> u64 {
        match self.group.workaround {
            Some(Workaround::WhenStranded(count)) => count,
            Some(Workaround::After(_)) | None => 0,
        }
    }

    /// An error handler unscheduled it; a new advertisement will come.
    pub(super) fn strand(&mut self) {
        self.observe(EventKind::Unscheduled { waiting_at: self.waiting_at() });
        self.waiting_at = NOWHERE;
        if let Some(full) = self.state.full_mut() {
            full.stranded_at = Some(self.world.now());
        }
        self.world.strand();
    }

    /// The poll by which it learns of the new advertisement.
    pub(super) fn next_poll(&self) -> Time {
        let begins = match self.group.workaround {
            Some(Workaround::After(after)) => Time::ZERO + after,
            Some(Workaround::WhenStranded(_)) | None => Time::ZERO,
        };
        let now = self.world.now().max(begins);
        self.online().opens(self.group.next_poll(self.index, self.arrival, now))
    }

    /// The new advertisement: all is as at the beginning, except that attempts count on.
    pub(super) fn begin_again(&mut self) {
        self.forget_retries();
        self.route = Route::default();
        if let Some(full) = self.state.full_mut() {
            full.since = self.world.now();
            full.expires = None;
            full.tiers = Default::default();
            full.remaining = None;
        }
        self.observe(EventKind::Readvertised);
    }
}
