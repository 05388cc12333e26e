//! The events to come, in order of time: a calendar of buckets, sorted only when they come due.
//!
//! # The life of an event
//!
//! Time is cut into *epochs* of 4,096 *buckets*. An event of the present epoch goes into its
//! bucket, one of a later epoch into that epoch's list, and when an epoch begins its list is
//! dealt out to the buckets. A bucket is a chain of small blocks: pushing is an append, blocks
//! are reused, and no memory is kept for buckets that are empty. When a bucket comes due its events
//! are taken out and sorted; popping then is a walk along an array. Only an event that is scheduled
//! into the bucket that is due goes through a heap.
//!
//! # Order at equal instants
//!
//! By [`Order`], then first scheduled first. Appends and the stable sort keep the order of
//! scheduling without storing a sequence number: an event is 8 bytes, its offset in the epoch,
//! its order, and the slot of the client it wakes.
//!
//! # Trade-offs
//!
//! A push or pop costs O(1) plus its share in sorting a bucket. Delays shorter than a bucket fall
//! back on the heap, O(log n); so buckets should be narrower than usual delays and hold some
//! hundreds of events ([`EventQueue::new`] chooses).

mod blocks;
mod due_bucket;

use std::collections::BTreeMap;

use crate::model::{Order, Span, Time};
use blocks::{Blocks, Chain, PLACES, Packed};
use due_bucket::DueBucket;

const BUCKETS: usize = 1 << BUCKET_BITS;
const BUCKET_BITS: u32 = 12;
/// An event's offset in its epoch has 29 bits, so a bucket is at most 2^17 ms wide.
const MAX_BUCKET_WIDTH_BITS: u32 = 29 - BUCKET_BITS;

/// An event that came due.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// When.
    pub at: Time,
    /// What it wakes.
    pub slot: u32,
    /// What an event a little later will wake, as far as that is known; `slot` if it is not.
    pub soon: u32,
    rank: u32,
}

impl Due {
    /// Whether `order` is its rank at this instant.
    #[inline]
    pub fn is(self, order: Order) -> bool {
        self.rank == order as u32
    }

    /// Its rank at this instant.
    pub fn order(self) -> Order {
        const ORDERS: [Order; 7] = [
            Order::ConnectionEnd,
            Order::PointChange,
            Order::Poll,
            Order::Arrival,
            Order::Return,
            Order::Turn,
            Order::LastRefusal,
        ];
        ORDERS.into_iter().find(|&order| self.is(order)).unwrap_or(Order::Attempt)
    }
}

/// The events to come.
#[derive(Debug)]
pub struct EventQueue {
    /// The width of a bucket is 2 to this power, in ms.
    width_bits: u32,
    epoch: u64,
    epoch_start: u64,
    /// How many buckets of the epoch were opened. Events for these are late.
    opened: usize,
    /// An array, not a slice: pushing into it needs no bounds check.
    buckets: Box<[Chain; BUCKETS]>,
    /// A bit for each bucket: whether it holds events.
    occupied: [u64; BUCKETS / 64],
    /// The epoch after the present one: most events that are not for the present one are for this.
    following: Chain,
    /// The epochs after that which hold events. A map, because any number of epochs without events
    /// may lie between them.
    later: BTreeMap<u64, Chain>,
    blocks: Blocks,
    /// The bucket that is due.
    due: DueBucket,
}

impl EventQueue {
    /// An empty queue for a simulation in which some `pending` events are outstanding at a time,
    /// most of them not longer than `delay` ahead.
    pub fn new(pending: usize, delay: Span) -> EventQueue {
        // Some hundred events per bucket, if they are spread evenly over the usual delay. But an epoch
        // is at least eight delays long, so that few events wait in its list first; and a delay at
        // least 32 buckets, so that few go through the heap.
        let delay = delay.as_millis();
        let wanted = delay.saturating_mul(256) / (pending.max(1) as u64);
        let wanted = wanted.clamp((delay * 8) >> BUCKET_BITS, (delay / 32).max(1)).max(1);
        let width_bits = wanted.next_power_of_two().ilog2();
        EventQueue {
            width_bits: width_bits.min(MAX_BUCKET_WIDTH_BITS),
            epoch: 0,
            epoch_start: 0,
            opened: 0,
            buckets: Box::new([Chain::EMPTY; BUCKETS]),
            occupied: [0; BUCKETS / 64],
            following: Chain::EMPTY,
            later: BTreeMap::new(),
            blocks: Blocks::default(),
            due: DueBucket::default(),
        }
    }

