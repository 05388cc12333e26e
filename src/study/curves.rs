//! Sums of whole numbers over the replications of a variant, which do not depend on their order.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::model::Span;
use crate::results::{Distribution, Histograms, SeriesResults};
use crate::stats::{Bucket, HISTOGRAM_DIGITS, Series, Times, new_histogram};

/// The digits of the histogram of completion times: within 1% is enough for a chart.
const COMPLETION_DIGITS: u8 = 2;

/// Curves over time and distributions, summed over replications.
///
/// All of them are whole numbers, so the sums do not depend on the order in which replications are
/// added.
#[derive(Clone, Debug)]
pub struct Curves {
    series: Option<Series>,
    /// Times from arrival to completion, in ms.
    completion: Histogram<u64>,
    /// Attempts per client.
    attempts: Histogram<u64>,
}

impl Default for Curves {
    fn default() -> Curves {
        Curves {
            series: None,
            completion: new_histogram(COMPLETION_DIGITS),
            attempts: new_histogram(HISTOGRAM_DIGITS),
        }
    }
}

impl Curves {
    /// The curves of one replication with this series, before its clients are added.
    pub fn new(series: Series) -> Curves {
        Curves { series: Some(series), ..Curves::default() }
    }

    /// Adds clients: the times of those that completed, and the attempts of all.
    pub fn add_clients(&mut self, completions: &Times, attempts: &Histogram<u64>) {
        // A histogram that resizes itself records everything.
        completions.for_each(|millis, number| {
            let _ = self.completion.record_n(millis, number);
        });
        // Histograms that resize themselves can always be added.
        let _ = self.attempts.add(attempts);
    }

    /// Adds other replications.
    pub fn add(&mut self, other: Curves) {
        match (&mut self.series, other.series) {
            (Some(series), Some(other)) => series.add(other),
            (series @ None, other) => *series = other,
            (Some(_), None) => (),
        }
        let _ = self.completion.add(other.completion);
        let _ = self.attempts.add(other.attempts);
    }

    /// The curves as means over `replications` replications.
    pub fn series(&self, replications: u64) -> SeriesResults {
        let series = self.series.clone().unwrap_or_default();
        let width = series.width().as_millis();
        let replications = replications.max(1) as f64;
        let buckets = series.buckets().iter();
        let height = |area: u128| area as f64 / width as f64 / replications;
        let count = |count: u64| count as f64 / replications;
        SeriesResults {
            bucket_ms: width,
            open_connections: buckets.clone().map(|bucket| height(bucket.open_area)).collect(),
            waiting: buckets.clone().map(|bucket| height(bucket.waiting_area)).collect(),
            refused: buckets.clone().map(|bucket| count(bucket.refused)).collect(),
            completed: buckets.map(|bucket| count(bucket.completed)).collect(),
        }
    }

    /// The distributions over all replications.
    pub fn histograms(&self) -> Histograms {
        Histograms {
            completion: distribution(&self.completion),
            attempts: distribution(&self.attempts),
        }
    }
}

fn distribution(histogram: &Histogram<u64>) -> Distribution {
    let recorded = histogram.iter_recorded();
    let (values, counts) =
        recorded.map(|step| (step.value_iterated_to(), step.count_at_value())).unzip();
    Distribution { values, counts }
}

/// [`Curves`] as they are stored: sums and not means, because sums add up exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredCurves {
    bucket_ms: u64,
    /// Connections times milliseconds.
    open_area: Vec<u128>,
    /// Clients times milliseconds.
    waiting_area: Vec<u128>,
    refused: Vec<u64>,
    completed: Vec<u64>,
    completion: Distribution,
    attempts: Distribution,
}

impl StoredCurves {
    /// The stored form of `curves`; `None` if they are of no replications.
    pub fn of(curves: &Curves) -> Option<StoredCurves> {
        let series = curves.series.as_ref()?;
        let buckets = series.buckets().iter();
        Some(StoredCurves {
            bucket_ms: series.width().as_millis(),
            open_area: buckets.clone().map(|bucket| bucket.open_area).collect(),
            waiting_area: buckets.clone().map(|bucket| bucket.waiting_area).collect(),
            refused: buckets.clone().map(|bucket| bucket.refused).collect(),
            completed: buckets.map(|bucket| bucket.completed).collect(),
            completion: distribution(&curves.completion),
            attempts: distribution(&curves.attempts),
        })
    }

    /// The curves; `None` if what was stored is damaged.
    pub fn restore(self) -> Option<Curves> {
        let len = self.open_area.len();
        let lens = [self.waiting_area.len(), self.refused.len(), self.completed.len()];
        if lens.iter().any(|&other| other != len) {
            return None;
        }
        let buckets = (0..len).map(|i| Bucket {
            open_area: self.open_area[i],
            waiting_area: self.waiting_area[i],
            refused: self.refused[i],
            completed: self.completed[i],
        });
        let series = Series::of(Span::from_millis(self.bucket_ms), buckets.collect())?;
        let mut curves = Curves::new(series);
        fill(&mut curves.completion, &self.completion)?;
        fill(&mut curves.attempts, &self.attempts)?;
        Some(curves)
    }
}

fn fill(histogram: &mut Histogram<u64>, stored: &Distribution) -> Option<()> {
    if stored.values.len() != stored.counts.len() {
        return None;
    }
    let mut steps = stored.values.iter().zip(&stored.counts);
    steps.try_for_each(|(&value, &count)| histogram.record_n(value, count).ok())
}
