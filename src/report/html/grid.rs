//! The values of a sweep or a search: where each variant lies on an axis, and on whose line.

use super::chart::{Axis, WIDE};
use super::palette;
use crate::report::names::short;
use crate::results::Results;
use crate::scenario::{last_part, read_amount};
use crate::stats::metric::MetricUnit;
use crate::value::{self, Percent, Span};

/// The values that a search tries lie close together near the answer and far apart elsewhere.
const WIDE_SEARCH: f64 = 8.0;

/// The number of marks below a chart.
const MARKS: usize = 7;

/// The variants of a sweep as points of lines.
pub struct Grid {
    /// The last part of the key on the x axis.
    pub key: String,
    /// The lines, in the order of the sweep.
    pub lines: Vec<GridLine>,
    scale: Scale,
    /// The unit of the marks of the axis, if the values are sizes or rates.
    unit: Option<value::Unit>,
    /// From which ratio of its values on the axis is logarithmic.
    wide: f64,
    /// The value of each variant as a number, in the order of the results.
    at: Vec<f64>,
    /// The value of each variant as it was written.
    written: Vec<String>,
}

/// The points that differ in the key of the x axis only.
pub struct GridLine {
    /// The values of the other keys: `interval = 5m`; empty if there is no other.
    pub name: String,
    /// The numbers of its variants in the results, by the x axis.
    pub variants: Vec<usize>,
}

/// What the values on the x axis are.
enum Scale {
    Numbers(MetricUnit),
    /// Neither numbers nor durations: each has its own place.
    Names(Vec<String>),
}

impl Grid {
    /// The grid of `results`, if they are of a sweep or a search.
    pub fn of(results: &Results) -> Option<Grid> {
        let sweep = results.sweep.as_ref()?;
        let rows: Vec<&Vec<String>> = sweep.values.iter().take(results.variants.len()).collect();
        let value = |row: &Vec<String>, key: usize| row.get(key).cloned().unwrap_or_default();
        let axis = axis_key(&rows, sweep.keys.len());
        let written: Vec<String> = rows.iter().map(|row| value(row, axis)).collect();
        let (unit, (scale, at)) = match amounts(&written) {
            Some((unit, at)) => (Some(unit), (Scale::Numbers(MetricUnit::Count), at)),
            None => (None, scale(&written)),
        };
        let name = |row: &Vec<String>| {
            let others = sweep.keys.iter().enumerate().filter(|(key, _)| *key != axis);
            let parts =
                others.map(|(key, name)| format!("{} = {}", last_part(name), value(row, key)));
            parts.collect::<Vec<_>>().join(", ")
        };
        let mut lines: Vec<GridLine> = Vec::new();
        for (variant, row) in rows.iter().enumerate() {
            let name = name(row);
            match lines.iter_mut().find(|line| line.name == name) {
                Some(line) => line.variants.push(variant),
                None => lines.push(GridLine { name, variants: vec![variant] }),
            }
        }
        for line in &mut lines {
            line.variants.sort_by(|a, b| at[*a].total_cmp(&at[*b]));
        }
        let key = last_part(sweep.keys.get(axis).map_or("", String::as_str)).to_owned();
        let wide = if results.sizing.is_some() { WIDE_SEARCH } else { WIDE };
        Some(Grid { key, lines, scale, unit, wide, at, written })
    }

    /// Where the variant number `variant` lies on the x axis.
    pub fn at(&self, variant: usize) -> f64 {
        self.at.get(variant).copied().unwrap_or(0.0)
    }

    /// The value of the variant number `variant` as it was written.
    pub fn written(&self, variant: usize) -> String {
        short(self.written.get(variant).map_or("", String::as_str), 40)
    }

    /// The title of the x axis: the key, and for sizes and rates the unit of the marks.
    pub fn axis_title(&self) -> String {
        let key = short(&self.key, 40);
        match self.unit {
            Some(unit) => format!("{key} ({})", unit.name()),
            None => key,
        }
    }

    pub fn axis(&self) -> Axis {
        match &self.scale {
            Scale::Numbers(unit) => Axis::across(*unit, &self.at, self.wide, MARKS),
            Scale::Names(names) => {
                let labels: Vec<String> = names.iter().map(|name| short(name, 9)).collect();
                Axis::named(&labels, MARKS - 1)
            }
        }
    }

