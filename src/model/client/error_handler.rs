//! The error handler: what a client does after an attempt that failed.

use super::state::{Attempt, Pause, Reaction, Stay, Then};
use crate::model::{
    Client, Detail, EventKind, Outcome, Purpose, RefusalCode, Release, RetryPolicy, State, Time,
    Wait, World,
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
            && let Some(interval) = self.group.only_retry
            && !self.world.can_skip(self.point, interval)
        {
            self.attempts += 1;
            self.refused(RefusalCode::NoMoreConnections);
            let due = self.world.now() + interval;
            self.retry_scheduled(due);
            return Reaction::Pause(Pause { at: due, then: Then::TryAgain });
        }
        self.decide(attempt)
    }

    #[inline(never)]
    fn decide(&mut self, attempt: Attempt) -> Reaction {
        let now = self.world.now();
        if D::FULL {
            self.tell_process(attempt);
        }
        let at_once = |then| Reaction::Pause(Pause { at: now, then });
        let (code, hint) = match attempt {
            Attempt::Done | Attempt::Connected(_) => {
                return at_once(Then::End(Outcome::Completed));
            }
            // The story waits in the queue before it asks what to do.
            Attempt::Queued(Stay { until: at, .. }) => {
                return Reaction::Pause(Pause { at, then: Then::TryAgain });
            }
            Attempt::Rejected => {
                self.observe(EventKind::Rejected { point: self.point });
                (RefusalCode::RateLimited, None)
            }
            Attempt::Refused(hint) => {
                self.attempts += 1;
                let code = self.refusal_code();
                self.refused(code);
                // Only full worlds give one.
                (code, hint.filter(|_| D::FULL))
            }
            Attempt::RateLimited(hint) => {
                self.attempts += 1;
                self.refused(RefusalCode::RateLimited);
                (RefusalCode::RateLimited, hint)
            }
            Attempt::Failed => {
                self.attempts += 1;
                self.refused(RefusalCode::ServerError);
                (RefusalCode::ServerError, None)
            }
            Attempt::Unreachable => {
                self.attempts += 1;
                self.refused(RefusalCode::NetworkPathNotFound);
                (RefusalCode::NetworkPathNotFound, None)
            }
            Attempt::TimedOutInQueue => {
                self.attempts += 1;
                self.refused(RefusalCode::TimedOut);
                (RefusalCode::TimedOut, None)
            }
            Attempt::TimedOut => (RefusalCode::TimedOut, None),
            Attempt::Cut => (RefusalCode::NetworkPathNotFound, None),
            Attempt::Away(back) => {
                if let Some(full) = self.state.full_mut() {
                    self.route.start_over(&mut full.tiers);
                }
                return Reaction::Pause(self.pause(self.release(now), now, back));
            }
            Attempt::EndedInQueue(outcome) => return at_once(Then::End(outcome)),
        };
        let release = self.release(now);
        if code == RefusalCode::Misreported && release.misreport_strands {
            return at_once(Then::End(Outcome::Stranded));
        }
        if attempt != Attempt::Rejected && self.goes_on_at_once(attempt, release, now) {
            return at_once(Then::TryAgain);
        }
        let delay = match (code, release.spin) {
            (RefusalCode::NetworkPathNotFound, Some(spin)) => spin,
            _ if release.retry.max_retries.is_some_and(|max| self.policy_retries() >= max) => {
                return at_once(Then::End(Outcome::GaveUp));
            }
            _ => {
                let limited = matches!(attempt, Attempt::RateLimited(_));
                let Wait::For(delay) = self.next_wait(&release.retry, limited, hint) else {
                    return at_once(Then::End(Outcome::GaveUp));
                };
                if D::FULL && !self.may_retry(attempt) {
                    return at_once(Then::End(Outcome::GaveUp));
                }
                if let Some(retries) = self.all_further_retries(release, now, delay) {
                    self.retry_scheduled(now + delay);
                    return Reaction::KeepTrying(retries);
                }
                delay
            }
        };
        let mut due = now + delay;
        if let Some(full) = self.state.full() {
            let opening = full.tiers.next_opening(self.group, release, now);
            due = full.online.opens(opening.map_or(due, |opening| opening.min(due)));
        }
        Reaction::Pause(self.wait_for_retry(release, now, due))
    }

    /// Whether the Advertised Programs Manager reports this refusal as `0x80070047`. That does not
    /// depend on the release: a fixed one sees the same code and retries.
    #[inline]
    fn refusal_code(&mut self) -> RefusalCode {
        let probability = self.group.group.misreport_probability;
        // Nobody asks what a client sees that retries all the same.
        let matters = || W::EVERY_ATTEMPT || self.release(self.world.now()).misreport_strands;
        if probability > 0.0 && matters() && self.next_misreport(self.attempts) == self.attempts {
            return RefusalCode::Misreported;
        }
        RefusalCode::NoMoreConnections
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

    /// The wait before the next retry, after a rate limit or not; `hint` is what the server asked for.
    #[inline]
    fn next_wait(&mut self, retry: &RetryPolicy, limited: bool, hint: Option<Span>) -> Wait {
        self.retries += 1;
        let last = Span::from_millis(u64::from(self.last_delay));
        // By value: a closure that refers to the client would wait for what has just been stored in it.
        let (streams, index, n) = (self.streams(), self.index, self.retries);
        let wait = retry.wait(limited, hint, self.policy_retries(), last, move || {
            streams.draw(index, Purpose::Retry, n)
        });
        if let Wait::For(delay) = wait {
            self.last_delay = u32::try_from(delay.as_millis()).unwrap_or(u32::MAX);
        }
        wait
    }

    /// Enters Retry mode until a retry at `due`, or until something comes before.
    #[inline]
    fn wait_for_retry(&mut self, release: &Release, now: Time, due: Time) -> Pause {
        let mut pause = self.pause(release, now, due);
        if release.poll_unschedules {
            let poll = self.online().opens(self.group.next_poll(self.index, self.arrival, now));
            if poll <= pause.at {
                pause = Pause { at: poll, then: Then::End(Outcome::Stranded) };
            }
        }
        if pause.at > now {
            self.retry_scheduled(due);
        }
        pause
    }

    /// Does nothing until `due`, or until patience or the advertisement ends before.
    #[inline]
    pub(super) fn pause(&self, release: &Release, now: Time, due: Time) -> Pause {
        let full = self.state.full();
        let mut pause = Pause { at: due, then: Then::TryAgain };
        if let Some(patience) = release.retry.give_up_after {
            let deadline = full.map_or(self.arrival, |full| full.since) + patience;
            if due > deadline {
                let at = deadline.max(now);
                pause = Pause { at, then: Then::End(Outcome::GaveUp) };
            }
        }
        if let Some(expires) = full.map_or(self.group.expires, |full| full.expires)
            && pause.at >= expires
        {
            pause = Pause { at: expires, then: Then::End(Outcome::Expired) };
        }
        pause
    }
}
