//! The curves of several variants brought to one scale of time.
//!
//! Each variant's series has buckets as wide as its own run needed. To be drawn together, and for
//! "per bucket" to mean the same, all get the widest.

use crate::report::content::clock::Clock;
use crate::results::{Results, SeriesResults, VariantResults};

/// A reader cannot see more steps than this.
const MOST_BUCKETS: usize = 400;

/// One variant's curves.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantCourse {
    pub open: Vec<f64>,
    /// Clients waiting for a retry.
    pub waiting: Vec<f64>,
    /// Refused attempts in each bucket.
    pub refused: Vec<f64>,
    /// Clients done by the end of each bucket.
    pub done: Vec<f64>,
}

/// The curves of some variants over the same time.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The width of a bucket in ms.
    pub bucket: f64,
    /// How many buckets there are until nothing happens any more.
    pub buckets: usize,
    /// The curves, in the order of the variants.
    pub curves: Vec<VariantCourse>,
    /// The time of day, if the scenario names its start.
    pub clock: Option<Clock>,
}

impl Course {
    /// The curves of `variants`, which are of `results`.
    pub fn of(results: &Results, variants: &[&VariantResults]) -> Course {
        let width = |variant: &&VariantResults| variant.series.bucket_ms.max(1) as f64;
        let end = variants.iter().map(|v| busy(&v.series) as f64 * width(v)).fold(0.0, f64::max);
        let mut bucket = variants.iter().map(width).fold(1.0, f64::max);
        while end / bucket > MOST_BUCKETS as f64 {
            bucket *= 2.0;
        }
        let buckets = (end / bucket).ceil() as usize;
        let curves = variants.iter().map(|variant| {
            let series = &variant.series;
            let mean = |values: &[f64]| averaged(values, width(variant), bucket, buckets);
            let total = |values: &[f64]| -> Vec<f64> {
                let ratio = bucket / width(variant);
                mean(values).into_iter().map(|value| value * ratio).collect()
            };
            let done = total(&series.completed).into_iter().scan(0.0, |sum, value| {
                *sum += value;
                Some(*sum)
            });
            VariantCourse {
                open: mean(&series.open_connections),
                waiting: mean(&series.waiting),
                refused: total(&series.refused),
                done: done.collect(),
            }
        });
        let clock = Clock::of(results, bucket * buckets as f64);
        Course { bucket, buckets, curves: curves.collect(), clock }
    }

    /// When the last bucket ends, in ms.
    pub fn end(&self) -> f64 {
        self.bucket * self.buckets as f64
    }
}

/// How many buckets there are up to the last in which something happens.
fn busy(series: &SeriesResults) -> usize {
    let all = [&series.open_connections, &series.waiting, &series.refused, &series.completed];
    let last =
        |values: &Vec<f64>| values.iter().rposition(|value| *value > 0.0).map_or(0, |i| i + 1);
    all.into_iter().map(last).max().unwrap_or(0)
}

/// The means of `values`, each over `width`, in `buckets` buckets of `wider`; after their end: 0.
fn averaged(values: &[f64], width: f64, wider: f64, buckets: usize) -> Vec<f64> {
    let mut means = vec![0.0; buckets];
    for (i, value) in values.iter().enumerate() {
        let (from, to) = (i as f64 * width, (i + 1) as f64 * width);
        let (first, last) = ((from / wider) as usize, (to / wider).ceil() as usize);
        for (bucket, mean) in means.iter_mut().enumerate().take(last).skip(first) {
            let start = bucket as f64 * wider;
            let inside = to.min(start + wider) - from.max(start);
            *mean += value * inside.max(0.0) / wider;
        }
    }
    means
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wider_buckets_keep_means_and_totals() {
        assert_eq!(averaged(&[1.0, 3.0, 5.0], 10.0, 20.0, 2), [2.0, 2.5]);
        assert_eq!(averaged(&[1.0], 10.0, 10.0, 3), [1.0, 0.0, 0.0]);
        assert_eq!(averaged(&[], 10.0, 10.0, 0), [] as [f64; 0]);
    }
}
