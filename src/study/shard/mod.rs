//! Studies on several machines: the runs are dealt out as shards, and the results of the shards
//! merged.

mod merge;
mod results;
mod share;

pub use merge::merge;
pub use results::{ShardResults, run_shard};
pub use share::Shard;
