//! A connection limit that holds clients up, or that they never reach.

use super::bandwidth;
use super::diagnosis::Diagnosis;
use super::observation::{FULL, Observation, REFUSED};
use super::suggestion::Suggestion;
use super::wasted::wasted;
use crate::human::{counted, percent, was_or_were};
use crate::model::{DistributionPoint, Span};
use crate::stats::metric;

/// A limit behind a rate limit is not in full use though it is too low: clients that find no connection free must pass
/// the rate limit again. This share of it is enough.
const USED_BEHIND_RATE_LIMIT: f64 = 0.5;

/// A limit that is in full use while most attempts are refused.
pub fn limit_binds(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (point, used) = observed.highest(metric::UTILISATION)?;
    let behind = observed.point(point).filter(|point| binds_behind_rate_limit(observed, point));
    if used <= FULL && behind.is_none() {
        return None;
    }
    let is_wasted = wasted(observed).is_some();
    if observed.refused_share() < REFUSED || bandwidth::binds_instead(observed) || is_wasted {
        return None;
    }
    let refused = observed.metric(metric::REFUSED_RATIO);
    let is_short = |point: &&mut DistributionPoint| {
        observed.used(point) > FULL || binds_behind_rate_limit(observed, point)
    };
    let twice = observed.edit(|scenario| {
        for point in scenario.distribution_points.iter_mut().filter(is_short) {
            if let Some(twice) = point.connection_limit.checked_mul(2) {
                point.connection_limit = twice;
            }
        }
    });
    let which = match behind {
        Some(point) => {
            let share = percent(observed.refused_share_at(point));
            format!("{share} of the attempts that its rate limit let pass were refused")
        }
        None => format!("{} of all attempts were refused", percent(refused)),
    };
    let fact = format!("{point} was {} in use, and {which}.", percent(used));
    let cause = format!("the limit is the bottleneck: {fact}");
    let opening = "With twice the connections";
    let suggestion = Suggestion::new(opening, twice, observed.progress());
    Some(Diagnosis {
        cause,
        evidence: vec![(metric::UTILISATION, used), (metric::REFUSED_RATIO, refused)],
        severity: refused,
        suggestion: suggestion.map(|suggestion| suggestion.or_else(fact)),
    })
}

fn binds_behind_rate_limit(observed: &Observation<'_>, point: &DistributionPoint) -> bool {
    point.rate_limit.is_some()
        && observed.used(point) > USED_BEHIND_RATE_LIMIT
        && observed.refused_share_at(point) > REFUSED
}

/// A limit that is never reached, at any distribution point. Idle sessions count against a limit too, and how many
/// there are at once with open connections is not known, so nothing is said where sessions stay.
pub fn limit_unused(observed: &Observation<'_>) -> Option<Diagnosis> {
    let refused = metric::REFUSED.of(&observed.results.metrics)?;
    // With a warm-up, what was refused before its end is not counted.
    let unknown = observed.scenario?.warmup > Span::ZERO || observed.metric(metric::ARRIVED) == 0.0;
    if refused.max > 0.0 || unknown || observed.metric(metric::QUEUED_PEAK) > 0.0 {
        return None;
    }
    let mut most = 0.0_f64;
    for point in observed.points() {
        if point.linger > Span::ZERO {
            return None;
        }
        let metrics = observed.results.distribution_points.get(&point.name)?;
        let peak = metric::CONNECTIONS_PEAK.of(metrics)?.max;
        if peak >= f64::from(point.connection_limit) {
            return None;
        }
        most = most.max(peak);
    }
    Some(Diagnosis {
        cause: format!(
            "no attempt was refused: at most {} {} open at once, so a lower limit would suffice.",
            counted(most, "connection"),
            was_or_were(most)
        ),
        evidence: vec![(metric::REFUSED, 0.0), (metric::CONNECTIONS_PEAK, most)],
        severity: 0.0,
        suggestion: None,
    })
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::kinds_of;

    #[test]
    fn a_lower_limit_is_not_suggested_where_idle_sessions_need_the_limit() {
        let text = "
            name = 'A share with idle sessions'
            distribution_points.A = { connection_limit = 10 }
            [clients.g]
            count = 8
            arrival = { kind = 'even', over = '8m' }
            transfer = { kind = 'constant', duration = '10s' }
        ";
        let is_found =
            |changes: &[&str]| kinds_of(text, changes).iter().any(|kind| kind == "limit_unused");
        assert!(is_found(&[]));
        // One connection is open at a time, but with a limit of one the sessions would keep clients out.
        assert!(!is_found(&["distribution_points.A.linger='1h'"]));
    }
}
