//! Simulates a case and judges its figures.

use std::collections::BTreeMap;

use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::case::{Case, Expected};

/// How far a mean may be from what is expected, in standard errors of a normal distribution. By chance it
/// is further away 6 times in 100,000.
pub const MOST: f64 = 4.0;

/// An error of a mean, as a share of it, that a case should show.
const PRECISION: f64 = 0.02;

/// What whole milliseconds change at most, as a share of a value. Units of time are 100 s and more.
const RESOLUTION: f64 = 1e-5;

/// A figure that was simulated.
pub struct Judged {
    /// What it is.
    pub name: String,
    /// What is expected, for people.
    pub expected: String,
    /// What was simulated, for people.
    pub simulated: String,
    /// How far they are apart.
    pub verdict: Verdict,
    /// The error of the mean, as a share of it, that would have been found; `None` if it is exact or a
    /// distribution.
    pub detects: Option<f64>,
}

/// How far a simulated value is from the expected one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// They are equal in each replication, as they should be.
    Equal,
    /// They should be equal, and are not.
    Unequal,
    /// The difference in standard errors; if their number is uncertain, that of a normal distribution
    /// which is as probable.
    Z(f64),
}

impl Verdict {
    /// Whether the simulated value is in accord with the expected one.
    pub fn holds(self) -> bool {
        match self {
            Verdict::Equal => true,
            Verdict::Unequal => false,
            Verdict::Z(z) => z.abs() < MOST,
        }
    }
}

/// Simulates `case`; gives the number of its replications, and its figures.
pub fn judge(case: &Case) -> (u64, Vec<Judged>) {
    let mut samples: Vec<Vec<f64>> = Vec::new();
    loop {
        let from = samples.len() as u64;
        let batch: Vec<_> =
            (from..from + case.runs.batch).into_par_iter().map(|run| case.sample(run)).collect();
        samples.extend(batch);
        if samples.len() as u64 >= case.runs.most || is_precise(case, &samples) {
            break;
        }
    }
    let figures = case.figures.iter().enumerate().map(|(place, figure)| {
        let values: Vec<f64> = samples.iter().map(|sample| sample[place]).collect();
        let (simulated, verdict, detects) = figure.expected.judge(&values);
        let (name, expected) = (figure.name.clone(), figure.expected.to_string());
        Judged { name, expected, simulated, verdict, detects }
    });
    (samples.len() as u64, figures.collect())
}

/// Whether each mean is precise enough.
fn is_precise(case: &Case, samples: &[Vec<f64>]) -> bool {
    case.figures.iter().enumerate().all(|(place, figure)| {
        let Expected::Mean(expected) = figure.expected else { return true };
        let values: Vec<f64> = samples.iter().map(|sample| sample[place]).collect();
        MOST * mean_and_error(&values).1 <= PRECISION * expected.abs()
    })
}

impl Expected {
    /// What was simulated, how far it is from what is expected, and which error would be found.
    fn judge(&self, values: &[f64]) -> (String, Verdict, Option<f64>) {
        match self {
            Expected::Exact(expected) => {
                let differs =
                    |value: &&f64| (*value - expected).abs() > 1e-9 * expected.abs().max(1.0);
                let different = values.iter().find(differs);
                let verdict = if different.is_some() { Verdict::Unequal } else { Verdict::Equal };
                (shown(*different.unwrap_or(&values[0])), verdict, None)
            }
            Expected::Between(least, most) => {
                let outside = values.iter().find(|value| !(least..=most).contains(value));
                let verdict = if outside.is_some() { Verdict::Unequal } else { Verdict::Equal };
                (shown(*outside.unwrap_or(&values[0])), verdict, None)
            }
            Expected::Mean(expected) | Expected::Rough(expected) | Expected::Rare(expected) => {
                let (mean, error) = mean_and_error(values);
                let t = (mean - expected) / error.hypot(RESOLUTION * expected);
                let detects = MOST * error / expected.abs();
                (shown(mean), Verdict::Z(as_normal(t, values.len() - 1)), Some(detects))
            }
            Expected::Distribution(expected) => {
                let (chi_square, freedom) = chi_square(expected, values);
                let z = if chi_square.is_finite() {
                    // Wilson and Hilferty, "The distribution of chi-square", PNAS 17 (1931) 684-688.
                    let spread = 2.0 / (9.0 * freedom);
                    ((chi_square / freedom).cbrt() - (1.0 - spread)) / spread.sqrt()
                } else {
                    f64::INFINITY
                };
                (format!("chi-square {chi_square:.2} / {freedom}"), Verdict::Z(z), None)
            }
        }
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Expected::Exact(value)
            | Expected::Mean(value)
            | Expected::Rough(value)
            | Expected::Rare(value) => f.write_str(&shown(*value)),
            Expected::Between(least, most) => write!(f, "{least} to {most}"),
            Expected::Distribution(values) => write!(f, "{} probabilities", values.len()),
        }
    }
}

/// A mean and its standard error.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

/// The value of a normal distribution that is as probable as Student's `t`.
fn as_normal(t: f64, freedom: usize) -> f64 {
    let Ok(student) = StudentsT::new(0.0, 1.0, freedom as f64) else { return f64::INFINITY };
    let tail = student.sf(t.abs());
    let z = if tail > 0.0 { -Normal::standard().inverse_cdf(tail) } else { t.abs() };
    z.copysign(t)
}

/// Pearson's chi-square and its degrees of freedom. Values that are expected less than five times are
/// counted with their neighbours; it is infinite if there is a value that is not expected at all.
fn chi_square(expected: &[(f64, f64)], values: &[f64]) -> (f64, f64) {
    let mut counts: BTreeMap<u64, f64> = BTreeMap::new();
    values.iter().for_each(|value| *counts.entry(value.to_bits()).or_default() += 1.0);
    let mut classes: Vec<(f64, f64)> = Vec::new();
    for (value, probability) in expected {
        let seen = counts.remove(&value.to_bits()).unwrap_or(0.0);
        let wanted = probability * values.len() as f64;
        match classes.last_mut() {
            Some(last) if last.0 < 5.0 => *last = (last.0 + wanted, last.1 + seen),
            _ => classes.push((wanted, seen)),
        }
    }
    if let Some(last) = classes.pop_if(|last| last.0 < 5.0)
        && let Some(before) = classes.last_mut()
    {
        *before = (before.0 + last.0, before.1 + last.1);
    }
    if !counts.is_empty() {
        return (f64::INFINITY, 1.0);
    }
    let sum = classes.iter().map(|(wanted, seen)| (seen - wanted).powi(2) / wanted).sum();
    (sum, classes.len().saturating_sub(1).max(1) as f64)
}

/// A number with six significant digits.
fn shown(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs().log10().floor() as i32;
    let digits = (5 - magnitude).max(0) as usize;
    let text = format!("{value:.digits$}");
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
