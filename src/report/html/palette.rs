//! The colours of variants, and what distinguishes them without colour.
//!
//! Both palettes were searched so that any two colours stay apart for readers with normal sight,
//! protanopia, deuteranopia and tritanopia (at least 0.09 in OKLab under the simulation of Machado,
//! Oliveira and Fernandes, 2009), and stand out from the page. Each line also has its own dashes.

use maud::{Markup, html};

/// The number of variants that look different.
pub const MOST: usize = 8;

/// How one variant is drawn, in every chart of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The class that sets its colour for the theme of the reader.
    pub class: &'static str,
    /// The colour on white, for viewers that drop style sheets.
    pub color: &'static str,
    /// The dashes of its lines, as of `stroke-dasharray`.
    pub dash: &'static str,
}

/// The classes with their colours on a light and on a dark page.
pub const COLORS: [(&str, &str, &str); MOST] = [
    ("v0", "#3b5cee", "#5a97d6"),
    ("v1", "#e55a28", "#ea6a3c"),
    ("v2", "#19546d", "#13c1a0"),
    ("v3", "#9f6e95", "#c9a0ff"),
    ("v4", "#1595fb", "#70f7f9"),
    ("v5", "#7d4a1e", "#ffa02e"),
    ("v6", "#3c1a7d", "#d3ed89"),
    ("v7", "#5c153e", "#b061ff"),
];

const DASHES: [&str; MOST] =
    ["none", "7 3", "2 2", "10 3 2 3", "14 3", "5 2 2 2 2 2", "4 4", "1 3"];

/// The look of lines that belong to no variant: the colour of the text.
pub const NEUTRAL: Look = Look { class: "ink", color: "#3d4452", dash: "none" };

/// The look of the charted variant number `index`, from 0.
pub fn look(index: usize) -> Look {
    let (class, color, _) = COLORS[index % MOST];
    Look { class, color, dash: DASHES[index % MOST] }
}

/// The style rules that give each class its colour: of one theme, light or dark.
pub fn rules(dark: bool) -> String {
    let rule = |(class, light, night): (&str, &str, &str)| {
        format!(".{class}{{--c:{}}}", if dark { night } else { light })
    };
    COLORS.map(rule).concat()
}

/// A sample of a variant's line, shown beside its name.
pub fn swatch(look: Look) -> Markup {
    html! {
        svg.swatch.(look.class) width="30" height="10" aria-hidden="true" {
            line.line x1="1" x2="29" y1="5" y2="5" stroke=(look.color) stroke-width="2.5"
                stroke-dasharray=(look.dash) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of WCAG 2.
    fn luminance(color: &str) -> f64 {
        let channel = |from: usize| {
            let value = u8::from_str_radix(&color[from..from + 2], 16).unwrap();
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(color: &str, page: &str) -> f64 {
        let (a, b) = (luminance(color), luminance(page));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_color_stands_out_from_its_page() {
        for (class, light, dark) in COLORS {
            assert!(contrast(light, "#ffffff") >= 3.0, "{class} on light");
            assert!(contrast(dark, "#14171c") >= 3.0, "{class} on dark");
        }
    }

    #[test]
    fn no_two_variants_look_alike() {
        for index in 0..MOST {
            for other in 0..index {
                let (a, b) = (look(index), look(other));
                assert!(a.color != b.color && a.dash != b.dash && a.class != b.class);
            }
        }
    }
}
