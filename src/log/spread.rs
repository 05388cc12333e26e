//! How lengths of time are spread.

use serde::Serialize;

use super::observed::lengths::Lengths;

/// How lengths of time are spread, in ms.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// How many there are.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// The least of them.
    pub min: f64,
    /// The median.
    pub p50: f64,
    /// The 95th percentile.
    pub p95: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The greatest of them.
    pub max: f64,
}

impl Spread {
    /// How `lengths` are spread; `None` of none.
    pub fn of(lengths: &Lengths) -> Option<Spread> {
        let quantile = |share| lengths.quantile(share);
        let (min, max) = lengths.bounds()?;
        Some(Spread {
            count: lengths.count(),
            mean: lengths.mean()?,
            min: min as f64,
            p50: quantile(0.5)?,
            p95: quantile(0.95)?,
            p99: quantile(0.99)?,
            max: max as f64,
        })
    }
}
