//! Grids: every combination of values for one or more keys.

use super::axis::Axis;
use crate::scenario::toml_text::to_inline_toml;

/// One combination of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridPoint {
    /// Its name: `connection_limit=50, interval=10m`.
    pub name: String,
    /// The assignments that set its values, one per axis.
    pub assignments: Vec<String>,
    /// The values, one per axis.
    pub values: Vec<String>,
}

/// The number of points of the grid over `axes`.
pub fn grid_size(axes: &[Axis]) -> u128 {
    axes.iter().map(|axis| axis.values.len() as u128).product()
}

/// Every combination of the values of `axes`; the last axis varies fastest.
pub fn grid(axes: &[Axis]) -> Vec<GridPoint> {
    let same_short =
        |axis: &Axis| axes.iter().filter(|other| other.short_key() == axis.short_key()).count() > 1;
    let mut points =
        vec![GridPoint { name: String::new(), assignments: Vec::new(), values: Vec::new() }];
    for axis in axes {
        let label = if same_short(axis) { axis.key.as_str() } else { axis.short_key() };
        let combine = |point: &GridPoint| {
            let extended: Vec<_> = axis
                .values
                .iter()
                .map(|value| {
                    let mut point = point.clone();
                    let separator = if point.name.is_empty() { "" } else { ", " };
                    point.name.push_str(&format!("{separator}{label}={value}"));
                    point.assignments.push(assignment(&axis.key, value));
                    point.values.push(value.clone());
                    point
                })
                .collect();
            extended
        };
        points = points.iter().flat_map(combine).collect();
    }
    points
}

/// An assignment as `--set` takes it. A value with blanks, such as `2h 30m`, is put in quotes.
fn assignment(key: &str, value: &str) -> String {
    if value.contains(' ') && !value.starts_with(['"', '\'', '[', '{']) {
        format!("{key}={}", to_inline_toml(&value.into()))
    } else {
        format!("{key}={value}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_has_every_combination_and_the_last_axis_varies_fastest() {
        let axes = [Axis::parse("a.x=1,2").unwrap(), Axis::parse("b.y=1h 30m,2h").unwrap()];
        let grid = grid(&axes);
        let names: Vec<_> = grid.iter().map(|point| point.name.as_str()).collect();
        assert_eq!(names, ["x=1, y=1h 30m", "x=1, y=2h", "x=2, y=1h 30m", "x=2, y=2h"]);
        assert_eq!(grid[0].assignments, ["a.x=1", "b.y=\"1h 30m\""]);
        assert_eq!(grid_size(&axes), 4);
    }
}
