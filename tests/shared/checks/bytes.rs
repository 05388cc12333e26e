//! Bytes as a source of choices.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Bytes that are taken one after the other.
pub struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    /// Takes `bytes` from the first on.
    pub fn new(bytes: &'b [u8]) -> Bytes<'b> {
        Bytes(bytes)
    }

    /// The next byte; `None` at the end.
    pub fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number below `count`, from the next two bytes; 0 at the end and if `count` is 0.
    pub fn below(&mut self, count: usize) -> usize {
        let [high, low] = [0, 1].map(|_| usize::from(self.next().unwrap_or(0)));
        (high << 8 | low) % count.max(1)
    }

    /// What `strategy` draws with the next bytes as the seed of its random numbers. (The bytes cannot stand in
    /// place of these: strategies wait for numbers that fit, and run out of bytes.)
    pub fn draw<S: Strategy>(&self, strategy: &S) -> S::Value {
        let mut seed = [0; 32];
        seed.iter_mut().zip(self.0).for_each(|(seed, byte)| *seed = *byte);
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        strategy.new_tree(&mut runner).expect("strategies without conditions").current()
    }

    /// The remaining bytes as text: what is not UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.0).into_owned()
    }

    /// The remaining bytes.
    pub fn rest(&self) -> &'b [u8] {
        self.0
    }
}
