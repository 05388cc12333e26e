//! GitHub-flavoured Markdown, for the summary of a CI step: the answer first, then what it rests on.

mod comparison;
mod logs;
mod page;
mod results;

pub use comparison::comparison;
pub use logs::log;
pub use results::results;
