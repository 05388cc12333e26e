//! The floor: the storm as one hand-written loop. It has no features and keeps one byte per client;
//! all it does is play the same events in the same order, from a calendar queue.

/// What the storm came to.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    pub attempts: u64,
    pub refused: u64,
    pub completion_sum: u128,
    pub makespan: u64,
}

const WIDTH_BITS: u32 = 10;
/// 4,096 buckets of 1,024 ms are 70 minutes: no delay of the storm is longer.
const BUCKETS: usize = 4096;
const ATTEMPT: u64 = 1 << 32;

/// Plays the storm: client i arrives at `arrivals[i]` (ascending), holds its connection for
/// `transfers[i]`, and retries `retry` after each refusal; all in ms.
pub fn storm(arrivals: &[u64], transfers: &[u64], limit: u32, retry: u64) -> Outcome {
    let mut attempts = vec![0u8; arrivals.len()];
    let mut buckets: Vec<Vec<u64>> = vec![Vec::new(); BUCKETS];
    let mut outcome = Outcome { attempts: 0, refused: 0, completion_sum: 0, makespan: 0 };
    let mut open = 0;
    let mut arrived = 0;
    let mut pending = arrivals.len() as u64;
    let mut window: Vec<u64> = Vec::new();
    let mut bucket = 0u64;
    while pending > 0 {
        let end = (bucket + 1) << WIDTH_BITS;
        window.clear();
        while arrived < arrivals.len() && arrivals[arrived] < end {
            window.push(arrivals[arrived] << 33 | ATTEMPT | arrived as u64);
            arrived += 1;
        }
        window.append(&mut buckets[bucket as usize % BUCKETS]);
        window.sort_by_key(|event| event >> 32);
        for &event in &window {
            let (now, client) = (event >> 33, (event & 0xffff_ffff) as usize);
            if event & ATTEMPT == 0 {
                open -= 1;
                pending -= 1;
                outcome.completion_sum += u128::from(now - arrivals[client]);
                outcome.makespan = now - arrivals[0];
                continue;
            }
            outcome.attempts += 1;
            attempts[client] = attempts[client].saturating_add(1);
            let later = if open < limit {
                open += 1;
                (now + transfers[client]) << 33
            } else {
                outcome.refused += 1;
                (now + retry) << 33 | ATTEMPT
            };
            buckets[(later >> 33 >> WIDTH_BITS) as usize % BUCKETS].push(later | client as u64);
        }
        bucket += 1;
    }
    outcome
}
