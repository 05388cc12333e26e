//! Errors of a server that make clients wait, though it has connections free.

use super::diagnosis::Diagnosis;
use super::observation::Observation;
use super::suggestion::Suggestion;
use crate::human::percent;
use crate::stats::metric;

/// A few errors are normal; beyond this share of attempts they are a problem.
const FAILED: f64 = 0.05;

/// Errors that are more often the reason of a refusal than all others.
pub fn errors(observed: &Observation<'_>) -> Option<Diagnosis> {
    let share =
        |point| observed.at(point, metric::FAILED) / observed.at(point, metric::ATTEMPTS).max(1.0);
    let points = observed.points().iter().map(|point| (point, share(point)));
    let failing = points.filter(|(_, share)| *share > FAILED);
    let (point, share) = failing.max_by(|a, b| a.1.total_cmp(&b.1))?;
    if !are_most_refusals(observed) {
        return None;
    }
    let edit = observed.edit(|scenario| {
        scenario.distribution_points.iter_mut().for_each(|point| point.errors = 0.0);
    });
    Some(Diagnosis {
        cause: format!(
            "errors of the {} hold clients up: {} of the attempts at {} failed with one.",
            observed.server(),
            percent(share),
            point.name,
        ),
        evidence: vec![
            (metric::FAILED, observed.at(point, metric::FAILED)),
            (metric::UTILISATION, observed.used(point)),
        ],
        severity: share,
        suggestion: Suggestion::new("Without errors", edit, observed.progress()),
    })
}

/// Whether most attempts that were refused failed with an error: then retries that come sooner meet the same errors.
pub fn are_most_refusals(observed: &Observation<'_>) -> bool {
    observed.metric(metric::FAILED) > observed.metric(metric::REFUSED) / 2.0
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::{kinds_of, texts_of};

    const FAILING: &str = "
        name = 'A server with errors'
        [distribution_points.S]
        connection_limit = 100
        errors = '20%'
        [clients.g]
        count = 400
        arrival = { kind = 'even', over = '10m' }
        transfer = { kind = 'constant', duration = '5s' }
        retry = { policy = 'fixed', interval = '10m' }
    ";

    fn kinds(changes: &[&str]) -> [bool; 2] {
        let kinds = kinds_of(FAILING, changes);
        ["errors", "idle_while_waiting"].map(|kind| kinds.iter().any(|found| found == kind))
    }

    #[test]
    fn errors_are_named_instead_of_connections_that_are_idle_because_of_them() {
        assert_eq!(kinds(&[]), [true, false]);
        assert_eq!(kinds(&["distribution_points.S.errors='1%'"]), [false, false]);
        // Most are refused because no connection is free.
        let [errors, idle] = kinds(&["distribution_points.S.connection_limit=1"]);
        assert!(!errors && idle);
    }

    #[test]
    fn what_no_errors_would_give_is_said() {
        let texts = texts_of(FAILING, &[]);
        let text = texts.iter().find(|text| text.contains("errors of the server")).expect("found");
        assert!(text.contains("of the attempts at S failed"), "{text}");
        assert!(text.contains("Without errors") && text.contains("times sooner"), "{text}");
    }
}
