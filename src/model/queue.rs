//! The queue of a distribution point, in which clients wait for a connection.

use crate::value::Span;

/// A queue, as the scenario describes it. Groups with a lower `priority` leave it first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// How many clients may wait in it; 0: there is none, and clients that find no connection free are refused.
    pub length: u32,
    /// How long a client may wait in it before it is refused; `None`: for ever.
    pub timeout: Option<Span>,
    /// Which client leaves it first, of those with the same priority.
    pub order: QueueOrder,
}

/// Which client leaves a queue first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueueOrder {
    /// The one that came first.
    #[default]
    Fifo,
    /// The one that came last.
    Lifo,
}

/// The place of a client in a queue: those with lower places leave it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u32, u64);

impl QueueOrder {
    /// The place of a client with `priority` that is the `number`-th to come.
    pub fn place(self, priority: u32, number: u64) -> Place {
        match self {
            QueueOrder::Fifo => Place(priority, number),
            QueueOrder::Lifo => Place(priority, u64::MAX - number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lower_priority_goes_first_and_then_the_order_counts() {
        let sorted = |order: QueueOrder| {
            let mut clients = vec![(1, 1), (0, 2), (1, 3), (0, 4)];
            clients.sort_by_key(|&(priority, number)| order.place(priority, number));
            clients.into_iter().map(|(_, number)| number).collect::<Vec<u64>>()
        };
        assert_eq!(sorted(QueueOrder::Fifo), [2, 4, 1, 3]);
        assert_eq!(sorted(QueueOrder::Lifo), [4, 2, 3, 1]);
    }
}
