//! Reports: renderings of [`Results`](crate::results::Results) and of comparisons
//! ([`Compared`](crate::compare::Compared)), one file or directory per format.
//!
//! What reports show is built once, in `content`: sentences, and tables of cells that know what they
//! are (a name, a figure, a verdict). A format turns these into its own markup. To add a format, write
//! its [`Renderer`] and its line in [`FORMATS`]: the command line, its help and its completions follow.

mod content;
mod csv;
mod format;
pub mod html;
mod json;
mod junit;
mod markdown;
mod names;
mod renderer;
mod text;

pub use crate::human::{count, percent, span};
pub use format::{FORMATS, Format};
pub use renderer::Renderer;
