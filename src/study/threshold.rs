//! Verdicts: whether results meet thresholds.

use std::collections::HashSet;

use crate::results::{Summary, ThresholdResult, ThresholdVerdict, VariantResults};
use crate::scenario::Threshold;
use crate::stats::metric;

/// Judges every threshold, once, in every variant that it applies to.
pub fn judge(thresholds: &[Threshold], variants: &[VariantResults]) -> Vec<ThresholdResult> {
    let mut results = Vec::new();
    // The same threshold may stand in the scenario and on the command line.
    let mut seen = HashSet::new();
    let new = |threshold: &&Threshold| {
        let target = &threshold.target;
        let condition = (target.metric.to_string(), target.operator.to_string());
        seen.insert((condition, target.value.to_bits(), threshold.variant.clone()))
    };
    for threshold in thresholds.iter().filter(new) {
        let applies = |variant: &&VariantResults| {
            threshold.variant.as_ref().is_none_or(|name| *name == variant.name)
        };
        results.extend(variants.iter().filter(applies).map(|variant| {
            let observed = variant.metric(&threshold.target.metric).copied();
            ThresholdResult {
                expression: threshold.text.clone(),
                variant: variant.name.clone(),
                metric: threshold.target.metric.to_string(),
                operator: threshold.target.operator.to_string(),
                value: threshold.target.value,
                observed,
                verdict: verdict(threshold, observed, never_ends(threshold, variant)),
            }
        }));
    }
    results
}

/// Whether the threshold is on a time to recover, and some runs did not recover: then no time is long enough.
fn never_ends(threshold: &Threshold, variant: &VariantResults) -> bool {
    let stuck = metric::STUCK.of(&variant.metrics).is_some_and(|stuck| stuck.mean > 0.0);
    threshold.target.metric.metric == metric::RECOVERY_TIME && stuck
}

/// The verdict by the interval of the mean. A single run without an interval is judged by its value; a
/// metric without a value never passes.
fn verdict(threshold: &Threshold, observed: Option<Summary>, never_ends: bool) -> ThresholdVerdict {
    let target = &threshold.target;
    if never_ends {
        return ThresholdVerdict::of(target.operator.judge([f64::INFINITY; 2], target.value));
    }
    let Some(observed) = observed else { return ThresholdVerdict::Inconclusive };
    let interval = observed.ci95.unwrap_or([observed.mean; 2]);
    ThresholdVerdict::of(target.operator.judge(interval, target.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, observed: Option<Summary>) -> ThresholdVerdict {
        verdict(&Threshold::parse(text).unwrap(), observed, false)
    }

    fn observed(mean: f64, ci95: Option<[f64; 2]>) -> Option<Summary> {
        Some(Summary { mean, ci95, min: mean, max: mean })
    }

    #[test]
    fn a_limit_within_the_interval_is_inconclusive() {
        let wide = observed(10.0, Some([8.0, 12.0]));
        assert_eq!(judged("stranded < 11", wide), ThresholdVerdict::Inconclusive);
        assert_eq!(judged("stranded < 13", wide), ThresholdVerdict::Pass);
        assert_eq!(judged("stranded < 8", wide), ThresholdVerdict::Fail);
    }

    #[test]
    fn a_threshold_that_is_written_twice_is_judged_once() {
        let thresholds = ["stranded == 0", "stranded==0", "stranded == 0 @ a", "stranded < 1"];
        let thresholds = thresholds.map(|text| Threshold::parse(text).unwrap());
        let variant: VariantResults = serde_json::from_str(
            r#"{"name": "b", "overlay": {}, "metrics": {}, "blocks": {"length": 1, "metrics": {}},
                "groups": {}, "distribution_points": {}, "histograms": {
                "completion": {"values": [], "counts": []}, "attempts": {"values": [], "counts": []}},
                "series": {"bucket_ms": 1, "open_connections": [], "waiting": [], "refused": [],
                "completed": []}}"#,
        )
        .expect("a variant");
        let judged = judge(&thresholds, &[variant]);
        let judged: Vec<&str> = judged.iter().map(|one| one.expression.as_str()).collect();
        assert_eq!(judged, ["stranded == 0", "stranded < 1"]);
    }

    #[test]
    fn one_run_is_judged_by_its_value_and_no_value_never_passes() {
        assert_eq!(judged("stranded < 11", observed(10.0, None)), ThresholdVerdict::Pass);
        assert_eq!(judged("completion.p95 < 1h", None), ThresholdVerdict::Inconclusive);
    }
}
