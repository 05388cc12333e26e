//! Thresholds, sweeps and sizes: their exit codes, and how wrong ones are refused.

mod amounts;
mod replications;
mod sizes;
mod sweeps;
mod thresholds;

use crate::harness::Desk;

/// What the program reports about a command that it refuses with exit code 2.
fn refused(arguments: &[&str]) -> String {
    Desk::new().run(arguments).fails(2)
}
