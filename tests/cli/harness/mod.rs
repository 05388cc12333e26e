//! Shared by the tests: scenarios to change, a directory to run the program in, and short assertions on
//! its reports.

#[path = "../../shared/cases.rs"]
mod cases;
mod desk;
mod fixtures;
mod refusal;
mod results;
mod small;
#[cfg(unix)]
mod terminal;

pub use cases::cases;
pub use desk::{Desk, Ended, Running};
pub use fixtures::{
    ENDLESS, EVERY_DISTRIBUTION, EVERY_FLEET, EVERY_LIMIT, EVERY_LOAD, EVERY_OUTAGE, MANY_ERRORS,
    RESULTS, SMALL, TRACES,
};
pub use refusal::{Problem, Refusal, assert_mentions, check};
pub use results::{compared, parse, render, render_comparison, simulated, small_results};
pub use small::{
    ARRIVAL, TRANSFER, changed, group, half_a_day, point, refused, refused_set, top, warned,
};
#[cfg(unix)]
pub use terminal::on_terminal;
