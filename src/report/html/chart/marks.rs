//! Paths in the inner picture of a [`Plot`].

use std::fmt::Write;

use maud::{Markup, html};

use super::{Plot, number};

/// A line of steps: `values` each over `width` of the x axis, from 0 on.
pub fn steps(plot: &Plot, values: &[f64], width: f64) -> String {
    let Some(first) = values.first() else { return String::new() };
    let mut path = format!("M0 {}", number(plot.down(*first)));
    let mut level = number(plot.down(*first));
    for (i, value) in values.iter().enumerate() {
        let next = number(plot.down(*value));
        if next != level {
            // Writing into a string cannot fail.
            let _ = write!(path, "H{}V{next}", number(plot.across(i as f64 * width)));
            level = next;
        }
    }
    let _ = write!(path, "H{}", number(plot.across(values.len() as f64 * width)));
    path
}

/// The area between such steps and the bottom.
pub fn area(plot: &Plot, values: &[f64], width: f64) -> String {
    let line = steps(plot, values, width);
    match line.strip_prefix('M') {
        Some(_) => format!("{line}V{}H0Z", number(plot.height)),
        None => line,
    }
}

/// A dashed line across the chart at `value` of the y axis.
pub fn level_line(plot: &Plot, value: f64) -> Markup {
    html! {
        path.limit d={ "M0 " (number(plot.down(value))) "H1000" } fill="none" stroke="#5b6270"
            stroke-dasharray="4 3" vector-effect="non-scaling-stroke" {}
    }
}

/// A shade over a time: from and to are values of the x axis.
pub fn shade(plot: &Plot, [from, to]: [f64; 2]) -> Markup {
    let (left, right) = (plot.across(from), plot.across(to));
    html! {
        rect.trigger x=(number(left)) y="0" width=(number((right - left).max(2.0)))
            height=(number(plot.height)) fill="#8a909c" fill-opacity="0.25" {}
    }
}

/// A line through points.
pub fn polyline(plot: &Plot, points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (i, (x, y)) in points.iter().enumerate() {
        let (x, y) = (number(plot.across(*x)), number(plot.down(*y)));
        let _ = write!(path, "{}{x} {y}", if i == 0 { 'M' } else { 'L' });
    }
    path
}

/// The area between a low and a high value at each x.
pub fn band(plot: &Plot, points: &[(f64, [f64; 2])]) -> String {
    let low: Vec<(f64, f64)> = points.iter().map(|(x, [low, _])| (*x, *low)).collect();
    let high: Vec<(f64, f64)> = points.iter().rev().map(|(x, [_, high])| (*x, *high)).collect();
    if low.len() < 2 {
        return String::new();
    }
    format!("{}{}Z", polyline(plot, &low), polyline(plot, &high).replacen('M', "L", 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::html::chart::axis::Axis;
    use crate::stats::metric::MetricUnit;

    fn plot() -> Plot {
        Plot::new(
            Axis::until(MetricUnit::Count, 4.0, 4),
            Axis::until(MetricUnit::Count, 10.0, 4),
            100.0,
            "",
        )
    }

    #[test]
    fn equal_steps_are_one_line() {
        assert_eq!(steps(&plot(), &[5.0, 5.0, 10.0, 0.0], 1.0), "M0 50H500V0H750V100H1000");
        assert_eq!(area(&plot(), &[5.0], 4.0), "M0 50H1000V100H0Z");
    }

    #[test]
    fn nothing_is_an_empty_path() {
        assert_eq!(area(&plot(), &[], 1.0), "");
        assert_eq!(polyline(&plot(), &[]), "");
        assert_eq!(band(&plot(), &[(1.0, [2.0, 3.0])]), "");
    }

    #[test]
    fn a_band_goes_out_below_and_back_above() {
        let band = band(&plot(), &[(0.0, [0.0, 5.0]), (4.0, [5.0, 10.0])]);
        assert_eq!(band, "M0 100L1000 50L1000 0L0 50Z");
    }
}
