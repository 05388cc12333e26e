//! A distribution point of a plain simulation: a number of connections below a limit.

use std::cell::Cell;

/// A distribution point that has a connection limit and nothing else. Most events of most simulations
/// ask one of these, so it is 8 bytes without a `RefCell` around them.
#[derive(Debug)]
pub struct PlainServer {
    limit: u32,
    open: Cell<u32>,
}

impl PlainServer {
    /// A server without connections.
    pub fn new(limit: u32) -> PlainServer {
        PlainServer { limit, open: Cell::new(0) }
    }

    /// Opens a connection; returns whether the limit allows it.
    #[inline]
    pub fn open(&self) -> bool {
        let open = self.open.get();
        let admits = open < self.limit;
        if admits {
            self.open.set(open + 1);
        }
        admits
    }

    /// Whether it would admit a client.
    #[inline]
    pub fn is_free(&self) -> bool {
        self.open.get() < self.limit
    }

    #[inline]
    pub fn close(&self) {
        self.open.set(self.open.get() - 1);
    }
}
