//! Logs of events, as simulated clients write them for other programs: one JSON object per line.

pub mod line;
pub mod story;
