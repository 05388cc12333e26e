//! How much a number changed at each millisecond, in memory that long and busy runs bound.
//!
//! Systems that are simulated apart have curves that are added up afterwards, and none knows what the
//! others do meanwhile. What can be added exactly, in any order, is by how much a curve changes at each
//! instant. Time is divided into stretches of 4,096 ms. A stretch is a list while it has few changes and
//! a number for each of its milliseconds as soon as that is smaller, so a change takes 4 bytes, and all
//! changes of a stretch never more than 2 bytes (rarely 8) for each millisecond.
//!
//! The same structure holds how many times of each length there are: [`Times`](super::Times).

use super::MeasuredTime;
use crate::model::Time;

/// The length of a stretch, in ms.
const STRETCH: u64 = 1 << 12;

/// Lists of so many changes take as much memory as a number for each millisecond.
const MOST_LISTED: usize = STRETCH as usize / 2;

/// So many stretches are made together: few are used where changes lie far apart, and finding one takes two
/// steps.
const BLOCK: usize = 64;

/// By how much a number changed at each millisecond.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    blocks: Vec<Option<Box<[Stretch; BLOCK]>>>,
}

/// The changes in one stretch of time.
#[derive(Clone, Debug)]
enum Stretch {
    /// Changes in no order: the millisecond in the lower 12 bits, by how much in the other 20.
    Few(Vec<u32>),
    /// By how much at each millisecond.
    Many(Box<[i16]>),
    /// The same, where something changed by more than 16 bits hold.
    Wide(Box<[i64]>),
}

impl Changes {
    /// It changed by `delta` at `at`.
    #[inline]
    pub fn add(&mut self, at: Time, delta: i64) {
        let millis = at.as_millis();
        self.stretch((millis / STRETCH) as usize).add((millis % STRETCH) as u32, delta);
    }

    #[inline]
    fn stretch(&mut self, place: usize) -> &mut Stretch {
        let (block, place) = (place / BLOCK, place % BLOCK);
        if block >= self.blocks.len() {
            self.blocks.resize_with(block + 1, || None);
        }
        let block = &mut self.blocks[block];
        &mut block.get_or_insert_with(|| Box::new([const { Stretch::Few(Vec::new()) }; BLOCK]))
            [place]
    }

    /// Adds all changes of `other`.
    pub fn add_all(&mut self, other: &Changes) {
        for (place, stretch) in other.stretches() {
            let to = self.stretch(place);
            stretch.for_each(|millis, delta| to.add(millis, delta));
        }
    }

    /// The area under the number in a window of time, in ms.
    pub fn area(&self, window: &MeasuredTime) -> u128 {
        // No level is ever below 0.
        u128::try_from(self.signed_area(window)).unwrap_or(0)
    }

    /// The same of some of the changes of a level.
    pub(super) fn signed_area(&self, window: &MeasuredTime) -> i128 {
        let mut area = 0_i128;
        for (place, stretch) in self.stretches() {
            stretch.for_each(|millis, delta| {
                let at = Time::from_millis(place as u64 * STRETCH + u64::from(millis));
                area += i128::from(delta) * i128::from(window.after(at));
            });
        }
        area
    }

    /// The sum of the changes at instants that count.
    pub fn sum(&self, counts: impl Fn(Time) -> bool) -> i64 {
        let mut sum = 0;
        for (place, stretch) in self.stretches() {
            stretch.for_each(|millis, delta| {
                if counts(Time::from_millis(place as u64 * STRETCH + u64::from(millis))) {
                    sum += delta;
                }
            });
        }
        sum
    }

    /// All changes, in order of time, summed up over each millisecond.
    pub fn for_each(&self, mut each: impl FnMut(Time, i64)) {
        sums(&[self], &mut each);
    }

    /// Its stretches in which something changes, in order of time.
    fn stretches(&self) -> impl Iterator<Item = (usize, &Stretch)> {
        let blocks = self.blocks.iter().enumerate();
        let blocks = blocks.filter_map(|(block, stretches)| Some((block, stretches.as_ref()?)));
        let all = blocks.flat_map(|(block, stretches)| (block * BLOCK..).zip(stretches.iter()));
        all.filter(|(_, stretch)| !matches!(stretch, Stretch::Few(list) if list.is_empty()))
    }
}

