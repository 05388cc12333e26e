//! What `size` and `sweep` vary: axes (a key and its values), the grids over them, and ranges of values.

mod amount;
mod axis;
mod grid;
mod range;
mod step;
mod unit;

pub use amount::read_amount;
pub use axis::Axis;
pub use grid::{GridPoint, grid, grid_size};
pub use range::ValueRange;
pub use unit::RangeUnit;
