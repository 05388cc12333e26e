//! Differences, thresholds and findings: what the figures prove, and what they mean.

use std::fmt::Write;

use super::table;
use crate::report::content::differences::{in_words, proven};
use crate::report::content::thresholds;
use crate::report::names::tame;
use crate::results::{Results, ThresholdResult};
use crate::stats::metric::{self, Metric, View};

/// How clients end.
const ENDS: [Metric; 5] =
    [metric::STRANDED, metric::COMPLETED, metric::GAVE_UP, metric::EXPIRED, metric::UNFINISHED];

/// Thresholds and whether they are met.
pub fn thresholds(thresholds: &[ThresholdResult]) -> String {
    format!("{}\n", table::render_left(&thresholds::table(thresholds)))
}

/// What the comparisons with the reference show, where there are enough runs to tell.
pub fn differences(results: &Results) -> Option<String> {
    let comparisons = proven(results);
    let reference = &comparisons.first()?.reference;
    let mut metrics = metric::shown_in(&[View::Difference, View::DifferenceInDetail]);
    metrics.sort_by_key(|metric| *metric != metric::STRANDED);
    let mut text = format!("Compared with {}, run by run (95% intervals):\n", tame(reference));
    for comparison in comparisons {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "  {}", tame(&comparison.variant));
        let differs = |metric: Metric| {
            metric.of(&comparison.metrics).is_some_and(|difference| difference.mean != 0.0)
        };
        for metric in &metrics {
            // Ways to end that make no difference are not listed one by one.
            let listed = differs(*metric) || !ENDS.contains(metric);
            if let Some(difference) = metric.of(&comparison.metrics).filter(|_| listed) {
                let words = in_words(difference, metric.unit.show());
                let _ = writeln!(text, "    {:<21} {words}", metric.column());
            }
        }
        if differs(metric::COMPLETED) {
            text.push_str("    (times are of those that completed, which are not as many)\n");
        }
    }
    Some(text)
}

/// What the numbers mean, wrapped to `width` columns.
pub fn findings(results: &Results, width: Option<u16>) -> String {
    /// Longer lines are hard to read, however wide the terminal.
    const WIDEST: usize = 100;
    let width = usize::from(width.unwrap_or(u16::MAX)).clamp(30, WIDEST);
    let mut text = String::from("What this means:\n");
    for finding in &results.findings {
        let about = match results.variants.len() {
            1 => String::new(),
            _ => format!("{}: ", tame(&finding.variant)),
        };
        let item = format!("- {about}{}", tame(&finding.text));
        let mut line = 0;
        for word in item.split(' ') {
            let long = word.chars().count();
            if line > 0 && line + 1 + long > width {
                text.push_str("\n  ");
                line = 2;
            } else if line > 0 {
                text.push(' ');
                line += 1;
            }
            text.push_str(word);
            line += long;
        }
        text.push('\n');
    }
    text
}
