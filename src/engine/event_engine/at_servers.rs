//! What happens at the servers of a full simulation: transfers and sessions end, servers change, clients in their
//! queues are answered.

use std::cell::RefMut;

use super::queue::EventQueue;
use super::server::{Reply, Server};
use super::waiting::Wakeup;
use super::world::{Connected, EventWorld, slot_of};
use crate::model::{
    Answer, Detail, Observer, Order, PointId, Rate, Request, Time, TransferEnd, Work,
};

impl<'s, O: Observer, D: Detail> EventWorld<'s, O, D> {
    /// Schedules the ends of transfers at servers at which a client came or went.
    pub(super) fn schedule_ends(&self, queue: &mut EventQueue) {
        let mut end_expected = self.pending.end_expected.borrow_mut();
        for id in self.pending.touched.borrow_mut().drain(..) {
            self.tell_abandoned(id);
            // If the next transfer ends later than expected, the event that is in the queue will
            // find nothing done, and look again.
            if let Some(at) = self.servers[id.index()].borrow().next_end()
                && at < end_expected[id.index()]
                && at <= self.horizon
            {
                end_expected[id.index()] = at;
                queue.push(at, Order::ConnectionEnd, slot_of(id));
            }
        }
    }

    pub(super) fn schedule_change(&self, id: PointId) {
        let next = self.servers[id.index()].borrow_mut().next_change(self.horizon);
        if let Some(at) = next {
            self.pending.agenda.borrow_mut().push((at, Order::PointChange, slot_of(id)));
        }
    }

    /// A transfer ends, or idle sessions, as far as the queue knows; gives the client that is to be polled.
    pub(super) fn transfer_ends_at(&self, id: PointId) -> Option<u32> {
        let expected = &mut self.pending.end_expected.borrow_mut()[id.index()];
        if *expected != self.now.get() {
            return None;
        }
        *expected = Time::MAX;
        let mut server = self.touch(id);
        let lingering = server.lingering();
        if lingering > 0 {
            server.end_sessions();
            self.tell_lingering(id, lingering, server.lingering());
            self.serve_queue(&mut server);
        }
        server.end_abandoned();
        let slot = server.take_done();
        if server.has_untold() {
            // Connections of clients that had gone are free now.
            self.serve_queue(&mut server);
        }
        drop(server);
        self.offer_turn(id);
        let slot = slot?;
        self.pending.clients.borrow_mut()[slot as usize].wake(Wakeup::Done);
        Some(slot)
    }

    /// A server changes its state.
    pub(super) fn change(&self, id: PointId) {
        let now = self.now.get();
        let mut server = self.touch(id);
        let lingering = server.lingering();
        let cut = server.change();
        self.tell_lingering(id, lingering, server.lingering());
        self.observer.borrow_mut().limit_changed(now, id, server.limit());
        for (slot, left) in cut {
            self.wake(Order::PointChange, slot, Wakeup::Cut(left));
        }
        for (slot, answer) in server.dismiss() {
            self.wake(Order::PointChange, slot, Wakeup::Answered(answer));
        }
        self.serve_queue(&mut server);
        drop(server);
        self.offer_turn(id);
        self.schedule_change(id);
    }

    pub(super) fn serve_queue(&self, server: &mut Server<'_>) {
        while let Some((slot, answer)) = server.serve_queue() {
            // Before the point can change at this instant: then the connection is cut.
            self.wake(Order::ConnectionEnd, slot, Wakeup::Answered(answer));
        }
    }

    /// A server's rate limit lets a client pass that it delayed, or a request is refused whose client has gone; gives
    /// the client that is to be polled.
    pub(super) fn meet_due_at(&self, id: PointId) -> Option<u32> {
        let mut server = self.touch(id);
        let lingering = server.lingering();
        let met = server.meet_due();
        self.tell_lingering(id, lingering, server.lingering());
        // The next in the queue may need fewer connections than one that left.
        self.serve_queue(&mut server);
        match met? {
            (slot, Reply::Now(answer)) => {
                let waiting = &mut self.pending.clients.borrow_mut()[slot as usize];
                waiting.wake(Wakeup::Answered(answer));
                Some(slot)
            }
            (_, Reply::InQueue | Reply::NotBefore(_)) => None,
        }
    }

    /// Tells the observer what a server did for clients that have gone.
    fn tell_abandoned(&self, id: PointId) {
        for work in self.servers[id.index()].borrow_mut().take_untold() {
            self.observer.borrow_mut().abandoned_work(self.now.get(), id, work);
        }
    }

    /// Whether there is work at any server for a client that has gone.
    pub(super) fn works_for_nobody(&self) -> bool {
        D::FULL && self.servers.iter().any(|server| server.borrow().works_for_nobody())
    }

    /// Tells the observer how many connections of a point idle sessions have now, if that was different before.
    pub(super) fn tell_lingering(&self, id: PointId, before: u32, now: u32) {
        if before != now {
            let change = i64::from(now) - i64::from(before);
            self.observer.borrow_mut().lingering_changed(self.now.get(), id, change);
        }
    }

    /// The server, up to date, at which a client comes or goes now.
    pub(super) fn touch(&self, id: PointId) -> RefMut<'_, Server<'s>> {
        self.pending.touched.borrow_mut().push(id);
        let mut server = self.servers[id.index()].borrow_mut();
        server.advance(self.now.get());
        server
    }
}

/// What clients ask for.
impl<'s, O: Observer, D: Detail> EventWorld<'s, O, D> {
    pub(super) fn request_of_server(
        &self,
        point: PointId,
        request: Request,
    ) -> Option<Answer<Connected>> {
        let mut server = self.touch(point);
        let lingering = server.lingering();
        let reply = server.request(self.current.get(), request);
        self.tell_lingering(point, lingering, server.lingering());
        match reply {
            Reply::Now(answer) => Some(answer.map(|()| Connected(()))),
            Reply::InQueue => None,
            Reply::NotBefore(at) => {
                if at <= self.horizon {
                    let event = (at, Order::Poll, slot_of(point));
                    self.pending.agenda.borrow_mut().push(event);
                }
                None
            }
        }
    }

    /// The client that is polled gives up its request in the queue of a point.
    pub(super) fn abandon_request_at(&self, point: PointId, work: Work, link: Option<Rate>) {
        let mut server = self.touch(point);
        let refused_at = server.abandon_request(self.current.get(), work, link);
        if let Some(at) = refused_at
            && at <= self.horizon
        {
            self.pending.agenda.borrow_mut().push((at, Order::Poll, slot_of(point)));
        }
        // The next client in the queue may need fewer connections.
        self.serve_queue(&mut server);
    }

    /// The client that is polled leaves its connections to a point; `None`: its transfer has ended, and they are
    /// still to be closed.
    pub(super) fn abandon_transfer_at(&self, point: PointId) -> Option<TransferEnd> {
        let slot = self.current.get();
        if !self.pending.clients.borrow()[slot as usize].was_time() {
            return None;
        }
        let mut server = self.touch(point);
        let (left, goes_on) = server.abandon_transfer(slot)?;
        if !goes_on {
            self.serve_queue(&mut server);
            drop(server);
            self.offer_turn(point);
        }
        Some(TransferEnd::Abandoned { left, goes_on })
    }
}
