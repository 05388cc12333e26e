//! Reports of results and of comparisons: what each format says, and that no name breaks it.

mod comparing;
mod formats;
mod harness;
mod hostile;
mod junit_rules;
mod keys;
mod reading;
mod schemas;
