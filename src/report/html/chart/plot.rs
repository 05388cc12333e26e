//! The frame of a chart: its area, grid and marked values.

use maud::{Markup, html};

use super::Axis;

/// The width of the inner picture, which is stretched over the area.
const WIDTH: f64 = 1000.0;

/// Room below the area for the marked values, in pixels.
const BELOW: f64 = 22.0;

/// Room above the area, in pixels: half a line for the highest label.
const ABOVE: f64 = 8.0;

/// Two axes and the area between them.
#[derive(Clone, Debug)]
pub struct Plot {
    /// From left to right.
    pub x: Axis,
    /// From bottom to top.
    pub y: Axis,
    /// The height of the area in pixels.
    pub height: f64,
    /// Pixels above the area, for labels that the caller puts there.
    pub headroom: f64,
    /// Whether the values of the x axis are written below.
    pub labelled: bool,
    /// What it shows, for readers who do not see it.
    pub description: String,
}

impl Plot {
    /// A chart of the usual form.
    pub fn new(x: Axis, y: Axis, height: f64, description: impl Into<String>) -> Plot {
        let description = description.into();
        Plot { x, y, height, headroom: ABOVE, labelled: true, description }
    }

    /// Where `value` of the x axis lies in the inner picture.
    pub fn across(&self, value: f64) -> f64 {
        self.x.place(value) * WIDTH
    }

    /// Where `value` of the y axis lies in the inner picture.
    pub fn down(&self, value: f64) -> f64 {
        (1.0 - self.y.place(value)) * self.height
    }

    /// Where `value` of the x axis lies on the whole chart.
    pub fn percent(&self, value: f64) -> String {
        format!("{}%", number(self.x.place(value) * 100.0))
    }

    /// Where `value` of the y axis lies on the whole chart, in pixels from its top.
    pub fn pixels(&self, value: f64) -> f64 {
        self.headroom + self.down(value)
    }

    /// The chart: `curves` in the inner picture, and `over` it what keeps its shape.
    pub fn draw(&self, curves: Markup, over: Markup) -> Markup {
        let bottom = self.headroom + self.height;
        let whole = bottom + if self.labelled { BELOW } else { ABOVE };
        html! {
            svg.plot width="100%" height=(number(whole)) role="img" aria-label=(self.description)
                overflow="visible" {
                g.grid stroke="#d9dce1" aria-hidden="true" {
                    @for tick in &self.x.ticks {
                        @let x = self.percent(tick.at);
                        line x1=(x) x2=(x) y1=(number(self.headroom)) y2=(number(bottom)) {}
                    }
                    @for tick in &self.y.ticks {
                        @let y = number(self.pixels(tick.at));
                        line x1="0" x2="100%" y1=(y) y2=(y) {}
                    }
                }
                svg.curves x="0" y=(number(self.headroom)) width="100%" height=(number(self.height))
                    viewBox={ "0 0 " (number(WIDTH)) " " (number(self.height)) }
                    preserveAspectRatio="none" { (curves) }
                line.base stroke="#8a909c" x1="0" x2="100%" y1=(number(bottom)) y2=(number(bottom)) {}
                g.ticks font-size="12" fill="#5b6270" aria-hidden="true" {
                    @for tick in &self.y.ticks {
                        text x="-8" y=(number(self.pixels(tick.at))) dy="0.35em" text-anchor="end" {
                            (tick.label)
                        }
                    }
                    @if self.labelled {
                        @for (i, tick) in self.x.ticks.iter().enumerate() {
                            text.odd[i % 2 == 1] x=(self.percent(tick.at)) y=(number(bottom + 17.0))
                                text-anchor="middle" { (tick.label) }
                        }
                    }
                }
                (over)
            }
        }
    }

    /// How a label above `value` of the x axis is aligned, so that it stays on the page.
    pub fn anchor(&self, value: f64) -> &'static str {
        if self.x.place(value) > 0.8 { "end" } else { "middle" }
    }
}

/// A number for SVG: short, and always finite.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None if text == "-0.0" => "0".to_owned(),
        None => text,
    }
}
