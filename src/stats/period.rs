//! Over what time a run is measured.

use super::Tally;
use crate::model::{Span, Time};

/// When clients came and went in a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// The end of the warm-up; 0 without one.
    pub warm: Time,
    /// When the first client that counts arrived.
    pub first_arrival: Option<Time>,
    /// When the last of those that count completed; 0 if none did.
    pub last_completion: Time,
    /// Whether clients are left that are not unfinished: some still run the new advertisement of a workaround, or think
    /// before they come again.
    pub goes_on: bool,
    /// The end of the simulation.
    pub horizon: Time,
}

/// The time over which a run is averaged, and how long it took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    /// The first arrival, or the end of the warm-up.
    pub start: Time,
    /// The last completion, or the horizon if clients are left.
    pub end: Time,
    /// From the first arrival to the last completion; `None` if no client completed.
    pub makespan: Option<Span>,
}

impl Bounds {
    /// The time over which a run with these groups is averaged.
    pub fn period(self, groups: &[Tally]) -> Period {
        let unfinished = groups.iter().any(|tally| tally.ended.unfinished > 0);
        let is_done = !unfinished && !self.goes_on;
        let first = self.first_arrival.unwrap_or(self.warm);
        let ran = |tally: &Tally| tally.ended.completed + tally.recovered() > 0;
        let completed = groups.iter().any(ran);
        Period {
            // Without a warm-up nothing is there before the first arrival.
            start: if self.warm > Time::ZERO { self.warm } else { first },
            end: if is_done { self.last_completion } else { self.horizon },
            makespan: completed.then(|| self.last_completion.since(first)),
        }
    }
}

impl Period {
    /// Of completions after the warm-up, each with when and at which of `number` points it was, those within the
    /// period by point.
    pub fn count(
        self,
        number: usize,
        completions: impl IntoIterator<Item = (Time, usize)>,
    ) -> Vec<u64> {
        let mut counts = vec![0; number];
        let within = completions.into_iter().filter(|(at, _)| *at <= self.end);
        within.for_each(|(_, point)| counts[point] += 1);
        counts
    }
}
