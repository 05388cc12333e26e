//! Values on hovering, without a script: unseen areas over a chart, each with a `<title>`.

use maud::{Markup, html};

use super::{Plot, number};

/// A slot of the x axis and the text that appears when the pointer is over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    pub from: f64,
    pub to: f64,
    /// What shows; lines are separated by `\n`.
    pub text: String,
}

/// The areas of `slots`, over the whole height of the inner picture.
pub fn hover(plot: &Plot, slots: &[Slot]) -> Markup {
    html! {
        g.hover fill="#000" fill-opacity="0" {
            @for slot in slots {
                @let (from, to) = (plot.across(slot.from), plot.across(slot.to));
                rect x=(number(from)) width=(number(to - from)) height=(number(plot.height)) {
                    title { (slot.text) }
                }
            }
        }
    }
}
