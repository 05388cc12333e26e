//! Suites and cases of JUnit's XML.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::report::names::tame;
use crate::results::ThresholdVerdict;

/// Suites as XML.
pub fn report(suites: impl IntoIterator<Item = TestSuite>) -> String {
    let mut report = Report::new("distpoint");
    report.add_test_suites(suites);
    // Writing into memory cannot fail.
    report.to_string().unwrap_or_default()
}

/// A suite of `cases`; if there are none, of a skipped one that says why.
pub fn suite(name: &str, mut cases: Vec<TestCase>, why_none: &str) -> TestSuite {
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
pub fn case(name: &str, variant: &str, message: &str, status: Status) -> TestCase {
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
pub enum Status {
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
