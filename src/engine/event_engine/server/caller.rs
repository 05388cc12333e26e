//! Who asks a server for connections: a client, or one that has gone since.

/// Who asked for connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Caller(u64);

/// The callers from here on are clients that have gone: slots have 32 bits.
const FIRST_GONE: u64 = 1 << 32;

impl Caller {
    /// The client in `slot`.
    pub fn client(slot: u32) -> Caller {
        Caller(u64::from(slot))
    }

    /// The `number`-th client that has gone.
    pub fn gone(number: u64) -> Caller {
        Caller(FIRST_GONE + number)
    }

    /// The slot of a client; `None`: it has gone.
    pub fn slot(self) -> Option<u32> {
        u32::try_from(self.0).ok()
    }
}
