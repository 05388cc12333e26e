//! Advertisements that a client's error handling unschedules.

use super::diagnosis::Diagnosis;
use super::edit::releases;
use super::observation::Observation;
use super::suggestion::{Goal, Suggestion};
use crate::human::is_or_are;
use crate::stats::metric;

/// Stranded advertisements, and the bug that strands them.
pub fn strands(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (stranded, share) = observed.share_of_arrived(metric::STRANDED, "advertisement")?;
    let misreports = observed.groups().iter().any(|group| {
        group.misreport_probability > 0.0
            && releases(group).any(|release| release.misreport_strands)
    });
    let polls = observed.groups().iter().flat_map(releases).any(|release| release.poll_unschedules);
    let why = match (misreports, polls) {
        (true, false) => {
            "a refusal that is misreported as 0x80070047 unschedules the program (Q268500)"
        }
        (false, true) => "a poll unschedules the pending retry (Q302674)",
        _ => "the error handling unschedules the program after a refusal",
    };
    let fixed = observed.edit_releases(|release| {
        (release.misreport_strands, release.poll_unschedules) = (false, false);
    });
    Some(Diagnosis {
        cause: format!("{share} {} stranded: {why}.", is_or_are(stranded)),
        evidence: vec![
            (metric::STRANDED, stranded),
            (metric::STRANDED_RATIO, observed.metric(metric::STRANDED_RATIO)),
        ],
        severity: stranded,
        suggestion: Suggestion::new("With that fixed", fixed, Goal::Left(metric::STRANDED)),
    })
}
