//! The keys of `queue`: where clients wait for a connection.

use super::super::form::{
    Either, Form, checked, default, integer, keys, optional, or_table, positive_duration, required,
    table, words,
};
use crate::model::{Queue, QueueOrder};
use crate::value::Span;

keys! {
    /// A queue for a connection.
    QueueKeys => Queue {
        /// The number of clients beyond the limit that can wait.
        length: u32 = required("100", integer(0..=u32::MAX));
        /// The longest time that a client may wait; then it is refused.
        timeout: Option<Span> = optional("none", positive_duration());
        /// Which client leaves the queue first, of those with the same `priority`: the one that came first, or the one that came last.
        order: QueueOrder = default(QueueOrder::Fifo, orders());
    }
}

/// A queue: its length, or a table.
pub fn queue() -> impl Form<Value = Queue> {
    checked(
        or_table(integer(0..=u32::MAX), table::<QueueKeys>("`queue`")),
        |queue, _| match queue {
            Either::Plain(length) => Some(Queue { length, ..Queue::default() }),
            Either::Table(queue) => Some(queue),
        },
        |queue: &Queue| match *queue {
            Queue { length, timeout: None, order: QueueOrder::Fifo } => Either::Plain(length),
            queue => Either::Table(queue),
        },
    )
}

fn orders() -> impl Form<Value = QueueOrder> {
    words(vec![("fifo", QueueOrder::Fifo), ("lifo", QueueOrder::Lifo)])
}
