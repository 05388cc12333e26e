//! Why a study has no results.

use std::fmt;

use crate::stats::Imbalance;

/// Why a study has no results.
#[derive(Debug)]
pub enum StudyError {
    /// The user stopped it before the first replication was complete.
    Interrupted,
    /// The request cannot be simulated; a sentence on the reason and on what to do.
    InvalidRequest(String),
    /// A run lost count of its clients: a bug.
    Imbalance(Imbalance),
    /// The operating system refused what the study needs, such as a thread.
    System(String),
}

impl fmt::Display for StudyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StudyError::Interrupted => f.write_str("interrupted"),
            StudyError::InvalidRequest(problem) | StudyError::System(problem) => {
                f.write_str(problem)
            }
            StudyError::Imbalance(imbalance) => imbalance.fmt(f),
        }
    }
}

impl std::error::Error for StudyError {}
