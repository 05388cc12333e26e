//! Lengths of time of any number, in little memory: how many there are of each length, or of about each where
//! many lengths differ.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use crate::stats::{new_histogram, record};

/// Percentiles of many different lengths are right to a thousandth.
const DIGITS: u8 = 3;

/// The most different lengths that are kept as they are.
const MOST_EXACT: usize = 1024;

/// Longer ones count as this: a hundred years, in ms.
pub const LONGEST: i64 = 100 * 365 * 86_400_000;

/// Lengths of time in ms.
#[derive(Clone, Debug, Default)]
pub struct Lengths {
    count: u64,
    sum: u128,
    least: Option<u64>,
    greatest: u64,
    each: Each,
}

#[derive(Clone, Debug)]
enum Each {
    Exactly(BTreeMap<u64, u64>),
    About(Box<Histogram<u64>>),
}

impl Default for Each {
    fn default() -> Each {
        Each::Exactly(BTreeMap::new())
    }
}

impl Lengths {
    /// Adds one; one below zero, as clocks that were set back make it, does not count.
    pub fn add(&mut self, millis: i64) {
        let Ok(millis) = u64::try_from(millis.min(LONGEST)) else { return };
        self.count += 1;
        self.sum += u128::from(millis);
        self.least = Some(self.least.map_or(millis, |least| least.min(millis)));
        self.greatest = self.greatest.max(millis);
        self.each.add(millis, 1);
    }

    /// Adds all of `other`.
    pub fn merge(&mut self, other: Lengths) {
        self.count += other.count;
        self.sum += other.sum;
        self.least = [self.least, other.least].into_iter().flatten().min();
        self.greatest = self.greatest.max(other.greatest);
        match other.each {
            Each::Exactly(theirs) => theirs.into_iter().for_each(|(ms, n)| self.each.add(ms, n)),
            Each::About(theirs) => {
                // A histogram that grows takes every value.
                let _ = self.each.about().add(&*theirs);
            }
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The sum in ms.
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The mean in ms; `None` of none.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// Lengths in ms and how many there are of about each, ascending.
    pub fn each(&self) -> Vec<(u64, u64)> {
        match &self.each {
            Each::Exactly(each) => each.iter().map(|(millis, number)| (*millis, *number)).collect(),
            Each::About(histogram) => {
                // Of a range of values that are counted together, the middle.
                let middle = |millis| histogram.median_equivalent(millis);
                let recorded = histogram.iter_recorded();
                recorded.map(|v| (middle(v.value_iterated_to()), v.count_at_value())).collect()
            }
        }
    }

    /// The least and the greatest, in ms; `None` of none.
    pub fn bounds(&self) -> Option<(u64, u64)> {
        Some((self.least?, self.greatest))
    }

    /// The length in ms that the share `share` of them does not exceed; `None` of none.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let (least, greatest) = self.bounds()?;
        let millis = match &self.each {
            Each::About(histogram) => histogram.value_at_quantile(share).clamp(least, greatest),
            Each::Exactly(each) => {
                let rank = ((self.count as f64 * share).ceil() as u64).max(1);
                let mut below = 0;
                let reaches = |(_, number): &(&u64, &u64)| {
                    below += **number;
                    below >= rank
                };
                each.iter().find(reaches).map_or(greatest, |(millis, _)| *millis)
            }
        };
        Some(millis as f64)
    }
}

impl Each {
    fn add(&mut self, millis: u64, number: u64) {
        match self {
            Each::About(histogram) if number == 1 => record(histogram, millis),
            Each::About(histogram) => {
                let _ = histogram.record_n(millis, number);
            }
            Each::Exactly(each) => {
                *each.entry(millis).or_default() += number;
                if each.len() > MOST_EXACT {
                    self.about();
                }
            }
        }
    }

    /// About how many there are of each length, from now on.
    fn about(&mut self) -> &mut Histogram<u64> {
        if let Each::Exactly(each) = self {
            let mut histogram = Box::new(new_histogram(DIGITS));
            for (millis, number) in std::mem::take(each) {
                let _ = histogram.record_n(millis, number);
            }
            *self = Each::About(histogram);
        }
        match self {
            Each::About(histogram) => histogram,
            Each::Exactly(_) => unreachable!("it was replaced"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_few_lengths_all_figures_are_exact() {
        let mut all = Lengths::default();
        assert_eq!((all.mean(), all.quantile(0.5)), (None, None));
        [600_000, 600_000, 600_001, 900_000, -5].iter().for_each(|millis| all.add(*millis));
        assert_eq!((all.count(), all.bounds()), (4, Some((600_000, 900_000))));
        let quantiles = [0.0, 0.5, 0.75, 1.0].map(|share| all.quantile(share));
        assert_eq!(quantiles, [600_000.0, 600_000.0, 600_001.0, 900_000.0].map(Some));
    }

    #[test]
    fn of_many_lengths_means_are_exact_and_percentiles_nearly() {
        let of = |range: std::ops::RangeInclusive<i64>| {
            let mut lengths = Lengths::default();
            range.for_each(|millis| lengths.add(millis * 100));
            lengths
        };
        let mut all = of(1..=500);
        all.merge(of(501..=2000));
        let mut other = of(501..=2000);
        other.merge(of(1..=500));
        for all in [all, other] {
            assert_eq!((all.count(), all.mean()), (2000, Some(100_050.0)));
            let median = all.quantile(0.5).expect("there are some");
            assert!((median - 100_000.0).abs() <= 100.0, "{median}");
            assert_eq!(all.bounds(), Some((100, 200_000)));
        }
    }
}
