//! GitHub-flavoured Markdown, for the summary of a CI step: the answer first, then what it rests on.

mod comparison;
mod page;
mod results;

use super::renderer::Renderer;
use crate::compare::Compared;
use crate::results::Results;

/// Markdown that GitHub and GitLab show.
pub struct Markdown;

impl Renderer for Markdown {
    fn results(&self, results: &Results, _width: Option<u16>) -> String {
        results::render(results)
    }

    fn comparison(&self, compared: &Compared, _width: Option<u16>) -> String {
        comparison::render(compared)
    }
}
