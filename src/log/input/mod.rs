//! Inputs: which files there are, and the lines of each.

pub mod encoding;
pub mod files;
mod glob;
pub mod lines;
pub mod source;
