//! The work of a server for clients that have gone, as tokio simulates it: the server holds their connections.

use std::cell::{Cell, RefCell};

use tokio::sync::OwnedSemaphorePermit;

use crate::model::{Abandoned, AbandonedWork, ClientId, Rate, Request, Time, Work};

/// A request that waits for its answer.
#[derive(Clone, Copy)]
pub(super) struct Waiting {
    pub request: Request,
    /// When it came.
    pub since: Time,
    /// What is to be done if its client has gone.
    pub gone: Option<Gone>,
}

impl Waiting {
    /// Whether `client` waits for the answer.
    pub fn is_of(&self, client: ClientId) -> bool {
        self.request.client == client && self.gone.is_none()
    }
}

/// The work of a server for clients that have gone.
pub(super) struct WorkForNobody {
    pub rule: Abandoned,
    /// Requests that the rate limit delays, and until when.
    pub delayed: RefCell<Vec<(Time, Waiting)>>,
    pub transfers: RefCell<Vec<Transfer>>,
    /// How many requests are in the queue or delayed.
    pub requests: Cell<usize>,
    /// What has happened and is not told yet.
    untold: RefCell<Vec<AbandonedWork>>,
}

/// What is to be done for a client that has gone.
#[derive(Clone, Copy)]
pub(super) struct Gone {
    pub work: Work,
    pub link: Option<Rate>,
    /// When the point refuses it, if it still waits in the queue then.
    pub refused_at: Time,
}

/// A transfer that goes on although its client has gone.
pub(super) struct Transfer {
    pub number: u64,
    pub permits: OwnedSemaphorePermit,
    pub since: Time,
}

impl WorkForNobody {
    /// None yet, at a point with that rule.
    pub fn new(rule: Abandoned) -> WorkForNobody {
        WorkForNobody {
            rule,
            delayed: RefCell::default(),
            transfers: RefCell::default(),
            requests: Cell::new(0),
            untold: RefCell::default(),
        }
    }

    /// Something happened.
    pub fn tell(&self, work: AbandonedWork) {
        self.untold.borrow_mut().push(work);
    }

    /// A request leaves the queue.
    pub fn leaves_queue(&self) {
        self.requests.set(self.requests.get() - 1);
        self.tell(AbandonedWork::WaitsNoLonger);
    }

    /// How many connections requests wait for that the rate limit delays.
    pub fn delayed_connections(&self) -> u64 {
        let delayed = self.delayed.borrow();
        delayed.iter().map(|(_, waiting)| u64::from(waiting.request.connections)).sum()
    }

    /// No request passes the rate limit any more.
    pub fn forget_delayed(&self) {
        self.delayed.take().into_iter().for_each(|_| self.leaves_queue());
    }

    /// What has happened since the last call.
    pub fn take_untold(&self) -> Vec<AbandonedWork> {
        self.untold.take()
    }
}
