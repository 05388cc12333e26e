//! Statistics: what observers collect from a run, and the metrics computed from it.

mod attempt_rate;
pub(crate) mod blocks;
mod changes;
mod copies;
mod count_until;
mod gauge;
// Public for the integration tests.
#[doc(hidden)]
pub mod interval;
mod log;
mod measured_time;
pub mod metric;
mod period;
mod recovery;
mod run_statistics;
mod series;
mod standard;
mod tally;
mod time_average;
mod times;
mod whole;
mod windowed;

pub use changes::{Changes, peak};
pub use copies::CopyStatistics;
pub use gauge::{Averages, Course, Gauge};
pub use measured_time::MeasuredTime;
pub use recovery::{Goodput, Recovered};
pub use run_statistics::{Imbalance, PointStatistics, RunStatistics};
pub use series::{Bucket, Series};
pub use standard::{Observed, PointTally, Standard};
pub use tally::{HISTOGRAM_DIGITS, OutcomeCounts, Tally, new_histogram, record};
pub use time_average::{Areas, Level, Meter, mean_height};
pub use times::{Times, nearest_rank};
pub use whole::{Finished, Part, Whole};
pub use windowed::{WindowedParts, WindowedWholes};
