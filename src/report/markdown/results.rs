//! Results in Markdown.

use super::page::{Page, sentence};
use crate::human::count;
use crate::report::content::answer::answer;
use crate::report::content::differences::{self, proven};
use crate::report::content::figures::{grid, grid_metrics, key_figures};
use crate::report::content::origin::{last_part, provenance, scenario_name};
use crate::report::content::search::search_answer;
use crate::report::content::thresholds::{self, worst_first};
use crate::report::names::markdown as escaped;
use crate::results::{Results, Sweep, ThresholdResult, ThresholdVerdict};

/// More variants than this are rows of the table, not columns.
const MOST_COLUMNS: usize = 6;

/// Renders results.
pub fn render(results: &Results) -> String {
    let mut page = Page::new(scenario_name(results));
    page.paragraph(&format!("**{}**", sentence(&headline(results))));
    if !results.thresholds.is_empty() {
        page.table("Thresholds", &thresholds::table(worst_first(&results.thresholds)));
    }
    // A few variants are columns, beside each other; many are rows.
    let columns = results.sweep.is_none() && results.variants.len() <= MOST_COLUMNS;
    let figures =
        if columns { key_figures(results) } else { grid(results, &grid_metrics(), &[], true) };
    page.table("Figures", &figures);
    if let Some(first) = proven(results).first() {
        let heading = format!("Compared with {}, run by run (95% intervals)", first.reference);
        page.table(&heading, &differences::table(results));
    }
    if !results.findings.is_empty() {
        page.paragraph("### Findings");
        page.list(results.findings.iter().map(|finding| {
            format!("**{}**: {}", escaped(&finding.variant), sentence(&finding.text))
        }));
    }
    page.finish(&format!("seed {}, {}", results.seed, sentence(&provenance(results))))
}

/// The answer in a few sentences: what the study found, and what the thresholds say of it.
fn headline(results: &Results) -> String {
    let answer = match (&results.sizing, &results.sweep) {
        (Some(sizing), _) => search_answer(results, sizing),
        (None, Some(sweep)) => sweep_answer(results, sweep),
        (None, None) if results.variants.len() > 50 => {
            format!("{} variants were simulated.", count(results.variants.len() as f64))
        }
        (None, None) => answer(results),
    };
    match thresholds_answer(&results.thresholds) {
        Some(verdict) => format!("{answer} {verdict}"),
        None => answer,
    }
}

fn sweep_answer(results: &Results, sweep: &Sweep) -> String {
    let keys: Vec<&str> = sweep.keys.iter().map(|key| last_part(key)).collect();
    format!(
        "{} values of {} were simulated.",
        count(results.variants.len() as f64),
        keys.join(" and ")
    )
}

/// What the thresholds come to: `2 of 3 thresholds are met, 1 fails.`
fn thresholds_answer(thresholds: &[ThresholdResult]) -> Option<String> {
    let all = thresholds.len();
    let number = |verdict| thresholds.iter().filter(|t| t.verdict == verdict).count();
    let failed = number(ThresholdVerdict::Fail);
    let unsure = number(ThresholdVerdict::Inconclusive);
    let checks = if all == 1 { "check" } else { "checks" };
    match (failed, unsure) {
        _ if all == 0 => None,
        (0, 0) => Some(format!("All thresholds are met ({all} {checks}).")),
        (0, unsure) => Some(format!("Thresholds: {unsure} of {all} {checks} inconclusive.")),
        (failed, 0) => Some(format!("Thresholds: {failed} of {all} {checks} failed.")),
        (failed, unsure) => {
            Some(format!("Thresholds: {failed} of {all} {checks} failed, {unsure} inconclusive."))
        }
    }
}
