//! GitHub-flavoured Markdown, for the summary of a CI step: the answer first, then what it rests on.

mod comparison;
mod page;
mod results;

pub use comparison::comparison;
pub use results::results;
