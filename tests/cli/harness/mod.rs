//! What the tests share: scenarios to change, a directory to run the program in, and short ways to
//! assert what it reports.

mod desk;
mod refusal;
mod small;

pub use desk::{Desk, Ended};
pub use refusal::{Problem, Refusal, assert_mentions, check};
pub use small::{
    ARRIVAL, SMALL, TRANSFER, changed, group, point, refused, refused_set, top, warned,
};
