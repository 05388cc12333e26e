//! The floors: the storm as hand-written loops. They have no features and keep next to nothing per client;
//! all they do is simulate the same events in the same order.
//!
//! One takes them from a calendar queue, as an engine for any delays does. The other knows that all retries
//! come after the same delay: they are a queue, first in, first out, and only the ends of connections are in a
//! heap.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Totals over the storm.
#[derive(Debug, PartialEq, Eq)]
pub struct Totals {
    pub attempts: u64,
    pub refused: u64,
    pub completion_sum: u128,
    pub makespan: u64,
}

const WIDTH_BITS: u32 = 10;
/// 4,096 buckets of 1,024 ms are 70 minutes: no delay of the storm is longer.
const BUCKETS: usize = 4096;
const ATTEMPT: u64 = 1 << 32;

/// Simulates the storm from a calendar queue: client i arrives at `arrivals[i]` (ascending), holds its connection for
/// `transfers[i]`, and retries `retry` after each refusal; all in ms.
pub fn calendar(arrivals: &[u64], transfers: &[u64], limit: u32, retry: u64) -> Totals {
    let mut attempts = vec![0u8; arrivals.len()];
    let mut buckets: Vec<Vec<u64>> = vec![Vec::new(); BUCKETS];
    let mut totals = Totals { attempts: 0, refused: 0, completion_sum: 0, makespan: 0 };
    let mut open = 0;
    let mut arrived = 0;
    let mut pending = arrivals.len() as u64;
    let mut due: Vec<u64> = Vec::new();
    let mut bucket = 0u64;
    while pending > 0 {
        let end = (bucket + 1) << WIDTH_BITS;
        due.clear();
        while arrived < arrivals.len() && arrivals[arrived] < end {
            due.push(arrivals[arrived] << 33 | ATTEMPT | arrived as u64);
            arrived += 1;
        }
        due.append(&mut buckets[bucket as usize % BUCKETS]);
        due.sort_by_key(|event| event >> 32);
        for &event in &due {
            let (now, client) = (event >> 33, (event & 0xffff_ffff) as usize);
            if event & ATTEMPT == 0 {
                open -= 1;
                pending -= 1;
                totals.completion_sum += u128::from(now - arrivals[client]);
                totals.makespan = now - arrivals[0];
                continue;
            }
            totals.attempts += 1;
            attempts[client] = attempts[client].saturating_add(1);
            let later = if open < limit {
                open += 1;
                (now + transfers[client]) << 33
            } else {
                totals.refused += 1;
                (now + retry) << 33 | ATTEMPT
            };
            buckets[(later >> 33 >> WIDTH_BITS) as usize % BUCKETS].push(later | client as u64);
        }
        bucket += 1;
    }
    totals
}

/// Simulates the same storm from a queue of retries and a heap of ends.
pub fn fifo(arrivals: &[u64], transfers: &[u64], limit: u32, retry: u64) -> Totals {
    let mut retries: VecDeque<(u64, u32)> = VecDeque::new();
    let mut ends: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::new();
    let mut totals = Totals { attempts: 0, refused: 0, completion_sum: 0, makespan: 0 };
    let mut arrived = 0;
    loop {
        let arrival = arrivals.get(arrived).copied().unwrap_or(u64::MAX);
        let attempt = retries.front().map_or(u64::MAX, |retry| retry.0);
        let now = arrival.min(attempt);
        if let Some(&Reverse((end, client))) = ends.peek()
            && end <= now
        {
            ends.pop();
            totals.completion_sum += u128::from(end - arrivals[client as usize]);
            totals.makespan = end - arrivals[0];
            continue;
        }
        let client = if arrival <= attempt {
            if arrival == u64::MAX {
                return totals;
            }
            arrived += 1;
            arrived as u32 - 1
        } else {
            match retries.pop_front() {
                Some((_, client)) => client,
                None => return totals,
            }
        };
        totals.attempts += 1;
        if ends.len() < limit as usize {
            ends.push(Reverse((now + transfers[client as usize], client)));
        } else {
            totals.refused += 1;
            retries.push_back((now + retry, client));
        }
    }
}
