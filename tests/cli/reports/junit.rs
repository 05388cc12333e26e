//! What JUnit reports say, and that the rules of JUnit's XML find what breaks them.

use crate::harness::{compared, render, render_comparison, small_results};
use crate::junit_rules::check;

#[test]
fn a_wrong_document_is_refused() {
    let good = render(&small_results(), "junit");
    check(&good).expect("the rules hold");
    for (from, to) in [
        ("<testsuite ", "<testsuit "),
        ("tests=\"4\"", "tests=\"5\""),
        (" classname=", " class="),
        ("<failure message=", "<failure note="),
        ("</testsuites>", ""),
    ] {
        let bad = good.replace(from, to);
        assert!(bad != good && check(&bad).is_err(), "{from} to {to}:\n{bad}");
    }
}

#[test]
fn what_is_inconclusive_is_no_success() {
    let cases = check(&render(&small_results(), "junit")).expect("the rules hold");
    let outcomes: Vec<&str> = cases.iter().map(|case| case.outcome.as_str()).collect();
    assert_eq!(outcomes, ["threshold", "passed", "inconclusive", "inconclusive"]);
    assert_eq!((cases[0].name.as_str(), cases[0].class.as_str()), ("stranded == 0", "buggy"));
    for (case, parts) in cases.iter().zip([
        &["observed 12", "95% interval 10.5 to 13.5", "limit == 0"][..],
        &[],
        &["observed 1h 30m", "1h 29m to 1h 31m", "limit < 1h 30m"],
        &["observed no data", "limit < 1d"],
    ]) {
        assert!(parts.iter().all(|part| case.message.contains(part)), "{case:?}");
    }
}

#[test]
fn a_threshold_that_is_there_twice_is_one_case() {
    let mut results = small_results();
    let twice = results.thresholds.clone();
    results.thresholds.extend(twice);
    let cases = check(&render(&results, "junit")).expect("the rules hold");
    assert_eq!(cases.len(), 4);
}

#[test]
fn an_interrupted_study_is_no_success() {
    let mut results = small_results();
    results.interrupted = true;
    let cases = check(&render(&results, "junit")).expect("the rules hold");
    assert_eq!(cases.last().expect("a case").outcome, "interrupted");
    for format in ["text", "markdown", "html", "junit"] {
        assert!(render(&results, format).contains("interrupted"), "{format}");
    }
    assert_eq!(render(&results, "json").matches("interrupted").count(), 1);
    results.interrupted = false;
    assert_eq!(render(&results, "json").matches("interrupted").count(), 0);
}

#[test]
fn a_study_without_thresholds_has_a_skipped_case() {
    let mut results = small_results();
    results.thresholds.clear();
    let cases = check(&render(&results, "junit")).expect("the rules hold");
    assert_eq!((cases.len(), cases[0].outcome.as_str()), (1, "skipped"));
}

#[test]
fn a_comparison_follows_the_rules() {
    let mut new = small_results();
    let cases = check(&render_comparison(&compared(&small_results(), &new), "junit"));
    assert!(cases.expect("the rules hold").len() > 6);
    new.variants.iter_mut().for_each(|variant| variant.name.push('x'));
    let cases = check(&render_comparison(&compared(&small_results(), &new), "junit"));
    assert_eq!(cases.expect("the rules hold")[0].outcome, "inconclusive");
}
