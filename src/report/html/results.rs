//! The page of results: which sections it has, in which order.

use maud::{Markup, html};

use super::figure::name;
use super::grid::Grid;
use super::page::page;
use super::{over_time, palette, sweep, tables};
use crate::human::count;
use crate::report::content::answer::answer;
use crate::report::content::headings::FINDINGS;
use crate::report::content::reproduce;
use crate::report::names::{clean, short};
use crate::results::{Results, VariantResults, WhatIf};

/// The most variants of a sweep over one key that have curves over time.
const SAMPLE: usize = 5;

/// Longer scenarios are cut off: they are in the results.
const MOST_SCENARIO: usize = 40_000;

/// The most `--set` of a change that are shown with a finding.
const MOST_SET: usize = 4;

/// Renders `results` as a page.
pub fn results(results: &Results, _: Option<u16>) -> String {
    let grid = Grid::of(results);
    let charted = charted(results, grid.as_ref());
    let variants: Vec<&VariantResults> = charted.iter().map(|&i| &results.variants[i]).collect();
    let title = scenario_text(results, "name").unwrap_or_else(|| "Results".to_owned());
    let content = html! {
        header {
            h1 { (title) }
            @if let Some(description) = scenario_text(results, "description") {
                p #question { (description) }
            }
            p #answer { (answer(results)) }
        }
        (tables::thresholds(results))
        @if let Some(grid) = &grid {
            section #sweep { (sweep::render(results, grid, &charted)) }
        }
        (tables::metrics(results, &charted))
        (findings(results))
        (tables::comparisons(results))
        section #course {
            h2 { "The load over time" }
            @if let Some(note) = selection(results, charted.len()) { p.more { (note) } }
            (over_time::render(results, &variants, runs_note(results)))
        }
        (tables::parts(results))
        (origin(results))
    };
    page(&results.tool, &title, content)
}

/// The variants with curves over time, in the order of their colours.
fn charted(results: &Results, grid: Option<&Grid>) -> Vec<usize> {
    match (grid, &results.sizing) {
        (Some(_), Some(sizing)) => {
            // The value that the verdict is about between its neighbours.
            let at = sizing.place_of(sizing.looked_at).unwrap_or(0);
            (at.saturating_sub(1)..=at + 1).filter(|i| *i < results.variants.len()).collect()
        }
        (Some(grid), None) => grid.sample(SAMPLE),
        (None, _) => (0..results.variants.len().min(palette::MOST)).collect(),
    }
}

/// Which variants the charts show, where that is not all.
fn selection(results: &Results, charted: usize) -> Option<String> {
    let all = results.variants.len();
    let (of, many) = (count(all as f64), count(charted as f64));
    if charted >= all {
        return None;
    }
    Some(match (&results.sizing, &results.sweep) {
        (Some(_), _) => format!("For {many} of the {of} values: the answer and its neighbours."),
        (None, Some(_)) => format!("For {many} of the {of} values."),
        (None, None) => format!("For the first {many} of the {of} variants."),
    })
}

fn runs_note(results: &Results) -> &'static str {
    if results.replications > 1 || results.sizing.is_some() { ", mean of all runs" } else { "" }
}

fn findings(results: &Results) -> Markup {
    html! {
        @if !results.findings.is_empty() {
            section #findings {
                h2 { (FINDINGS) }
                ul {
                    @for finding in &results.findings {
                        li {
                            @if results.variants.len() > 1 { b { (name(&finding.variant)) } ": " }
                            (short(&finding.text, 2000))
                            @for what_if in finding.what_if.iter().chain(&finding.other_what_ifs) { (simulated(what_if)) }
                        }
                    }
                }
            }
        }
    }
}

/// The change that a finding suggests, as the command line takes it.
fn simulated(what_if: &WhatIf) -> Markup {
    html! {
        @if !what_if.set.is_empty() {
            div.more {
                "Simulated with"
                @for set in what_if.set.iter().take(MOST_SET) {
                    " " code { "--set " (short(&reproduce::quoted(set), 200)) }
                }
                @let more = what_if.set.len().saturating_sub(MOST_SET);
                @if more > 0 { " and " (count(more as f64)) " more, listed in the JSON report" }
            }
        }
    }
}

/// Where the results come from, and how to get them again.
fn origin(results: &Results) -> Markup {
    let file = reproduce::scenario_file(results);
    let shown: String = file.chars().take(MOST_SCENARIO).collect();
    let runs = match results.replications {
        _ if results.sizing.is_some() => format!("up to {}", count(results.replications as f64)),
        runs => count(runs as f64),
    };
    html! {
        section #origin {
            h2 { "To get the same results again" }
            p { "Save the scenario as " code { (reproduce::FILE) } " and run" }
            pre.command { code { (clean_lines(&reproduce::command(results))) } }
            dl {
                div { dt { "Seed" } dd { (results.seed) } }
                div { dt { "Runs of each variant" } dd { (runs) } }
                div { dt { "Engine" } dd { (short(&results.engine, 40)) } }
                div {
                    dt { "Version" }
                    dd { (short(&results.tool.name, 40)) " " (short(&results.tool.version, 40)) }
                }
                div { dt { "Format of the results" } dd { (short(&results.schema, 60)) } }
            }
            details {
                summary { "The scenario, with every default" }
                pre { code { (clean_lines(&shown)) } }
                @if shown.len() < file.len() { p.more { "Cut off here; the JSON report has all of it." } }
            }
        }
    }
}

/// A text of several lines, without characters that would garble it.
fn clean_lines(text: &str) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { clean(line) });
    lines.collect::<Vec<_>>().join("\n")
}

fn scenario_text(results: &Results, key: &str) -> Option<String> {
    Some(short(results.scenario.get(key)?.as_str()?, 400))
}
