//! The report for a browser: one file that holds all it needs, opens offline and runs no script.
//!
//! The answer comes first, then what proves it: thresholds, key figures, findings, charts; at the end
//! is how to get the same results again. Anyone may have written the names in a scenario or in
//! results, so every text passes through the escaping of [`maud`], and the page forbids itself scripts
//! and requests besides.

mod attempts;
mod chart;
mod comparison;
mod figure;
mod grid;
mod limit;
mod over_time;
mod page;
mod palette;
mod results;
mod sweep;
mod table;
mod tables;
mod timeline;

pub use results::render;

use super::renderer::Renderer;
use crate::compare::Compared;
use crate::results::Results;

/// A page for a browser.
pub struct Html;

impl Renderer for Html {
    fn results(&self, results: &Results, _width: Option<u16>) -> String {
        render(results)
    }

    fn comparison(&self, compared: &Compared, _width: Option<u16>) -> String {
        comparison::render(compared)
    }
}

#[cfg(test)]
mod tests;
