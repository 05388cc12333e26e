//! What holds for any input. The random tests check it with a few inputs that are drawn, and the targets
//! in `fuzz/` with millions that a fuzzer makes: both include these files.
//!
//! An input that a fuzzer has found fails in the tests as well, once it is a file in `fuzz/regressions`.

mod bytes;
pub mod coarse;
pub mod components;
pub mod conservation;
pub mod drawn;
mod edits;
mod logs;
mod merge;
mod messages;
mod overlays;
pub mod relations;
mod reports;
mod results;
mod scenario_text;
mod simulation;
pub mod skipping;
pub mod still;
mod thresholds;
mod traces;
pub mod worlds;
pub mod written;

use distpoint::scenario::{Origin, Scenario, load};

/// Takes any bytes and panics if something does not hold.
pub type Check = fn(&[u8]);

/// What can be tried with any bytes, by the name of the target in `fuzz/`.
pub const TARGETS: &[(&str, Check)] = &[
    ("scenario_text", scenario_text::check),
    ("overlays", overlays::check),
    ("thresholds", thresholds::check),
    ("traces", traces::check),
    ("results", results::check),
    ("merge", merge::check),
    ("logs", logs::check),
    ("simulation", simulation::check),
];

/// Reads a scenario that must be right.
pub fn scenario(text: &str) -> Scenario {
    match load(Origin::Text { name: "test", text }, &[]) {
        Ok(loaded) => loaded.base,
        Err(error) => panic!("{error}\n{text}"),
    }
}
