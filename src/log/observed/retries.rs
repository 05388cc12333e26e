//! Which requests are retries: those of a client that was refused before and asks for the same again.
//!
//! A table of fixed size holds who was refused last. Where more clients share a row than have room in it, the one
//! that was refused longest ago gives way, and that it came again is not seen: an interval that is not
//! observed, but none that is wrong.

use super::lengths::Lengths;

/// The rows of the table, a power of two, and the places in each.
const ROWS: usize = 1 << 15;
const PLACES: usize = 4;

/// Requests after refusals.
#[derive(Clone, Debug, Default)]
pub struct Retries {
    table: Vec<[Refused; PLACES]>,
    /// Times from a refusal to the next request of the same client, in ms.
    pub intervals: Lengths,
    /// Refused requests that were tried again.
    pub retried: u64,
    /// Clients that were served after refusals.
    pub served: u64,
}

/// The last refusal of a client.
#[derive(Clone, Copy, Debug, Default)]
struct Refused {
    /// Which client; 0 for none.
    key: u64,
    at: i64,
}

impl Retries {
    /// Whether any request was refused: before that, nobody needs to know who asks.
    pub fn has_any(&self) -> bool {
        !self.table.is_empty()
    }

    /// Notes a request at `at`, in ms, of the client `key`, which is not 0. Returns whether it is a retry.
    pub fn request(&mut self, key: u64, at: i64, is_refused: bool) -> bool {
        if self.table.is_empty() {
            if !is_refused {
                return false;
            }
            self.table = vec![[Refused::default(); PLACES]; ROWS];
        }
        let row = &mut self.table[(key >> 48) as usize % ROWS];
        let own = row.iter_mut().find(|place| place.key == key);
        let is_retry = own.is_some();
        if let Some(place) = own {
            self.intervals.add(at - place.at);
            self.retried += 1;
            self.served += u64::from(!is_refused);
            // A place without a client is the first to be taken.
            *place = if is_refused { Refused { key, at } } else { Refused::default() };
        } else if is_refused {
            let oldest = row.iter_mut().min_by_key(|place| (place.key != 0, place.at));
            oldest.into_iter().for_each(|place| *place = Refused { key, at });
        }
        is_retry
    }

    /// Adds those of another log. Who was refused at the end of one log and came again in another is not seen.
    pub fn merge(&mut self, other: Retries) {
        self.intervals.merge(other.intervals);
        self.retried += other.retried;
        self.served += other.served;
    }
}

/// A number for a client, from the texts that identify it; never 0.
pub fn key(parts: &[&[u8]]) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = MULTIPLIER;
    let mut mix = |word: u64| hash = (hash ^ word).wrapping_mul(MULTIPLIER).rotate_left(29);
    for part in parts {
        let (words, rest) = part.as_chunks::<8>();
        words.iter().for_each(|word| mix(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        mix(u64::from_le_bytes(last));
        mix(part.len() as u64);
    }
    mix(0);
    hash.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_after_a_refusal_of_the_same_client_is_a_retry() {
        let mut retries = Retries::default();
        let (one, two) = (key(&[b"10.0.0.1", b"/a"]), key(&[b"10.0.0.2", b"/a"]));
        retries.request(one, 0, false);
        retries.request(one, 1000, true);
        retries.request(two, 1500, false);
        retries.request(one, 4000, true);
        retries.request(one, 9000, false);
        retries.request(one, 9500, false);
        assert_eq!((retries.retried, retries.served), (2, 1));
        assert_eq!(retries.intervals.mean(), Some(4000.0));
    }

    #[test]
    fn thousands_of_clients_that_retry_are_told_apart() {
        let mut retries = Retries::default();
        for at in [0, 600_000] {
            let clients = (0..5000_u32).map(|client| key(&[&client.to_le_bytes()]));
            clients.for_each(|client| {
                retries.request(client, at, true);
            });
        }
        assert_eq!((retries.retried, retries.intervals.bounds()), (5000, Some((600_000, 600_000))));
    }

    #[test]
    fn the_borders_between_texts_count() {
        assert_ne!(key(&[b"ab", b"c"]), key(&[b"a", b"bc"]));
        assert_ne!(key(&[b"", b"a"]), key(&[b"a", b""]));
    }
}
