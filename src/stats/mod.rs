//! Statistics: what observers collect from a run, and the metrics computed from it.

pub(crate) mod blocks;
// Public for the integration tests.
#[doc(hidden)]
pub mod interval;
pub mod metric;
mod run_statistics;
mod series;
mod standard;
mod tally;
mod time_average;

pub use run_statistics::{Imbalance, PointStatistics, RunStatistics};
pub use series::{Bucket, Series};
pub use standard::Standard;
pub use tally::{HISTOGRAM_DIGITS, OutcomeCounts, Tally, nearest_rank, new_histogram, record};
pub use time_average::{Areas, Level, Meter, mean_height};