/// The highest that a sum of numbers is at the end of an instant of `window`. What it is in the midst of an instant
/// does not count: see [`Level`](super::Level).
pub fn peak<'c>(all: impl IntoIterator<Item = &'c Changes>, window: &MeasuredTime) -> u64 {
    let all: Vec<&Changes> = all.into_iter().collect();
    let (mut level, mut peak, mut before) = (0, 0, 0);
    // A level counts if some of the window lies between the change to it and the next.
    let mut until = |at, level: i64| {
        let now = window.before(at);
        if now > before {
            peak = peak.max(level);
        }
        before = now;
    };
    sums(&all, &mut |at, delta| {
        until(at, level);
        level += delta;
    });
    until(Time::MAX, level);
    u64::try_from(peak).unwrap_or(0)
}

/// Calls `each` with every millisecond at which the sum of `all` changes, in order of time.
fn sums(all: &[&Changes], each: &mut impl FnMut(Time, i64)) {
    let mut stretches: Vec<_> = all.iter().flat_map(|changes| changes.stretches()).collect();
    stretches.sort_by_key(|(place, _)| *place);
    let mut sum = vec![0_i64; STRETCH as usize];
    for together in stretches.chunk_by(|one, other| one.0 == other.0) {
        for (_, stretch) in together {
            stretch.for_each(|millis, delta| sum[millis as usize] += delta);
        }
        let start = together[0].0 as u64 * STRETCH;
        for (at, delta) in (start..).zip(&mut sum) {
            if *delta != 0 {
                each(Time::from_millis(at), std::mem::take(delta));
            }
        }
    }
}

const MILLIS_BITS: u32 = STRETCH.ilog2();

impl Stretch {
    #[inline]
    fn add(&mut self, millis: u32, delta: i64) {
        match self {
            Stretch::Few(list) if list.len() < MOST_LISTED && is_small(delta) => {
                list.push((delta as u32) << MILLIS_BITS | millis);
            }
            Stretch::Many(sums) => match i16::try_from(i64::from(sums[millis as usize]) + delta) {
                Ok(sum) => sums[millis as usize] = sum,
                Err(_) => self.widen(millis, delta),
            },
            Stretch::Wide(sums) => sums[millis as usize] += delta,
            Stretch::Few(_) => self.widen(millis, delta),
        }
    }

    /// Makes room for a further change.
    #[cold]
    fn widen(&mut self, millis: u32, delta: i64) {
        let mut sums = vec![0_i64; STRETCH as usize];
        self.for_each(|millis, delta| sums[millis as usize] += delta);
        sums[millis as usize] += delta;
        let narrow: Result<Vec<i16>, _> = sums.iter().map(|&sum| i16::try_from(sum)).collect();
        *self = match narrow {
            Ok(narrow) => Stretch::Many(narrow.into()),
            Err(_) => Stretch::Wide(sums.into()),
        };
    }

    /// Calls `each` with the milliseconds and by how much they change; a millisecond may come several times.
    fn for_each(&self, mut each: impl FnMut(u32, i64)) {
        let mut dense = |at: usize, delta: i64| {
            if delta != 0 {
                each(at as u32, delta);
            }
        };
        match self {
            Stretch::Few(list) => list.iter().for_each(|&packed| {
                let millis = packed & (STRETCH as u32 - 1);
                dense(millis as usize, i64::from(packed as i32 >> MILLIS_BITS));
            }),
            Stretch::Many(sums) => {
                sums.iter().enumerate().for_each(|(at, &delta)| dense(at, i64::from(delta)));
            }
            Stretch::Wide(sums) => {
                sums.iter().enumerate().for_each(|(at, &delta)| dense(at, delta))
            }
        }
    }
}

