//! Thresholds: conditions on metrics that a scenario or a command line sets, such as `completion.p95 < 24h`.

mod check;
pub(super) mod expression;
mod operator;

pub use check::{check_thresholds, threshold};
pub use expression::{MetricPath, Scope, Target, Threshold};
pub use operator::Operator;
