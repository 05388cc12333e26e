//! Retry policies: how long a refused client waits, and when it stops trying.

mod delay;
mod hint;
mod jitter;
mod policy;
mod preset;
#[cfg(test)]
mod tests;

pub use delay::{Delay, Level, Step};
pub use hint::{Beyond, Hints, Wait};
pub use jitter::Jitter;
pub use policy::RetryPolicy;
pub use preset::Preset;
