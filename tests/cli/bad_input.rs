//! Every wrong scenario is refused with exit 2, and every error of it is told at once, with its
//! place and with what would be right.

mod display;
mod durations;
mod files;
mod keys;
mod names;
mod numbers;
mod set;
mod syntax;
mod together;
mod types;
mod variants;
