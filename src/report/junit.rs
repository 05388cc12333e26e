//! JUnit's XML, which CI systems show as test results.
//!
//! A study is a suite, and each threshold in each variant a case; so is each target of a search.
//! What is inconclusive is a *failure*, of the type `inconclusive`: CI systems take skipped cases
//! for no harm, and no data never pass. A study without thresholds has one skipped case that says
//! so, because many readers refuse a report without any case.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::names::tame;
use super::text::scenario_name;
use super::text::sizing::sizing_answer;
use super::{Renderer, comparison};
use crate::compare::Compared;
use crate::results::{Results, Sizing, Summary, ThresholdResult, ThresholdVerdict};
use crate::scenario::Target;
use crate::stats::metric::show;

/// The XML that `*.xml` reports of tests are in.
pub struct Junit;

impl Renderer for Junit {
    fn results(&self, results: &Results, _width: Option<u16>) -> String {
        let mut cases: Vec<TestCase> = results.thresholds.iter().map(threshold_case).collect();
        if let Some(sizing) = &results.sizing {
            cases.extend(target_cases(results, sizing));
        }
        let mut study = suite(&scenario_name(results), cases, "the scenario has no thresholds");
        let properties = [
            ("seed".to_owned(), results.seed.to_string()),
            ("replications".to_owned(), results.replications.to_string()),
            ("engine".to_owned(), tame(&results.engine)),
            (
                "version".to_owned(),
                format!("{} {}", tame(&results.tool.name), tame(&results.tool.version)),
            ),
        ];
        study.add_properties(properties);
        report([study])
    }

    fn comparison(&self, compared: &Compared, _width: Option<u16>) -> String {
        comparison::junit(compared)
    }
}

/// Suites as XML.
pub(super) fn report(suites: impl IntoIterator<Item = TestSuite>) -> String {
    let mut report = Report::new("distpoint");
    report.add_test_suites(suites);
    // Writing into memory cannot fail.
    report.to_string().unwrap_or_default()
}

/// A suite of `cases`; if there are none, of a skipped one that says why.
pub(super) fn suite(name: &str, mut cases: Vec<TestCase>, why_none: &str) -> TestSuite {
    let mut suite = TestSuite::new(tame(name));
    if cases.is_empty() {
        let mut status = TestCaseStatus::skipped();
        status.set_message(why_none);
        let mut case = TestCase::new("thresholds", status);
        case.set_classname(tame(name));
        cases.push(case);
    }
    suite.add_test_cases(cases);
    suite
}

/// A case: what was checked, in which variant, and what was seen, with how it went.
pub(super) fn case(name: &str, variant: &str, message: &str, status: Status) -> TestCase {
    let (name, variant, message) = (tame(name), tame(variant), tame(message));
    let failed = |kind: &str| {
        let mut failed = TestCaseStatus::non_success(NonSuccessKind::Failure);
        failed.set_message(&message).set_type(kind).set_description(&message);
        failed
    };
    let status = match status {
        Status::Passed => TestCaseStatus::success(),
        Status::Failed(kind) => failed(kind),
    };
    let passed = matches!(status, TestCaseStatus::Success { .. });
    let mut case = TestCase::new(name, status);
    case.set_classname(variant);
    if passed {
        case.set_system_out(message);
    }
    case
}

/// How a case went.
pub(super) enum Status {
    /// Well.
    Passed,
    /// Not well; of which type the failure is.
    Failed(&'static str),
}

impl From<ThresholdVerdict> for Status {
    fn from(verdict: ThresholdVerdict) -> Status {
        match verdict {
            ThresholdVerdict::Pass => Status::Passed,
            ThresholdVerdict::Fail => Status::Failed("threshold"),
            ThresholdVerdict::Inconclusive => Status::Failed("inconclusive"),
        }
    }
}

/// The case of a threshold in a variant.
pub(super) fn threshold_case(threshold: &ThresholdResult) -> TestCase {
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
    let Some(observed) = observed else { return "observed nothing to measure".to_owned() };
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
    let at = sizing.evaluated.iter().position(|value| value.value == sizing.looked_at);
    let variant = at.and_then(|at| results.variants.get(at));
    if sizing.targets.is_empty() {
        // It looked for the best value, whatever that is.
        let message = sizing_answer(results, sizing);
        return vec![case(&sizing.key, &place, &message, sizing.verdict.into())];
    }
    let cases = sizing.targets.iter().map(|target| {
        let observed = Target::parse(&target.expression).ok().and_then(|parsed| {
            let name = parsed.metric.to_string();
            let summary = variant?.metric(&parsed.metric)?;
            Some(format!("{name}: {}", seen(Some(summary), parsed.metric.metric.unit.show())))
        });
        let observed = observed.map(|observed| format!("{observed}. ")).unwrap_or_default();
        let message = format!("{observed}{}", sizing_answer(results, sizing));
        let status = match sizing.verdict {
            ThresholdVerdict::Pass => Status::Passed,
            // Another target stands in the way; this one is met.
            _ if !target.binds => Status::Passed,
            verdict => verdict.into(),
        };
        case(&target.expression, &place, &message, status)
    });
    cases.collect()
}
