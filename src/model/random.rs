//! Random numbers by name: every draw has an address, so it does not depend on what others drew.
//!
//! A draw is named by (seed, replication, group, client, purpose, n). Two variants of a scenario
//! therefore see the same arrivals, the same transfers and the same misreported refusals (*common
//! random numbers*), and so do both engines and any number of threads. Nothing is stored per
//! client: the generator of a draw is made from its name when the draw is needed.
//!
//! The generator is PCG XSL RR 128/64 (MCG) of [`rand_pcg`], whose output is stable by contract;
//! its start state is a hash of the name by the finaliser of SplitMix64 (Steele, Lea and Flood,
//! "Fast splittable pseudorandom number generators", OOPSLA 2014). Golden values in the tests pin
//! both.

use rand::Rng;
use rand_pcg::Pcg64Mcg;

/// What a random number is used for. Purposes are separate streams of the same client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// The client's arrival.
    Arrival = 1,
    /// The length of its transfer.
    Transfer = 2,
    /// Whether its n-th refusal is misreported.
    Misreport = 3,
    /// The jitter of its n-th retry.
    Retry = 4,
    /// Which distribution point it chooses at its n-th attempt.
    Choice = 5,
    /// The phase of its polling.
    Poll = 6,
    /// How long a distribution point runs, or is repaired; a stream of the point.
    Failure = 7,
    /// Which release it has (0), and when it is upgraded (1).
    Release = 8,
    /// In which zone its hours are (0), and by how much they are shifted (1).
    Hours = 9,
    /// When it vanishes from its n-th connection (2n), and for how long (2n + 1).
    Vanish = 10,
    /// Whether its n-th attempt fails with an error of the server.
    Error = 11,
    /// How long it is patient in the queue at its n-th attempt.
    Patience = 12,
    /// How long it thinks before it comes again.
    Think = 13,
    /// Whether its process lets its n-th attempt through.
    Throttle = 14,
}

/// The random streams of one group of clients in one replication.
#[derive(Clone, Copy, Debug)]
pub struct Streams {
    key: [u64; 2],
}

/// The generator of a single draw; it may be asked for any number of values.
pub type Draw = Pcg64Mcg;

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl Streams {
    /// The streams of group `group` in replication `replication` (from 0) under `seed`.
    ///
    /// The group goes in by its name, not by its place in the scenario, so that adding a group
    /// changes nothing for the others.
    pub fn new(seed: u64, replication: u64, group: &str) -> Streams {
        let mut state = absorb(absorb(0, seed), replication);
        for chunk in group.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            state = absorb(state, u64::from_le_bytes(word));
        }
        state = absorb(state, group.len() as u64);
        Streams { key: [state, absorb(state, 1)] }
    }

    /// The streams of the distribution point `point`: they differ from those of every group, also of
    /// one with the same name.
    pub fn of_point(seed: u64, replication: u64, point: &str) -> Streams {
        let [one, two] = Streams::new(seed, replication, point).key;
        Streams { key: [absorb(one, 2), absorb(two, 3)] }
    }

    /// The same for round `round` of clients that come again; those of the first, 0, are these.
    pub fn of_round(&self, round: u32) -> Streams {
        match round {
            0 => *self,
            _ => Streams { key: self.key.map(|key| absorb(key, u64::from(round))) },
        }
    }

    /// The generator of the `n`-th draw (from 0) of client `client` for `purpose`.
    #[inline]
    pub fn draw(&self, client: u32, purpose: Purpose, n: u32) -> Draw {
        let [high, low] = self.words(client, purpose, n);
        Pcg64Mcg::new(u128::from(high) << 64 | u128::from(low))
    }

    /// The `n`-th draw of client `client` for `purpose` as one number, uniform in 0 to 1 without 1.
    #[inline]
    pub fn uniform(&self, client: u32, purpose: Purpose, n: u32) -> f64 {
        unit(self.draw(client, purpose, n).next_u64())
    }

    #[inline]
    fn words(&self, client: u32, purpose: Purpose, n: u32) -> [u64; 2] {
        let who = u64::from(client) << 32 | u64::from(n);
        let first = mix(self.key[0] ^ who.wrapping_mul(GOLDEN_GAMMA)) ^ (purpose as u64);
        let high = mix(first.wrapping_add(self.key[1]));
        [high, mix(high.wrapping_add(GOLDEN_GAMMA))]
    }
}

