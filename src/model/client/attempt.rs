//! Attempts: from the request for a connection to the end of the transfer.

use super::state::{Advertisement, Attempt, Leaving, NOWHERE, Pause, Stay, Then};
use crate::model::route::Chooser;
use crate::model::{
    Answer, Client, Detail, EventKind, OnCut, Purpose, Request, State, Time, TransferEnd, Work,
    World,
};

impl<'w, W: World, D: Detail> Client<'w, W, D> {
    pub(super) fn arrive(&mut self) {
        self.advertisement = Advertisement::Active;
        self.observe(EventKind::Arrived);
    }

    pub(super) fn advertisement_is_over(&self) -> bool {
        self.group.expires.is_some_and(|expires| self.world.now() >= expires)
    }

    /// Asks a distribution point for connections.
    // Always inlined, with all but refusals out of line: most attempts are refused.
    #[inline(always)]
    pub(super) fn request(&mut self) -> Attempt {
        if self.group.has_choice {
            self.choose_distribution_point();
        }
        if D::FULL {
            if !self.is_let_through() {
                return Attempt::Rejected;
            }
            self.note_timeout();
        }
        match self.world.request(self.point, self.what_it_asks()) {
            Some(Answer::Refused(hint)) => Attempt::Refused(hint),
            answer => self.answered(answer),
        }
    }

    #[inline(never)]
    fn answered(&mut self, answer: Option<Answer<W::Connection<'w>>>) -> Attempt {
        match answer {
            None => self.enter_queue(),
            Some(Answer::Refused(hint)) => Attempt::Refused(hint),
            Some(Answer::RateLimited(hint)) => Attempt::RateLimited(hint),
            Some(Answer::Failed) => Attempt::Failed,
            Some(Answer::Unreachable) => Attempt::Unreachable,
            Some(Answer::Admitted(connection)) => {
                self.advertisement = Advertisement::Connected(connection);
                self.connected();
                Attempt::Connected(self.leaves())
            }
        }
    }

    #[inline(never)]
    fn choose_distribution_point(&mut self) {
        let streams = *self.streams();
        let chooser = Chooser {
            members: self.group,
            streams: &streams,
            release: self.release(self.world.now()),
            index: self.index,
            attempts: self.attempts,
            retries: self.retries,
        };
        let tiers = self.state.full_mut().map(|full| &mut full.tiers);
        self.point = self.route.choose(tiers, &chooser, |point| self.world.load(point));
    }

    /// What a plain client asks for is all but constant: only its connections and its name are used.
    #[inline(always)]
    fn what_it_asks(&self) -> Request {
        let group = self.group;
        let luck = match D::FULL && group.errors {
            true => self.streams().uniform(self.index, Purpose::Error, self.attempts),
            false => 1.0,
        };
        Request {
            client: self.id(),
            connections: self.connections(),
            priority: group.group.priority.unwrap_or(u32::MAX),
            address: group.address(self.index),
            luck,
        }
    }

    /// Finds out when the attempt that it makes now times out.
    #[inline]
    fn note_timeout(&mut self) {
        if let Some(timeout) = self.group.group.timeout {
            let times_out = self.world.now() + timeout;
            self.state.full_mut().into_iter().for_each(|full| full.times_out = times_out);
        }
    }

    /// How many connections it needs to transfer.
    #[inline]
    fn connections(&self) -> u32 {
        if D::FULL { self.group.group.connections } else { 1 }
    }

    /// Enters the queue of a point; finds out when it has waited enough, and what it does then.
    fn enter_queue(&mut self) -> Attempt {
        let waiting_at = self.waiting_at();
        self.observe(EventKind::Queued { point: self.point, waiting_at });
        self.waiting_at = NOWHERE;
        let now = self.world.now();
        let Pause { at, then } = self.pause(self.release(now), now, self.online().closes(now));
        let then = match then {
            Then::TryAgain => Leaving::Away,
            Then::End(outcome) => Leaving::Ends(outcome),
        };
        let timeout = self.world.queue_timeout(self.point).map(|span| (span, Leaving::TimedOut));
        let patience = self.group.group.patience.as_ref().map(|patience| {
            let draw = || self.streams().draw(self.index, Purpose::Patience, self.attempts);
            (patience.draw(draw), Leaving::Impatient)
        });
        let attempt = self.group.group.timeout.map(|span| (span, Leaving::GivesUpAttempt));
        let stays = timeout.into_iter().chain(patience).chain(attempt);
        let stays = stays.map(|(span, then)| Stay { until: now + span, then });
        // Of several at the same instant the first.
        let earliest = stays.chain([Stay { until: at, then }]).min_by_key(|stay| stay.until);
        Attempt::Queued(earliest.unwrap_or(Stay { until: at, then }))
    }

