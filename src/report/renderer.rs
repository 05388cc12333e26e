//! What every format does.

use crate::compare::Compared;
use crate::results::Results;

/// Writes the results of a study or of a comparison in one format.
pub trait Renderer: Sync {
    /// Renders `results`, at most `width` columns wide if that is given (text only).
    fn results(&self, results: &Results, width: Option<u16>) -> String;

    /// Renders a comparison of two results.
    fn comparison(&self, compared: &Compared, width: Option<u16>) -> String;
}
