//! Findings before the changes that they suggest are simulated.

use super::suggestion::Suggestion;
use crate::results::Finding;

/// A finding on one variant, and the changes that it suggests.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The finding, without the outcome of a change.
    pub finding: Finding,
    /// The number of the variant in the study, from 0.
    pub variant: usize,
    /// The changes, the most promising first.
    pub suggestions: Vec<Suggestion>,
}
