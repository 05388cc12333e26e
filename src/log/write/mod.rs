//! Logs as the simulated clients would have written them.

mod line;
mod messages;
mod recorder;

pub use line::{WRITE_FORMATS, WriteFormat};
pub use recorder::{Recorded, Wanted, record};
