//! The report for a terminal: the answer, the variants side by side, and the load over time.

mod comparison;
mod course;
mod evidence;
mod logs;
mod results;
mod spark;
mod style;
mod table;
mod wrap;

pub use comparison::comparison;
pub use logs::log;
pub use results::results;
pub use wrap::wrap;
