//! Searches for a value: the answer in words, and the whole curve.

mod curve;
mod doubt;
mod story;

pub use story::{Story, search_answer, value_text};
