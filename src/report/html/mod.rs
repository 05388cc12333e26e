//! The report for a browser: one file that holds all it needs, opens offline and runs no script.
//!
//! The answer comes first, then what proves it: thresholds, key figures, findings, charts; at the end
//! is how to get the same results again. Anyone may have written the names in a scenario or in
//! results, so every text passes through the escaping of [`maud`], and the page forbids itself scripts
//! and requests besides.

mod attempts;
mod chart;
mod comparison;
mod course;
mod figure;
mod grid;
mod heat_map;
mod limit;
mod logs;
mod over_time;
mod page;
mod palette;
mod results;
mod sweep;
mod table;
mod tables;

pub use comparison::comparison;
pub use logs::log;
pub use results::results;

#[cfg(test)]
mod tests;
