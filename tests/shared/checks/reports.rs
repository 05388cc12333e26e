//! Results and comparisons in every format.

use distpoint::compare::{Compared, Rules, Shown, compare};
use distpoint::log::Answer;
use distpoint::report::FORMATS;
use distpoint::results::{Results, read};

use crate::junit_rules;
use crate::markup::{check_csv, check_html, check_markdown, check_text};

/// Asserts that results are well formed in every format, that their JSON is read back, and that they can
/// be compared with themselves.
pub fn check(results: &Results) {
    for format in FORMATS {
        for width in [None, Some(20)] {
            // A report for a terminal has styles, and no other escapes.
            let report = without_styles((format.results)(results, width), width);
            check_format(format.name, &report);
            if format.is_json() {
                let again = read("again.json", report.as_bytes());
                let again = again.unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(&again, results);
            }
        }
    }
    check_comparison(results, results);
}

/// Asserts that the comparison of two results is well formed in every format.
pub fn check_comparison(base: &Results, new: &Results) {
    let rules = Rules { shown: Shown::All, ..Rules::default() };
    let compared: Compared = compare(base, new, &rules);
    for format in FORMATS {
        check_format(format.name, &(format.comparison)(&compared, None));
    }
}

/// Asserts that what logs show is well formed in every format.
pub fn check_answer(answer: &Answer) {
    for format in FORMATS {
        for width in [None, Some(20)] {
            check_format(format.name, &without_styles((format.log)(answer, width), width));
        }
    }
}

fn check_format(format: &str, report: &str) {
    match format {
        "text" => check_text(report),
        "json" => drop(serde_json::from_str::<serde_json::Value>(report).expect("JSON")),
        "csv" => assert!(!check_csv(report).is_empty()),
        "markdown" => check_markdown(report),
        "junit" => {
            let cases = junit_rules::check(report);
            for case in cases.unwrap_or_else(|error| panic!("{error}\n{report}")) {
                [case.name, case.class, case.outcome, case.message]
                    .iter()
                    .for_each(|t| check_text(t));
            }
        }
        "html" => check_html(report),
        other => panic!("{other} is not checked"),
    }
}

/// The text of a report for a terminal without its styles: `ESC [ ... m`.
fn without_styles(report: String, width: Option<u16>) -> String {
    if width.is_none() {
        return report;
    }
    let mut pieces = report.split("\u{1b}[");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (codes, rest) = piece.split_once('m').expect("a style");
        assert!(codes.bytes().all(|b| b.is_ascii_digit() || b == b';'), "not a style: {codes:?}");
        text.push_str(rest);
    }
    text
}
