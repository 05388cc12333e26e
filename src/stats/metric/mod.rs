//! Metrics: what a run, a client group or a distribution point is measured by.
//!
//! Each metric is defined once, as an entry of the `table`. Its name is a contract with users:
//! results, thresholds and reports share it. Our own code names metrics by constants such as
//! [`MAKESPAN`], so that a mistyped name does not compile:
//!
//! ```
//! use distpoint::stats::metric::{self, MetricUnit};
//!
//! assert_eq!(metric::MAKESPAN.name, "makespan");
//! assert_eq!(metric::MAKESPAN.unit, MetricUnit::Time);
//! ```

mod definition;
mod lookup;
mod table;
mod values;

#[cfg(test)]
mod tests;

pub use definition::{Better, Definition, Measure, Metric, MetricUnit, Subject, View, When, Which};
pub use lookup::{better, meant, named, show, suggest, unit};
pub use table::*;
pub use values::{Metrics, of_clients, of_copies, of_point, of_run};
