//! Results in Markdown.

use super::page::{Page, sentence};
use crate::report::content::answer::answer;
use crate::report::content::differences::{self, proven};
use crate::report::content::figures::{grid, grid_metrics, key_figures, parts};
use crate::report::content::headings::{FINDINGS, GROUPS, KEY_FIGURES, THRESHOLDS};
use crate::report::content::origin::{provenance, scenario_name};
use crate::report::content::terms::servers;
use crate::report::content::thresholds::{self, worst_first};
use crate::report::content::{copies, phases};
use crate::report::names::markdown as escaped;
use crate::results::Results;
use crate::stats::metric::View;

/// More variants than this are rows of the table, not columns.
const MOST_COLUMNS: usize = 6;

/// More groups or distribution points than this are left to reports with more room.
const MOST_PARTS: usize = 12;

/// Renders results.
pub fn results(results: &Results, _: Option<u16>) -> String {
    let mut page = Page::new(scenario_name(results));
    page.paragraph(&format!("**{}**", sentence(&answer(results))));
    if !results.thresholds.is_empty() {
        page.table(THRESHOLDS, &thresholds::table(worst_first(&results.thresholds)));
    }
    // A few variants are columns, beside each other; many are rows.
    let columns = results.sweep.is_none() && results.variants.len() <= MOST_COLUMNS;
    let figures = if columns {
        key_figures(results)
    } else {
        grid(results, &grid_metrics(results), &[], true)
    };
    page.table(KEY_FIGURES, &figures);
    let first = results.variants.first().filter(|_| columns);
    if first.is_some_and(|first| (2..=MOST_PARTS).contains(&first.groups.len())) {
        page.table(GROUPS, &parts(results, |v| &v.groups, &[View::Group]));
    }
    if first.is_some_and(|first| (2..=MOST_PARTS).contains(&first.distribution_points.len())) {
        let table = parts(results, |v| &v.distribution_points, &[View::Point]);
        page.table(servers(results), &table);
    }
    if let Some(table) = phases::table(results) {
        page.table(phases::PHASES, &table);
    }
    if let Some(table) = copies::table(results) {
        page.table(copies::COPIES, &table);
    }
    if let Some(first) = proven(results).first() {
        let heading = format!("Compared with {}, run by run (95% intervals)", first.reference);
        page.table(&heading, &differences::table(results));
    }
    if !results.findings.is_empty() {
        page.paragraph(&format!("### {FINDINGS}"));
        page.list(results.findings.iter().map(|finding| {
            format!("**{}**: {}", escaped(&finding.variant), sentence(&finding.text))
        }));
    }
    page.finish(&format!("seed {}, {}", results.seed, sentence(&provenance(results))))
}
