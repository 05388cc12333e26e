//! Hours, and the workaround: what only full clients do between attempts.

use super::state::NOWHERE;
use crate::model::route::Route;
use crate::model::{Client, Detail, EventKind, Outcome, State, Time, Workaround, World};

impl<'w, W: World, D: Detail> Client<'w, W, D> {
    /// When its hours are over, if it is in Retry mode until then and beyond, to `at`.
    #[inline]
    pub(super) fn goes_offline_before(&mut self, at: Time) -> Option<Time> {
        let waiting_at = self.waiting_at();
        let now = self.world.now();
        let full = self.state.full_mut()?;
        waiting_at?;
        full.back = at;
        let closes = full.online.closes(now);
        (closes < at).then_some(closes)
    }

    /// Its hours are over: it is no longer in Retry mode, though its retry will come; returns when.
    pub(super) fn go_offline(&mut self) -> Time {
        if let Some(waiting_at) = self.waiting_at() {
            self.observe(EventKind::WentOffline { waiting_at });
            self.waiting_at = NOWHERE;
        }
        self.state.full().map_or(Time::MAX, |full| full.back)
    }

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
