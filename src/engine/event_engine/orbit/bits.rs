//! A set of numbers below a bound that finds the next number after another in a few steps.

/// A set of numbers below its bound: a bit for each, and above each word of 64 bits one bit that tells
/// whether any is set, level by level.
#[derive(Clone, Debug)]
pub struct BitSet {
    levels: Vec<Vec<u64>>,
}

impl BitSet {
    /// An empty set of numbers below `bound`.
    pub fn new(bound: usize) -> BitSet {
        let mut levels = Vec::new();
        let mut bits = bound.max(1);
        loop {
            let words = bits.div_ceil(64);
            levels.push(vec![0; words]);
            if words == 1 {
                return BitSet { levels };
            }
            bits = words;
        }
    }

    /// Adds `number`.
    #[inline]
    pub fn insert(&mut self, number: usize) {
        let mut at = number;
        for level in &mut self.levels {
            let word = &mut level[at / 64];
            let had_any = *word != 0;
            *word |= 1 << (at % 64);
            if had_any {
                return;
            }
            at /= 64;
        }
    }

    /// Takes `number` out.
    #[inline]
    pub fn remove(&mut self, number: usize) {
        let mut at = number;
        for level in &mut self.levels {
            let word = &mut level[at / 64];
            *word &= !(1 << (at % 64));
            if *word != 0 {
                return;
            }
            at /= 64;
        }
    }

    /// The lowest number in it that is not below `from`.
    #[inline]
    pub fn next(&self, from: usize) -> Option<usize> {
        let mut at = from;
        for (height, level) in self.levels.iter().enumerate() {
            let word = level.get(at / 64)? & (u64::MAX << (at % 64));
            if word != 0 {
                at = at / 64 * 64 + word.trailing_zeros() as usize;
                return Some(self.lowest_below(at, height));
            }
            at = at / 64 + 1;
        }
        None
    }

    /// The lowest number below bit `at` of the level `height`, which is set.
    #[inline]
    fn lowest_below(&self, mut at: usize, height: usize) -> usize {
        for level in self.levels[..height].iter().rev() {
            at = at * 64 + level[at].trailing_zeros() as usize;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;
    use std::collections::BTreeSet;

    #[test]
    fn it_finds_what_an_ordered_set_finds() {
        let mut draws = rand_pcg::Pcg64Mcg::new(7);
        for bound in [1, 63, 64, 65, 5000, 300_000] {
            let (mut bits, mut numbers) = (BitSet::new(bound), BTreeSet::new());
            for _ in 0..3000 {
                let number = (draws.next_u64() % bound as u64) as usize;
                if draws.next_u64().is_multiple_of(3) {
                    bits.remove(number);
                    numbers.remove(&number);
                } else {
                    bits.insert(number);
                    numbers.insert(number);
                }
                let from = (draws.next_u64() % (bound as u64 + 1)) as usize;
                assert_eq!(bits.next(from), numbers.range(from..).next().copied());
            }
        }
    }
}
