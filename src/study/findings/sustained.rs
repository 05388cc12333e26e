//! A disturbance that is over, and a system that does not recover: retries sustain the load.

use super::diagnosis::Diagnosis;
use super::observation::Observation;
use super::remedies::remedies;
use crate::human::percent;
use crate::stats::metric;

/// So many attempts for each client, and more, are retries that sustain the load.
const AMPLIFIED: f64 = 1.5;

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
    Some(Diagnosis {
        cause: format!(
            "{runs}: goodput is {} of what it was before, and retries make {} attempts of each client, which \
             sustains the load.",
            percent(left / good),
            crate::human::count(amplification),
        ),
        evidence: vec![(metric::STUCK, stuck), (metric::AMPLIFICATION, amplification)],
        severity: stuck,
        suggestion: remedies(observed),
    })
}

#[cfg(test)]
mod tests {
    use crate::scenario::Builtin;
    use crate::study::findings::tests::{kinds_of, texts_of};

    #[test]
    fn retries_that_sustain_the_load_are_named_and_the_remedies_are_ranked() {
        let text = Builtin::named("retry-storm").expect("built in").text;
        let found = texts_of(text, &[]);
        let found = found.iter().find(|text| text.contains("does not recover")).expect("found");
        for remedy in ["a queue of 7", "dropped", "lifo", "a budget of 20%", "back-off from 1s"] {
            assert!(found.contains(remedy), "{remedy}: {found}");
        }
        assert!(found.contains("more would have completed"), "{found}");
        let calm = kinds_of(text, &["distribution_points.SERVER.queue=80"]);
        assert!(!calm.iter().any(|kind| kind == "sustained"), "{calm:?}");
    }
}
