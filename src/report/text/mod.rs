//! The report for a terminal: the answer, the variants side by side, and the load over time.

mod comparison;
mod course;
mod evidence;
mod results;
mod spark;
mod table;
mod wrap;

use super::renderer::Renderer;
use crate::compare::Compared;
use crate::results::Results;

/// Plain text for a terminal.
pub struct Text;

impl Renderer for Text {
    fn results(&self, results: &Results, width: Option<u16>) -> String {
        results::render(results, width)
    }

    fn comparison(&self, compared: &Compared, width: Option<u16>) -> String {
        comparison::render(compared, width)
    }
}
