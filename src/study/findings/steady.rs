//! Steady state: whether a run with a warm-up is long enough and has reached a steady state.

use crate::model::Span;
use crate::results::{Finding, VariantResults};
use crate::stats::metric;

/// Batches into which the time after the warm-up is divided.
const BATCHES: usize = 10;
/// The 99.5th percentile of Student's t with `BATCHES - 2` degrees of freedom: chance exceeds it
/// in one of a hundred steady runs.
const SIGNIFICANT: f64 = 3.355;
/// A drift of less than this share of the mean, over the whole time, does no harm.
const HARMLESS: f64 = 0.05;
/// A run is too short to measure times that are a larger share of it than this.
const LONGEST_SHARE: f64 = 0.1;

/// Why the figures of a variant may not be those of a steady state.
pub fn not_steady(variant: &VariantResults, warmup: Span, horizon: Span) -> Vec<Finding> {
    let measured = horizon.as_millis_f64() - warmup.as_millis_f64();
    let finding = |kind: &str, text: String, evidence: (&str, f64)| Finding {
        kind: kind.to_owned(),
        variant: variant.name.clone(),
        text,
        evidence: [(evidence.0.to_owned(), evidence.1)].into(),
        what_if: None,
        other_what_ifs: Vec::new(),
    };
    let mut findings = Vec::new();
    let p95 = metric::COMPLETION_P95.of(&variant.metrics);
    if let Some(p95) = p95.filter(|p95| p95.mean > LONGEST_SHARE * measured) {
        let text = "the time after the warm-up is less than ten times the 95th percentile of the time \
                    to complete: lengthen `horizon`";
        findings.push(finding(
            "too_short",
            text.to_owned(),
            (metric::COMPLETION_P95.name, p95.mean),
        ));
    }
    if let Some(change) = drift(variant, warmup) {
        let direction = if change > 0.0 { "grows" } else { "shrinks" };
        let text = format!(
            "not steady: the number of clients connected or waiting {direction} by {:.0}% of its mean \
             from the end of the warm-up to the horizon; lengthen `warmup`; if that does \
             not help, the load exceeds the capacity",
            change.abs() * 100.0
        );
        findings.push(finding("drift", text, ("drift", change)));
    }
    findings
}

/// By which share of its mean the number of clients in the system changes after the warm-up, if that
/// change is significant and large enough to matter: a regression line through the means of ten batches.
fn drift(variant: &VariantResults, warmup: Span) -> Option<f64> {
    let series = &variant.series;
    let first = warmup.as_millis().div_ceil(series.bucket_ms.max(1)) as usize;
    let present: Vec<f64> =
        series.open_connections.iter().zip(&series.waiting).map(|(o, w)| o + w).collect();
    let present = present.get(first..)?;
    let size = present.len() / BATCHES;
    if size == 0 {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let batches: Vec<f64> = present.chunks_exact(size).take(BATCHES).map(mean).collect();
    let (middle, level) = ((BATCHES - 1) as f64 / 2.0, mean(&batches));
    let places = || (0..BATCHES).map(|i| i as f64 - middle);
    let spread: f64 = places().map(|x| x * x).sum();
    let slope = places().zip(&batches).map(|(x, y)| x * (y - level)).sum::<f64>() / spread;
    let residual = |(x, y): (f64, &f64)| (y - level - slope * x).powi(2);
    let residuals: f64 = places().zip(&batches).map(residual).sum();
    let error = (residuals / (BATCHES - 2) as f64 / spread).sqrt();
    let change = slope * (BATCHES - 1) as f64 / level;
    (slope.abs() > SIGNIFICANT * error && change.abs() > HARMLESS).then_some(change)
}
