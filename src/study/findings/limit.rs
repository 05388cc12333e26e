//! A connection limit that is what clients wait for, or that none of them ever meets.

use super::bandwidth;
use super::diagnosis::Diagnosis;
use super::observation::{FULL, Observation, REFUSED};
use super::suggestion::Suggestion;
use crate::human::{count, percent};
use crate::model::Span;

/// A limit that is in full use while most attempts are refused.
pub fn limit_binds(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (point, used) = observed.highest("utilisation").filter(|(_, used)| *used > FULL)?;
    if observed.refused_share() < REFUSED || bandwidth::binds_instead(observed) {
        return None;
    }
    let refused = observed.metric("refused.ratio");
    let twice = observed.edit_full_points(|point| {
        if let Some(twice) = point.connection_limit.checked_mul(2) {
            point.connection_limit = twice;
        }
    });
    let opening = "With twice the connections";
    let suggestion = Suggestion::new(opening, twice, observed.progress());
    Some(Diagnosis {
        cause: format!(
            "the limit is the bottleneck: {point} was {} in use, and {} of all attempts were refused.",
            percent(used),
            percent(refused)
        ),
        evidence: vec![("utilisation", used), ("refused.ratio", refused)],
        severity: refused,
        suggestions: suggestion.into_iter().collect(),
    })
}

/// A limit that no client ever meets, at any distribution point.
pub fn limit_unused(observed: &Observation<'_>) -> Option<Diagnosis> {
    let refused = observed.results.metrics.get("refused").copied().flatten()?;
    // With a warm-up, what was refused before its end is not counted.
    let unknown = observed.scenario?.warmup > Span::ZERO || observed.metric("arrived") == 0.0;
    if refused.max > 0.0 || unknown || observed.metric("queued.peak") > 0.0 {
        return None;
    }
    let mut most = 0.0_f64;
    for point in observed.points() {
        let metrics = observed.results.distribution_points.get(&point.name)?;
        let peak = metrics.get("connections.peak").copied().flatten()?.max;
        if peak >= f64::from(point.connection_limit) {
            return None;
        }
        most = most.max(peak);
    }
    Some(Diagnosis {
        cause: format!(
            "no attempt was refused: at most {} connections were open at once, and a lower limit would \
             do.",
            count(most)
        ),
        evidence: vec![("refused", 0.0), ("connections.peak", most)],
        severity: 0.0,
        suggestions: Vec::new(),
    })
}