    /// Schedules an event. `at` must not lie before the event that was popped last.
    // Always inlined, with the unusual cases out of line: most pushes are one store and a count.
    #[inline(always)]
    pub fn push(&mut self, at: Time, order: Order, slot: u32) {
        let ahead = at.as_millis() - self.epoch_start;
        let bucket = ahead >> self.width_bits;
        if bucket >= BUCKETS as u64 {
            return self.push_far(at, order, slot);
        }
        let (bucket, event) = (bucket as usize, Packed::new(ahead as u32, order, slot));
        if bucket < self.opened {
            return self.due.push_late(event);
        }
        if self.blocks.append(&mut self.buckets[bucket], event) {
            self.occupied[bucket / 64] |= 1 << (bucket % 64);
        }
    }

    #[inline(never)]
    fn push_far(&mut self, at: Time, order: Order, slot: u32) {
        let epoch = at.as_millis() >> self.epoch_bits();
        let offset = at.as_millis() - (epoch << self.epoch_bits());
        let chain = if epoch == self.epoch + 1 {
            &mut self.following
        } else {
            self.later.entry(epoch).or_insert(Chain::EMPTY)
        };
        self.blocks.append(chain, Packed::new(offset as u32, order, slot));
    }

    /// Opens the next bucket that holds events, or `newcomer` if that is earlier; gives its end
    /// (exclusive). The caller may then [`admit`](Self::admit) events to it, and must
    /// [`sort`](Self::sort) it before it pops them. `None`: nothing is left to come.
    pub fn open_next(&mut self, newcomer: Option<Time>) -> Option<Time> {
        self.due.clear();
        let newcomer_epoch = newcomer.map(|at| at.as_millis() >> self.epoch_bits());
        loop {
            let mut bucket = self.next_occupied();
            if newcomer_epoch == Some(self.epoch) {
                let newcomer = newcomer
                    .map(|at| ((at.as_millis() - self.epoch_start) >> self.width_bits) as usize);
                bucket = bucket.into_iter().chain(newcomer).min();
            }
            if let Some(bucket) = bucket {
                self.open(bucket);
                let end = (bucket as u64 + 1) << self.width_bits;
                return Some(Time::from_millis(self.epoch_start + end));
            }
            self.begin_next_epoch(newcomer_epoch)?;
        }
    }

    /// Adds an event to the bucket that was just opened.
    #[inline]
    pub fn admit(&mut self, at: Time, order: Order, slot: u32) {
        let offset = (at.as_millis() - self.epoch_start) as u32;
        self.due.take_in(Packed::new(offset, order, slot));
    }

    /// Sorts the bucket; what was scheduled first stays first.
    pub fn sort(&mut self) {
        self.due.sort();
    }

