//! Work for clients that have gone: what becomes of a request when its client waits no longer for the answer.

/// What a distribution point does with an attempt whose client has gone, because the attempt timed out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Abandoned {
    /// It does not notice: a request in the queue keeps its place, and is served in full.
    #[default]
    Served,
    /// A request leaves the queue at once, but work in progress goes on to its end.
    Dropped,
    /// Both end at once, and the connection is free at that instant.
    Cancelled,
}

impl Abandoned {
    /// Whether a request stays in the queue.
    pub fn stays_in_queue(self) -> bool {
        self == Abandoned::Served
    }

    /// Whether a transfer goes on.
    pub fn goes_on(self) -> bool {
        self != Abandoned::Cancelled
    }
}

/// What happens at a distribution point to work for a client that has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbandonedWork {
    /// A request stays in the queue, which its client has left.
    Waits,
    /// Such a request leaves the queue.
    WaitsNoLonger,
    /// The point opens so many connections for such a request.
    Begins(u32),
    /// So many connections close, their transfer done or cut. They were opened for such a request, or their client
    /// left them with [`EventKind::TimedOut`](super::EventKind::TimedOut).
    Ends {
        /// How many they were.
        connections: u32,
        /// Whether all work was done.
        is_done: bool,
    },
}
