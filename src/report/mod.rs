//! Reports: renderings of [`Results`](crate::results::Results) and of comparisons
//! ([`Compared`](crate::compare::Compared)), one file or directory per format.
//!
//! What reports show is built once, in `content`: sentences, and tables of cells with their kind (a
//! name, a figure, a verdict). A format turns these into its own markup. To add a format, write
//! its [`Renderer`] and its line in [`FORMATS`]: the command line, its help and its completions follow.

mod content;
mod csv;
pub mod html;
mod json;
mod junit;
mod markdown;
mod names;
mod renderer;
mod text;

pub use crate::human::{count, percent, span};
pub use content::left_out::left_out;
pub use renderer::Renderer;

use std::fmt;

use csv::Csv;
use html::Html;
use json::Json;
use junit::Junit;
use markdown::Markdown;
use text::Text;

/// A format of reports.
pub struct Format {
    /// Its name for `--format`.
    pub name: &'static str,
    /// The ending of the names of its files.
    pub ending: &'static str,
    /// What writes it.
    pub renderer: &'static dyn Renderer,
}

/// Every format; the first is the default.
pub static FORMATS: &[Format] = &[
    Format { name: "text", ending: "txt", renderer: &Text },
    Format { name: "json", ending: "json", renderer: &Json },
    Format { name: "csv", ending: "csv", renderer: &Csv },
    Format { name: "markdown", ending: "md", renderer: &Markdown },
    Format { name: "junit", ending: "xml", renderer: &Junit },
    Format { name: "html", ending: "html", renderer: &Html },
];

impl Format {
    /// The format of a file by the ending of its name.
    pub fn of_ending(ending: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.ending.eq_ignore_ascii_case(ending))
    }

    /// The format with this name or this ending.
    pub fn named(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name || format.ending == name)
    }

    /// Whether it is JSON, the only format that holds all of the results.
    pub fn is_json(&self) -> bool {
        self.name == "json"
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
