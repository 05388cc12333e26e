//! Windows of time, once or repeated, and whether they overlap.

use std::collections::BTreeMap;

use super::Time;
use crate::value::{Span, greatest_common_divisor};

/// A window of time, perhaps repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// When it first begins, from the start of the simulation.
    pub from: Span,
    /// How long it lasts; `None`: to the end of the simulation.
    pub length: Option<Span>,
    /// How long after one begins the next does; `None`: there is only one. Longer than `length`.
    pub every: Option<Span>,
}

impl Window {
    /// Whether `at` lies in it.
    pub fn contains(&self, at: Time) -> bool {
        self.phase(at).is_some_and(|phase| self.length.is_none_or(|length| phase < length))
    }

    /// How long ago it began last; `None` before it begins first.
    fn phase(&self, at: Time) -> Option<Span> {
        let first = Time::ZERO + self.from;
        let since = at.since(first).as_millis();
        (at >= first).then(|| match self.every {
            Some(every) => Span::from_millis(since % every.as_millis()),
            None => Span::from_millis(since),
        })
    }

    /// The first instant after `at` when it begins or ends.
    pub(super) fn next_edge(&self, at: Time) -> Option<Time> {
        let Some(phase) = self.phase(at) else { return Some(Time::ZERO + self.from) };
        let until =
            |edge: Span| Time::from_millis(at.as_millis() + (edge.as_millis() - phase.as_millis()));
        match (self.length, self.every) {
            (Some(length), _) if phase < length => Some(until(length)),
            (_, Some(every)) => Some(until(every)),
            _ => None,
        }
    }

    /// Whether the two have an instant in common, if they repeat for ever.
    pub fn overlaps(&self, other: &Window) -> bool {
        let (first, second) = if self.from <= other.from { (self, other) } else { (other, self) };
        let (from, gap) = (first.from.as_millis(), second.from.as_millis());
        let gap = gap - from;
        let length = |window: &Window| window.length.map_or(u64::MAX, Span::as_millis);
        match (first.every, second.every) {
            (None, _) => gap < length(first),
            // The second begins at a certain phase of the first, and may reach its next.
            (Some(every), None) => {
                let phase = gap % every.as_millis();
                phase < length(first) || length(second) > every.as_millis() - phase
            }
            // All phases that occur are those that differ by the greatest common divisor.
            (Some(one), Some(two)) => {
                let step = greatest_common_divisor(one.as_millis(), two.as_millis());
                let phase = gap % step;
                phase < length(first) || length(second) > step - phase
            }
        }
    }
}

/// The first window that overlaps an earlier one of the list, and the first that it overlaps.
///
/// Windows that occur once are sorted instead of compared in pairs, and so are those of one period. There may be
/// hundreds of thousands of them.
pub fn first_overlap(windows: &[Window]) -> Option<(usize, usize)> {
    if !any_overlap(windows) {
        return None;
    }
    // Of the windows up to a place, none overlap before it is the wanted one, and some do from there on.
    let (mut none, mut some) = (0, windows.len());
    while some - none > 1 {
        let middle = none + (some - none) / 2;
        if any_overlap(&windows[..middle]) { some = middle } else { none = middle }
    }
    let place = some - 1;
    let other = windows[..place].iter().position(|other| other.overlaps(&windows[place]))?;
    Some((place, other))
}

fn any_overlap(windows: &[Window]) -> bool {
    let mut periods: BTreeMap<Option<Span>, Vec<Window>> = BTreeMap::new();
    for window in windows {
        periods.entry(window.every).or_default().push(*window);
    }
    for (every, alike) in &mut periods {
        // If any two overlap, then two neighbours do: on the line, or on the circle of the period.
        match every {
            None => alike.sort_by_key(|window| window.from),
            Some(every) => {
                alike.sort_by_key(|window| window.from.as_millis() % every.as_millis());
            }
        }
        let neighbours = alike.windows(2).any(|two| two[0].overlaps(&two[1]));
        let around = || match &alike[..] {
            [first, .., last] if every.is_some() => last.overlaps(first),
            _ => false,
        };
        if neighbours || around() {
            return true;
        }
    }
    let mut lists: Vec<Vec<Window>> = periods.into_values().collect();
    while let Some(list) = lists.pop() {
        let overlaps = |window: &Window| list.iter().any(|one| one.overlaps(window));
        if lists.iter().flatten().any(overlaps) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn mins(minutes: u64) -> Span {
        Span::from_mins(minutes)
    }

    fn window(from: u64, length: u64, every: Option<u64>) -> Window {
        Window { from: mins(from), length: Some(mins(length)), every: every.map(mins) }
    }

    #[test]
    fn windows_overlap_wherever_they_are_repeated() {
        let pairs = [
            (window(0, 10, None), window(9, 10, None), true),
            (window(0, 10, None), window(10, 10, None), false),
            (window(60, 10, Some(1440)), window(1505, 10, None), true),
            (window(60, 10, Some(1440)), window(1510, 10, None), false),
            (window(60, 10, Some(1440)), window(1400, 101, None), true),
            (window(60, 10, Some(1440)), window(70, 10, Some(1440)), false),
            (window(60, 10, Some(1440)), window(70, 10, Some(1001)), true),
            (window(0, 5, Some(20)), window(10, 5, Some(20)), false),
            (window(0, 5, Some(20)), window(16, 5, Some(20)), true),
        ];
        for (one, two, overlap) in pairs {
            assert_eq!(one.overlaps(&two), overlap, "{one:?} {two:?}");
            assert_eq!(two.overlaps(&one), overlap, "{two:?} {one:?}");
        }
    }

    proptest! {
        #[test]
        fn the_first_overlap_is_that_of_a_comparison_in_pairs(
            windows in prop::collection::vec(
                (0u64..400, 1u64..6, prop_oneof![3 => Just(None), 1 => (1u64..5).prop_map(Some)]),
                0..12,
            ),
            unending in any::<bool>(),
        ) {
            let mut windows: Vec<Window> = windows
                .into_iter()
                .map(|(from, length, every)| window(from, length, every.map(|every| every * 60)))
                .collect();
            if let Some(last) = windows.last_mut()
                && unending && last.every.is_none()
            {
                last.length = None;
            }
            let in_pairs = windows.iter().enumerate().find_map(|(place, one)| {
                let other = windows[..place].iter().position(|other| other.overlaps(one))?;
                Some((place, other))
            });
            prop_assert_eq!(first_overlap(&windows), in_pairs);
        }
    }
}
