//! Suites and cases of JUnit's XML.

use std::collections::HashSet;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::report::names::tame;
use crate::results::ThresholdVerdict;

/// Suites as XML.
pub fn report(suites: impl IntoIterator<Item = TestSuite>) -> String {
    let mut report = Report::new("distpoint");
    report.add_test_suites(suites);
    // Writing into memory cannot fail.
    without_skipped(&report.to_string().unwrap_or_default())
}

/// The document without the number of skipped cases at its top, an attribute that Jenkins' schema has for a
/// suite only.
fn without_skipped(xml: &str) -> String {
    const ATTRIBUTE: &str = " skipped=\"";
    let cut = || {
        let top = xml.find("<testsuites")?;
        let end = top + xml[top..].find('>')?;
        let at = top + xml[top..end].find(ATTRIBUTE)?;
        let value = at + ATTRIBUTE.len();
        let after = value + xml[value..end].find('"')? + 1;
        Some(format!("{}{}", &xml[..at], &xml[after..]))
    };
    cut().unwrap_or_else(|| xml.to_owned())
}

/// A suite of `cases`, each once; if there are none, of a skipped one with the reason.
pub fn suite(name: &str, cases: Vec<TestCase>, why_none: &str) -> TestSuite {
    let mut suite = TestSuite::new(tame(name));
    // Readers count two cases of one name as one that ran twice.
    let mut seen = HashSet::new();
    let new = |case: &TestCase| {
        let class = case.classname.as_ref().map(|class| class.as_str().to_owned());
        seen.insert((case.name.as_str().to_owned(), class))
    };
    let mut cases: Vec<TestCase> = cases.into_iter().filter(new).collect();
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
