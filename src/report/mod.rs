//! Reports: renderings of [`Results`] and of a [`Compared`] pair of them, one format a file.
//!
//! A format is a line of [`FORMATS`]. To add one, write its renderer in a file of its own and its
//! line in the table: the command line, its help and its completions follow.

mod comparison;
mod csv;
pub mod html;
mod json;
mod junit;
mod markdown;
mod names;
mod reproduce;
mod spark;
mod text;

pub use crate::human::{count, percent, span};

use crate::compare::Compared;
use crate::human;
use crate::results::Results;

/// Writes what a study or a comparison came to in one format.
pub trait Renderer: Sync {
    /// Renders `results`, at most `width` columns wide if that is given (text only).
    fn results(&self, results: &Results, width: Option<u16>) -> String;

    /// Renders a comparison of two results.
    fn comparison(&self, compared: &Compared, width: Option<u16>) -> String;
}

/// A form in which results can be written.
pub struct Format {
    /// What `--format` calls it.
    pub name: &'static str,
    /// How the names of its files end.
    pub ending: &'static str,
    /// What writes it.
    pub renderer: &'static dyn Renderer,
}

/// Every format; the first is what a terminal gets.
pub static FORMATS: &[Format] = &[
    Format { name: "text", ending: "txt", renderer: &text::Text },
    Format { name: "json", ending: "json", renderer: &json::Json },
    Format { name: "csv", ending: "csv", renderer: &csv::Csv },
    Format { name: "markdown", ending: "md", renderer: &markdown::Markdown },
    Format { name: "junit", ending: "xml", renderer: &junit::Junit },
    Format { name: "html", ending: "html", renderer: &html::Html },
];

impl Format {
    /// The format of a file by the ending of its name.
    pub fn of_ending(ending: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.ending.eq_ignore_ascii_case(ending))
    }

    /// The format that `--format` calls so; its ending will do, too.
    pub fn named(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name || format.ending == name)
    }
}

impl Format {
    /// Whether it is JSON, which holds all there is.
    pub fn is_json(&self) -> bool {
        self.name == "json"
    }
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
