//! Retries after a constant interval: all of them at once, because what can end them is known.

use super::state::{Retries, Then};
use crate::model::{
    Client, Detail, EventKind, KeptTrying, Misreports, Now, Order, Outcome, Purpose, Refusals,
    Release, State, Time, World,
};
use crate::value::Span;

impl<'w, W: World, D: Detail> Client<'w, W, D> {
    /// All retries from now on, the first after `delay`, if only that they are admitted can change their
    /// course, and the world can skip those that are not.
    pub(super) fn all_further_retries(
        &self,
        release: &Release,
        now: Time,
        delay: Span,
    ) -> Option<Retries> {
        if !self.world.can_skip(self.point, delay) || self.may_change_course(release, now) {
            return None;
        }
        let constant = match D::FULL {
            true => release.retry.constant_from(),
            false => self.group.constant_retry,
        };
        let (from, interval) = constant?;
        if self.policy_retries() < from || interval != delay {
            return None;
        }
        let first = now + delay;
        let last = self.last_retry(release, first, interval).into_iter();
        let ends = last.chain(self.end_of_patience(release, first, interval));
        let ends = ends.chain(self.end_between_retries(release, now));
        // Of several ends at the same instant, the first of these outcomes comes.
        let severity = |outcome| match outcome {
            Outcome::Stranded => 0,
            Outcome::Expired => 1,
            _ => 2,
        };
        let first_end = ends.min_by_key(|&(at, order, outcome)| (at, order, severity(outcome)));
        if first_end.is_some_and(|(at, order, _)| (at, order) <= (first, Order::Poll)) {
            return None;
        }
        let outcome = first_end.map_or(Outcome::Unfinished, |(.., outcome)| outcome);
        Some(Retries { interval, last: first_end.map(|(at, order, _)| (at, order)), outcome })
    }

    /// Whether anything but an end or a connection can change what it does at its retries.
    fn may_change_course(&self, release: &Release, now: Time) -> bool {
        let Some(full) = self.state.full() else { return false };
        full.releases.change_after(now)
            || !self.group.group.restraints.is_none()
            || !full.online.is_always()
            || (self.group.workaround.is_some()
                && full.stranded_at.is_none()
                && self.group.group.may_strand(release))
    }

    /// The retry, the first of which is at `first`, whose refusal is the last: it is misreported, or no
    /// further one is allowed.
    fn last_retry(
        &self,
        release: &Release,
        first: Time,
        interval: Span,
    ) -> Option<(Time, Order, Outcome)> {
        let allowed = release.retry.max_retries.map(|max| max - self.policy_retries().min(max));
        let strands = self.group.group.misreports_strand(release);
        let next = self.attempts + 1;
        let misreported = strands.then(|| self.next_misreport(next) - next);
        let (more, outcome) = match (misreported, allowed) {
            (Some(more), allowed) if allowed.is_none_or(|allowed| more <= allowed) => {
                (more, Outcome::Stranded)
            }
            (_, allowed) => (allowed?, Outcome::GaveUp),
        };
        let later = interval.as_millis().saturating_mul(u64::from(more));
        let at = Time::from_millis(first.as_millis().saturating_add(later));
        Some((at, Order::LastRefusal, outcome))
    }

    /// When its patience ends. A retry that is due at that very instant is still made.
    fn end_of_patience(
        &self,
        release: &Release,
        first: Time,
        interval: Span,
    ) -> Option<(Time, Order, Outcome)> {
        let since = self.state.full().map_or(self.arrival, |full| full.since);
        let at = since + release.retry.give_up_after?;
        let is_retry =
            at >= first && at.since(first).as_millis().is_multiple_of(interval.as_millis().max(1));
        let order = if is_retry { Order::LastRefusal } else { Order::Poll };
        Some((at, order, Outcome::GaveUp))
    }

    /// The end of its advertisement, or the poll that unschedules its retry.
    fn end_between_retries(&self, release: &Release, now: Time) -> Option<(Time, Order, Outcome)> {
        let expires = self.state.full().map_or(self.group.expires, |full| full.expires);
        let poll =
            release.poll_unschedules.then(|| self.group.next_poll(self.index, self.arrival, now));
        match (poll, expires) {
            (Some(poll), expires) if expires.is_none_or(|expires| poll <= expires) => {
                Some((poll, Order::Poll, Outcome::Stranded))
            }
            (_, expires) => Some((expires?, Order::Poll, Outcome::Expired)),
        }
    }

    /// Which of its attempts, from number `from` on, is the first whose refusal is misreported; the
    /// largest number if none is. The numbers between misreported attempts are geometrically
    /// distributed: each attempt is one with the same probability, whatever became of the others.
    ///
    /// They are counted from the beginning of a block of attempts, of which about one is misreported: a client
    /// that asks for each of a million attempts need not count all that were before.
    pub(super) fn next_misreport(&self, from: u32) -> u32 {
        let Misreports { block, spared } = self.group.misreports;
        let mut start = u64::from(from.saturating_sub(1)) / block * block;
        while start < u64::from(u32::MAX) {
            // One draw more than attempts, so that no two blocks share one.
            let first_draw = start + start / block;
            let mut attempt = start;
            for n in first_draw.. {
                let draw = self.streams().uniform(self.index, Purpose::Misreport, n as u32);
                // The cast saturates, and a certain misreport (a division by minus infinity) gives 0.
                let others = (libm::log1p(-draw) / spared) as u32;
                attempt += u64::from(others) + 1;
                if attempt > start + block {
                    break;
                }
                if attempt >= u64::from(from) {
                    return u32::try_from(attempt).unwrap_or(u32::MAX);
                }
            }
            start += block;
        }
        u32::MAX
    }

    /// What it does after it kept trying; `outcome` if it stops.
    pub(super) fn kept_trying(&mut self, outcome: Outcome) -> Then {
        // Its last delay was the constant one.
        let interval = Span::from_millis(u64::from(self.last_delay));
        let KeptTrying { refusals: Refusals { number, first }, now } =
            self.world.kept_trying(self.point, interval);
        self.attempts += number;
        self.retries += number;
        if number > 0 {
            let (point, refusals) = (self.point, number);
            self.observe(EventKind::RefusedMeanwhile { point, refusals, first, interval });
        }
        match now {
            Now::Try => Then::TryAgain,
            Now::Stop => Then::End(outcome),
            Now::Nothing => Then::End(Outcome::Unfinished),
        }
    }
}
