//! The formats that reports can be written in.

use std::fmt;

use super::csv::Csv;
use super::html::Html;
use super::json::Json;
use super::junit::Junit;
use super::markdown::Markdown;
use super::renderer::Renderer;
use super::text::Text;

/// A format of reports.
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

    /// The format that `--format` calls by its name or by its ending.
    pub fn named(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name || format.ending == name)
    }

    /// Whether it is JSON, which holds all there is.
    pub fn is_json(&self) -> bool {
        self.name == "json"
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
