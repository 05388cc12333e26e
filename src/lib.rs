//! Simulates clients that contend for a server with a connection limit and retry.
//!
//! The first case is Microsoft KB article Q268500: clients refused by a distribution point retry
//! every 10 minutes, but in rare circumstances a refusal is misreported, and then their
//! advertisement is stranded.

pub mod cli;
pub mod engine;
pub mod model;
pub mod report;
pub mod results;
pub mod scenario;
pub mod stats;
pub mod study;
