//! A budget of the attempts in progress, as Envoy's, that lets all retries pass.

use super::diagnosis::Diagnosis;
use super::observation::Observation;
use super::suggestion::{Goal, Suggestion};
use crate::human::{count, percent};
use crate::model::{Budget, ClientGroup, Span};
use crate::results::mean;
use crate::stats::metric;

/// A budget is exceeded where there are more retries than this times its share of the clients.
const EXCEEDED: f64 = 2.0;

/// The window of the budget that is suggested.
const WINDOW: Span = Span::from_secs(10);

/// Far more retries than the share of the budget, because attempts fail too fast to be in progress
/// (envoyproxy/envoy#30205).
pub fn budget_passes(observed: &Observation<'_>) -> Option<Diagnosis> {
    let exceeded = observed.groups().iter().filter_map(|group| {
        let share = of_progress(group)?;
        let metrics = observed.results.groups.get(&group.name)?;
        let amplification = mean(metrics, metric::AMPLIFICATION).max(while_triggered(observed));
        (amplification > 1.0 + EXCEEDED * share).then_some((group, share, amplification))
    });
    let (group, share, amplification) = exceeded.max_by(|a, b| a.2.total_cmp(&b.2))?;
    let edit = observed.edit_groups(|group| {
        if let Some(share) = of_progress(group) {
            let budget = Budget::Share { share, reserve: None, window: WINDOW };
            group.restraints.budget = Some(budget);
        }
    });
    let share = percent(share);
    Some(Diagnosis {
        cause: format!(
            "the budget of {share} of the attempts in progress lets retries pass: clients of {} make {} attempts \
             each. What fails at once is hardly in progress, and what waits to retry is not, so that few retries \
             count at a time.",
            group.name,
            count(amplification),
        ),
        evidence: vec![(metric::AMPLIFICATION, amplification)],
        severity: amplification,
        suggestion: Suggestion::new(
            format!("With a budget of {share} of the requests of the last {WINDOW}"),
            edit,
            Goal::Fewer(metric::ATTEMPTS),
        ),
    })
}

/// The amplification while the trigger lasts, where all clients are of one group; 0 without either.
fn while_triggered(observed: &Observation<'_>) -> f64 {
    let phases = observed.results.trigger.as_ref().filter(|_| observed.groups().len() == 1);
    let window = phases.and_then(|phases| observed.results.windows.get(&phases.during));
    window.map_or(0.0, |window| mean(&window.metrics, metric::AMPLIFICATION))
}

fn of_progress(group: &ClientGroup) -> Option<f64> {
    match group.restraints.budget {
        Some(Budget::Concurrent { share, .. }) => Some(share),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::{kinds_of, texts_of};

    /// Every attempt fails at once, as in envoyproxy/envoy#30205.
    const FAILS: &str = "
        name = 'A server that fails'
        horizon = '1h'
        [distribution_points.A]
        connection_limit = 1000
        errors = '100%'
        [clients.proxy]
        count = 1000
        processes = 1
        arrival = { kind = 'even', over = '10s' }
        transfer = { kind = 'constant', duration = '2s' }
        retry = 'envoy'
    ";

    #[test]
    fn why_a_budget_of_attempts_in_progress_bounds_nothing_is_said() {
        let texts = texts_of(FAILS, &[]);
        let text = texts.iter().find(|text| text.contains("in progress lets")).expect("found");
        assert!(text.contains("clients of proxy make 2 attempts each"), "{text}");
        assert!(text.contains("there would be 1,200 attempts instead of 2,000"), "{text}");
    }

    #[test]
    fn a_budget_that_bounds_the_retries_is_no_finding() {
        let finagle = "clients.proxy.retry='finagle'";
        // Attempts that take 1 s until they time out are in progress.
        let slow = ["clients.proxy.timeout='1s'", "distribution_points.A.errors='0%'"];
        for changes in [&[finagle][..], &slow] {
            let kinds = kinds_of(FAILS, changes);
            assert!(!kinds.iter().any(|kind| kind == "budget_passes"), "{changes:?}: {kinds:?}");
        }
    }
}
