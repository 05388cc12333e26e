//! Which of many windows is in force, and when that changes next.

use super::{Time, Window};

/// A list of windows as time goes on.
///
/// Those that occur once are passed one after the other, so that hundreds of thousands of them cost no more at
/// each instant than one.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Windows that occur once, in the order of time, without overlap, with their places in the list.
    once: Vec<(usize, Window)>,
    /// The first of `once` that is not over.
    next: usize,
    /// The other windows, in the order of the list.
    others: Vec<(usize, Window)>,
    /// The place in the list of the first window that the present lies in.
    in_force: Option<usize>,
    /// When a window begins or ends next; until then nothing changes.
    edge: Option<Time>,
}

impl Schedule {
    /// The schedule of these windows from the start of the simulation on.
    pub fn new(windows: impl IntoIterator<Item = Window>) -> Schedule {
        let all = windows.into_iter().enumerate();
        let (mut once, others): (Vec<_>, Vec<_>) =
            all.partition(|(_, window)| window.every.is_none());
        if !once.is_sorted_by_key(|(_, window)| window.from) {
            once.sort_by_key(|(_, window)| window.from);
        }
        let mut schedule = Schedule { once, next: 0, others, in_force: None, edge: None };
        if schedule.once.windows(2).any(|two| two[0].1.overlaps(&two[1].1)) {
            // No scenario has that: nothing is known of their order.
            schedule.others.append(&mut schedule.once);
            schedule.others.sort_by_key(|(place, _)| *place);
        }
        schedule.look(Time::ZERO);
        schedule
    }

    /// Goes on to `now`, which is not before what it was.
    pub fn advance(&mut self, now: Time) {
        if self.edge.is_some_and(|edge| now >= edge) {
            self.look(now);
        }
    }

    /// The place in the list of the first window that the instant lies in to which it has gone on.
    pub fn in_force(&self) -> Option<usize> {
        self.in_force
    }

    /// The first instant after the one to which it has gone on when a window begins or ends.
    pub fn next_edge(&self) -> Option<Time> {
        self.edge
    }

    fn look(&mut self, now: Time) {
        let is_over = |window: &Window| !window.contains(now) && window.next_edge(now).is_none();
        while self.once.get(self.next).is_some_and(|(_, window)| is_over(window)) {
            self.next += 1;
        }
        (self.in_force, self.edge) = (None, None);
        for (place, window) in self.once.get(self.next).into_iter().chain(&self.others) {
            if self.in_force.is_none_or(|first| *place < first) && window.contains(now) {
                self.in_force = Some(*place);
            }
            if let Some(edge) = window.next_edge(now) {
                self.edge = Some(self.edge.map_or(edge, |known| known.min(edge)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::Span;

    /// Windows that may overlap, of which some have no end.
    fn windows() -> impl Strategy<Value = Vec<Window>> {
        let every = prop_oneof![4 => Just(None), 1 => (7u64..40).prop_map(Some)];
        let length = prop_oneof![8 => (0u64..6).prop_map(Some), 1 => Just(None)];
        let window = (0u64..200, length, every).prop_map(|(from, length, every)| Window {
            from: Span::from_millis(from),
            // A window that repeats has an end.
            length: length.or(every.map(|_| 3)).map(Span::from_millis),
            every: every.map(Span::from_millis),
        });
        prop::collection::vec(window, 0..12)
    }

    proptest! {
        #[test]
        fn a_schedule_is_that_of_a_look_at_all_windows(windows in windows()) {
            let mut schedule = Schedule::new(windows.iter().copied());
            let mut now = Time::ZERO;
            for _ in 0..200 {
                schedule.advance(now);
                let in_force = windows.iter().position(|window| window.contains(now));
                prop_assert_eq!(schedule.in_force(), in_force);
                let edge = windows.iter().filter_map(|window| window.next_edge(now)).min();
                prop_assert_eq!(schedule.next_edge(), edge);
                let Some(edge) = edge else { break };
                now = edge;
            }
        }
    }
}
