//! Counts over time in constant memory: bins of equal width, which doubles when there are too many.

/// The most bins.
const MOST: usize = 1 << 18;

/// Counts of `K` kinds over time.
#[derive(Clone, Debug)]
pub struct Bins<const K: usize> {
    /// The width of a bin in ms.
    width: i64,
    /// The number of the first bin: its beginning over the width.
    first: i64,
    counts: Vec<[u32; K]>,
}

impl<const K: usize> Bins<K> {
    /// No counts, in bins of `width` ms as long as they suffice.
    pub fn of_width(width: i64) -> Bins<K> {
        Bins { width, first: 0, counts: Vec::new() }
    }

    /// Counts one of a kind at `at`, in ms since 1970.
    pub fn count(&mut self, at: i64, kind: usize) {
        let count = &mut self.at(at)[kind];
        *count = count.saturating_add(1);
    }

    /// Adds the counts of another.
    pub fn merge(&mut self, mut other: Bins<K>) {
        if other.counts.is_empty() {
            return;
        }
        while other.width < self.width {
            other.widen();
        }
        while self.width < other.width {
            self.widen();
        }
        for (place, counts) in other.counts.iter().enumerate().filter(|(_, c)| **c != [0; K]) {
            let at = (other.first + place as i64).saturating_mul(other.width);
            for (sum, count) in self.at(at).iter_mut().zip(counts) {
                *sum = sum.saturating_add(*count);
            }
        }
    }

    /// The width of a bin in ms.
    pub fn width(&self) -> i64 {
        self.width
    }

    /// When the first bin begins, in ms since 1970.
    pub fn start(&self) -> i64 {
        self.first * self.width
    }

    /// The counts of each bin from the first with any to the last.
    pub fn all(&self) -> &[[u32; K]] {
        let is_used = |counts: &[u32; K]| *counts != [0; K];
        let end = self.counts.iter().rposition(is_used).map_or(0, |last| last + 1);
        &self.counts[..end]
    }

    fn at(&mut self, at: i64) -> &mut [u32; K] {
        loop {
            let bin = at.div_euclid(self.width);
            if self.counts.is_empty() {
                self.first = bin;
            }
            let last = self.first + self.counts.len() as i64 - 1;
            let most = MOST as i64;
            if bin < self.first && last - bin < most {
                // Some room in front, so that times that go back do not move all bins each time.
                let room = (self.first - bin)
                    .max((last - self.first) / 4)
                    .min(most - 1 - (last - self.first));
                let mut counts = vec![[0; K]; room as usize];
                counts.append(&mut self.counts);
                (self.counts, self.first) = (counts, self.first - room);
            } else if bin >= self.first && bin - self.first < most {
                let place = (bin - self.first) as usize;
                if place >= self.counts.len() {
                    self.counts.resize(place + 1, [0; K]);
                }
                return &mut self.counts[place];
            } else if !self.give_up_room() {
                self.widen();
            }
        }
    }

    /// Removes the room in front of the first bin with counts; returns whether there was any.
    fn give_up_room(&mut self) -> bool {
        let room = self.counts.iter().take_while(|counts| **counts == [0; K]).count();
        self.counts.drain(..room);
        self.first += room as i64;
        room > 0
    }

    /// Doubles the width.
    fn widen(&mut self) {
        let first = self.first.div_euclid(2);
        let mut counts: Vec<[u32; K]> = Vec::with_capacity(self.counts.len() / 2 + 1);
        for (place, old) in self.counts.iter().enumerate() {
            let place = ((self.first + place as i64).div_euclid(2) - first) as usize;
            if place == counts.len() {
                counts.push([0; K]);
            }
            for (sum, count) in counts[place].iter_mut().zip(old) {
                *sum = sum.saturating_add(*count);
            }
        }
        (self.first, self.counts, self.width) = (first, counts, self.width * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total<const K: usize>(bins: &Bins<K>) -> u64 {
        bins.all().iter().map(|counts| u64::from(counts[0])).sum()
    }

    #[test]
    fn nothing_is_lost_when_bins_widen() {
        let mut bins: Bins<1> = Bins::of_width(1);
        let times = [5_000_000, 0, 7, 3_600_000, -86_400_000, 86_400_000, 5_000_000];
        times.iter().for_each(|at| bins.count(*at, 0));
        assert_eq!(total(&bins), 7);
        assert_eq!(bins.width(), 1024);
        let at = |time: i64| bins.all()[(time.div_euclid(1024) - bins.first) as usize][0];
        assert_eq!((at(5_000_000), at(0), at(-86_400_000)), (2, 2, 1));
    }

    #[test]
    fn sums_are_the_same_in_any_order() {
        let times: Vec<i64> = (0..1000).map(|i| i * i * 7919 % 900_001).collect();
        let of = |times: &mut dyn Iterator<Item = i64>| {
            let mut bins: Bins<1> = Bins::of_width(1);
            times.for_each(|at| bins.count(at, 0));
            bins
        };
        let whole = of(&mut times.iter().copied());
        let (left, right) =
            (of(&mut times[..10].iter().copied()), of(&mut times[10..].iter().rev().copied()));
        for (a, b) in [(&left, &right), (&right, &left)] {
            let mut merged = a.clone();
            merged.merge(b.clone());
            assert_eq!(merged.width(), whole.width());
            let used = |bins: &Bins<1>| -> Vec<(i64, u32)> {
                let all = bins.all().iter().enumerate().filter(|(_, counts)| counts[0] > 0);
                all.map(|(place, counts)| (bins.first + place as i64, counts[0])).collect()
            };
            assert_eq!(used(&merged), used(&whole));
        }
    }

    #[test]
    fn the_ends_of_time_are_no_problem() {
        let mut bins: Bins<1> = Bins::of_width(60_000);
        [i64::MAX / 4, 0, i64::MIN / 4].iter().for_each(|at| bins.count(*at, 0));
        assert_eq!(total(&bins), 3);
    }
}
