//! Sizing: the smallest value of a key that meets every target, or the best value, with the
//! evidence.
//!
//! All values see the same random numbers, run by run, so that differences between them are not
//! luck. Values are simulated together where several are wanted, so that all cores have work.

mod answer;
mod best;
mod grid;
mod judge;
mod search;
mod shape;
mod sizer;
mod smallest;

pub use answer::size;
pub use grid::SizingPlan;
pub use search::{CompletedSearch, Objective, Search};
