//! Thresholds: what a scenario or a command line demands of metrics, such as `completion.p95 < 24h`.

mod check;
mod expression;
mod operator;

pub use check::{check_thresholds, read_thresholds};
pub use expression::{MetricPath, Scope, Target, Threshold};
pub use operator::Operator;
