//! A chart with its title, a note and a legend.

use maud::{Markup, html};

use super::chart::{Axis, Plot};
use super::palette::{look, swatch};
use crate::report::names::{clean, short};
use crate::results::VariantResults;

/// The frame of a chart.
pub struct Figure<'a> {
    /// Its anchor on the page.
    pub id: &'a str,
    pub title: &'a str,
    /// What exactly is drawn.
    pub note: String,
    /// Whether it takes the whole width of the page.
    pub wide: bool,
    /// Which line belongs to which variant.
    pub legend: Markup,
}

impl Figure<'_> {
    /// The figure around `chart`.
    pub fn draw(self, chart: Markup) -> Markup {
        html! {
            figure.chart.wide[self.wide] id=(self.id) {
                figcaption { h3 { (self.title) } p { (self.note) } }
                (self.legend)
                div.frame { (chart) }
            }
        }
    }
}

/// The names of the variants with samples of their lines; nothing where there is only one.
pub fn legend(variants: &[&VariantResults]) -> Markup {
    html! {
        @if variants.len() > 1 {
            ul.legend {
                @for (i, variant) in variants.iter().enumerate() {
                    li { (swatch(look(i))) (name(&variant.name)) }
                }
            }
        }
    }
}

/// A chart for each variant, one above the other on the same axes x and y, each below its name and a fact
/// about it. `what` describes them, and `curves` are drawn for the variant of that number.
pub fn strip_charts(
    variants: &[&VariantResults],
    [x, y]: [&Axis; 2],
    what: &str,
    fact: impl Fn(usize) -> String,
    curves: impl Fn(&Plot, usize) -> Markup,
) -> Markup {
    html! {
        @for (i, variant) in variants.iter().enumerate() {
            @let plot = Plot {
                labelled: i + 1 == variants.len(),
                ..Plot::new(x.clone(), y.clone(), strip_height(variants.len()),
                    format!("{what}, {}", short(&variant.name, 60)))
            };
            p.strip {
                i.chip.(look(i).class) { } (name(&variant.name)) " " span.fact { (fact(i)) }
            }
            (plot.draw(curves(&plot, i), html! {}))
        }
    }
}

/// How high a strip is, so that a figure of many is not much higher than one of few.
fn strip_height(strips: usize) -> f64 {
    match strips {
        0 | 1 => 170.0,
        2 => 90.0,
        3 | 4 => 62.0,
        _ => 44.0,
    }
}

/// A figure in a table: it breaks only before its margin and its share, if at all.
pub fn figures(text: &str) -> String {
    const TIED: char = '\u{a0}';
    let tied = text.replace(' ', &TIED.to_string());
    [" ±", " ("]
        .iter()
        .fold(tied, |text, loose| text.replace(&loose.replace(' ', &TIED.to_string()), loose))
}

/// A name in running text: of any direction of writing, and not too long. The whole of it shows on
/// hovering.
pub fn name(name: &str) -> Markup {
    const MOST: usize = 60;
    // Only names with such long words are broken inside a word.
    let long = name.split_whitespace().any(|word| word.chars().count() > 18);
    let (shown, whole) = (short(name, MOST), short(name, 1000));
    let title = (shown != clean(name)).then_some(whole);
    html! { bdi.long[long] title=[title] { (shown) } }
}

/// A label with a capital letter at its start.
pub fn capitalised(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
