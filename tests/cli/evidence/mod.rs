//! Thresholds, sweeps and searches: their exit codes, and how invalid ones are refused.

mod amounts;
mod clock_times;
mod recovery;
mod replications;
mod sizes;
mod sweeps;
mod thresholds;

use crate::harness::Desk;

/// The errors of a command that the program refuses with exit code 2.
fn refused(arguments: &[&str]) -> String {
    Desk::new().run(arguments).fails(2)
}
