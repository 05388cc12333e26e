//! Times of clients, from which percentiles are exact.

use super::Changes;
use crate::model::Time;

/// More times than this are kept as how many there are of each length.
const MOST_LISTED: usize = 1 << 22;

/// Times in ms, in no order.
#[derive(Clone, Debug)]
pub enum Times {
    /// Each of them.
    Listed(Vec<u64>),
    /// How many there are of each length, which takes less memory where there are many millions.
    Counted(Counted),
}

/// How many times there are of each length.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    number: u64,
    sum: u128,
    longest: u64,
    by_length: Changes,
}

impl Default for Times {
    fn default() -> Times {
        Times::Listed(Vec::new())
    }
}

impl Times {
    /// Makes room for `number` more.
    pub fn reserve(&mut self, number: usize) {
        if let Times::Listed(list) = self {
            list.reserve_exact(number);
        }
    }

    /// Adds one.
    #[inline]
    pub fn push(&mut self, millis: u64) {
        match self {
            Times::Listed(list) => list.push(millis),
            Times::Counted(counted) => counted.add(millis, 1),
        }
    }

    /// Adds those of `other`.
    pub fn add(&mut self, other: &Times) {
        if let Times::Listed(list) = self
            && list.len() as u64 + other.len() > MOST_LISTED as u64
        {
            let mut counted = Counted::default();
            // In order they take a fraction of the time.
            list.sort_unstable();
            list.iter().for_each(|&millis| counted.add(millis, 1));
            *self = Times::Counted(counted);
        }
        match (self, other) {
            (Times::Listed(list), Times::Listed(other)) => list.extend_from_slice(other),
            (Times::Counted(counted), Times::Listed(other)) => {
                let mut sorted = other.clone();
                sorted.sort_unstable();
                sorted.iter().for_each(|&millis| counted.add(millis, 1));
            }
            (Times::Counted(counted), Times::Counted(other)) => counted.add_all(other),
            (Times::Listed(list), Times::Counted(other)) => {
                // Fewer than may be listed.
                other.for_each(|millis, number| {
                    list.extend(std::iter::repeat_n(millis, number as usize));
                });
            }
        }
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        match self {
            Times::Listed(list) => list.len() as u64,
            Times::Counted(counted) => counted.number,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Their mean, in ms; `None` of no times.
    pub fn mean(&self) -> Option<f64> {
        let sum = match self {
            Times::Listed(list) => list.iter().map(|&millis| u128::from(millis)).sum::<u128>(),
            Times::Counted(counted) => counted.sum,
        };
        (!self.is_empty()).then(|| sum as f64 / self.len() as f64)
    }

    /// The longest, in ms; `None` of no times.
    pub fn longest(&self) -> Option<u64> {
        match self {
            Times::Listed(list) => list.iter().copied().max(),
            Times::Counted(counted) => (counted.number > 0).then_some(counted.longest),
        }
    }

    /// Their nearest-rank percentile, in ms: the smallest such that at least `percent` (0 to 100) of all are
    /// not longer. `None` of no times. Puts them into another order.
    pub fn percentile(&mut self, percent: usize) -> Option<u64> {
        match self {
            Times::Listed(list) => nearest_rank(list, percent),
            Times::Counted(counted) => counted.percentile(percent),
        }
    }

    /// Calls `each` with the times, each of which may come several times, and how many are so long.
    pub fn for_each(&self, mut each: impl FnMut(u64, u64)) {
        match self {
            Times::Listed(list) => list.iter().for_each(|&millis| each(millis, 1)),
            Times::Counted(counted) => counted.for_each(each),
        }
    }

    /// Puts them into ascending order.
    pub fn sort(&mut self) {
        if let Times::Listed(list) = self {
            list.sort_unstable();
        }
    }

    /// All of them, in ascending order.
    pub fn sorted(&self) -> Vec<u64> {
        let mut all = Vec::new();
        self.for_each(|millis, number| all.extend(std::iter::repeat_n(millis, number as usize)));
        all.sort_unstable();
        all
    }
}

impl Counted {
    fn add(&mut self, millis: u64, number: u64) {
        self.number += number;
        self.sum += u128::from(millis) * u128::from(number);
        self.longest = self.longest.max(millis);
        self.by_length.add(Time::from_millis(millis), number as i64);
    }

    fn add_all(&mut self, other: &Counted) {
        self.number += other.number;
        self.sum += other.sum;
        self.longest = self.longest.max(other.longest);
        self.by_length.add_all(&other.by_length);
    }

    fn for_each(&self, mut each: impl FnMut(u64, u64)) {
        self.by_length.for_each(|length, number| each(length.as_millis(), number as u64));
    }

    fn percentile(&self, percent: usize) -> Option<u64> {
        let rank = (u128::from(self.number) * percent.min(100) as u128).div_ceil(100).max(1);
        let (mut seen, mut found) = (0, None);
        self.for_each(|millis, number| {
            seen += u128::from(number);
            if found.is_none() && seen >= rank {
                found = Some(millis);
            }
        });
        found
    }
}

/// The nearest-rank percentile of `values`, which it puts into another order; `None` of no values.
///
/// The smallest value such that at least `percent` (0 to 100) of all are not greater.
pub fn nearest_rank(values: &mut [u64], percent: usize) -> Option<u64> {
    // In whole numbers: 0.07 * 100 is more than 7.
    let rank = (values.len() * percent.min(100)).div_ceil(100).max(1);
    (!values.is_empty()).then(|| *values.select_nth_unstable(rank - 1).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_rank_is_the_smallest_value_that_covers_the_share() {
        let mut values = [15, 20, 35, 40, 50];
        let ranks = [0, 5, 30, 40, 50, 100];
        let got: Vec<_> = ranks.iter().map(|&p| nearest_rank(&mut values, p)).collect();
        assert_eq!(got, [15, 15, 20, 20, 35, 50].map(Some));
        assert_eq!(nearest_rank(&mut [], 50), None);
    }

    #[test]
    fn counted_times_have_the_percentiles_of_listed_ones() {
        let list: Vec<u64> = (0..5_000_u64).map(|i| i * i % 7_919 * 13).collect();
        let mut listed = Times::Listed(list.clone());
        let mut counted = Times::Counted(Counted::default());
        list.iter().for_each(|&millis| counted.push(millis));
        for percent in [0, 1, 50, 95, 99, 100] {
            assert_eq!(counted.percentile(percent), listed.percentile(percent));
        }
        assert_eq!((counted.mean(), counted.longest()), (listed.mean(), listed.longest()));
        assert_eq!(counted.sorted(), listed.sorted());
        let mut both = listed.clone();
        both.add(&counted);
        counted.add(&listed);
        assert_eq!(both.sorted(), counted.sorted());
        assert_eq!(Times::default().percentile(50), None);
    }
}
