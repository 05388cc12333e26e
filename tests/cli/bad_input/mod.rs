//! Every wrong scenario is refused with exit code 2, and all its errors are reported at once, each
//! with its place and with advice on how to correct it. A setting without an effect is an error or a
//! warning.
//!
//! Facts are asserted here: places, what is marked, the keys and values that are named. The full
//! sentences are in [`wording`](crate::wording), one per kind of error.

mod arrivals;
mod display;
mod durations;
mod files;
mod fleet;
mod keys;
mod names;
mod no_effect;
mod numbers;
mod retries;
mod servers;
mod set;
mod sites;
mod syntax;
mod together;
mod traces;
mod transfers;
mod types;
mod variants;
