//! JUnit's XML, which CI systems show as test results.
//!
//! A study is a suite, and each threshold in each variant a case; so is each target of a search.
//! What is inconclusive is a *failure*, of the type `inconclusive`: CI systems treat skipped
//! cases as harmless, and a threshold without data must not pass. A study that was stopped early has a
//! failure, too. A study without thresholds has one
//! skipped case with the reason, because many readers refuse a report without any case.

mod comparison;
mod logs;
mod results;
mod suite;

pub use comparison::comparison;
pub use logs::log;
pub use results::results;