    /// Takes the next event of the bucket that is due.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<Due> {
        let (event, soon) = self.due.pop()?;
        Some(Due {
            at: Time::from_millis(self.epoch_start + u64::from(event.offset())),
            slot: event.slot(),
            soon,
            rank: event.rank(),
        })
    }

    fn epoch_bits(&self) -> u32 {
        self.width_bits + BUCKET_BITS
    }

    /// The first bucket not yet opened that holds events.
    fn next_occupied(&self) -> Option<usize> {
        let first = self.opened / 64;
        let mask = u64::MAX << (self.opened % 64);
        let words = self.occupied[first..].iter().enumerate();
        words
            .map(|(i, word)| (i, if i == 0 { word & mask } else { *word }))
            .find(|(_, word)| *word != 0)
            .map(|(i, word)| (first + i) * 64 + word.trailing_zeros() as usize)
    }

    fn open(&mut self, bucket: usize) {
        self.opened = bucket + 1;
        self.occupied[bucket / 64] &= !(1 << (bucket % 64));
        let mut chain = std::mem::replace(&mut self.buckets[bucket], Chain::EMPTY);
        while let Some(block) = self.blocks.take_block(&mut chain) {
            for &event in &self.blocks.places[block] {
                self.due.take_in(event);
            }
        }
    }

    /// Moves on to the next epoch that holds events, or to `newcomer` if that is earlier.
    fn begin_next_epoch(&mut self, newcomer: Option<u64>) -> Option<()> {
        let following = (!self.following.is_empty()).then_some(self.epoch + 1);
        let scheduled = following.or_else(|| self.later.keys().next().copied());
        let next = scheduled.into_iter().chain(newcomer).min()?;
        let mut chain = if next == self.epoch + 1 {
            std::mem::replace(&mut self.following, Chain::EMPTY)
        } else {
            // Then the following one is empty, or it would be next.
            self.later.remove(&next).unwrap_or(Chain::EMPTY)
        };
        self.following = self.later.remove(&(next + 1)).unwrap_or(Chain::EMPTY);
        self.epoch = next;
        self.epoch_start = next << self.epoch_bits();
        self.opened = 0;
        // Dealt out in the order of scheduling; what is scheduled from now on is appended.
        let mut events = Vec::with_capacity(PLACES as usize);
        while let Some(block) = self.blocks.take_block(&mut chain) {
            events.clear();
            events.extend_from_slice(&self.blocks.places[block]);
            for &event in &events {
                let bucket = (event.offset() >> self.width_bits) as usize;
                if self.blocks.append(&mut self.buckets[bucket], event) {
                    self.occupied[bucket / 64] |= 1 << (bucket % 64);
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    const ORDERS: [Order; 8] = [
        Order::ConnectionEnd,
        Order::PointChange,
        Order::Poll,
        Order::Arrival,
        Order::Return,
        Order::Attempt,
        Order::Turn,
        Order::LastRefusal,
    ];

    /// Compares a random schedule with a sorted list with sequence numbers.
    fn check(seed: u64, horizon: u64, pending: usize, delay: u64) {
        let mut draws = rand_pcg::Pcg64Mcg::new(u128::from(seed) << 1 | 1);
        let mut below = |n: u64| draws.next_u64() % n;
        let mut queue = EventQueue::new(pending, Span::from_millis(delay));
        let mut expected = std::collections::BTreeMap::new();
        let mut sequence = 0u32;
        let mut newcomers: Vec<u64> = (0..50).map(|_| below(horizon)).collect();
        newcomers.sort_unstable();
        let mut newcomers = newcomers.into_iter().peekable();
        let mut popped = 0;
        while let Some(end) = queue.open_next(newcomers.peek().map(|&t| Time::from_millis(t))) {
            while let Some(at) = newcomers.next_if(|&t| t < end.as_millis()) {
                queue.admit(Time::from_millis(at), Order::Arrival, sequence);
                expected.insert((at, Order::Arrival, sequence), ());
                sequence += 1;
            }
            queue.sort();
            while let Some(due) = queue.pop() {
                popped += 1;
                let ((at, order, number), ()) = expected.pop_first().expect("nothing was due");
                assert_eq!((due.at.as_millis(), due.slot), (at, number));
                assert!(due.is(order));
                for _ in 0..below(3) {
                    let at = at + below(delay);
                    // Not before the event that is being handled.
                    let order = ORDERS[below(8) as usize].max(order);
                    if at <= horizon && sequence < 3000 {
                        queue.push(Time::from_millis(at), order, sequence);
                        expected.insert((at, order, sequence), ());
                        sequence += 1;
                    }
                }
            }
        }
        assert!(expected.is_empty());
        assert!(popped >= 50);
    }

    #[test]
    fn events_come_in_order_of_time_then_rank_then_scheduling() {
        for seed in 0..40 {
            check(seed, 10_000, 100, 50);
            check(seed, 1_000_000_000, 100_000, 40_000_000);
            check(seed, Span::MAX.as_millis(), 10, 1_000_000_000_000);
            check(seed, 100_000, 1, 7_000);
        }
    }

    #[test]
    fn an_empty_queue_has_nothing_due() {
        let mut queue = EventQueue::new(1, Span::from_millis(10));
        assert_eq!(queue.open_next(None), None);
    }

    #[test]
    fn an_event_far_ahead_does_not_slow_down_those_before_it() {
        // Epochs of 4 s, one event 49 days ahead, and one newcomer in each of 100,000 epochs: to look
        // through all epochs in between each time would take minutes.
        let started = std::time::Instant::now();
        let mut queue = EventQueue::new(1, Span::MILLISECOND);
        queue.push(Time::from_millis(49 * 86_400_000), Order::ConnectionEnd, 7);
        for newcomer in 1..100_000u32 {
            let at = Time::from_millis(u64::from(newcomer) * 10_000);
            queue.open_next(Some(at)).expect("a newcomer is due");
            queue.admit(at, Order::Arrival, newcomer);
            queue.sort();
            assert_eq!(queue.pop().map(|due| (due.at, due.slot)), Some((at, newcomer)));
            assert!(queue.pop().is_none());
        }
        queue.open_next(None).expect("the event is due");
        queue.sort();
        assert_eq!(queue.pop().map(|due| due.slot), Some(7));
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }

    #[test]
    fn blocks_are_reused() {
        let mut queue = EventQueue::new(1000, Span::from_secs(600));
        for _ in 0..1000 {
            queue.push(Time::from_millis(1), Order::Attempt, 0);
        }
        for _ in 0..100 {
            let Some(_) = queue.open_next(None) else { panic!("an event is due") };
            queue.sort();
            while let Some(due) = queue.pop() {
                queue.push(due.at + Span::from_secs(600), Order::Attempt, due.slot);
            }
        }
        let places = queue.blocks.places.len();
        assert!(places < 1000 * 2 + 64 * PLACES as usize, "{places} places for 1000 events");
    }
}
