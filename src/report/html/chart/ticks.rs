//! Round values to mark on an axis, and how they are written.

use crate::human::{count, span};
use crate::stats::metric::MetricUnit;

/// A marked value.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub at: f64,
    pub label: String,
}

fn tick(unit: MetricUnit, at: f64) -> Tick {
    let label = match unit {
        _ if at == 0.0 => "0".to_owned(),
        MetricUnit::Count | MetricUnit::PerHour => brief_count(at),
        // In one step of an axis there is nothing to hide by rounding.
        MetricUnit::Ratio => format!("{}%", trim(at * 100.0)),
        // Such a value is hardly intended, but its label must fit its place.
        MetricUnit::Time if at >= 10_000.0 * DAY => format!("{}d", brief_count(at / DAY)),
        MetricUnit::Time => span(at),
    };
    Tick { at, label }
}

/// A count in few characters: `50`, `2,500`, `40k`, `1.5M`.
fn brief_count(value: f64) -> String {
    for (size, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] {
        if value >= size && (value >= 1e4 || size > 1e3) {
            return if value / size < 1e5 {
                format!("{}{suffix}", trim(value / size))
            } else {
                format!("{value:.0e}")
            };
        }
    }
    if value >= 1.0 { count(value) } else { trim(value) }
}

/// A number with the decimals that it needs, three at most.
fn trim(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

const SECOND: f64 = 1000.0;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// Steps that a reader counts in, by unit.
const TIME_STEPS: [(f64, &[f64]); 5] = [
    (1.0, &[1.0, 10.0, 100.0, 500.0]),
    (SECOND, &[1.0, 2.0, 5.0, 10.0, 15.0, 30.0]),
    (MINUTE, &[1.0, 2.0, 5.0, 10.0, 15.0, 30.0]),
    (HOUR, &[1.0, 2.0, 3.0, 6.0, 12.0]),
    (DAY, &[1.0, 2.0, 4.0, 7.0, 14.0, 28.0, 60.0, 100.0, 200.0, 365.0]),
];

/// Values to mark on a logarithmic axis of time, by unit.
const TIME_DECADES: [(f64, &[f64]); 5] = [
    (1.0, &[1.0, 10.0, 100.0]),
    (SECOND, &[1.0, 10.0]),
    (MINUTE, &[1.0, 10.0, 30.0]),
    (HOUR, &[1.0, 3.0, 12.0]),
    (DAY, &[1.0, 3.0, 7.0, 30.0, 365.0]),
];

/// The values of such a table in ms, ascending.
fn times(table: [(f64, &'static [f64]); 5]) -> impl Iterator<Item = f64> {
    table.into_iter().flat_map(|(unit, factors)| factors.iter().map(move |factor| factor * unit))
}

/// The round step that cuts `range` into at most `most` parts.
pub fn step(unit: MetricUnit, range: f64, most: usize) -> f64 {
    let least = range / most as f64;
    match unit {
        MetricUnit::Time => {
            let fits = times(TIME_STEPS).find(|step| *step >= least);
            fits.unwrap_or_else(|| decimal_step(least / DAY) * DAY)
        }
        MetricUnit::Count | MetricUnit::Ratio | MetricUnit::PerHour => decimal_step(least),
    }
}

/// The least of 1, 2, 5, 10, ... (or 0.1, 0.2, ...) that is not below `least`.
pub fn decimal_step(least: f64) -> f64 {
    // NaN gets a step, too.
    if !(least > 1e-12 && least < 1e300) {
        return if least >= 1e300 { least } else { 1.0 };
    }
    let power = 10f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    // 0.3 / 3 is a little less than 0.1, and the other way round.
    steps.into_iter().find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(least)
}

/// The greatest of 1, 2, 5, 10, ... (or 0.1, 0.2, ...) that is not above `value`.
pub fn round_down(value: f64) -> f64 {
    // As 1 / 1, 2, 5, 10, ... are the steps upside down.
    1.0 / decimal_step(1.0 / value)
}

pub fn at(unit: MetricUnit, values: &[f64]) -> Vec<Tick> {
    values.iter().map(|value| tick(unit, *value)).collect()
}

/// The multiples of a round step from `low` to `high`, at most about `most`.
pub fn linear(unit: MetricUnit, low: f64, high: f64, most: usize) -> Vec<Tick> {
    let step = step(unit, high - low, most);
    let first = (low / step - 1e-9).ceil();
    let last = (high / step + 1e-9).floor();
    if !(first.is_finite() && last - first <= 100.0) {
        return Vec::new();
    }
    let mut at = first;
    let mut ticks = Vec::new();
    while at <= last {
        ticks.push(tick(unit, at * step));
        at += 1.0;
    }
    ticks
}

/// Round values from `low` to `high` for a logarithmic axis, at most `most`.
pub fn logarithmic(unit: MetricUnit, low: f64, high: f64, most: usize) -> Vec<Tick> {
    let inside = |at: &f64| *at >= low * (1.0 - 1e-9) && *at <= high * (1.0 + 1e-9);
    let decades = |factors: &'static [f64]| {
        let power = |at: f64| (at.log10().floor() as i32).clamp(f64::MIN_10_EXP, f64::MAX_10_EXP);
        let powers = power(low)..=power(high);
        powers.flat_map(move |power| factors.iter().map(move |f| f * 10f64.powi(power)))
    };
    let candidates: Vec<Vec<f64>> = match unit {
        MetricUnit::Time => vec![times(TIME_DECADES).filter(inside).collect()],
        MetricUnit::Count | MetricUnit::Ratio | MetricUnit::PerHour => vec![
            decades(&[1.0, 2.0, 5.0]).filter(inside).collect(),
            decades(&[1.0]).filter(inside).collect(),
        ],
    };
    let fits = candidates.iter().find(|ticks| ticks.len() <= most);
    let chosen = fits.or(candidates.last()).cloned().unwrap_or_default();
    let skip = chosen.len().div_ceil(most.max(1)).max(1);
    chosen.into_iter().step_by(skip).map(|at| tick(unit, at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: Vec<Tick>) -> Vec<String> {
        ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn times_are_marked_in_steps_that_people_count_in() {
        let six_hours = labels(linear(MetricUnit::Time, 0.0, 6.2 * HOUR, 7));
        assert_eq!(six_hours, ["0", "1h", "2h", "3h", "4h", "5h", "6h"]);
        assert_eq!(
            labels(linear(MetricUnit::Time, 0.0, 2.1 * DAY, 5)),
            ["0", "12h", "1d", "1d 12h", "2d"]
        );
        assert_eq!(
            labels(linear(MetricUnit::Time, 0.0, 45.0 * MINUTE, 5)),
            ["0", "10m", "20m", "30m", "40m"]
        );
    }

    #[test]
    fn counts_and_ratios_are_round() {
        assert_eq!(
            labels(linear(MetricUnit::Count, 0.0, 2000.0, 4)),
            ["0", "500", "1,000", "1,500", "2,000"]
        );
        assert_eq!(labels(linear(MetricUnit::Count, 0.0, 3e6, 3)), ["0", "1M", "2M", "3M"]);
        assert_eq!(labels(linear(MetricUnit::Count, 0.0, 50_000.0, 3)), ["0", "20k", "40k"]);
        assert_eq!(labels(linear(MetricUnit::Ratio, 0.0, 0.01, 2)), ["0", "0.5%", "1%"]);
    }

    #[test]
    fn a_round_value_is_not_above() {
        for (value, round) in [(1943.0, 1000.0), (2000.0, 2000.0), (0.37, 0.2), (7.0, 5.0)] {
            assert!((round_down(value) / round - 1.0).abs() < 1e-9, "{value}");
        }
    }

    #[test]
    fn logarithmic_axes_are_marked_by_decades() {
        assert_eq!(
            labels(logarithmic(MetricUnit::Count, 1.0, 500.0, 10)),
            ["1", "2", "5", "10", "20", "50", "100", "200", "500"]
        );
        assert_eq!(
            labels(logarithmic(MetricUnit::Count, 1.0, 1e6, 10)),
            ["1", "10", "100", "1,000", "10k", "100k", "1M"]
        );
        assert_eq!(
            labels(logarithmic(MetricUnit::Time, 20.0 * MINUTE, 7.0 * HOUR, 6)),
            ["30m", "1h", "3h"]
        );
    }

    #[test]
    fn nothing_is_too_small_or_too_large_to_be_marked() {
        for high in [0.0, 1e-300, 1.0, 1e18, 1e300, f64::MAX, f64::INFINITY, f64::NAN] {
            for unit in [MetricUnit::Count, MetricUnit::Ratio, MetricUnit::Time] {
                assert!(linear(unit, 0.0, high, 5).len() <= 8, "{high}");
                assert!(step(unit, high, 5) > 0.0 || !high.is_finite(), "{high}");
            }
        }
    }
}