/// Maps 64 random bits to a number uniform in 0 to 1 without 1, with the 53 bits an `f64` holds.
#[inline]
pub fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// Stirs `word` into `state`: what comes out stands for both, and for their order.
pub fn absorb(state: u64, word: u64) -> u64 {
    mix(state.wrapping_add(GOLDEN_GAMMA).wrapping_mul(0xd6e8_feb8_6659_fd93) ^ word)
}

/// The finaliser of SplitMix64: a bijection in which every input bit affects every output bit.
#[inline]
fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_values_pin_the_streams() {
        let streams = Streams::new(268_500, 0, "office");
        let draws = [
            streams.draw(0, Purpose::Arrival, 0).next_u64(),
            streams.draw(0, Purpose::Transfer, 0).next_u64(),
            streams.draw(1, Purpose::Transfer, 0).next_u64(),
            streams.draw(0, Purpose::Misreport, 7).next_u64(),
            Streams::new(268_500, 1, "office").draw(0, Purpose::Arrival, 0).next_u64(),
            Streams::new(268_501, 0, "office").draw(0, Purpose::Arrival, 0).next_u64(),
            Streams::new(268_500, 0, "branch").draw(0, Purpose::Arrival, 0).next_u64(),
        ];
        assert_eq!(draws, GOLDEN);
    }

    const GOLDEN: [u64; 7] = [
        8_829_094_522_297_252_326,
        6_542_669_822_909_901_682,
        8_568_300_165_009_931_525,
        16_941_591_716_113_220_955,
        16_540_439_216_909_676_013,
        14_748_380_754_692_990_881,
        5_036_146_178_619_292_191,
    ];

    #[test]
    fn a_draw_depends_only_on_its_name() {
        let streams = Streams::new(1, 2, "a");
        let mut before = streams.draw(3, Purpose::Retry, 4);
        let _ = streams.draw(9, Purpose::Retry, 4).next_u64();
        let mut after = streams.draw(3, Purpose::Retry, 4);
        assert_eq!(before.next_u64(), after.next_u64());
    }

    #[test]
    fn neighbouring_names_are_uncorrelated_and_uniform() {
        // Pearson's statistic over 64 cells and the lag-one correlation, along each coordinate
        // of the name. Both are standard normal for a good generator; the bound is 4.
        type Walk = fn(&Streams, u32) -> f64;
        let walks: [Walk; 3] = [
            |s, i| s.uniform(i, Purpose::Misreport, 0),
            |s, i| s.uniform(0, Purpose::Misreport, i),
            |_, i| Streams::new(u64::from(i), 0, "g").uniform(0, Purpose::Misreport, 0),
        ];
        for walk in walks {
            let streams = Streams::new(42, 0, "g");
            let n = 64_000;
            let values: Vec<f64> = (0..n).map(|i| walk(&streams, i)).collect();
            let mut cells = [0.0; 64];
            for value in &values {
                cells[(value * 64.0) as usize] += 1.0;
            }
            let expected = f64::from(n) / 64.0;
            let chi2: f64 = cells.iter().map(|c| (c - expected) * (c - expected) / expected).sum();
            let z = (chi2 - 63.0) / (2.0 * 63.0f64).sqrt();
            assert!(z.abs() < 4.0, "uniformity: z = {z}");
            let lag: f64 = values.windows(2).map(|w| (w[0] - 0.5) * (w[1] - 0.5)).sum();
            let z = lag / (f64::from(n - 1).sqrt() / 12.0);
            assert!(z.abs() < 4.0, "correlation: z = {z}");
        }
    }
}
