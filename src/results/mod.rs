//! Results: the one artifact of a study. Every report is made from them, also later and elsewhere.
//!
//! Times are in milliseconds, ratios between 0 and 1. Within a schema version fields are added,
//! never changed. Nothing in them depends on the machine, the clock or the number of threads.

mod check;
mod conclusions;
mod document;
mod ranking;
mod read;
mod sizing;
mod variant;

pub use conclusions::{
    Comparison, Difference, Finding, ThresholdResult, ThresholdVerdict, Verdict, WhatIf,
};
pub use document::{Results, SCHEMA, SHARD_SCHEMA, Sweep, Tool};
pub use ranking::{Rank, Ranking};
pub use read::{ReadError, check_readable, read, read_bytes, read_file};
pub use sizing::{
    Direction, SearchDifference, SearchObjective, SearchTarget, SearchedValue, Sizing, Standing,
};
pub use variant::{
    Blocks, Distribution, Histograms, MetricTable, Phases, SeriesResults, Summary, VariantResults,
    WindowResults, mean,
};