    /// Leaves the queue: its request is answered, or it has waited enough.
    pub(super) fn leave_queue(&mut self, then: Leaving) -> Attempt {
        let (id, point) = (self.id(), self.point);
        let answer = match then {
            Leaving::GivesUpAttempt => {
                let (work, link) = (self.work(), self.group.group.link);
                self.world.abandon_request(id, point, work, link)
            }
            _ => self.world.leave_queue(id, point, then == Leaving::TimedOut),
        };
        self.observe(EventKind::LeftQueue { point: self.point });
        match (answer, then) {
            (Some(answer), _) => self.answered(Some(answer)),
            (None, Leaving::TimedOut | Leaving::Impatient) => Attempt::Refused(None),
            (None, Leaving::GivesUpAttempt) => Attempt::TimedOutInQueue,
            (None, Leaving::Ends(outcome)) => Attempt::EndedInQueue(outcome),
            (None, Leaving::Away) => Attempt::Away(self.online().opens(self.world.now())),
        }
    }

    #[inline]
    fn connected(&mut self) {
        self.attempts += 1;
        self.observe(EventKind::Connected {
            point: self.point,
            attempt: self.attempts,
            connections: self.connections(),
            waiting_at: self.waiting_at(),
        });
        self.waiting_at = NOWHERE;
    }

    /// The work over each of its next connections.
    #[inline]
    pub(super) fn work(&self) -> Work {
        let group = self.group;
        let work = || group.group.transfer.work(self.index, self.streams());
        match self.state.full() {
            Some(full) => full.remaining.unwrap_or_else(|| work().split_over(self.connections())),
            None => work(),
        }
    }

    /// When it leaves the connection that it has now, even if its work is not done.
    #[inline]
    fn leaves(&mut self) -> Time {
        let (now, group, index) = (self.world.now(), self.group, self.index);
        let Some(full) = self.state.full_mut() else { return Time::MAX };
        full.tiers.admitted(self.point);
        let closes = full.online.closes(now);
        let admission = full.admissions;
        full.admissions += 1;
        let mut leaves = closes;
        let mut back = closes;
        if let Some(vanish) = group.group.vanishes {
            let (stays, away) = vanish.of(index, admission, &full.streams);
            if now + stays < closes {
                leaves = now + stays;
                back = leaves + away;
            }
        }
        full.back = full.online.opens(back);
        full.gives_up = full.times_out < leaves;
        leaves.min(full.times_out)
    }

    /// Closes its connections: the program has run, or the work that is left waits.
    #[inline]
    pub(super) fn disconnect(&mut self) -> Attempt {
        let before = std::mem::replace(&mut self.advertisement, Advertisement::Active);
        let Advertisement::Connected(connection) = before else { return Attempt::Done };
        let (point, connections) = (self.point, self.connections());
        let now = self.world.now();
        let gives_up = self.state.full().is_some_and(|full| full.gives_up && full.times_out <= now);
        let end = match gives_up {
            true => self.world.abandon_transfer(point, connection),
            false => self.world.close(point, connection),
        };
        let cut = EventKind::Cut { point, connections };
        let (left, attempt, event) = match (end, self.state.full()) {
            (TransferEnd::Cut(left), Some(_)) => (left, Attempt::Cut, cut),
            (TransferEnd::Stopped(left), Some(full)) => (left, Attempt::Away(full.back), cut),
            (TransferEnd::Abandoned { left, goes_on }, Some(_)) => {
                (left, Attempt::TimedOut, EventKind::TimedOut { point, connections, goes_on })
            }
            _ => {
                self.observe(EventKind::Disconnected { point, connections });
                return Attempt::Done;
            }
        };
        self.observe(event);
        if attempt != Attempt::TimedOut {
            // The server was there for it; an attempt that times out is one more failure.
            self.forget_retries();
        }
        let all = self.work();
        let resumes = self.release(now).on_cut == OnCut::Resume;
        if let Some(full) = self.state.full_mut() {
            // A client that resumes and has made progress is patient again from here on.
            if resumes && left != all {
                full.since = now;
            }
            full.remaining = resumes.then_some(left);
        }
        attempt
    }
}
