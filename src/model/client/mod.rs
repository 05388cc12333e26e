//! One client runs one advertisement: the story of Q268500.

mod again;
mod attempt;
mod error_handler;
mod hours;
mod restraint;
mod retries;
mod state;
mod story;
mod workaround;

pub use state::Client;
pub use story::run_advertisement;
