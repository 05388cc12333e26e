//! Studies on several machines: the runs are distributed over shards, and the results of the shards are
//! merged.

mod merge;
mod results;
mod share;

pub use merge::merge;
pub use results::{ShardResults, run_shard};
pub use share::Shard;
