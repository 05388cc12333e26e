//! Hours: what a client in Retry mode does when it goes offline, which only full clients do.

use super::state::NOWHERE;
use crate::model::{Client, Detail, EventKind, State, Time, World};

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
}
