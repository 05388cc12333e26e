//! Sizing: the smallest or the largest value of a key that meets every target, or the best value, with the
//! evidence.
//!
//! All values see the same random numbers, run by run, so chance does not explain differences
//! between them. If several values are to be simulated, they are simulated together to use all cores.

mod answer;
mod best;
mod grid;
mod judge;
mod largest;
mod search;
mod shape;
mod sizer;
mod smallest;

pub use answer::size;
pub use grid::SizingPlan;
pub use search::{CompletedSearch, Objective, Search, SearchRange};