/// Whether a change fits into an entry of a list.
fn is_small(delta: i64) -> bool {
    let limit = 1 << (31 - MILLIS_BITS);
    (-limit..limit).contains(&delta)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Purpose, Streams};

    const fn at(millis: u64) -> Time {
        Time::from_millis(millis)
    }

    /// Random changes of a level that is never negative, and the same as a plain list.
    fn random(number: u32, span: f64, most: f64) -> (Changes, Vec<(u64, i64)>) {
        let streams = Streams::new(5, u64::from(number), "changes");
        let mut list = Vec::new();
        for i in 0..number {
            let [from, to] =
                [0, 1].map(|n| (streams.uniform(i, Purpose::Arrival, n) * span) as u64);
            let delta = 1 + (streams.uniform(i, Purpose::Transfer, 0) * most) as i64;
            list.extend([(from.min(to), delta), (from.max(to) + 1, -delta)]);
        }
        let mut changes = Changes::default();
        list.iter().for_each(|&(millis, delta)| changes.add(at(millis), delta));
        list.sort_unstable();
        (changes, list)
    }

    /// The level at the end of each instant at which it changes.
    fn levels(list: &[(u64, i64)]) -> Vec<(u64, i64)> {
        let mut level = 0;
        let mut levels: Vec<(u64, i64)> = Vec::new();
        for &(millis, delta) in list {
            level += delta;
            match levels.last_mut() {
                Some(last) if last.0 == millis => last.1 = level,
                _ => levels.push((millis, level)),
            }
        }
        levels
    }

    #[test]
    fn areas_and_peaks_are_those_of_a_plain_list() {
        // Few changes in a stretch, many, and more than 16 and 20 bits hold.
        for (number, span, most) in
            [(5, 1e4, 3.0), (3_000, 1e4, 3.0), (9_000, 5e3, 9.0), (500, 3e4, 1e6)]
        {
            let (changes, list) = random(number, span, most);
            let levels = levels(&list);
            for (start, end) in [(0, 20_000), (3_000, 7_000), (0, 1), (6_000, 6_000)] {
                let ends = levels.iter().skip(1).map(|next| next.0).chain([u64::MAX]);
                let area: i64 = (levels.iter().zip(ends))
                    .map(|(&(from, level), until)| {
                        let span = until.min(end).saturating_sub(from.max(start));
                        level * span as i64
                    })
                    .sum();
                let window = MeasuredTime::new([(at(start), at(end))]);
                assert_eq!(changes.area(&window), area as u128, "{number}");
                let counted = levels.windows(2).filter(|pair| pair[1].0 > start);
                let peak = counted.map(|pair| pair[0].1).max().unwrap_or(0);
                let window = MeasuredTime::from(at(start));
                assert_eq!(super::peak([&changes], &window), peak as u64, "{number}");
            }
        }
    }

    #[test]
    fn areas_and_peaks_of_several_intervals_leave_out_what_lies_between() {
        let mut changes = Changes::default();
        for (millis, delta) in [(5, 2), (12, 7), (14, -7), (21, 9), (29, -8), (50, 4), (60, -7)] {
            changes.add(at(millis), delta);
        }
        // 2 from 5 on, 9 from 12, 2 from 14, 11 from 21, 3 from 29, 7 from 50, 0 from 60.
        let peak =
            |intervals: &[_]| super::peak([&changes], &MeasuredTime::new(intervals.to_vec()));
        assert_eq!(peak(&[(at(6), at(12)), (at(14), at(21)), (at(30), at(40))]), 3);
        assert_eq!(peak(&[(at(6), at(13)), (at(14), at(21))]), 9);
        assert_eq!(peak(&[(at(15), at(20))]), 2);
        assert_eq!(peak(&[(at(70), at(80))]), 0);
        let window = MeasuredTime::new([(at(0), at(7)), (at(13), at(16)), (at(55), at(99))]);
        assert_eq!(changes.area(&window), 2 * 2 + 9 + 2 * 2 + 7 * 5);
    }

    #[test]
    fn sums_do_not_depend_on_the_order() {
        let (many, few) = (random(9_000, 9e3, 5.0).0, random(40, 9e3, 5.0).0);
        let (mut one, mut other) = (many.clone(), few.clone());
        one.add_all(&few);
        other.add_all(&many);
        let list = |changes: &Changes| {
            let mut list = Vec::new();
            changes.for_each(|at, delta| list.push((at, delta)));
            list
        };
        assert_eq!(list(&one), list(&other));
        let window = MeasuredTime::from(at(0));
        assert_eq!(peak([&many, &few], &window), peak([&one], &window));
    }
}
