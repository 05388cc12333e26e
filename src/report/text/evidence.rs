//! Thresholds and comparisons: what the figures prove.

use std::fmt::Write;

use super::super::human::{count, span};
use super::cells::{Show, new_table, none, printable, trimmed, with_margin};
use crate::results::{Difference, Results, ThresholdResult, ThresholdVerdict, Verdict};
use crate::stats::metric;

/// Thresholds and whether they are met.
pub(in crate::report) fn thresholds(thresholds: &[ThresholdResult]) -> String {
    let mut table = new_table(None);
    table.set_header(["threshold", "variant", "observed", "verdict"].map(str::to_owned).to_vec());
    for threshold in thresholds {
        let name = threshold.metric.as_str();
        let show = metric::show(name);
        let observed = threshold.observed.as_ref().map(|observed| with_margin(observed, show));
        table.add_row(vec![
            printable(&threshold.expression),
            printable(&threshold.variant),
            observed.unwrap_or_else(none),
            match threshold.verdict {
                ThresholdVerdict::Pass => "pass".to_owned(),
                ThresholdVerdict::Fail => "FAIL".to_owned(),
                ThresholdVerdict::Inconclusive => "inconclusive".to_owned(),
            },
        ]);
    }
    format!("{}\n", trimmed(&table))
}

/// What the comparisons with the reference show, where there are enough runs to tell.
pub(super) fn comparisons(results: &Results) -> Option<String> {
    const SHOWN: [(&str, &str, Show); 8] = [
        ("stranded", "stranded", count),
        ("completed", "completed", count),
        ("gave_up", "gave up", count),
        ("expired", "expired", count),
        ("unfinished", "unfinished", count),
        ("completion.p95", "completion, 95%", span),
        ("makespan", "last completion after", span),
        ("attempts.mean", "attempts per client", count),
    ];
    const IF_DIFFERENT: [&str; 5] = ["stranded", "completed", "gave_up", "expired", "unfinished"];
    if results.replications < 2 || results.comparisons.is_empty() {
        return None;
    }
    let mut text = format!(
        "Compared with {}, run by run (95% intervals):\n",
        printable(&results.comparisons[0].reference)
    );
    for comparison in &results.comparisons {
        let _ = writeln!(text, "  {}", printable(&comparison.variant));
        let differs = |metric: &str| {
            let difference = comparison.metrics.get(metric).copied().flatten();
            difference.is_some_and(|difference| difference.mean != 0.0)
        };
        for (metric, label, show) in SHOWN {
            // Ways to end that make no difference are not listed one by one.
            let listed = differs(metric) || !IF_DIFFERENT.contains(&metric);
            if let Some(Some(difference)) = comparison.metrics.get(metric).filter(|_| listed) {
                let _ = writeln!(text, "    {label:<21} {}", told(difference, show));
            }
        }
        if differs("completed") {
            text.push_str("    (times are of those that completed, which are not as many)\n");
        }
    }
    Some(text)
}

/// What the numbers mean, wrapped to `width` columns.
pub(super) fn findings(results: &Results, width: Option<u16>) -> String {
    /// Longer lines are hard to read, however wide the terminal.
    const WIDEST: usize = 100;
    let width = usize::from(width.unwrap_or(u16::MAX)).clamp(30, WIDEST);
    let mut text = String::from("What this means:\n");
    for finding in &results.findings {
        let about = match results.variants.len() {
            1 => String::new(),
            _ => format!("{}: ", printable(&finding.variant)),
        };
        let told = format!("- {about}{}", printable(&finding.text));
        let mut line = 0;
        for word in told.split(' ') {
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

/// A difference in words: `188.2 to 191.3 less: better`.
pub(in crate::report) fn told(difference: &Difference, show: Show) -> String {
    let verdict = match difference.verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::Higher => "higher",
        Verdict::Lower => "lower",
        Verdict::NoDifferenceShown | Verdict::Unknown => {
            return "no difference shown".to_owned();
        }
    };
    let direction = if difference.mean < 0.0 { "less" } else { "more" };
    let [low, high] = difference.ci95.unwrap_or([difference.mean; 2]);
    let (least, most) = (low.abs().min(high.abs()), low.abs().max(high.abs()));
    let range = match (show(least), show(most)) {
        (least, most) if least == most => least,
        (least, most) => format!("{least} to {most}"),
    };
    format!("{range} {direction}: {verdict}")
}
