//! Studies: every variant of a scenario, simulated as often as needed, and summed up.
//!
//! The work is divided into *runs*. A run is one replication of one variant. Runs share no state, so they
//! use all cores. They are summed up in the order of the replications, independent of the order in which
//! they finish, so the results do not depend on the number of threads. The sums do not grow with the
//! number of replications.

mod conclude;
mod curves;
mod differences;
mod error;
mod estimate;
mod findings;
mod one_run;
mod options;
mod outcome;
mod plan;
mod planned_variant;
mod ranking;
mod replicate;
mod run;
mod shard;
mod simulator;
mod size;
mod study_accumulator;
mod threshold;
mod variant_accumulator;

pub use differences::verdict;
pub use error::StudyError;
pub use estimate::Estimate;
pub use one_run::simulate;
pub use options::{Engine, Options, Precision, Progress, Replications};
pub use outcome::{Shortfall, StudyOutcome};
pub use plan::Plan;
pub use planned_variant::PlannedVariant;
pub use run::{plan, run, run_plan, run_whole};
pub use shard::{Shard, ShardResults, merge, run_shard};
pub use size::{CompletedSearch, Objective, Search, SearchRange, SizingPlan, size};
