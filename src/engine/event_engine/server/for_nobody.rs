//! What a server does for clients that have gone.

use super::abandoned::Gone;
use super::caller::Caller;
use super::line::{Due, Queued};
use super::{End, Reply, Server};
use crate::model::{AbandonedWork, Rate, Request, Time, Work};

impl Server<'_> {
    /// The client in `slot` gives up its request in the queue, for which `work` was to be done over each
    /// connection. If its request stays there for a limited time, when it will be refused.
    pub fn abandon_request(&mut self, slot: u32, work: Work, link: Option<Rate>) -> Option<Time> {
        let client = Caller::client(slot);
        if !self.for_nobody.rule.stays_in_queue() {
            self.line.leave(client);
            return None;
        }
        let gone = self.for_nobody.one_more();
        let since = self.line.hand_over(client, gone, Gone { work, link })?;
        self.for_nobody.untold.push(AbandonedWork::Waits);
        let until = since + self.line.timeout()?;
        self.line.refuse_at(until, gone);
        Some(until)
    }

    /// The client in `slot` leaves its connections. The work that is left to each, and whether the point goes on
    /// with it; `None`: there is none, and the connections are still to be closed.
    pub fn abandon_transfer(&mut self, slot: u32) -> Option<(Work, bool)> {
        let client = Caller::client(slot);
        if !self.for_nobody.rule.goes_on() {
            let left = self.stop(slot)?;
            self.close(slot, true);
            return Some((left, false));
        }
        let connected = *self.connected.get(&client)?;
        let left = match connected.end? {
            End::At(at) if at <= self.now => return None,
            End::At(at) => Work::Hold(at.since(self.now)),
            End::Shared(ticket) => Work::Carry(self.sharing.left(ticket)),
        };
        let gone = self.for_nobody.one_more();
        self.connected.remove(&client);
        self.connected.insert(gone, connected);
        match connected.end? {
            End::At(at) => {
                self.for_nobody.held.insert((at, gone));
            }
            End::Shared(ticket) => self.sharing.hand_over(ticket, gone),
        }
        Some((left, true))
    }

    /// There is room for a request of a client that has gone, which is in the queue no longer.
    pub(super) fn serve_nobody(&mut self, queued: Queued) {
        let Queued { caller, request: Request { client, connections, luck, .. }, gone, .. } =
            queued;
        self.leaves_queue();
        let Some(Gone { work, link }) = gone.filter(|_| luck >= self.errors) else { return };
        self.for_nobody.count += 1;
        self.for_nobody.untold.push(AbandonedWork::Begins(connections));
        self.open(caller, client, connections);
        if let Some(end) = self.begin_for(caller, work, link) {
            self.for_nobody.held.insert((end, caller));
        }
    }

    /// A request of a client that has gone leaves the queue.
    pub(super) fn leaves_queue(&mut self) {
        self.for_nobody.count -= 1;
        self.for_nobody.untold.push(AbandonedWork::WaitsNoLonger);
    }

    /// The time has come to let a request pass that the rate limit delayed, or to refuse one whose client has gone.
    /// Gives the slot and the answer of a client that waits for it, unless it has to wait in the queue.
    pub fn meet_due(&mut self) -> Option<(u32, Reply)> {
        match self.line.take_due()? {
            Due::Pass(queued) => match queued.caller.slot() {
                Some(slot) => Some((slot, self.admit_or_queue(queued))),
                None => {
                    self.pass_nobody(queued);
                    None
                }
            },
            Due::Refuse(gone) => {
                if self.line.leave(gone).is_some() {
                    self.leaves_queue();
                }
                None
            }
        }
    }

    fn pass_nobody(&mut self, queued: Queued) {
        let Request { connections, priority, .. } = queued.request;
        if self.has_room_for(connections) && self.line.would_be_first(priority) {
            self.serve_nobody(queued);
        } else if connections <= self.limit && self.line.has_room() {
            self.line.enter(queued);
        } else {
            self.leaves_queue();
        }
    }

    /// Ends the transfers for clients that have gone which are done by now and which others cannot make longer.
    pub fn end_abandoned(&mut self) {
        while let Some(&(at, gone)) = self.for_nobody.held.first()
            && at <= self.now
        {
            self.close_abandoned(gone, true);
        }
    }

    /// A transfer for a client that has gone ends, its work done or not.
    pub(super) fn close_abandoned(&mut self, gone: Caller, is_done: bool) {
        let Some(connected) = self.connected.remove(&gone) else { return };
        self.open -= connected.count;
        self.estimate.closed(connected.since, self.now, connected.count, is_done);
        match connected.end {
            Some(End::At(at)) => {
                self.for_nobody.held.remove(&(at, gone));
            }
            Some(End::Shared(ticket)) => {
                self.sharing.remove(ticket);
            }
            None => {}
        }
        self.for_nobody.count -= 1;
        let connections = connected.count;
        self.for_nobody.untold.push(AbandonedWork::Ends { connections, is_done });
        self.share_out();
    }

    /// Whether there is a request or a transfer of a client that has gone.
    pub fn works_for_nobody(&self) -> bool {
        self.for_nobody.count > 0
    }

    /// Whether something has happened to work for clients that have gone since it was last taken.
    pub fn has_untold(&self) -> bool {
        !self.for_nobody.untold.is_empty()
    }

    /// What has happened to work for clients that have gone since the last call.
    pub fn take_untold(&mut self) -> Vec<AbandonedWork> {
        std::mem::take(&mut self.for_nobody.untold)
    }
}
