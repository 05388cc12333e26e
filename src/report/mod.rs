//! Reports: renderings of [`Results`], of comparisons ([`Compared`]) and of what logs show ([`Answer`]), one
//! file or directory per format.
//!
//! What reports show is built once, in `content`: sentences, and tables of cells with their kind (a
//! name, a figure, a verdict). A format turns these into its own markup: its module has a function
//! for results, one for comparisons and one for logs. To add a format, write these three and its line in
//! [`FORMATS`]: the command line, its help and its completions follow.

mod content;
mod csv;
mod html;
mod json;
mod junit;
mod markdown;
mod names;
mod text;

pub use crate::human::{count, percent, span};
pub use content::left_out::left_out;
pub use content::logs::what_was_read;
pub use text::wrap;

use crate::compare::Compared;
use crate::log::Answer;
use crate::results::Results;

/// A format of reports.
#[derive(Debug)]
pub struct Format {
    /// Its name for `--format`.
    pub name: &'static str,
    /// The ending of the names of its files.
    pub ending: &'static str,
    /// Renders results; if a number of columns is given, for a terminal of this width (text only): in
    /// colour, and no line is wider unless a single word is.
    pub results: fn(&Results, Option<u16>) -> String,
    /// Renders a comparison of two results, in the same way.
    pub comparison: fn(&Compared, Option<u16>) -> String,
    /// Renders what logs show, in the same way.
    pub log: fn(&Answer, Option<u16>) -> String,
}

/// Every format; the first is the default.
pub static FORMATS: &[Format] = &[
    format("text", "txt", text::results, text::comparison, text::log),
    format("json", "json", json::results, json::comparison, json::log),
    format("csv", "csv", csv::results, csv::comparison, csv::log),
    format("markdown", "md", markdown::results, markdown::comparison, markdown::log),
    format("junit", "xml", junit::results, junit::comparison, junit::log),
    format("html", "html", html::results, html::comparison, html::log),
];

const fn format(
    name: &'static str,
    ending: &'static str,
    results: fn(&Results, Option<u16>) -> String,
    comparison: fn(&Compared, Option<u16>) -> String,
    log: fn(&Answer, Option<u16>) -> String,
) -> Format {
    Format { name, ending, results, comparison, log }
}

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
