//! What a server does for clients that have gone, as tokio simulates it.

use super::abandoned::{Gone, Transfer, Waiting};
use super::server::{Open, Server, take_out};
use crate::model::{AbandonedWork, Answer, ClientId, Rate, Request, Time, Work};

impl Server {
    /// A client gives up its request in the queue, for which `work` was to be done over each connection; gives the
    /// answer if there is one.
    pub fn abandon_request(
        &self,
        client: ClientId,
        work: Work,
        link: Option<Rate>,
    ) -> Option<Answer<Open<'_>>> {
        if self.has_answered(client) || !self.for_nobody.rule.stays_in_queue() {
            return self.leave_queue(client, false);
        }
        let timeout = self.queue_timeout();
        let abandon = |waiting: &mut Waiting| {
            let refused_at = timeout.map_or(Time::MAX, |timeout| waiting.since + timeout);
            waiting.gone = Some(Gone { work, link, refused_at });
        };
        if let Some((until, mut waiting)) = self.delayed.borrow_mut().remove(&client) {
            abandon(&mut waiting);
            self.for_nobody.delayed.borrow_mut().push((until, waiting));
        } else {
            let mut queue = self.queue.borrow_mut();
            queue.values_mut().filter(|waiting| waiting.is_of(client)).for_each(abandon);
        }
        self.for_nobody.requests.set(self.for_nobody.requests.get() + 1);
        self.for_nobody.tell(AbandonedWork::Waits);
        self.changed.notify_waiters();
        None
    }

    /// A client leaves its connections. The work that is left to each, and whether the point goes on with it; or the
    /// connections, if the transfer has ended.
    pub fn abandon_transfer<'w>(&'w self, mut open: Open<'w>) -> Result<(Work, bool), Open<'w>> {
        let (left, end, cut) = self.look(&open);
        if cut || end <= self.now() {
            return Err(open);
        }
        let goes_on = self.for_nobody.rule.goes_on();
        if goes_on && let Some(permits) = open.permits.take() {
            let transfer = Transfer { number: open.number, permits, since: open.since };
            self.for_nobody.transfers.borrow_mut().push(transfer);
            self.changed.notify_waiters();
        }
        Ok((left, goes_on))
    }

    /// Serves a request whose client has gone, if there is room for it; whether it leaves the queue.
    pub fn serve_nobody(&self, waiting: &Waiting) -> bool {
        let Waiting { request, gone: Some(Gone { work, link, .. }), .. } = *waiting else {
            return false;
        };
        let Some(permits) = self.acquire(request.connections) else { return false };
        self.for_nobody.leaves_queue();
        if request.luck < self.errors {
            return true;
        }
        let (number, since) = (self.number(), self.now());
        self.estimate.borrow_mut().opened(since, request.connections);
        self.for_nobody.tell(AbandonedWork::Begins(request.connections));
        self.begin_numbered(number, request.connections, work, link);
        self.for_nobody.transfers.borrow_mut().push(Transfer { number, permits, since });
        true
    }

    /// When the next thing happens to requests and transfers of clients that have gone.
    pub fn next_for_nobody(&self) -> Option<Time> {
        let transfers = self.for_nobody.transfers.borrow();
        let ends = transfers.iter().map(|transfer| self.end_of(transfer.number));
        let delayed = self.for_nobody.delayed.borrow();
        let passes = delayed.iter().map(|(until, _)| *until);
        let queue = self.queue.borrow();
        let waiting = queue.values().chain(delayed.iter().map(|(_, waiting)| waiting));
        let refused = waiting.filter_map(|waiting| waiting.gone).map(|gone| gone.refused_at);
        ends.chain(passes).chain(refused).min()
    }

    /// Lets happen what is due now to requests and transfers of clients that have gone.
    pub fn work_for_nobody(&self) {
        let now = self.now();
        self.settle();
        while let Some(transfer) = self.take_ended() {
            let Transfer { number, permits, since } = transfer;
            let is_done = self.transfers.borrow_mut().take(number);
            let connections = permits.num_permits() as u32;
            self.estimate.borrow_mut().closed(since, now, connections, is_done);
            self.for_nobody.tell(AbandonedWork::Ends { connections, is_done });
            self.release(permits);
            self.serve_queue();
        }
        let is_over = |waiting: &Waiting| waiting.gone.is_some_and(|gone| gone.refused_at <= now);
        take_out(&self.queue, is_over).iter().for_each(|_| self.for_nobody.leaves_queue());
        self.for_nobody.delayed.borrow_mut().retain(|(_, waiting)| {
            let stays = !is_over(waiting);
            if !stays {
                self.for_nobody.leaves_queue();
            }
            stays
        });
        while let Some(waiting) = self.take_passed() {
            self.pass_nobody(waiting);
        }
        self.serve_queue();
    }

    fn take_ended(&self) -> Option<Transfer> {
        let now = self.now();
        let mut transfers = self.for_nobody.transfers.borrow_mut();
        let ended = transfers.iter().position(|transfer| self.end_of(transfer.number) <= now)?;
        Some(transfers.remove(ended))
    }

    fn take_passed(&self) -> Option<Waiting> {
        let mut delayed = self.for_nobody.delayed.borrow_mut();
        let passed = delayed.iter().position(|(until, _)| *until <= self.now())?;
        Some(delayed.remove(passed).1)
    }

    /// The rate limit lets a request pass.
    fn pass_nobody(&self, waiting: Waiting) {
        let Request { connections, priority, .. } = waiting.request;
        let place = self.rules.order.place(priority, self.number());
        let goes_first =
            self.queue.borrow().first_key_value().is_none_or(|(first, _)| place < *first);
        if goes_first && self.serve_nobody(&waiting) {
            return;
        }
        let has_room = self.queue.borrow().len() < self.rules.length as usize;
        if connections <= self.limit.get() && has_room {
            self.queue.borrow_mut().insert(place, waiting);
        } else {
            self.for_nobody.leaves_queue();
        }
    }

    /// Whether there is a request or a transfer of a client that has gone.
    pub fn works_for_nobody(&self) -> bool {
        self.for_nobody.requests.get() > 0 || !self.for_nobody.transfers.borrow().is_empty()
    }
}
