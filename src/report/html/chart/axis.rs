//! One direction of a chart: where a value lies, and which values are marked.

use super::ticks::{self, Tick};
use crate::stats::metric::MetricUnit;

/// An axis from a least to a greatest value.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
    pub ticks: Vec<Tick>,
}

/// Values of a wider ratio than this are drawn on a logarithmic axis.
pub const WIDE: f64 = 30.0;

impl Axis {
    /// From 0 to exactly `end`: time.
    pub fn until(unit: MetricUnit, end: f64, marks: usize) -> Axis {
        let end = if end.is_finite() && end > 0.0 { end } else { 1.0 };
        let ticks = ticks::linear(unit, 0.0, end, marks);
        Axis { low: 0.0, high: end, logarithmic: false, ticks }
    }

    /// From 0 to exactly `end`, with these marks.
    pub fn marked(end: f64, ticks: Vec<Tick>) -> Axis {
        Axis { low: 0.0, high: end, logarithmic: false, ticks }
    }

    /// From 0 to the first mark that is not below `top`.
    pub fn upto(unit: MetricUnit, top: f64, marks: usize) -> Axis {
        let top = if top.is_finite() && top > 0.0 { top } else { 1.0 };
        let step = ticks::step(unit, top, marks);
        let high = (top / step - 1e-9).ceil() * step;
        Axis::until(unit, high, marks)
    }

    /// Over `values`, logarithmic where they are too far apart for anything else.
    pub fn over(unit: MetricUnit, values: &[f64], marks: usize) -> Axis {
        let (low, high) = bounds(values);
        // Ratios have both ends in sight anyway.
        if unit != MetricUnit::Ratio && low > 0.0 && high / low > WIDE {
            return Axis::logarithmic(unit, low, high, marks);
        }
        Axis::upto(unit, high, marks)
    }

    /// Over `values` from the least to the greatest, with some room at the ends; logarithmic if
    /// their ratio is above `wide`.
    pub fn across(unit: MetricUnit, values: &[f64], wide: f64, marks: usize) -> Axis {
        let (low, high) = bounds(values);
        if low > 0.0 && high / low > wide {
            return Axis::logarithmic(unit, low, high, marks);
        }
        let room = if high > low { (high - low) * 0.04 } else { (high.abs() * 0.1).max(0.5) };
        let (low, high) = (low - room, high + room);
        let ticks = ticks::linear(unit, low, high, marks);
        Axis { low, high, logarithmic: false, ticks }
    }

    /// For values that are names: one place for each of `labels`, of which at most `marks` show.
    pub fn named(labels: &[String], marks: usize) -> Axis {
        let every = labels.len().div_ceil(marks.max(1)).max(1);
        let ticks = labels.iter().enumerate().step_by(every);
        let ticks = ticks.map(|(i, label)| Tick { at: i as f64, label: label.clone() }).collect();
        Axis { low: -0.5, high: labels.len().max(1) as f64 - 0.5, logarithmic: false, ticks }
    }

    fn logarithmic(unit: MetricUnit, low: f64, high: f64, marks: usize) -> Axis {
        let room = (high / low).powf(0.04);
        let (low, high) = (low / room, (high * room).min(f64::MAX));
        let ticks = ticks::logarithmic(unit, low, high, marks);
        Axis { low, high, logarithmic: true, ticks }
    }

    /// Where `value` lies: 0 at the least value of the axis, 1 at the greatest, never outside.
    pub fn place(&self, value: f64) -> f64 {
        let share = if self.logarithmic {
            (value.max(self.low).ln() - self.low.ln()) / (self.high.ln() - self.low.ln())
        } else {
            (value - self.low) / (self.high - self.low)
        };
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Whether equal distances are equal ratios.
    pub fn is_logarithmic(&self) -> bool {
        self.logarithmic
    }

    /// From 0 to a little above `top`, for a chart with room for one mark: at `mark`, or at a
    /// round value.
    pub fn low(unit: MetricUnit, top: f64, mark: Option<f64>) -> Axis {
        let top = if top.is_finite() && top > 0.0 { top } else { 1.0 };
        let mut axis = Axis::until(unit, top * 1.08, 1);
        axis.ticks = match mark {
            Some(mark) => ticks::at(unit, &[0.0, mark]),
            None => ticks::at(unit, &[0.0, ticks::round_down(top)]),
        };
        axis
    }
}

/// The least and the greatest of the finite values; 0 and 1 if there is none.
fn bounds(values: &[f64]) -> (f64, f64) {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let low = finite().fold(f64::INFINITY, f64::min);
    let high = finite().fold(f64::NEG_INFINITY, f64::max);
    if low <= high { (low, high) } else { (0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_mark_above_its_values() {
        let axis = Axis::upto(MetricUnit::Count, 47.0, 4);
        assert_eq!(axis.ticks.last().unwrap().label, "60");
        assert_eq!(axis.place(60.0), 1.0);
        assert_eq!(axis.place(30.0), 0.5);
    }

    #[test]
    fn values_far_apart_have_a_logarithmic_axis() {
        let axis = Axis::over(MetricUnit::Count, &[1.0, 10.0, 100.0], 5);
        let places = [1.0, 10.0, 100.0].map(|value| axis.place(value));
        assert!((places[1] - 0.5).abs() < 1e-9, "{places:?}");
        assert!(axis.is_logarithmic());
    }

    #[test]
    fn a_low_axis_has_one_round_mark() {
        let axis = Axis::low(MetricUnit::Count, 1943.0, None);
        let labels: Vec<_> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["0", "1,000"]);
        assert!(axis.place(1943.0) > 0.9);
    }

    #[test]
    fn equal_values_and_none_have_an_axis() {
        for values in [&[][..], &[0.0], &[5.0, 5.0], &[f64::NAN], &[f64::MAX, 1.0]] {
            let across = Axis::across(MetricUnit::Count, values, WIDE, 5);
            for axis in [Axis::over(MetricUnit::Time, values, 5), across] {
                assert!((0.0..=1.0).contains(&axis.place(5.0)), "{values:?}");
            }
        }
    }
}
