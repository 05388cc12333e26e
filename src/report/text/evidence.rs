//! Differences, thresholds and findings: what the figures prove and what they mean.

use std::fmt::Write;

use super::style::{of_difference, styled};
use super::table;
use super::wrap::{wrap, wrap_for_terminal};
use crate::report::content::differences::{in_words, proven};
use crate::report::content::headings::FINDINGS;
use crate::report::content::thresholds;
use crate::report::names::tame;
use crate::results::{Difference, Results, ThresholdResult};
use crate::stats::metric::{self, Metric, View};

/// The outcomes of clients.
const ENDS: [Metric; 5] =
    [metric::STRANDED, metric::COMPLETED, metric::GAVE_UP, metric::EXPIRED, metric::UNFINISHED];

/// Thresholds and whether they are met, if there are any.
pub fn thresholds(thresholds: &[ThresholdResult], width: Option<u16>) -> Option<String> {
    let table = || table::render_left(&thresholds::table(thresholds), width) + "\n";
    (!thresholds.is_empty()).then(table)
}

/// What the comparisons with the reference show, where there are enough runs for that.
pub fn differences(results: &Results, width: Option<u16>) -> Option<String> {
    let wrap = |text: &str, indent| wrap_for_terminal(text, width, indent);
    let comparisons = proven(results);
    let reference = &comparisons.first()?.reference;
    let mut metrics = metric::shown_in(&[View::Difference, View::DifferenceInDetail]);
    metrics.sort_by_key(|metric| *metric != metric::STRANDED);
    let title = format!("Compared with {}, run by run (95% intervals):", tame(reference));
    let mut text = wrap(&title, 0) + "\n";
    for comparison in comparisons {
        // Writing into a string cannot fail.
        let variant = format!("  {}", tame(&comparison.variant));
        let _ = writeln!(text, "{}", wrap(&variant, 4));
        let differs = |metric: Metric| {
            metric.of(&comparison.metrics).is_some_and(|difference| difference.mean != 0.0)
        };
        for metric in &metrics {
            // Outcomes without a difference are not listed one by one.
            let listed = differs(*metric) || !ENDS.contains(metric);
            if let Some(difference) = metric.of(&comparison.metrics).filter(|_| listed) {
                let words = in_words(difference, metric.unit.show());
                let line = wrap(&format!("    {:<21} {words}", metric.column()), 8);
                let _ = writeln!(text, "{}", judged(&line, difference, width));
            }
        }
        if differs(metric::COMPLETED) {
            let note = "    (times cover only clients that completed, and their numbers differ)";
            let _ = writeln!(text, "{}", wrap(note, 4));
        }
    }
    Some(text)
}

/// The line of a difference, which ends in its verdict, with that in colour in a terminal.
fn judged(line: &str, difference: &Difference, width: Option<u16>) -> String {
    match line.rsplit_once(": ").filter(|_| width.is_some()) {
        Some((range, verdict)) => {
            format!("{range}: {}", styled(verdict, of_difference(difference.verdict)))
        }
        None => line.to_owned(),
    }
}

/// The findings, if there are any, wrapped to `width` columns.
pub fn findings(results: &Results, width: Option<u16>) -> Option<String> {
    let mut text = format!("{FINDINGS}:\n");
    for finding in &results.findings {
        let about = match results.variants.len() {
            1 => String::new(),
            _ => format!("{}: ", tame(&finding.variant)),
        };
        text.push_str(&wrap(&format!("- {about}{}", tame(&finding.text)), width, 2));
        text.push('\n');
    }
    (!results.findings.is_empty()).then_some(text)
}
