//! JUnit's XML, which CI systems show as test results.
//!
//! A study is a suite, and each threshold in each variant a case; so is each target of a search.
//! What is inconclusive is a *failure*, of the type `inconclusive`: CI systems treat skipped
//! cases as harmless, and a threshold without data must not pass. A study that was stopped early has a
//! failure, too. A study without thresholds has one
//! skipped case with the reason, because many readers refuse a report without any case.

mod comparison;
mod results;
mod suite;

use super::renderer::Renderer;
use crate::compare::Compared;
use crate::results::Results;

/// JUnit's XML.
pub struct Junit;

impl Renderer for Junit {
    fn results(&self, results: &Results, _width: Option<u16>) -> String {
        results::render(results)
    }

    fn comparison(&self, compared: &Compared, _width: Option<u16>) -> String {
        comparison::render(compared)
    }
}