    /// The variants that the charts over time show: of a single line some from end to end, of
    /// several the middle one of each.
    pub fn sample(&self, most: usize) -> Vec<usize> {
        match self.lines.as_slice() {
            [line] => evenly(&line.variants, most),
            lines => {
                let lines = lines.iter().take(palette::MOST);
                lines.map(|line| line.variants[line.variants.len() / 2]).collect()
            }
        }
    }
}

/// `most` of `all`, with both ends.
fn evenly(all: &[usize], most: usize) -> Vec<usize> {
    if all.len() <= most {
        return all.to_vec();
    }
    (0..most).map(|i| all[i * (all.len() - 1) / (most - 1)]).collect()
}

/// The key with the most values, which makes the fewest lines.
fn axis_key(rows: &[&Vec<String>], keys: usize) -> usize {
    let distinct = |key: usize| {
        let mut values: Vec<&str> =
            rows.iter().filter_map(|r| r.get(key)).map(String::as_str).collect();
        values.sort_unstable();
        values.dedup();
        values.len()
    };
    // The first of equals.
    (0..keys).rev().max_by_key(|key| distinct(*key)).unwrap_or(0)
}

/// If all values are sizes, or all are rates: the unit to count them in, and the values in that unit.
fn amounts(written: &[String]) -> Option<(value::Unit, Vec<f64>)> {
    /// Marks have three digits behind the point at most.
    const LEAST: f64 = 0.01;
    let amounts: Vec<(value::Unit, u64)> =
        written.iter().map(|text| read_amount(text.trim())).collect::<Option<_>>()?;
    let (first, _) = amounts.first()?;
    let least = amounts.iter().map(|(_, value)| *value).min()? as f64;
    let units = || amounts.iter().map(|(unit, _)| *unit);
    let readable = units().filter(|unit| least >= LEAST * unit.factor() as f64);
    let unit = readable
        .max_by_key(|unit| unit.factor())
        .or_else(|| units().min_by_key(|unit| unit.factor()))?;
    let alike = units().all(|unit| unit.is_rate() == first.is_rate());
    let at = amounts.iter().map(|(_, value)| *value as f64 / unit.factor() as f64);
    alike.then(|| (unit, at.collect()))
}

fn scale(written: &[String]) -> (Scale, Vec<f64>) {
    let all = |read: fn(&str) -> Option<f64>| -> Option<Vec<f64>> {
        written.iter().map(|value| read(value.trim()).filter(|number| number.is_finite())).collect()
    };
    if let Some(at) = all(|text| text.parse().ok()) {
        return (Scale::Numbers(MetricUnit::Count), at);
    }
    if let Some(at) = all(|text| text.parse().map(Span::as_millis_f64).ok()) {
        return (Scale::Numbers(MetricUnit::Time), at);
    }
    if let Some(at) = all(|text| text.parse().map(Percent::share).ok()) {
        return (Scale::Numbers(MetricUnit::Ratio), at);
    }
    let mut names: Vec<String> = Vec::new();
    let at = written.iter().map(|value| {
        let known = names.iter().position(|name| name == value);
        known.unwrap_or_else(|| {
            names.push(value.clone());
            names.len() - 1
        }) as f64
    });
    let at = at.collect();
    (Scale::Names(names), at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(values: &[&str]) -> Vec<f64> {
        scale(&values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>()).1
    }

    #[test]
    fn values_are_placed_by_what_they_are() {
        assert_eq!(at(&["10", "2.5"]), [10.0, 2.5]);
        assert_eq!(at(&["5m", "1h"]), [300_000.0, 3_600_000.0]);
        assert_eq!(at(&["10%", "50%"]), [0.1, 0.5]);
        assert_eq!(at(&["fixed", "linear", "fixed", "7"]), [0.0, 1.0, 0.0, 2.0]);
        assert_eq!(at(&["1", "inf"]), [0.0, 1.0]);
    }

    #[test]
    fn a_sample_has_both_ends() {
        let all: Vec<usize> = (0..20).collect();
        assert_eq!(evenly(&all, 6), [0, 3, 7, 11, 15, 19]);
        assert_eq!(evenly(&all[..3], 6), [0, 1, 2]);
    }
}
