//! Suggestions: a change to the scenario that may help, and the metric that shows whether it does.

use super::edit::Edit;
use crate::stats::metric::Metric;

/// A time that changes by less than this share counts as unchanged.
pub const ALIKE: f64 = 0.05;

/// A change that a finding suggests.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// How a sentence on it begins: `With a jitter of 50%`.
    pub opening: String,
    pub edit: Edit,
    /// What shows whether it helps.
    pub goal: Goal,
    /// What the finding says instead of its cause if the change helps, because that confirms the cause.
    pub if_it_helps: Option<String>,
    /// What the finding says instead of its cause if the change does not help, because that refutes it.
    pub if_not: Option<String>,
    /// Other changes with the same goal, which are simulated too, and ranked with it.
    pub others: Vec<Suggestion>,
}

impl Suggestion {
    /// The suggestion to make `edit`; `None` if there is no edit.
    pub fn new(opening: impl Into<String>, edit: Option<Edit>, goal: Goal) -> Option<Suggestion> {
        let (opening, edit) = (opening.into(), edit?);
        Some(Suggestion {
            opening,
            edit,
            goal,
            if_it_helps: None,
            if_not: None,
            others: Vec::new(),
        })
    }

    /// Those of the suggestions that there are, which have the same goal, beside each other.
    pub fn any_of(suggestions: Vec<Option<Suggestion>>) -> Option<Suggestion> {
        let mut all = suggestions.into_iter().flatten();
        let first = all.next()?;
        Some(Suggestion { others: all.collect(), ..first })
    }

    /// If the change helps, the finding is `text` instead of its cause.
    pub fn confirms(self, text: String) -> Suggestion {
        Suggestion { if_it_helps: Some(text), ..self }
    }

    /// If the change does not help, the finding is `text` instead of its cause.
    pub fn or_else(self, text: String) -> Suggestion {
        Suggestion { if_not: Some(text), ..self }
    }

    /// What the finding says after the change has gained that much; `None`: its cause as it is.
    pub fn cause_after(&self, gain: f64) -> Option<&str> {
        if gain > ALIKE { self.if_it_helps.as_deref() } else { self.if_not.as_deref() }
    }
}

/// The metric that shows whether a change helps.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// A time that is to become shorter.
    Sooner(Metric),
    /// A count that is to become 0 or as small as possible.
    Left(Metric),
    /// A count that is to grow.
    More(Metric),
    /// A count that is to shrink.
    Fewer(Metric),
}

impl Goal {
    pub fn metric(self) -> Metric {
        match self {
            Goal::Sooner(metric)
            | Goal::Left(metric)
            | Goal::More(metric)
            | Goal::Fewer(metric) => metric,
        }
    }

    /// How much a change helps that moves the metric from `before` to `after`, as a share of the larger
    /// of both: 0 if it changes nothing, negative if it does harm.
    pub fn gain(self, before: f64, after: f64) -> f64 {
        let less = (before - after) / before.max(after).max(f64::MIN_POSITIVE);
        match self {
            Goal::Sooner(_) | Goal::Left(_) | Goal::Fewer(_) => less,
            Goal::More(_) => -less,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::metric;

    #[test]
    fn a_gain_is_a_change_in_the_direction_of_the_goal() {
        for (goal, less_is_better) in [
            (Goal::Sooner(metric::MAKESPAN), true),
            (Goal::Left(metric::STRANDED), true),
            (Goal::Fewer(metric::ATTEMPTS), true),
            (Goal::More(metric::COMPLETED), false),
        ] {
            let gain = if less_is_better { goal.gain(100.0, 50.0) } else { goal.gain(50.0, 100.0) };
            assert_eq!(gain, 0.5, "{goal:?}");
            assert!(goal.gain(50.0, 100.0) * goal.gain(100.0, 50.0) < 0.0, "{goal:?}");
            assert_eq!(goal.gain(0.0, 0.0), 0.0, "{goal:?}");
        }
    }
}
