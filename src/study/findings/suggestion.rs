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
    /// The change.
    pub edit: Edit,
    /// What shows whether it helps.
    pub goal: Goal,
}

impl Suggestion {
    /// The suggestion to make `edit`; `None` if there is no edit.
    pub fn new(opening: impl Into<String>, edit: Option<Edit>, goal: Goal) -> Option<Suggestion> {
        Some(Suggestion { opening: opening.into(), edit: edit?, goal })
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
    /// The metric.
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
