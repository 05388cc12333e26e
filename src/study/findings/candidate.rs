//! Findings before the changes that they suggest are simulated.

use super::diagnosis::Diagnosis;
use crate::human::listed;
use crate::results::{Finding, WhatIf};

/// More variants than this are not named one by one.
const MOST_NAMED: usize = 3;

/// A finding on one variant, and the change that it suggests.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What kind of finding it is.
    pub kind: &'static str,
    /// The number of the variant in the study, from 0, and its name.
    pub variant: (usize, String),
    /// The names of the other variants that have the same problem.
    pub others: Vec<String>,
    /// What was found.
    pub diagnosis: Diagnosis,
}

/// The outcome of the change that a finding suggests.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the finding says instead of its cause; `None`: its cause.
    pub cause: Option<String>,
    /// The outcome in a sentence, after a blank.
    pub sentence: String,
    /// The figures.
    pub what_if: WhatIf,
    /// Those of the other changes, the better first.
    pub others: Vec<WhatIf>,
}

impl Candidate {
    /// The finding, with the outcome of its change if that was simulated.
    pub fn finding(self, outcome: Option<Outcome>) -> Finding {
        let (_, variant) = self.variant;
        let others = match self.others.len() {
            0 => String::new(),
            1 => format!(" {} has the same problem.", self.others[0]),
            2..=MOST_NAMED => {
                format!(" {} have the same problem.", listed(self.others.iter().cloned()))
            }
            others => format!(" {others} other variants have the same problem."),
        };
        let (cause, sentence, what_if, others_tried) = match outcome {
            Some(it) => (it.cause, it.sentence, Some(it.what_if), it.others),
            None => (None, String::new(), None, Vec::new()),
        };
        let cause = cause.unwrap_or(self.diagnosis.cause);
        let evidence = self.diagnosis.evidence.into_iter();
        Finding {
            kind: self.kind.to_owned(),
            variant,
            text: format!("{cause}{others}{sentence}"),
            evidence: evidence.map(|(metric, value)| (metric.name.to_owned(), value)).collect(),
            what_if,
            other_what_ifs: others_tried,
        }
    }
}
