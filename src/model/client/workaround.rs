//! Hours, and the workaround: what only full clients do between attempts.

use super::super::detail::{Detail, State};
use super::super::event::{EventKind, Outcome};
use super::super::route::Route;
use super::super::time::Time;
use super::super::workaround::Workaround;
use super::super::world::World;
use super::state::{Advertisement, Client, NOWHERE};

impl<'w, W: World, D: Detail> Client<'w, W, D> {
    /// When its hours are over, if it is in Retry mode until then and beyond.
    #[inline]
    pub(super) fn goes_offline_before(&self, at: Time) -> Option<Time> {
        let full = self.state.full()?;
        self.waiting_at()?;
        let closes = full.online.closes(self.world.now());
        (closes < at).then_some(closes)
    }

    /// Its hours are over: it is no longer in Retry mode, though its retry will come.
    pub(super) fn go_offline(&mut self) {
        if let Some(waiting_at) = self.waiting_at() {
            self.observe(EventKind::WentOffline { waiting_at });
            self.waiting_at = NOWHERE;
        }
    }

    /// The workaround, if that is what comes after `outcome`: a new advertisement, once.
    #[inline]
    pub(super) fn workaround_after(&self, outcome: Outcome) -> Option<Workaround> {
        let first = D::FULL && self.advertisement == Advertisement::Active;
        self.group.workaround.filter(|_| first && outcome == Outcome::Stranded)
    }

    /// An error handler unscheduled it; a new advertisement will come.
    pub(super) fn strand(&mut self) {
        self.observe(EventKind::Unscheduled { waiting_at: self.waiting_at() });
        self.waiting_at = NOWHERE;
        self.advertisement = Advertisement::Stranded;
        if let Some(full) = self.state.full_mut() {
            full.stranded_at = self.world.now();
        }
        self.world.strand();
    }

    /// The poll by which it learns of the new advertisement.
    pub(super) fn next_poll(&self, workaround: Workaround) -> Time {
        let begins = match workaround {
            Workaround::After(after) => Time::ZERO + after,
            Workaround::WhenStranded(_) => Time::ZERO,
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
