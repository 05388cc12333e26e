//! A disturbance that is over, and a system that does not recover: retries sustain the load.

use super::diagnosis::Diagnosis;
use super::observation::Observation;
use super::suggestion::{Goal, Suggestion};
use crate::human::percent;
use crate::model::{Budget, Restraints, Span};
use crate::stats::metric;

/// So many attempts for each client, and more, are retries that sustain the load.
const AMPLIFIED: f64 = 1.5;

/// The share of the requests that may be retries in the budget that is suggested, as Finagle's.
const SHARE: f64 = 0.2;

/// Runs that do not recover from the trigger, though the load is as before, because of retries.
pub fn sustained(observed: &Observation<'_>) -> Option<Diagnosis> {
    let stuck = metric::STUCK.of(&observed.results.metrics)?.mean;
    let phases = observed.results.trigger.as_ref()?;
    let [before, after] = [&phases.before, &phases.after].map(|window| {
        let window = observed.results.windows.get(window)?;
        let mean = |metric: metric::Metric| Some(metric.of(&window.metrics)?.mean);
        Some((mean(metric::GOODPUT)?, mean(metric::AMPLIFICATION)?))
    });
    let ((good, _), (left, amplification)) = (before?, after?);
    if stuck == 0.0 || amplification < AMPLIFIED || good == 0.0 {
        return None;
    }
    let runs = match stuck {
        1.0 => "it does not recover from the trigger".to_owned(),
        _ => format!("{} of the runs do not recover from the trigger", percent(stuck)),
    };
    let budget = observed.edit_groups(|group| {
        if group.restraints.budget.is_none() {
            let (share, reserve, window) = (SHARE, None, Span::from_secs(10));
            let budget = Some(Budget::Share { share, reserve, window });
            group.processes = group.processes.or(Some(1));
            group.restraints = Restraints { budget, ..group.restraints.clone() };
        }
    });
    let opening = format!("With a budget of {} of the requests for retries", percent(SHARE));
    Some(Diagnosis {
        cause: format!(
            "{runs}: afterwards {} of the transfers of before are done, and retries make {} attempts of each \
             client, which sustains the load.",
            percent(left / good),
            crate::human::count(amplification),
        ),
        evidence: vec![(metric::STUCK, stuck), (metric::AMPLIFICATION, amplification)],
        severity: stuck,
        suggestion: Suggestion::new(opening, budget, Goal::More(metric::COMPLETED)),
    })
}

#[cfg(test)]
mod tests {
    use crate::scenario::Builtin;
    use crate::study::findings::tests::{kinds_of, texts_of};

    #[test]
    fn retries_that_sustain_the_load_are_named_and_a_budget_is_tried() {
        let text = Builtin::named("retry-storm").expect("built in").text;
        let found = texts_of(text, &[]);
        let found = found.iter().find(|text| text.contains("does not recover")).expect("found");
        assert!(found.contains("With a budget of 20% of the requests for retries"), "{found}");
        assert!(found.contains("more would have completed"), "{found}");
        let calm = kinds_of(text, &["distribution_points.SERVER.queue=80"]);
        assert!(!calm.iter().any(|kind| kind == "sustained"), "{calm:?}");
    }
}
