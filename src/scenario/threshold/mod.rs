//! Thresholds: conditions on metrics that a scenario or a command line sets, such as `completion.p95 < 24h`.

mod check;
mod clock;
mod during;
pub(super) mod expression;
mod metric_path;
mod operator;
mod starts;

pub use check::{check_thresholds, read_thresholds};
pub use during::During;
pub use expression::{Target, Threshold};
pub use metric_path::{MetricPath, Scope};
pub use operator::Operator;
pub use starts::Starts;
