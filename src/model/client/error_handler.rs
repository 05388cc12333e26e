//! The error handler: what a client does after an attempt that failed.

use super::state::{Attempt, Reaction, Then};
use crate::model::{
    Client, Detail, Outcome, Purpose, RefusalCode, Release, RetryPolicy, State, Time, World,
};
use crate::value::Span;

impl<'w, W: World, D: Detail> Client<'w, W, D> {
    /// What the client does after an attempt: the release decides about failures.
    // Always inlined, with all but the most frequent case out of line. Most refusals of most
    // scenarios can only be retried after the same interval, and most events are refusals: one look,
    // instead of one for each thing that could be otherwise.
    #[inline(always)]
    pub(super) fn react_to(&mut self, attempt: Attempt) -> Reaction {
        if !D::FULL
            && let Attempt::Refused(_) = attempt
            && let Some(interval) = self.group.constant_retry
        {
            self.attempts += 1;
            self.refused(RefusalCode::NoMoreConnections);
            let due = self.world.now() + interval;
            self.retry_scheduled(due);
            return Reaction { at: due, then: Then::TryAgain };
        }
        self.decide(attempt)
    }

    #[inline(never)]
    fn decide(&mut self, attempt: Attempt) -> Reaction {
        let now = self.world.now();
        let (code, hint) = match attempt {
            Attempt::Done | Attempt::Connected(_) => {
                return Reaction { at: now, then: Then::End(Outcome::Completed) };
            }
            Attempt::Queued(patience) => return patience,
            Attempt::Refused(hint) => {
                self.attempts += 1;
                let code = self.refusal_code();
                self.refused(code);
                (code, hint)
            }
            Attempt::Unreachable => {
                self.attempts += 1;
                self.refused(RefusalCode::NetworkPathNotFound);
                (RefusalCode::NetworkPathNotFound, None)
            }
            Attempt::Cut => (RefusalCode::NetworkPathNotFound, None),
            Attempt::Away(back) => {
                if let Some(full) = self.state.full_mut() {
                    self.route.start_over(&mut full.tiers);
                }
                return self.pause(self.release(now), now, back);
            }
            Attempt::EndedInQueue(outcome) => {
                return Reaction { at: now, then: Then::End(outcome) };
            }
        };
        let release = self.release(now);
        if code == RefusalCode::Misreported && release.misreport_strands {
            return Reaction { at: now, then: Then::End(Outcome::Stranded) };
        }
        if self.goes_on_at_once(attempt, release, now) {
            return Reaction { at: now, then: Then::TryAgain };
        }
        let delay = match (code, release.spin) {
            (RefusalCode::NetworkPathNotFound, Some(spin)) => spin,
            _ if release.retry.max_retries.is_some_and(|max| self.policy_retries() >= max) => {
                return Reaction { at: now, then: Then::End(Outcome::GaveUp) };
            }
            _ => self.next_delay(&release.retry, hint),
        };
        let mut due = now + delay;
        if let Some(full) = self.state.full() {
            let opening = full.tiers.next_opening(self.group, release, now);
            due = full.online.opens(opening.map_or(due, |opening| opening.min(due)));
        }
        self.wait_for_retry(release, now, due)
    }

    /// Draws whether the Advertised Programs Manager reports this refusal as `0x80070047`. The
    /// draw does not depend on the release: a fixed one sees the same code and retries.
    #[inline]
    fn refusal_code(&self) -> RefusalCode {
        let probability = self.group.group.misreport_probability;
        let misreported = probability > 0.0
            && self.group.streams.uniform(self.index, Purpose::Misreport, self.attempts - 1)
                < probability;
        if misreported { RefusalCode::Misreported } else { RefusalCode::NoMoreConnections }
    }

    /// Whether the client tries another distribution point without waiting first.
    #[inline]
    fn goes_on_at_once(&mut self, attempt: Attempt, release: &Release, now: Time) -> bool {
        let tiers = self.state.full_mut().map(|full| &mut full.tiers);
        match (attempt, tiers) {
            (Attempt::Cut, Some(tiers)) => {
                self.route.cut(tiers, self.group, release, self.point, now)
            }
            (_, tiers) => self.route.failed(tiers, self.group, release, self.point, now),
        }
    }

    /// The delay before the next retry; `hint` is what the server asked for.
    #[inline]
    fn next_delay(&mut self, retry: &RetryPolicy, hint: Option<Span>) -> Span {
        self.retries += 1;
        let last = Span::from_millis(u64::from(self.last_delay));
        let delay = retry.delay.after_hint(hint, self.policy_retries(), last, || {
            self.group.streams.draw(self.index, Purpose::Retry, self.retries)
        });
        self.last_delay = u32::try_from(delay.as_millis()).unwrap_or(u32::MAX);
        delay
    }

    /// Enters Retry mode until a retry at `due`, or until something comes before.
    #[inline]
    fn wait_for_retry(&mut self, release: &Release, now: Time, due: Time) -> Reaction {
        let mut reaction = self.pause(release, now, due);
        if release.poll_unschedules {
            let poll = self.online().opens(self.group.next_poll(self.index, self.arrival, now));
            if poll <= reaction.at {
                reaction = Reaction { at: poll, then: Then::End(Outcome::Stranded) };
            }
        }
        if reaction.at > now {
            self.retry_scheduled(due);
        }
        reaction
    }

    /// Does nothing until `due`, or until patience or the advertisement ends before.
    #[inline]
    pub(super) fn pause(&self, release: &Release, now: Time, due: Time) -> Reaction {
        let full = self.state.full();
        let mut reaction = Reaction { at: due, then: Then::TryAgain };
        if let Some(patience) = release.retry.give_up_after {
            let deadline = full.map_or(self.arrival, |full| full.since) + patience;
            if due > deadline {
                let at = deadline.max(now);
                reaction = Reaction { at, then: Then::End(Outcome::GaveUp) };
            }
        }
        if let Some(expires) = full.map_or(self.group.expires, |full| full.expires)
            && reaction.at >= expires
        {
            reaction = Reaction { at: expires, then: Then::End(Outcome::Expired) };
        }
        reaction
    }
}
