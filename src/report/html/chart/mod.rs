//! Charts as static SVG that fits any width and either theme.
//!
//! A chart is an SVG as wide as its place on the page and of a fixed height in pixels. Text, grid
//! and markers are placed in it by percentages, so they keep their size and shape; the curves lie
//! in an inner SVG that is stretched over the same area with strokes that keep their width. So one
//! chart serves a projector and a phone, which no chart with a fixed `viewBox` does: its text
//! would shrink with it. Colours come from classes, with attributes for viewers without style
//! sheets; values show on hovering, from `<title>` elements, without a script.

mod axis;
mod hover;
mod marks;
mod plot;
mod ticks;

pub use axis::{Axis, WIDE};
pub use hover::{Slot, hover};
pub use marks::{area, band, level_line, polyline, shade, steps};
pub use plot::{Plot, number};
pub use ticks::{Tick, decimal_step, step};
