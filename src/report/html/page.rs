//! A page: its head, its style sheet, and what it may do.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::palette;
use crate::results::Tool;

const STYLE: &str = include_str!("style.css");

/// What the page may do: show its own styles. It loads nothing and runs nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// A page that `tool` wrote, with a title and what is in it.
pub fn page(tool: &Tool, title: &str, content: Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="generator" content={ (tool.name) " " (tool.version) };
                // Without it, a browser would ask the server for an icon.
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(style())) }
            }
            body { main { (content) } }
        }
    };
    page.into_string()
}

/// The rules for both themes and for paper, which is light.
fn style() -> String {
    let (light, dark) = (palette::rules(false), palette::rules(true));
    format!("{STYLE}{light}@media screen and (prefers-color-scheme:dark){{{dark}}}")
}
