//! Results as JUnit: a case for each threshold in each variant, and for each target of a search.

use quick_junit::TestCase;

use super::suite::{Status, case, report, suite};
use crate::report::content::answer::interrupted;
use crate::report::content::origin::scenario_name;
use crate::report::content::search::search_answer;
use crate::report::names::tame;
use crate::results::{Results, Sizing, Summary, ThresholdResult, ThresholdVerdict};
use crate::scenario::Target;
use crate::stats::metric::show;

/// Renders results.
pub fn results(results: &Results, _: Option<u16>) -> String {
    let mut cases: Vec<TestCase> = results.thresholds.iter().map(threshold_case).collect();
    if let Some(sizing) = &results.sizing {
        cases.extend(target_cases(results, sizing));
    }
    if let Some(interrupted) = interrupted(results) {
        let name = scenario_name(results);
        cases.push(case(
            "the study is complete",
            name,
            &interrupted,
            Status::Failed("interrupted"),
        ));
    }
    let mut study = suite(scenario_name(results), cases, "the scenario has no thresholds");
    let tool = format!("{} {}", tame(&results.tool.name), tame(&results.tool.version));
    study.add_properties([
        ("seed".to_owned(), results.seed.to_string()),
        ("replications".to_owned(), results.replications.to_string()),
        ("engine".to_owned(), tame(&results.engine)),
        ("version".to_owned(), tool),
    ]);
    report([study])
}

/// The case of a threshold in a variant.
pub fn threshold_case(threshold: &ThresholdResult) -> TestCase {
    let show = show(&threshold.metric);
    let seen = seen(threshold.observed.as_ref(), show);
    let limit = format!("limit {} {}", threshold.operator, show(threshold.value));
    let message = match threshold.verdict {
        ThresholdVerdict::Inconclusive => format!("inconclusive: {seen}; {limit}"),
        _ => format!("{seen}; {limit}"),
    };
    let message = format!("{}: {message}", threshold.metric);
    case(&threshold.expression, &threshold.variant, &message, threshold.verdict.into())
}

/// What was observed: `observed 12.3, 95% interval 10 to 14.6`.
fn seen(observed: Option<&Summary>, show: fn(f64) -> String) -> String {
    let Some(observed) = observed else { return "observed no data".to_owned() };
    let mean = show(observed.mean);
    match observed.ci95 {
        Some([low, high]) => {
            format!("observed {mean}, 95% interval {} to {}", show(low), show(high))
        }
        None => format!("observed {mean}, one replication, so no interval"),
    }
}

/// The cases of a search: each target at the value that the verdict is about. Where the search did
/// not succeed, the targets that are missed or undecided there failed.
fn target_cases(results: &Results, sizing: &Sizing) -> Vec<TestCase> {
    let place = format!("{} = {}", sizing.key, sizing.looked_at);
    let variant = sizing.place_of(sizing.looked_at).and_then(|at| results.variants.get(at));
    if sizing.targets.is_empty() {
        // A search for the best value has no targets to report.
        let message = search_answer(results, sizing);
        return vec![case(&sizing.key, &place, &message, sizing.verdict.into())];
    }
    let cases = sizing.targets.iter().map(|target| {
        let observed = Target::parse(&target.expression).ok().and_then(|parsed| {
            let name = parsed.metric.to_string();
            let summary = variant?.metric(&parsed.metric)?;
            Some(format!("{name}: {}", seen(Some(summary), parsed.metric.metric.unit.show())))
        });
        let observed = observed.map(|observed| format!("{observed}. ")).unwrap_or_default();
        let message = format!("{observed}{}", search_answer(results, sizing));
        let status = match sizing.verdict {
            ThresholdVerdict::Pass => Status::Passed,
            // Another target is missed; this one is met.
            _ if !target.binds => Status::Passed,
            verdict => verdict.into(),
        };
        case(&target.expression, &place, &message, status)
    });
    cases.collect()
}
