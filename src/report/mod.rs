//! Reports: renderings of [`Results`], one file each.

mod csv;
pub mod html;
mod json;
mod names;
mod reproduce;
mod spark;
mod text;

pub use crate::human::{count, percent, span};

use crate::human;
use crate::results::Results;

/// A form in which results can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people, on a terminal.
    Text,
    /// The results themselves.
    Json,
    /// For spreadsheets and scripts.
    Csv,
    /// For people, in a browser: one file with charts that opens offline and needs no script.
    Html,
}

impl Format {
    /// Every format with the endings of its files.
    const ENDINGS: [(&'static str, Format); 4] = [
        ("json", Format::Json),
        ("csv", Format::Csv),
        ("txt", Format::Text),
        ("html", Format::Html),
    ];

    /// The format of a file by the ending of its name.
    pub fn of_ending(ending: &str) -> Option<Format> {
        let mut known = Format::ENDINGS.into_iter();
        known.find(|(known, _)| known.eq_ignore_ascii_case(ending)).map(|(_, format)| format)
    }

    /// The endings of names of files that can be written.
    pub fn endings() -> impl Iterator<Item = &'static str> {
        Format::ENDINGS.into_iter().map(|(ending, _)| ending)
    }

    /// Renders `results`, at most `width` columns wide if that is given (text only).
    pub fn render(self, results: &Results, width: Option<u16>) -> String {
        match self {
            Format::Text => text::render(results, width),
            Format::Json => json::render(results),
            Format::Csv => csv::render(results),
            Format::Html => html::render(results),
        }
    }
}
